import { showShape } from '../core/shape.ts';
import type { Box } from '../display/boxes.ts';
import { plainName } from './names.ts';
import type { RecordedLine } from './recorded-line.ts';

/** The tape as boxes: inputs round, with the shapes of what the operations give. */
export function boxesOf(lines: readonly RecordedLine[]): Box[] {
  return lines.map((line) => {
    const isStart = line.from.length === 0;
    return {
      id: line.line,
      title: titleOf(line),
      lines: [showShape(line.shape)],
      hint: `line ${line.line}: ${line.operation}, ${line.dtype}, ${line.values}`,
      isRound: isStart,
      color: isStart ? '#4c8bf5' : line.name === undefined ? '#888888' : '#f29900',
      from: line.from.flatMap((source) => source.line ?? []),
    };
  });
}

/** `Z₁ = add`; the name alone for inputs; constants beside the operation. */
function titleOf({ name, operation, from }: RecordedLine): string {
  if (from.length === 0) return name === undefined ? operation : plainName(name);
  const constants = from.filter(({ line }) => line === undefined).map(({ text }) => text);
  const call = [operation, ...constants].join(' ');
  return name === undefined ? call : `${plainName(name)} = ${call}`;
}
