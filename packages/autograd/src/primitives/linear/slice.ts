import { allocate, view } from '../../core/allocate.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { copyInto } from '../../kernels/place.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** A regular grid of indices in each dim: `size` of them from `start`, `step` apart (which may be negative). */
export interface Range {
  readonly start: number;
  readonly step: number;
  readonly size: number;
}

function viewOfRanges(x: Tensor, ranges: readonly Range[]): Tensor {
  const offset = ranges.reduce(
    (at, { start, size }, d) => (size === 0 ? at : at + start * (x.strides[d] as number)),
    x.offset,
  );
  return view(
    x,
    ranges.map((r) => r.size),
    ranges.map((r, d) => r.step * (x.strides[d] as number)),
    offset,
  );
}

/** A part of every dim, as a view. */
export const slicePrimitive: Primitive<{ ranges: readonly Range[] }> = linear('slice', {
  value: ([x], { ranges }) => viewOfRanges(x as Tensor, ranges),
  transpose: (cotangent, { inputs: [x], params: { ranges } }) => [embed(cotangent, (x as Tensor).shape, ranges)],
  kernel: { kind: 'view' },
  latex: (m, [x], { inputs: [{ shape }], params: { ranges } }) => m.part(x, ...describeRanges(ranges, shape)),
  sample: (draw) => {
    const shape = draw.shape();
    return { inputs: [draw.tensor(shape)], params: { ranges: shape.map((size) => sampleRange(draw, size)) } };
  },
});

function describeRanges(ranges: readonly Range[], shape: Shape): string[] {
  return ranges.map((range, d) => describeRange(range, shape[d]));
}

/** As Python writes it: `1:3`, `:` for all, `::2` for every other. */
function describeRange({ start, step, size }: Range, whole: number): string {
  if (size === whole && step === 1) return ':';
  if (size === 1) return `${start}`;
  const end = start + size * step;
  return `${start}:${end < 0 ? '' : end}${step === 1 ? '' : `:${step}`}`;
}

/** Zeros of a shape, with the input in a part of them: the transpose of a slice. */
export const embedPrimitive: Primitive<{ shape: Shape; ranges: readonly Range[] }> = linear('embed', {
  value: ([x], { shape, ranges }) => {
    const out = allocate(shape, (x as Tensor).dtype);
    copyInto(viewOfRanges(out, ranges), x as Tensor);
    return out;
  },
  transpose: (cotangent, { params: { ranges } }) => [slice(cotangent, ranges)],
  kernel: { kind: 'place', overlapping: false, parts: (out, _, { ranges }) => [viewOfRanges(out, ranges)] },
  latex: (m, [x], { params: { shape, ranges } }) => m.embed(x, ...describeRanges(ranges, shape)),
  sample: (draw) => {
    const shape = draw.shape();
    const ranges = shape.map((size) => sampleRange(draw, size));
    return { inputs: [draw.tensor(ranges.map((r) => r.size))], params: { shape, ranges } };
  },
});

function sampleRange(draw: Draw, size: number): Range {
  if (size === 0) return { start: 0, step: 1, size: 0 };
  const step = draw.integer(1, 2);
  const count = draw.integer(0, Math.ceil(size / step));
  const start = draw.integer(0, size - 1 - Math.max(count - 1, 0) * step);
  const backwards = draw.integer(0, 1) === 1 && count > 0;
  return backwards ? { start: start + (count - 1) * step, step: -step, size: count } : { start, step, size: count };
}

export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  return bind(slicePrimitive, [x], { ranges });
}

export function embed(x: Tensor, shape: Shape, ranges: readonly Range[]): Tensor {
  return bind(embedPrimitive, [x], { shape, ranges });
}

/** The ranges that take a tensor whole, but for one dim. */
export function rangesWith(shape: Shape, dim: number, range: Range): Range[] {
  return shape.map((size, d) => (d === dim ? range : { start: 0, step: 1, size }));
}

/** `size` indices of a dim from `start`. */
export function partOf(x: Tensor, dim: number, start: number, size: number): Tensor {
  return slice(x, rangesWith(x.shape, dim, { start, step: 1, size }));
}
