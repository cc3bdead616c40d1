import { showShape } from '../core/shape.ts';
import { plainName } from './names.ts';
import type { RecordedLine } from './recorded-line.ts';

/** A graph of the tape for Mermaid: inputs round, operations in boxes, with the shapes of what they give. */
export function mermaidOf(lines: readonly RecordedLine[]): string {
  const nodes = lines.map((line) => {
    const text = `"${escaped(titleOf(line))}<br/>${showShape(line.shape)}"`;
    return line.from.length === 0 ? `  n${line.line}([${text}])` : `  n${line.line}[${text}]`;
  });
  const edges = lines.flatMap(({ line, from }) =>
    from.flatMap((source) => (source.line === undefined ? [] : [`  n${source.line} --> n${line}`])),
  );
  return ['graph TB', ...nodes, ...edges].join('\n');
}

/** `Z₁ = add`; the name alone for inputs; constants beside the operation. */
export function titleOf({ name, operation, from }: RecordedLine): string {
  if (from.length === 0) return name === undefined ? operation : plainName(name);
  const constants = from.filter(({ line }) => line === undefined).map(({ text }) => text);
  const call = [operation, ...constants].join(' ');
  return name === undefined ? call : `${plainName(name)} = ${call}`;
}

function escaped(text: string): string {
  return text.replaceAll('"', '#quot;').replaceAll('<', '&lt;');
}
