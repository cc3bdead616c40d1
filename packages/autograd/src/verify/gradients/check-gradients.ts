import { fail } from '../../core/errors.ts';
import { Generator } from '../../core/random/generator.ts';
import type { Tensor } from '../../core/tensor.ts';
import { registry } from '../../registry.ts';
import { type Inputs, nameInputs, nameParameters, type UsedParameters } from '../named.ts';
import { gradientOf, withProgram } from '../program.ts';
import type { Run } from '../run.ts';
import { showApart, showError, showNumber } from '../text-table.ts';
import { compareVariable, type Thoroughness, type VariableReport } from './compare-variable.ts';
import { GradientReport, isRight, type OrderReport } from './gradient-report.ts';
import { type Taped, tapedOf } from './taped.ts';

export interface GradientCheckOptions {
  /**
   * Parameters that the function uses: `model.parameters()`, or `model.namedParameters()` for their names. They are moved
   * like inputs; afterwards they hold what they held, also if something throws. Buffers are not put back: where the function
   * writes running statistics, call `model.eval()` first.
   */
  readonly parameters?: UsedParameters;
  /** 2 checks the derivatives of the gradients, too. Default: 1. */
  readonly order?: 1 | 2;
  /** Seeds the default generator before each evaluation, for functions that draw random numbers. */
  readonly seed?: number;
  /** Inputs with more entries are moved in random directions instead of entry by entry. Default: 256. */
  readonly entries?: number;
  /** In how many random directions such inputs are moved. Default: 16. */
  readonly directions?: number;
}

/**
 * Compares the derivatives of a function with differences of its values: reverse mode against central differences
 * (extrapolated to step zero, with a step that suits the point), and against forward mode. All in float64; a function that
 * rounds to float32 itself is held to that rounding. Where a kink is too near, the derivative has no one value: such
 * entries are named, and not compared.
 *
 * @param f Gives a tensor, or several, of any shape; of several numbers a random sum is differentiated.
 * @param inputs The arguments of `f`, in an array or by name. Those of dtype int32 and bool are held.
 * @returns A report to print; `passed` says whether all is right.
 * @throws GradtapeError if nothing can be compared: there is nothing to differentiate by, `f` is random and not seeded, or
 *   its results are not finite or not tensors.
 * @example
 * import { checkGradients } from '@gradtape/autograd/verify';
 * const report = checkGradients((x, y) => x.mul(y).sum(), { x: tensor([1, 2]), y: tensor([3, 4]) });
 * report.passed; // true
 */
export function checkGradients(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: Inputs,
  options: GradientCheckOptions = {},
): GradientReport {
  return check('checkGradients', f, inputs, options).report;
}

/** The same, but throws a GradtapeError that says what is wrong, if anything is. */
export function assertGradients(
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: Inputs,
  options: GradientCheckOptions = {},
): void {
  const { report, run } = check('assertGradients', f, inputs, options);
  if (report.passed) return;
  const wrong = report.orders.flatMap((order) =>
    order.inputs.filter((x) => !isRight(x)).map((x) => complain(x, order)),
  );
  fail('assertGradients: a derivative on the tape is not that of the function', {
    got: wrong.join('\n         '),
    needs: 'the same numbers but for rounding',
    fix: adviceFor(run),
  });
}

function check(
  operation: string,
  f: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: Inputs,
  { parameters = [], order = 1, seed, entries = 256, directions = 16 }: GradientCheckOptions,
): { report: GradientReport; run: Run } {
  const named = { inputs: nameInputs(operation, inputs), parameters: nameParameters(operation, parameters) };
  return withProgram({ operation, f, ...named, seed }, (program) => {
    const generator = new Generator(SEED);
    const first = tapedOf(program, generator);
    const orders = [orderReport(1, first, { entries, directions }, generator)];
    if (order === 2) {
      const second = tapedOf(gradientOf(program, first.weights), generator);
      orders.push(orderReport(2, second, { entries, directions }, generator));
    }
    return { report: new GradientReport(orders), run: first.run };
  });
}

/** Of the random directions: a report can be repeated. */
const SEED = 1;

function orderReport(order: 1 | 2, taped: Taped, thoroughness: Thoroughness, generator: Generator): OrderReport {
  const inputs = taped.program.names.map((_, i) => compareVariable(taped, i, thoroughness, generator));
  return { order, inputs, notes: notesOn(taped) };
}

function notesOn({ run, precision }: Taped): readonly string[] {
  const several = run.outputs.length > 1 || run.outputs[0].length !== 1;
  return [
    ...(precision === 'float32' ? ['the function rounds to float32, so it is compared at that rounding'] : []),
    ...(several ? ['the results are several numbers: the derivatives are those of a random sum of them'] : []),
  ];
}

function complain({ name, worst }: VariableReport, { order }: OrderReport): string {
  if (worst === undefined) return '';
  const [reverse, differences] = showApart(worst.reverse, worst.differences);
  const what = `by ${name} at ${worst.along}${order === 2 ? ', of second order' : ''}`;
  if (worst.error > 1 || Number.isNaN(worst.error)) {
    return `${what}: ${reverse} on the tape, ${differences} by differences (${showError(worst.error)} times what rounding accounts for)`;
  }
  return `${what}: ${showNumber(worst.reverse)} in reverse mode, ${showNumber(worst.forward)} in forward mode`;
}

const fromRegistry = new Set(Object.values(registry).flat());

function adviceFor({ lines }: Run): string {
  const own = [
    ...new Set(lines.filter((line) => !fromRegistry.has(line.primitive)).map((line) => line.primitive.name)),
  ];
  const suspects = own.filter((name) => name !== 'watch' && name !== 'leaf');
  if (suspects.length === 0) return 'look for detach, noGrad, item() or toArray() on the way: they cut the tape';
  return `look at the operations with a derivative of their own: ${suspects.join(', ')}; and for detach or noGrad on the way`;
}
