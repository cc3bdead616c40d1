import { fail } from '../../core/errors.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import { mean, sum } from '../reductions.ts';

/** What becomes of the losses of single entries: nothing, their mean, or their sum. */
export type Reduction = 'none' | 'mean' | 'sum';

export interface LossOptions {
  /** Default: `mean`. */
  readonly reduction?: Reduction;
}

/** The losses of single entries, reduced to one number unless reduction is `none`. The mean of no entries is NaN. */
export function reduceLosses(operation: string, losses: Tensor, reduction: Reduction = 'mean'): Tensor {
  switch (reduction) {
    case 'none':
      return losses;
    case 'mean':
      return mean(losses);
    case 'sum':
      return sum(losses);
    default:
      return failOnReduction(operation, reduction);
  }
}

export function failOnReduction(operation: string, reduction: string): never {
  return fail(`${operation}: no such reduction`, {
    got: `reduction '${reduction}'`,
    needs: "'none', 'mean' or 'sum'",
    fix: 'leave it out for the mean',
  });
}

/** Throws unless all are tensors. */
export function checkTensors(operation: string, named: Readonly<Record<string, unknown>>): void {
  for (const [name, x] of Object.entries(named)) {
    if (x instanceof Tensor) continue;
    fail(`${operation}: the ${name} is not a tensor`, {
      got: x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x,
      needs: 'a Tensor',
      fix: 'wrap data in tensor(…)',
    });
  }
}

/** Throws unless all have one shape. Losses do not broadcast: `[n]` against `[n, 1]` would give n² losses, unnoticed. */
export function checkOneShape(operation: string, named: Readonly<Record<string, Tensor>>): void {
  checkTensors(operation, named);
  const [first, ...others] = Object.values(named);
  if (others.every((x) => sameShape(x.shape, first.shape))) return;
  fail(`${operation}: the shapes differ`, {
    got: Object.entries(named)
      .map(([name, x]) => `${name} ${showShape(x.shape)}`)
      .join(', '),
    needs: 'one shape',
    fix: 'reshape one of them, for example target.reshape(input.shape), or expand it on purpose',
  });
}
