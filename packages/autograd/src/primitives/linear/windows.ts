import { allocate, view } from '../../core/allocate.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { addInto } from '../../kernels/place.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** A window that moves along a dim: its size, how far it moves, and how far apart the entries that it sees lie. */
export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
}

/** How often a window fits into a dim. */
export function positionsOf(length: number, { size, stride, dilation }: Window): number {
  return Math.max(0, Math.floor((length - dilation * (size - 1) - 1) / stride) + 1);
}

/** `[…, length…]` seen as `[…, position…, size…]` for windows over the last dims. */
function viewOfWindows(x: Tensor, windows: readonly Window[]): Tensor {
  const first = x.rank - windows.length;
  const lengths = x.shape.slice(first);
  const steps = x.strides.slice(first);
  return view(
    x,
    [
      ...x.shape.slice(0, first),
      ...windows.map((w, i) => positionsOf(lengths[i] as number, w)),
      ...windows.map((w) => w.size),
    ],
    [
      ...x.strides.slice(0, first),
      ...windows.map((w, i) => w.stride * (steps[i] as number)),
      ...windows.map((w, i) => w.dilation * (steps[i] as number)),
    ],
    x.offset,
  );
}

/** `2 \times 2`, with `/ 2` for a stride, and `: 2` for a dilation, that is not 1. */
function describeWindows(windows: readonly Window[]): string {
  return windows
    .map(
      ({ size, stride, dilation }) =>
        `${size}${stride === 1 ? '' : `/${stride}`}${dilation === 1 ? '' : `:${dilation}`}`,
    )
    .join(' \\times ');
}

/** All windows over the last dims, as a view: the heart of convolution and pooling. */
export const windowsPrimitive: Primitive<{ windows: readonly Window[] }> = linear('windows', {
  value: ([x], { windows }) => viewOfWindows(x as Tensor, windows),
  transpose: (cotangent, { inputs: [x], params: { windows } }) => [
    foldWindows(cotangent, (x as Tensor).shape, windows),
  ],
  kernel: { kind: 'view' },
  latex: (m, [x], { params: { windows } }) => m.apply(`\\operatorname{windows}_{${describeWindows(windows)}}`, x),
  sample: (draw) => {
    const { shape, windows } = sampleWindows(draw);
    return { inputs: [draw.tensor(shape)], params: { windows } };
  },
});

/** Adds every window back to where it was seen: the transpose of `windows`. */
export const foldPrimitive: Primitive<{ shape: Shape; windows: readonly Window[] }> = linear('fold', {
  value: ([x], { shape, windows }) => {
    const out = allocate(shape, (x as Tensor).dtype);
    addInto(viewOfWindows(out, windows), x as Tensor);
    return out;
  },
  transpose: (cotangent, { params: { windows } }) => [windowsOf(cotangent, windows)],
  kernel: { kind: 'place', overlapping: true, parts: (out, _, { windows }) => [viewOfWindows(out, windows)] },
  latex: (m, [x], { params: { windows } }) => m.apply(`\\operatorname{fold}_{${describeWindows(windows)}}`, x),
  sample: (draw) => {
    const { shape, windows } = sampleWindows(draw);
    const first = shape.length - windows.length;
    const positions = windows.map((w, i) => positionsOf(shape[first + i] as number, w));
    return {
      inputs: [draw.tensor([...shape.slice(0, first), ...positions, ...windows.map((w) => w.size)])],
      params: { shape, windows },
    };
  },
});

function sampleWindows(draw: Draw): { shape: Shape; windows: Window[] } {
  const lead = draw.shape({ maximumRank: 1 });
  const windows = Array.from({ length: draw.integer(1, 2) }, () => ({
    size: draw.integer(1, 3),
    stride: draw.integer(1, 2),
    dilation: draw.integer(1, 2),
  }));
  return { shape: [...lead, ...windows.map((w) => w.dilation * (w.size - 1) + draw.integer(1, 3))], windows };
}

export function windowsOf(x: Tensor, windows: readonly Window[]): Tensor {
  return bind(windowsPrimitive, [x], { windows });
}

export function foldWindows(x: Tensor, shape: Shape, windows: readonly Window[]): Tensor {
  return bind(foldPrimitive, [x], { shape, windows });
}
