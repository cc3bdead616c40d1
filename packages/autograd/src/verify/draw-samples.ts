import fc from 'fast-check';
import { type DType, newStorage } from '../core/dtype.ts';
import { contiguousStrides, entriesOf, type Shape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import type { Domain, Draw } from '../tape/primitive.ts';

/** Draws tensors of all layouts, for tests: a {@link Draw} on fast-check, whose choices shrink. */

/** How a dim lies in memory. */
type Layout = 'forwards' | 'backwards' | 'every other' | 'repeated';

/** How a tensor lies in memory: its dims' layouts, their order from the outermost, and the entries before the first. */
interface MemoryPlan {
  readonly layouts: readonly Layout[];
  readonly order: readonly number[];
  readonly offset: number;
}

function memoryPlans(rank: number, repeats: boolean): fc.Arbitrary<MemoryPlan> {
  const dims = Array.from({ length: rank }, (_, d) => d);
  const layout = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Layout>('forwards') },
    { weight: 2, arbitrary: fc.constantFrom<Layout>('backwards', 'every other', repeats ? 'repeated' : 'forwards') },
  );
  const contiguous: MemoryPlan = { layouts: dims.map(() => 'forwards'), order: dims, offset: 0 };
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(contiguous) },
    {
      weight: 3,
      arbitrary: fc.record({
        layouts: fc.array(layout, { minLength: rank, maxLength: rank }),
        order: fc.shuffledSubarray(dims, { minLength: rank }),
        offset: fc.nat({ max: 5 }),
      }),
    },
  );
}

/** Sizes of at most this many entries in all: as many as can lie apart in a domain. */
const LARGEST = 200;

function shapes(minimumRank: number, maximumRank: number, minimumSize: number): fc.Arbitrary<Shape> {
  const size = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: Math.max(2, minimumSize), max: 4 }) },
    { weight: 2, arbitrary: fc.constant(Math.max(1, minimumSize)) },
    { weight: 1, arbitrary: fc.integer({ min: minimumSize, max: 1 + minimumSize }) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: 70 }) },
  );
  return fc.array(size, { minLength: minimumRank, maxLength: maximumRank }).map((sizes) => {
    let room = LARGEST;
    return sizes.map((wanted) => {
      const fitting = Math.min(wanted, room);
      room = Math.max(1, Math.floor(room / Math.max(fitting, 1)));
      return fitting;
    });
  });
}

const integers = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low, max: high });
const seeds = (): fc.Arbitrary<number> => fc.nat();

/**
 * Which numbers are drawn: such as keep clear of kinks and of the ends of their domain; or halves and whole numbers of
 * the domain, so that kinks, zeros and ties are met; or infinities, NaN, zeros of both signs and numbers beside them,
 * whatever the domain.
 */
export type Entries = 'clear' | 'halves' | 'special';

export interface DrawOptions {
  readonly dtype: DType;
  /** Default: 'clear'. */
  readonly entries?: Entries;
}

/** A source of samples whose choices fast-check makes: `fc.property(fc.gen(), (choose) => drawBy(choose, { dtype }))`. */
export function drawBy(choose: fc.GeneratorValue, { dtype, entries = 'clear' }: DrawOptions): Draw {
  let drawn = 0;
  const place = (shape: Shape, of: DType, repeats: boolean, make: (random: () => number) => () => number) => {
    // Seeds are often alike, above all after shrinking; what is drawn from them is not.
    const random = uniform(choose(seeds) + 0x9e3779b9 * ++drawn);
    return placed(shape, of, choose(memoryPlans, shape.length, repeats), make(random));
  };
  return {
    dtype,
    integer: (low, high) => choose(integers, low, high),
    shape: ({ minimumRank = 0, maximumRank = 4, minimumSize = 0 } = {}) =>
      choose(shapes, minimumRank, maximumRank, minimumSize),
    tensor: (shape, domain = { low: -3, high: 3 }) => {
      if (entries === 'halves') return place(shape, dtype, true, (random) => () => halfIn(domain, random()));
      if (entries === 'special') return place(shape, dtype, true, (random) => () => specialOf(random()));
      if (!domain.distinct) return place(shape, dtype, true, (random) => () => clearIn(domain, random()));
      return place(shape, dtype, false, (random) => apartIn(domain, entriesOf(shape), random));
    },
    indices: (shape, size) => place(shape, 'int32', true, (random) => () => Math.floor(random() * size)),
    truths: (shape) => place(shape, 'bool', true, (random) => () => Math.floor(random() * 2)),
  };
}

/** Between entries lies what a wrong stride would find. */
const GARBAGE: Readonly<Record<DType, number>> = { float32: Number.NaN, float64: Number.NaN, int32: 1e9, bool: 1 };

function placed(shape: Shape, dtype: DType, { layouts, order, offset }: MemoryPlan, entry: () => number): Tensor {
  const stored = shape.map((size, d) =>
    layouts[d] === 'repeated' ? 1 : layouts[d] === 'every other' ? 2 * size : size,
  );
  const inOrder = contiguousStrides(order.map((d) => stored[d]));
  const storage = newStorage(dtype, offset + entriesOf(stored) + 2).fill(GARBAGE[dtype]);
  let start = offset;
  const strides = shape.map((size, d) => {
    const step = inOrder[order.indexOf(d)];
    if (layouts[d] === 'repeated') return 0;
    if (layouts[d] === 'every other') return 2 * step;
    if (layouts[d] === 'forwards') return step;
    start += Math.max(size - 1, 0) * step;
    return -step;
  });
  const fill = (dim: number, at: number): void => {
    if (dim === shape.length) storage[at] = entry();
    else for (let i = 0; i < shape[dim]; i++) fill(dim + 1, at + i * strides[dim]);
  };
  fill(0, start);
  return new Tensor(storage, dtype, shape, strides, start);
}

/** A stream of numbers from 0 up to but without 1 (a linear congruential generator: Numerical Recipes, section 7.1). */
function uniform(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  next();
  return next;
}

/** How far entries keep from the ends of a domain and from kinks: further than differences reach, from either side. */
const [FROM_ENDS, FROM_KINKS] = [0.02, 0.03];

/** The intervals of a domain that keep clear of its ends and kinks. */
function clearIntervals({ low, high, kinks = [] }: Domain): readonly (readonly [number, number])[] {
  const margin = Math.min(FROM_ENDS, (high - low) / 4);
  const bounds = [low + margin, ...kinks.flatMap((kink) => [kink - FROM_KINKS, kink + FROM_KINKS]), high - margin];
  return bounds.flatMap((bound, i) => (i % 2 === 0 ? [[bound, bounds[i + 1]] as const] : []));
}

function clearIn(domain: Domain, random: number): number {
  const intervals = clearIntervals(domain);
  let rest = random * intervals.reduce((sum, [low, high]) => sum + high - low, 0);
  for (const [low, high] of intervals) {
    if (rest < high - low) return low + rest;
    rest -= high - low;
  }
  return intervals[0][0];
}

/** A multiple of 1/2 inside a domain, if there is one. */
function halfIn({ low, high }: Domain, random: number): number {
  const first = Math.floor(2 * low) + 1;
  const count = Math.ceil(2 * high) - first;
  return count > 0 ? (first + Math.floor(random * count)) / 2 : low + (high - low) / 2;
}

/** Products of two of them do not overflow in float32: there an infinity would come up that float64 does not have. */
const specials: readonly number[] = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 2, 1e-40, -7, 1e15];

function specialOf(random: number): number {
  return specials[Math.floor(random * specials.length)];
}

/** Entries that lie evenly over a domain but for a little, in random order. */
function apartIn(domain: Domain, count: number, random: () => number): () => number {
  const first = 0.1 + 0.8 * random();
  const places = Array.from({ length: count }, (_, i) => (i + first + 0.2 * (random() - 0.5)) / count);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [places[i], places[other]] = [places[other], places[i]];
  }
  return () => clearIn(domain, places.pop() ?? 0);
}
