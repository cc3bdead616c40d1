import type { Tensor } from '../../../core/tensor.ts';
import { select } from '../../../functions/movement.ts';
import { sum } from '../../../functions/reductions.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import { convert } from '../../../primitives/linear/convert.ts';
import { ge, gt, le } from '../../../primitives/piecewise/comparison.ts';
import type { Cause } from '../mistake.ts';

/** One mistake in one step of a derivation. */
export interface Slip {
  /** The step: `tanh′(z1)`. */
  readonly step: string;
  readonly kind: string;
  /** What the diagnosis must name, and words that it must say of it. */
  readonly cause: Cause;
  readonly about: readonly string[];
}

/** Another way to take a step, and the slip that it is. */
type Ways<T> = Readonly<Record<string, readonly [cause: Cause, about: readonly string[], take: () => T]>>;

/**
 * Somebody who takes the steps of a derivation, all of them right but for a slip or two. Each step says in which ways it can
 * be taken wrong; a student without slips collects them all.
 */
export class Student {
  readonly slips: readonly Slip[];
  /** The slips that were possible on the way. */
  readonly possible: Slip[] = [];

  constructor(...slips: readonly Slip[]) {
    this.slips = slips;
  }

  #take<T>(step: string, right: T, wrong: Ways<T>): T {
    for (const [kind, [cause, about]] of Object.entries(wrong)) this.possible.push({ step, kind, cause, about });
    const slip = this.slips.find((one) => one.step === step && one.kind in wrong);
    return slip === undefined ? right : wrong[slip.kind][2]();
  }

  /** `cotangent ⊙ f′`, with the derivative of an activation, called `tanh′(z1)`. */
  times(step: string, cotangent: Tensor, derivative: Tensor): Tensor {
    return this.#take(step, mul(cotangent, derivative), {
      missing: ['missing factor', [step], () => cotangent],
      twice: ['extra factor', [step], () => mul(mul(cotangent, derivative), derivative)],
    });
  }

  /**
   * A derivative as a formula of one value. It is easily given another one, called by its name, or mistaken for another
   * formula.
   */
  at(
    step: string,
    formula: (x: Tensor) => Tensor,
    x: Tensor,
    others: Readonly<Record<string, Tensor>>,
    mistaken: Readonly<Record<string, (x: Tensor) => Tensor>> = {},
  ): Tensor {
    const elsewhere = Object.entries(others).map(([name, other]) => [
      `taken at ${name}`,
      ['derivative taken elsewhere', [step], () => formula(other)] as const,
    ]);
    const another = Object.entries(mistaken).map(([says, wrong]) => [
      `with ${says}`,
      ['derivative of another function', [step], () => wrong(x)] as const,
    ]);
    return this.#take(step, formula(x), Object.fromEntries([...elsewhere, ...another]));
  }

  /** `1[z > 0]`. */
  mask(step: string, z: Tensor): Tensor {
    return this.#take(step, convert(gt(z, 0), z.dtype), {
      inverted: ['mask', [step, 'inverted'], () => convert(le(z, 0), z.dtype)],
      'with ≥': ['mask', [step, '≥'], () => convert(ge(z, 0), z.dtype)],
    });
  }

  /** A sum over the samples, dim 0. */
  overSamples(step: string, terms: Tensor, total: (x: Tensor) => Tensor, m: number): Tensor {
    return this.#take(step, total(terms), {
      'left out': ['sum left out', ['sum'], () => terms],
      'a mean in its place': ['constant factor', [`${m} times too small`], () => mul(total(terms), 1 / m)],
      // over a dim of one column this is the sum left out, once more
      ...(terms.shape[1] > 1 && {
        'over the other dim': ['sum over another dim', ['over dim 1'], () => sum(terms, 1)] as const,
      }),
      'only the last': ['one sample only', ['last'], () => select(terms, 0, -1)],
    });
  }

  /** Division by a number that a size gives, called by what the diagnosis must say of it. */
  over(step: string, x: Tensor, n: number): Tensor {
    return this.#take(step, mul(x, 1 / n), {
      forgotten: ['constant factor', [`${n} times too large`], () => x],
      'once too often': ['constant factor', [`${n} times too small`], () => mul(x, 1 / n ** 2)],
    });
  }

  /** A constant factor of the formula, such as the 2 of a square. */
  scaled(step: string, x: Tensor, c: number, about: string): Tensor {
    return this.#take(step, mul(x, c), {
      forgotten: ['constant factor', [about], () => x],
      'wrong sign': ['constant factor', ['wrong sign'], () => mul(x, -c)],
    });
  }

  /** `y - t`. `numbers` has the number of the class in the place of each one-hot row. */
  minusTarget(step: string, y: Tensor, t: Tensor, numbers?: Tensor): Tensor {
    return this.#take(step, sub(y, t), {
      'target forgotten': ['target', ['forgotten'], () => y],
      ...(numbers && { 'not one-hot': ['target', ['one-hot'], () => sub(y, numbers)] }),
    });
  }

  /** A factor that the rule does not have. */
  withoutExtra(step: string, cotangent: Tensor, tempting: Tensor): Tensor {
    return this.#take(step, cotangent, { 'put in': ['extra factor', [step], () => mul(cotangent, tempting)] });
  }

  /** The Jacobian of a softmax times a cotangent, or only its diagonal. */
  softmax(step: string, right: Tensor, diagonal: Tensor): Tensor {
    return this.#take(step, right, {
      'taken as diagonal': ['Jacobian taken as diagonal', ['diagonal'], () => diagonal],
    });
  }

  /** `y ⊙ (g - Σ g y)`, with the sum over dim 1: the same, step by step. */
  softmaxOfRows(step: string, g: Tensor, y: Tensor): Tensor {
    const less = (dim: number): Tensor => mul(y, sub(g, sum(mul(g, y), dim, { keepDim: true })));
    return this.#take(step, less(1), {
      'taken as diagonal': ['Jacobian taken as diagonal', ['diagonal'], () => mul(g, mul(y, sub(1, y)))],
      'without the sum': ['Jacobian taken as diagonal', ['diagonal'], () => mul(g, y)],
      'with the sum over the rows': ['sum over another dim', ['dim 0'], () => less(0)],
    });
  }

  /** A sum of terms, one for each way to the result. */
  sum(step: string, first: Tensor, second: Tensor): Tensor {
    return this.#take(step, add(first, second), {
      'first term missing': ['term of a sum', ['missing'], () => second],
      'second term missing': ['term of a sum', ['missing'], () => first],
      'sign of the second': ['term of a sum', ['sign'], () => sub(first, second)],
    });
  }

  /** A matrix product in the gradient by a weight; `other` is easily mistaken for the right factor. */
  product(
    step: string,
    right: Tensor,
    wrong: { transposed?: Tensor; with?: readonly [name: string, product: Tensor] },
  ): Tensor {
    const { transposed, with: other } = wrong;
    return this.#take(step, right, {
      ...(transposed && { transposed: ['transposed', ['transposed'], () => transposed] as const }),
      ...(other && { [`with ${other[0]}`]: ['other value', [other[0]], () => other[1]] as const }),
    });
  }

  /** On the way back through a product with a square matrix. */
  back(step: string, right: Tensor, untransposed: Tensor): Tensor {
    return this.#take(step, right, {
      'not transposed': ['product not transposed', ['not transposed'], () => untransposed],
    });
  }

  /** The gradients in the end; two of one shape are easily exchanged. */
  instead(step: string, right: Tensor, other: Tensor, name: string): Tensor {
    return this.#take(step, right, { 'that of another': ['gradient of another value', [name], () => other] });
  }
}
