import { isFloating } from '../core/dtype.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { textTable } from '../core/text-table.ts';
import { describeRange } from '../core/value-range.ts';
import { showInNotebooks } from '../display/jupyter.ts';
import { mermaidOf } from '../display/mermaid.ts';
import { type PageOptions, page, tableHTML } from '../display/page.ts';
import { svgOf } from '../display/svg.ts';
import { nodeOf } from '../tape/node.ts';
import { uniformValue } from './constants.ts';
import { plainName } from './names.ts';
import { boxesOf } from './recorded-boxes.ts';
import type { RecordedLine, Source } from './recorded-line.ts';
import type { Trace } from './trace.ts';

/** The tape of a run: a table, a graph. It shows itself in notebooks. */
export class Recording {
  readonly lines: readonly RecordedLine[];

  constructor(lines: readonly RecordedLine[]) {
    this.lines = lines;
  }

  /** The table, for terminals. */
  toString(): string {
    return textTable([HEADINGS, ...this.lines.map(cells)]);
  }

  /** The graph in the language of Mermaid, without the fence around it. */
  toMermaid(): string {
    return mermaidOf(boxesOf(this.lines));
  }

  /** The graph as a picture. */
  toSVG(): string {
    return svgOf(boxesOf(this.lines), 'The operations of the tape and what feeds them');
  }

  /** The table, and the graph as a block for Mermaid. */
  toMarkdown(): string {
    const row = (texts: readonly string[]): string =>
      `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
    const table = [HEADINGS, HEADINGS.map(() => '---'), ...this.lines.map(cells)].map(row).join('\n');
    return `${table}\n\n\`\`\`mermaid\n${this.toMermaid()}\n\`\`\`\n`;
  }

  /** The table and the picture on a page that needs nothing else. */
  toHTML(options: PageOptions = {}): string {
    return page('Tape', this.toFragment(), options);
  }

  /** What stands on the page. */
  toFragment(): string {
    return `<figure>${this.toSVG()}</figure>\n${tableHTML(HEADINGS, this.lines.map(cells))}`;
  }
}

showInNotebooks(Recording, (recording) => ({
  'text/plain': recording.toString(),
  'text/html': recording.toFragment(),
  'image/svg+xml': recording.toSVG(),
}));

const HEADINGS = ['line', 'name', 'operation', 'from', 'shape', 'dtype', 'values'];

function cells({ line, name, operation, from, shape, dtype, values }: RecordedLine): readonly string[] {
  const sources = from.map(({ text }) => text).join(', ');
  return [`${line}`, name === undefined ? '' : plainName(name), operation, sources, showShape(shape), dtype, values];
}

/** The lines of a trace, as numbers and words. */
export function recordingOf({ inputs, labelled, lines }: Trace): Recording {
  const names = new Map<Tensor, string>([...inputs, ...labelled].map(({ name, tensor }) => [tensor, name]));
  const given = new Set(inputs.map(({ tensor }) => tensor));
  const places = new Map(lines.map((line, i) => [line, i + 1]));
  const sourceOf = (x: Tensor): Source => {
    const node = nodeOf(x);
    const line = node && places.get(node);
    const name = names.get(x);
    const text = name === undefined ? (line === undefined ? constantText(x) : `#${line}`) : plainName(name);
    return { line, text };
  };
  return new Recording(
    lines.map((line, i) => {
      const { output, primitive } = line;
      const isStart = given.has(output) || line.isLeaf;
      return {
        line: i + 1,
        name: names.get(output),
        operation: line.isLeaf ? 'parameter' : isStart ? 'input' : primitive.name,
        from: isStart ? [] : line.inputs.map(sourceOf),
        shape: output.shape,
        dtype: output.dtype,
        values: describeRange(output),
      };
    }),
  );
}

function constantText(x: Tensor): string {
  const value = uniformValue(x);
  if (value === undefined) return `constant ${showShape(x.shape)}`;
  return isFloating(x.dtype) ? `${Number(value.toPrecision(6))}` : `${value}`;
}
