import { textTable } from '../../core/text-table.ts';
import { showInConsoles } from '../../display/console.ts';
import { showInNotebooks } from '../../display/jupyter.ts';
import { mermaidOf } from '../../display/mermaid.ts';
import { page, tableHTML } from '../../display/page.ts';
import { svgOf } from '../../display/svg.ts';
import type { Graph } from '../graph.ts';
import type { MemorySummary } from './memory-summary.ts';
import { type PictureOptions, programBoxes } from './program-boxes.ts';
import type { ProgramParts } from './program-parts.ts';
import { bytesInWords, loopsInWords, rateInWords, shareInWords, timeInWords } from './quantities.ts';
import type { StageSummary } from './stage-summary.ts';

/** Formulas of one stage that are printed. */
const MOST_FORMULAS = 8;

/**
 * A compiled program: its graph, the stages that were made of it, its memory, and the time of each stage, measured alone on
 * one thread. It shows itself in consoles and notebooks.
 */
export class ProgramExplanation {
  readonly #parts: ProgramParts;

  constructor(parts: ProgramParts) {
    this.#parts = parts;
  }

  /** The graph after it was simplified: `graphToJSON` writes it. */
  get graph(): Graph {
    return this.#parts.graph;
  }

  get stages(): readonly StageSummary[] {
    return this.#parts.stages;
  }

  get memory(): MemorySummary {
    return this.#parts.memory;
  }

  /** Milliseconds of each stage. */
  get times(): readonly number[] {
    return this.#parts.times;
  }

  /** Tables, for terminals. */
  toString(): string {
    const formulas = this.stages.map(({ stage, formulas }) => {
      const more = formulas.length - MOST_FORMULAS;
      const lines = more > 0 ? [...formulas.slice(0, MOST_FORMULAS), `… ${more} more`] : formulas;
      return lines.map((line, i) => `${(i === 0 ? `${stage}` : '').padStart(3)}  ${line}`).join('\n');
    });
    return [
      this.#summary(),
      textTable([STAGE_HEADINGS, ...this.#stageRows()]),
      `What the stages compute (#n is a value of the graph):\n${formulas.join('\n')}`,
      textTable([MEMORY_HEADINGS, ...this.#memoryRows()]),
    ].join('\n\n');
  }

  /** The stages as a graph in the language of Mermaid, without the fence around it. */
  toMermaid(options: PictureOptions = {}): string {
    return mermaidOf(programBoxes(this.#parts, options));
  }

  /** The stages as a picture; pointing at one shows what it computes. */
  toSVG(options: PictureOptions = {}): string {
    return svgOf(programBoxes(this.#parts, options), 'The stages of the program and what feeds them');
  }

  /** The tables, and the picture as a block for Mermaid. */
  toMarkdown(): string {
    const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
      [headings, headings.map(() => '---'), ...rows]
        .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
        .join('\n');
    return [
      this.#summary(),
      table(STAGE_HEADINGS, this.#stageRows()),
      table(MEMORY_HEADINGS, this.#memoryRows()),
      `\`\`\`mermaid\n${this.toMermaid()}\n\`\`\`\n`,
    ].join('\n\n');
  }

  /** The tables and the picture on a page that needs nothing else. */
  toHTML(): string {
    return page('Compiled program', this.toFragment());
  }

  /** What stands on the page. */
  toFragment(): string {
    return [
      `<p>${this.#summary()}</p>`,
      `<figure>${this.toSVG()}</figure>`,
      tableHTML(STAGE_HEADINGS, this.#stageRows()),
      tableHTML(MEMORY_HEADINGS, this.#memoryRows()),
    ].join('\n');
  }

  #summary(): string {
    const { engine, recorded, graph, stages, kernels, total } = this.#parts;
    const evaluated = stages.filter(({ kind }) => kind === 'evaluate').length;
    const byJavaScript = evaluated === 0 ? '' : `; JavaScript computes ${counted(evaluated, 'stage')} between them`;
    return (
      `${engine}: ${counted(recorded, 'operation')} recorded, ${graph.nodes.length} after simplification, in ` +
      `${counted(stages.length, 'stage')} (${counted(kernels, 'kernel')}${byJavaScript}). ` +
      `Each alone on one thread: ${timeInWords(total)} in all.`
    );
  }

  #stageRows(): string[][] {
    const { stages, times, total } = this.#parts;
    return stages.map((summary, k) => {
      const { stage, title, reads, writes, bytes, operations } = summary;
      const time = times[k] as number;
      return [
        `${stage}`,
        title,
        loopsInWords(summary),
        timeInWords(time),
        shareInWords(time, total),
        rateInWords(operations, bytes, time),
        bytesInWords(bytes),
        this.#buffers(reads),
        this.#buffers(writes),
      ];
    });
  }

  #buffers(buffers: readonly number[]): string {
    const named = buffers.slice(0, MOST_BUFFERS).map((buffer) => this.#parts.names.nameOf(buffer));
    const more = buffers.length - named.length;
    return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  }

  #memoryRows(): string[][] {
    const { arguments: given, state, numbers, constants, arena, lowerBound, inPlace } = this.memory;
    const comesIn: readonly [string, number, string][] = [
      ['arguments', given, ''],
      ['parameters and other state', state, inPlace === 0 ? '' : `${counted(inPlace, 'buffer')} written in place`],
      ['numbers from JavaScript', numbers, ''],
      ['constants', constants, ''],
    ];
    return [
      ...comesIn.filter(([, bytes]) => bytes > 0).map(([name, bytes, note]) => [name, bytesInWords(bytes), note]),
      ['values on the way', bytesInWords(arena), `no less than ${bytesInWords(lowerBound)} are alive at once`],
    ];
  }
}

const STAGE_HEADINGS = ['stage', 'computes', 'shape', 'time', 'share', 'rate', 'moves', 'reads', 'writes'];
const MEMORY_HEADINGS = ['memory', 'size', ''];
const MOST_BUFFERS = 4;

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

showInConsoles(ProgramExplanation, (explanation) => explanation.toString());

showInNotebooks(ProgramExplanation, (explanation) => ({
  'text/plain': explanation.toString(),
  'text/html': explanation.toFragment(),
  'image/svg+xml': explanation.toSVG(),
}));
