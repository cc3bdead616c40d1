import { showShape } from '../../core/shape.ts';
import { indent, showApart, showError, showNumber, textTable } from '../text-table.ts';
import { largerError } from './compare-along.ts';
import type { VariableReport } from './compare-variable.ts';

/** What was found about the derivatives of one order. */
export interface OrderReport {
  readonly order: 1 | 2;
  readonly inputs: readonly VariableReport[];
  /** What a reader must know to judge the numbers. */
  readonly notes: readonly string[];
}

/** Whether the derivatives by an input are right, as far as could be seen. */
export function isRight({ worst }: VariableReport): boolean {
  return worst === undefined || largerError(worst) <= 1;
}

/** What `checkGradients` found. Printed, it is a page to read. */
export class GradientReport {
  /** The derivatives of first order, and of second if they were asked for. */
  readonly orders: readonly OrderReport[];

  constructor(orders: readonly OrderReport[]) {
    this.orders = orders;
  }

  /** Whether nothing was found wrong. */
  get passed(): boolean {
    return this.orders.every(({ inputs }) => inputs.every(isRight));
  }

  /** How many entries were moved, one by one. */
  get entries(): number {
    return this.#count('entries');
  }

  /** In how many random directions an input was moved as a whole. */
  get directions(): number {
    return this.#count('directions');
  }

  #count(moved: VariableReport['moved']): number {
    const all = this.orders.flatMap(({ inputs }) => inputs);
    return all.reduce((sum, input) => sum + (input.moved === moved ? input.count : 0), 0);
  }

  toString(): string {
    const counts = [plural(this.entries, 'entry', 'entries'), plural(this.directions, 'random direction')];
    const tried = counts.filter((count) => count !== undefined).join(' and ') || 'nothing to try';
    return [`checkGradients: ${this.passed ? 'passed' : 'failed'} (${tried})`, ...this.orders.map(showOrder)].join(
      '\n\n',
    );
  }
}

// How Node prints an object in console.log.
Object.defineProperty(GradientReport.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: GradientReport.prototype.toString,
});

function plural(count: number, one: string, many = `${one}s`): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`;
}

function showOrder({ order, inputs, notes }: OrderReport): string {
  const head = ['derivative by', 'shape', 'tried', 'worst at', 'reverse mode', 'differences', 'error', ''];
  const text = [
    ...(order === 2 ? ['derivatives of second order:'] : []),
    indent(textTable([head, ...inputs.map(showInput)])),
    indent('error: how far apart; 1 is what rounding and the differences account for'),
    ...inputs.flatMap(({ name, kinks }) => kinks.slice(0, SHOWN).map((kink) => showKink(name, kink))),
    ...notes.map((note) => indent(note)),
  ];
  return text.join('\n');
}

/** Kinks of one input that are shown, each in its own line. */
const SHOWN = 3;

function showInput(input: VariableReport): readonly string[] {
  const { name, shape, moved, count, worst, kinks } = input;
  const tried = `${count} ${moved}${kinks.length > 0 ? `, ${kinks.length} at kinks` : ''}`;
  const found = worst === undefined ? ['', '', '', ''] : showWorst(worst);
  return [name, showShape(shape), tried, ...found, isRight(input) ? '' : '<- wrong'];
}

function showWorst(worst: NonNullable<VariableReport['worst']>): readonly string[] {
  const numbers =
    worst.error > 1 ? showApart(worst.reverse, worst.differences) : [worst.reverse, worst.differences].map(showNumber);
  if (worst.modesError <= 1) return [worst.along, ...numbers, showError(worst.error)];
  const error = `${showError(worst.error)}, and forward mode has ${showNumber(worst.forward)}`;
  return [worst.along, ...numbers, error];
}

function showKink(name: string, { along, why, operation, slopes }: VariableReport['kinks'][number]): string {
  const where = indent(`${name} ${along}: not compared,`);
  if (why === 'not finite') return `${where} the function is not finite beside it`;
  if (why === 'not settled') return `${where} the differences do not settle`;
  const of = operation === undefined ? '' : ` of ${operation}`;
  const [below, above] = slopes.map(showNumber);
  return `${where} too near a kink${of}; the slope is ${below} on one side, ${above} on the other`;
}
