import type { DType } from '../core/dtype.ts';
import { indent } from './text-table.ts';

/** A law that does not hold, and the smallest of the samples that showed it. */
export interface BrokenLaw {
  readonly law: string;
  /** What broke, in a sentence with numbers. */
  readonly found: string;
  /** The inputs, as they lie in memory, and the parameters. */
  readonly sample: string;
  /** Where the samples lie: clear of kinks, at ties, … */
  readonly where: string;
  readonly dtype: DType;
  /** Draws this sample first. */
  readonly seed: number;
  /** How many of the samples broke it, of how many. */
  readonly broken: number;
  readonly tried: number;
}

/** What `checkPrimitive` found. Printed, it is a page to read. */
export class PrimitiveReport {
  readonly name: string;
  /** The laws that were tried. */
  readonly laws: readonly string[];
  /** How many samples were drawn for all of them. */
  readonly samples: number;
  readonly broken: readonly BrokenLaw[];

  constructor(name: string, laws: readonly string[], samples: number, broken: readonly BrokenLaw[]) {
    this.name = name;
    this.laws = laws;
    this.samples = samples;
    this.broken = broken;
  }

  /** Whether every law held on every sample. */
  get passed(): boolean {
    return this.broken.length === 0;
  }

  toString(): string {
    const counts = this.passed
      ? `${this.laws.length} laws hold on ${this.samples} samples`
      : `${this.broken.length} of ${this.laws.length} laws broken`;
    const head = `checkPrimitive: ${this.name} ${this.passed ? 'passed' : 'failed'} (${counts})`;
    return [head, ...this.broken.map((law) => indent(showBroken(law)))].join('\n\n');
  }
}

// How Node prints an object in console.log.
Object.defineProperty(PrimitiveReport.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: PrimitiveReport.prototype.toString,
});

export function showBroken({ law, found, sample, where, dtype, seed, broken, tried }: BrokenLaw): string {
  const details = [
    found,
    sample,
    `dtype ${dtype}; ${broken} of ${tried} samples ${where} broke it`,
    `to see it again: { laws: ['${law}'], seed: ${seed}, runs: 1 }`,
  ];
  return [`${law} is broken`, ...details.map(indent)].join('\n');
}
