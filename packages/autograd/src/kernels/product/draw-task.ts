import fc from 'fast-check';
import { contiguousStrides, entriesOf } from '../../core/shape.ts';
import type { Contraction, FloatArray, Matrices } from './contraction.ts';

/** Draws products of all layouts, for the tests beside this file. */

export type FloatType = 'float32' | 'float64';

export function newFloats(type: FloatType, length: number): FloatArray {
  return type === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

/** How an axis lies in memory. */
const layouts = ['forwards', 'backwards', 'every third', 'broadcast'] as const;
type Layout = (typeof layouts)[number];
const layout = fc.oneof(
  { arbitrary: fc.constant<Layout>('forwards'), weight: 4 },
  { arbitrary: fc.constantFrom(...layouts), weight: 2 },
);

interface OperandPlan {
  readonly layouts: readonly Layout[];
  readonly transposed: boolean;
  readonly offset: number;
  readonly seed: number;
  readonly specials: readonly { readonly at: number; readonly value: number }[];
}

function operandPlan(axes: number): fc.Arbitrary<OperandPlan> {
  const special = fc.record({
    at: fc.nat(),
    value: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  });
  return fc.record({
    layouts: fc.array(layout, { minLength: axes, maxLength: axes }),
    transposed: fc.boolean(),
    offset: fc.nat({ max: 9 }),
    seed: fc.nat(),
    specials: fc.oneof(fc.constant([]), fc.array(special, { maxLength: 3 })),
  });
}

/** A view with the sizes [...batch, rows, columns] of a new array of numbers between -1 and 1. */
function operand(
  plan: OperandPlan,
  type: FloatType,
  batch: readonly number[],
  rows: number,
  columns: number,
): Matrices {
  const sizes = [...batch, rows, columns];
  const last = sizes.length - 1;
  const storedSizes = sizes.map((size, axis) => {
    if (plan.layouts[axis] === 'broadcast') return 1;
    return plan.layouts[axis] === 'every third' ? 3 * size : size;
  });
  const order = sizes.map((_, axis) => axis);
  if (plan.transposed) [order[last - 1], order[last]] = [last, last - 1];
  const inOrder = contiguousStrides(order.map((axis) => storedSizes[axis]));
  const data = newFloats(type, plan.offset + entriesOf(storedSizes) + 3);
  const random = uniform(plan.seed);
  for (let i = 0; i < data.length; i++) data[i] = random();
  for (const { at, value } of plan.specials) data[at % data.length] = value;

  let offset = plan.offset;
  const strides = sizes.map((size, axis) => {
    const stride = inOrder[order.indexOf(axis)];
    switch (plan.layouts[axis]) {
      case 'broadcast':
        return 0;
      case 'every third':
        return 3 * stride;
      case 'backwards':
        offset += Math.max(size - 1, 0) * stride;
        return -stride;
      default:
        return stride;
    }
  });
  return {
    data,
    offset,
    batchStrides: strides.slice(0, -2),
    rowStride: strides[last - 1],
    columnStride: strides[last],
  };
}

/** A stream of numbers between -1 and 1 (a linear congruential generator: Numerical Recipes, section 7.1). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Sizes at which a block begins or ends, and others. */
export function size(smallest: number, largest: number): fc.Arbitrary<number> {
  const edges = [0, 1, 2, 4, 8, 96, 192, 256, 512, 1024].flatMap((edge) => [edge - 1, edge, edge + 1]);
  const possible = edges.filter((edge) => edge >= smallest && edge <= largest);
  return fc.oneof(fc.integer({ min: smallest, max: largest }), fc.constantFrom(...possible));
}

/** Long in one direction, short in the others, so that every block size is crossed and the reference stays quick. */
export function sizes(smallest: number, largest: number): fc.Arbitrary<[number, number, number]> {
  return fc
    .tuple(size(smallest, largest), size(smallest, Math.min(largest, 100)), size(smallest, Math.min(largest, 20)))
    .chain((three) => fc.shuffledSubarray(three, { minLength: 3 }) as fc.Arbitrary<[number, number, number]>);
}

export interface DrawOptions {
  readonly sizes: fc.Arbitrary<[number, number, number]>;
  readonly batch: fc.Arbitrary<number[]>;
}

/** A product whose result lies in the middle of an array of sevens. */
export function drawTask({ sizes, batch }: DrawOptions): fc.Arbitrary<Contraction> {
  return fc.tuple(fc.constantFrom<FloatType>('float32', 'float64'), sizes, batch, fc.nat({ max: 5 })).chain((drawn) => {
    const [type, [m, n, k], batch, outOffset] = drawn;
    const axes = batch.length + 2;
    return fc.tuple(operandPlan(axes), operandPlan(axes)).map(([planA, planB]) => ({
      out: newFloats(type, outOffset + entriesOf(batch) * m * n + 5).fill(7),
      outOffset,
      outRowStride: n,
      batch,
      m,
      n,
      k,
      a: operand(planA, type, batch, m, k),
      b: operand(planB, type, batch, k, n),
    }));
  });
}
