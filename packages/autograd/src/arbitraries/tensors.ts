import fc from 'fast-check';
import type { DType } from '../core/dtype.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { specials } from '../verify/entries.ts';
import { evenly } from '../verify/evenly.ts';
import { chooseMemoryPlan, contiguousPlan, placed } from '../verify/memory-plan.ts';
import { chosen } from './chosen.ts';
import { shapes } from './shapes.ts';

export interface TensorOptions {
  /** Default: {@link shapes}`()`. */
  readonly shape?: Shape | fc.Arbitrary<Shape>;
  /** Default: float64. */
  readonly dtype?: DType;
  /** The smallest and the largest entry. Default: -3 and 3. Of no account to dtype bool. */
  readonly low?: number;
  readonly high?: number;
  /** Whether NaN, infinities, zeros of both signs, tiny and large numbers are among the entries. Default: false. */
  readonly specials?: boolean;
  /** Whether the entries lie in reading order; otherwise some tensors are views with any strides. Default: false. */
  readonly contiguous?: boolean;
}

/**
 * Tensors, laid out in memory in every way that a view can be: with dims in any order, with gaps, steps backwards and
 * repetitions. Entries are evenly distributed, and shrink towards the lowest; layouts shrink to reading order.
 *
 * @example
 * import fc from 'fast-check';
 * import { tensors } from '@gradtape/autograd/arbitraries';
 * fc.assert(fc.property(tensors({ low: 0.1, high: 5 }), (x) => x.log().exp().sub(x).abs().sum().item() < 1e-9));
 */
export function tensors(options: TensorOptions = {}): fc.Arbitrary<Tensor> {
  const { shape = shapes() } = options;
  const ofShape = shape instanceof fc.Arbitrary ? shape : fc.constant(shape);
  return ofShape.chain((sizes) => tensorsOfShape(sizes, options));
}

function tensorsOfShape(shape: Shape, options: TensorOptions): fc.Arbitrary<Tensor> {
  const { dtype = 'float64', contiguous = false } = options;
  const length = entriesOf(shape);
  const plans = contiguous
    ? fc.constant(contiguousPlan(shape.length))
    : chosen((choose) => chooseMemoryPlan(choose, shape.length, true));
  const entries = fc.array(entryOf(options), { minLength: length, maxLength: length });
  return fc.tuple(plans, entries).map(([plan, list]) => {
    const next = list.values();
    return placed(shape, dtype, plan, () => next.next().value ?? 0);
  });
}

function entryOf(options: TensorOptions): fc.Arbitrary<number> {
  const { dtype = 'float64', low = -3, high = 3 } = options;
  if (dtype === 'bool') return fc.nat({ max: 1 });
  if (dtype === 'int32') return fc.integer({ min: Math.ceil(low), max: Math.floor(high) });
  const ordinary = evenly(low, high);
  return options.specials ? fc.oneof({ weight: 3, arbitrary: ordinary }, fc.constantFrom(...specials)) : ordinary;
}
