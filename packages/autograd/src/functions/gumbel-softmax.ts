import { fail } from '../core/errors.ts';
import type { Generator } from '../core/random/generator.ts';
import { normalizeDim } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { add, neg, sub } from '../primitives/linear/arithmetic.ts';
import { convert } from '../primitives/linear/convert.ts';
import { div } from '../primitives/smooth/division.ts';
import { log } from '../primitives/smooth/exponential.ts';
import { detach } from '../tape/leaf.ts';
import { checkFloating } from './check-dtype.ts';
import { zerosLike } from './creation.ts';
import { scatter } from './gather.ts';
import { rand } from './random.ts';
import { argmax } from './reductions.ts';
import { softmaxOver } from './softmax.ts';

export interface GumbelSoftmaxOptions {
  /** The temperature: the smaller, the nearer the result is to a single 1. Default: 1. */
  readonly tau?: number;
  /** Whether the result is a single 1 and zeros, with the derivative of what it would be otherwise. Default: false. */
  readonly hard?: boolean;
  /** Along which dim the choices lie. Default: -1. */
  readonly dim?: number;
  /** Where the numbers come from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * A random choice that derivatives pass through: `softmax((logits + g) / tau)` with g of the Gumbel distribution. The largest
 * entry is each of them with the probability that `softmax(logits)` gives it.
 *
 * Source: Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", 2017.
 *
 * @param logits Any shape, floating dtype: log-probabilities, but for a constant that is added.
 * @returns The same shape.
 * @throws GradtapeError if tau is not above 0, the dtype not floating, or there is no such dim.
 * @example
 * gumbelSoftmax(tensor([0, -Infinity]), { hard: true }); // [1, 0]
 */
export function gumbelSoftmax<T extends Tensor>(
  logits: T,
  { tau = 1, hard = false, dim = -1, generator }: GumbelSoftmaxOptions = {},
): Tensor<ShapeOf<T>> {
  checkFloating('gumbelSoftmax', logits);
  const d = normalizeDim('gumbelSoftmax', dim, logits.rank);
  if (!(tau > 0)) {
    fail('gumbelSoftmax: not a temperature', {
      got: `tau ${tau}`,
      needs: 'a number above 0',
      fix: 'start at 1 and go down; { hard: true } gives single ones at any temperature',
    });
  }
  const disturbed = div<Tensor, number>(add<Tensor, Tensor>(logits, gumbelNoise(logits, generator)), tau);
  const soft = softmaxOver(logits.rank === 0 ? [] : [d])(disturbed);
  if (!hard) return soft as Tensor<ShapeOf<T>>;
  const values = detach(soft);
  const choice = scatter(zerosLike(values), d, argmax(values, d, { keepDim: true }), 1);
  return add<Tensor, Tensor>(sub<Tensor, Tensor>(choice, values), soft) as Tensor<ShapeOf<T>>;
}

/** `-log(-log u)` for u evenly distributed from 0 to 1; drawn in float64, where u is 0 once in 10¹⁶ draws. */
function gumbelNoise({ shape, dtype }: Tensor, generator: Generator | undefined): Tensor {
  const u = rand(shape, { dtype: 'float64', generator });
  return convert(neg(log(neg(log(u)))), dtype);
}
