import { type DType, type Shape, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';

/** Draws what rules are tried on; fast-check makes the choices, so that what fails is made small. */
export interface Draw {
  readonly dtype: DType;
  /** A number of features or samples, 0 and 1 among them. */
  size(least?: number): number;
  integer(low: number, high: number): number;
  /** One of a few. */
  among<T>(values: readonly T[]): T;
  /** Entries that are uneven, tied, at kinks or far out where activations are saturated; contiguous or not. */
  tensor(shape: Shape): Tensor;
  /** Entries inside of (low, high), none of them special. */
  between(low: number, high: number, shape: Shape): Tensor;
  /** Targets from 0 to 1, most of them at the ends. */
  binaryTargets(shape: Shape): Tensor;
  /** Targets `[n]` or `[n, m]`, of which each column adds up to 1: one class, or shares of all. */
  classTargets(shape: Shape): Tensor;
}

const sizes = (least: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: Math.max(2, least), max: 5 }) },
    fc.integer({ min: least, max: 1 + least }),
  );
const integers = (low: number, high: number): fc.Arbitrary<number> => fc.integer({ min: low, max: high });

// Thousandths are no binary fractions, so that products of them are rounded.
const uneven = fc.integer({ min: -2000, max: 2000 }).map((n) => n / 1000);
const tied = fc.constantFrom(0, 0.5, -0.5, 1, -1, 2, -2);
const saturating = fc.constantFrom(20, -20, 40, -40, 1000, -1000);
const entry = fc.oneof(
  { weight: 6, arbitrary: uneven },
  { weight: 2, arbitrary: tied },
  { weight: 1, arbitrary: saturating },
);
const entries = (length: number): fc.Arbitrary<number[]> => fc.array(entry, { minLength: length, maxLength: length });

const parts = (low: number, high: number, length: number): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: 1, max: 999 }).map((n) => low + ((high - low) * n) / 1000),
    { minLength: length, maxLength: length },
  );

const truth = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 1) }, fc.constantFrom(0.1, 0.5, 0.75));
const truths = (length: number): fc.Arbitrary<number[]> => fc.array(truth, { minLength: length, maxLength: length });

const column = (classes: number): fc.Arbitrary<number[]> =>
  fc.oneof(
    fc.nat(classes - 1).map((k) => Array.from({ length: classes }, (_, i) => (i === k ? 1 : 0))),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: classes, maxLength: classes }).map((counts) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      return counts.map((count) => count / total);
    }),
  );
const columns = (classes: number, samples: number): fc.Arbitrary<number[][]> =>
  fc.array(column(classes), { minLength: samples, maxLength: samples });

export function drawBy(choose: fc.GeneratorValue, dtype: DType): Draw {
  const filled = (shape: Shape, values: readonly number[]): Tensor => {
    const flat = tensor([...values], { dtype });
    const turned = shape.length === 2 && choose(fc.boolean);
    return turned ? flat.reshape([...shape].reverse()).t() : flat.reshape(shape);
  };
  const count = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);
  return {
    dtype,
    size: (least = 0) => choose(sizes, least),
    integer: (low, high) => choose(integers, low, high),
    among: (values) => values[choose(integers, 0, values.length - 1)],
    tensor: (shape) => filled(shape, choose(entries, count(shape))),
    between: (low, high, shape) => filled(shape, choose(parts, low, high, count(shape))),
    binaryTargets: (shape) => filled(shape, choose(truths, count(shape))),
    classTargets: ([classes, samples]) => {
      const drawn = choose(columns, classes, samples ?? 1).flat();
      const rows = tensor(drawn, { dtype }).reshape([samples ?? 1, classes]);
      return samples === undefined ? rows.reshape([classes]) : rows.t();
    },
  };
}
