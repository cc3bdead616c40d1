import fc from 'fast-check';
import { adopt, view } from '../core/allocate.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';

/** A shape for property tests. */
export function drawShape(
  minimumRank: number,
  maximumRank: number,
  { min = 0, max = 4 }: { min?: number; max?: number } = {},
): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min, max }), { minLength: minimumRank, maxLength: maximumRank });
}

/** Steps, at least 1, one for each dim of a shape; as long as the others in memory are longer than the entries. */
interface Layout {
  readonly order: readonly number[];
  readonly gap: number;
  readonly start: number;
}

function drawLayout(rank: number): fc.Arbitrary<Layout> {
  const dims = Array.from({ length: rank }, (_, d) => d);
  return fc.record({
    order: fc.oneof(fc.constant(dims), fc.shuffledSubarray(dims, { minLength: rank })),
    gap: fc.integer({ min: 1, max: 2 }),
    start: fc.integer({ min: 0, max: 2 }),
  });
}

/** A float64 tensor of small whole numbers, so that sums and products are exact; contiguous or not. */
export function drawTensor(shape: Shape): fc.Arbitrary<Tensor> {
  const length = entriesOf(shape);
  const entries = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: length, maxLength: length });
  return fc.tuple(entries, drawLayout(shape.length)).map(([values, layout]) => laidOut(values, shape, layout));
}

/** Entries in reading order, put into memory with the dims in another order and with gaps. */
function laidOut(values: readonly number[], shape: Shape, { order, gap, start }: Layout): Tensor {
  const strides = new Array<number>(shape.length).fill(0);
  let step = gap;
  for (const d of order) {
    strides[d] = step;
    step *= shape[d];
  }
  const storage = new Float64Array(start + values.length * gap + 1).fill(Number.NaN);
  values.forEach((value, i) => {
    let [place, rest] = [start, i];
    for (let d = shape.length - 1; d >= 0; d--) {
      place += (rest % shape[d]) * strides[d];
      rest = Math.floor(rest / shape[d]);
    }
    storage[place] = value;
  });
  return view(adopt(storage, [storage.length]), shape, strides, start);
}

/** A tensor of whole numbers from `low` to `high`, dtype int32. */
export function drawIndices(shape: Shape, low: number, high: number): fc.Arbitrary<Tensor> {
  const length = entriesOf(shape);
  return fc
    .array(fc.integer({ min: low, max: high }), { minLength: length, maxLength: length })
    .map((values) => adopt(Int32Array.from(values), shape));
}

/** A tensor of truth values. */
export function drawTruths(shape: Shape): fc.Arbitrary<Tensor> {
  const length = entriesOf(shape);
  return fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length })
    .map((values) => adopt(Uint8Array.from(values), shape));
}

/** All places of a shape, in reading order. */
export function placesOf(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );
}

/** The entry at a place. */
export function entryAt(x: Tensor, place: readonly number[]): number {
  return x.storage[place.reduce((at, i, d) => at + i * x.strides[d], x.offset)];
}

/** A tensor of entries computed one by one: the slow reference. */
export function byEntry(shape: Shape, entry: (place: readonly number[]) => number): Tensor {
  return adopt(Float64Array.from(placesOf(shape), entry), shape);
}
