import type { Tensor } from '../../core/tensor.ts';
import type { Binary, Unary } from '../../core/typed-tensor.ts';
import type { Domain } from '../../tape/primitive.ts';
import { type Elementwise, lift, liftUnary } from '../linear/align.ts';
import { convert } from '../linear/convert.ts';
import { where } from '../linear/where.ts';
import { untied } from '../smooth/domains.ts';
import { eq, ge, gt, isnan, le, logicalAnd, logicalNot, logicalOr, lt } from './comparison.ts';
import { piecewise } from './degree.ts';
import { sign } from './rounding.ts';

const kinkAtZero: Domain = { low: -3, high: 3, kinks: [0] };

/** `|x|`, with derivative 0 at 0. */
export const abs: Elementwise<Unary> = liftUnary(
  piecewise('abs', { value: (m, x) => m.abs(x), partials: (x) => [sign(x)], domain: kinkAtZero }),
);

/** `max(0, x)`, with derivative 0 at 0: `1[x > 0]`. NaN stays NaN. */
export const relu: Elementwise<Unary> = liftUnary(
  piecewise('relu', {
    value: (m, x) => m.select(m.lessEqual(x, m.constant(0)), m.constant(0), x),
    partials: (x) => [convert(gt(x, 0), x.dtype)],
    domain: kinkAtZero,
  }),
);

/** How much of the derivative goes to one of two: none where it loses, half at a tie, else all, also beside NaN. */
function share(loses: Tensor, ties: Tensor, like: Tensor): Tensor {
  return where(ties, 0.5, convert(logicalNot(loses), like.dtype));
}

/** The larger of two; at a tie each has half of the derivative, beside NaN all. NaN where either is. */
export const maximum: Elementwise<Binary<'maximum'>> = lift(
  piecewise('maximum', {
    value: (m, a, b) => m.maximum(a, b),
    partials: (a, b, y) => [share(lt(a, b), eq(a, b), y), share(lt(b, a), eq(a, b), y)],
    domain: untied,
  }),
);

/** The smaller of two; at a tie each has half of the derivative, beside NaN all. NaN where either is. */
export const minimum: Elementwise<Binary<'minimum'>> = lift(
  piecewise('minimum', {
    value: (m, a, b) => m.minimum(a, b),
    partials: (a, b, y) => [share(gt(a, b), eq(a, b), y), share(gt(b, a), eq(a, b), y)],
    domain: untied,
  }),
);

/** `x` held between two bounds; on a bound the derivative by `x` is still 1. */
export const clampBetween: Elementwise<(x: Tensor, low: Tensor | number, high: Tensor | number) => Tensor> = lift(
  piecewise('clamp', {
    value: (m, x, low, high) => m.minimum(m.maximum(x, low), high),
    partials: (x, low, high, y) => [
      convert(logicalAnd(ge(x, low), le(x, high)), y.dtype),
      convert(logicalAnd(lt(x, low), lt(low, high)), y.dtype),
      convert(logicalOr(gt(x, high), lt(high, low)), y.dtype),
    ],
    domain: [
      { low: -3, high: 3, kinks: [-1, 1] },
      { low: -1.001, high: -0.999 },
      { low: 0.999, high: 1.001 },
    ],
  }),
);

/** The derivative goes to the first where it is chosen, and to the second elsewhere. */
function oneOrOther(isFirst: Tensor, like: Tensor): Tensor[] {
  return [convert(isFirst, like.dtype), convert(logicalNot(isFirst), like.dtype)];
}

/** The larger of two, or the one that is a number; at a tie the first has the derivative. */
export const fmax: Elementwise<Binary<'fmax'>> = lift(
  piecewise('fmax', {
    value: (m, a, b) => m.select(m.or(m.lessEqual(b, a), m.not(m.equal(b, b))), a, b),
    partials: (a, b, y) => oneOrOther(logicalOr(ge(a, b), isnan(b)), y),
    latex: (m, [a, b]) => m.maximum(a, b),
    domain: untied,
  }),
);

/** The smaller of two, or the one that is a number; at a tie the first has the derivative. */
export const fmin: Elementwise<Binary<'fmin'>> = lift(
  piecewise('fmin', {
    value: (m, a, b) => m.select(m.or(m.lessEqual(a, b), m.not(m.equal(b, b))), a, b),
    partials: (a, b, y) => oneOrOther(logicalOr(le(a, b), isnan(b)), y),
    latex: (m, [a, b]) => m.minimum(a, b),
    domain: untied,
  }),
);
