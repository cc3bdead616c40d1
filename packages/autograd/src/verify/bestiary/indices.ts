import { allocate } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { conv1d } from '../../functions/convolution.ts';
import { flip } from '../../functions/movement.ts';
import { sort } from '../../functions/sorting.ts';
import { concatPrimitive } from '../../primitives/linear/concat.ts';
import { cumsumPrimitive, runningSumAlong } from '../../primitives/linear/cumsum.ts';
import { gatherPrimitive, scatterAddPrimitive } from '../../primitives/linear/gather.ts';
import { pickPrimitive, placePrimitive } from '../../primitives/linear/pick.ts';
import { reshape } from '../../primitives/linear/reshape.ts';
import { embed, slicePrimitive } from '../../primitives/linear/slice.ts';
import { windowsPrimitive } from '../../primitives/linear/windows.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw } from '../../tape/primitive.ts';
import { asPrimitive } from '../function-primitive.ts';
import { type Beast, beast } from './beast.ts';

/** Zeros of a shape, over which entries are written one after the other, the later over the earlier. */
function writtenOver(like: Tensor, places: readonly number[], entries: Tensor): Tensor {
  const out = allocate(like.shape, entries.dtype);
  entries.toTypedArray().forEach((entry, i) => {
    out.storage[out.offset + places[i]] = entry;
  });
  return out;
}

const oneDim = (draw: Draw) => [draw.tensor([draw.integer(1, 5)], { low: -3, high: 3, distinct: true })];

/** Gradients that go to the wrong place, or overwrite each other there. */
export const indices: readonly Beast[] = [
  beast({
    wrong: 'gather, of whose cotangents only the last counts where an index is met twice',
    degree: 'linear',
    right: gatherPrimitive,
    changes: {
      pullback: (g, { inputs: [x, index] }) => [writtenOver(x, [...index.toTypedArray()], g), undefined],
      sample: (draw) => {
        const [size, count] = [draw.integer(1, 4), draw.integer(0, 8)];
        return { inputs: [draw.tensor([size]), draw.indices([count], size)], params: { dim: 0 } };
      },
    },
    caughtBy: 'reverseMatchesDifferences',
    seenIn: 'PaddlePaddle/Paddle#17690',
  }),
  beast({
    wrong: 'windows, of whose cotangents only the last counts where they overlap',
    degree: 'linear',
    right: windowsPrimitive,
    changes: {
      pullback: (g, { inputs: [x] }) => {
        const [positions, size] = g.shape;
        const places = Array.from({ length: positions * size }, (_, i) => Math.floor(i / size) + (i % size));
        return [writtenOver(x, places, g)];
      },
      sample: (draw) => ({
        inputs: [draw.tensor([draw.integer(2, 6)])],
        params: { windows: [{ size: 2, stride: 1, dilation: 1 }] },
      }),
    },
    caughtBy: 'forwardMatchesReverse',
    seenIn: 'ahrefs/ocannl#512',
  }),
  beast({
    wrong: 'scatterAdd, whose cotangent stays in its place',
    degree: 'linear',
    right: scatterAddPrimitive,
    changes: {
      pullback: (g) => [g, undefined],
      sample: (draw) => {
        const size = draw.integer(1, 4);
        const inputs = [draw.tensor([size]), draw.indices([size], size)];
        return { inputs, params: { dim: 0, shape: [size] } };
      },
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'pick, whose cotangent forgets which labels are ignored',
    degree: 'linear',
    right: pickPrimitive,
    changes: {
      pullback: (g, { inputs: [scores, labels], params }) => [
        bind(placePrimitive, [g, labels], { ...params, ignoreIndex: -100, shape: scores.shape }),
        undefined,
      ],
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'slice, whose transpose is off by one',
    degree: 'linear',
    right: slicePrimitive,
    changes: {
      pullback: (g, { inputs: [x], params: { ranges } }) => [
        embed(
          g,
          x.shape,
          ranges.map((range, d) => {
            const last = Math.max(range.start, range.start + (range.size - 1) * range.step);
            return { ...range, start: last + 1 < x.shape[d] ? range.start + 1 : range.start };
          }),
        ),
      ],
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'concat of equal parts, whose gradients come in reverse order',
    degree: 'linear',
    right: concatPrimitive,
    changes: {
      pullback: (g, line) => [...concatPrimitive.pullback(g, line)].reverse(),
      sample: (draw) => {
        const shape = [draw.integer(1, 3)];
        return { inputs: [draw.tensor(shape), draw.tensor(shape)], params: { dim: 0 } };
      },
    },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'cumsum, whose transpose runs the same way',
    degree: 'linear',
    right: cumsumPrimitive,
    changes: { pullback: (g, { params: { dim, reverse } }) => [runningSumAlong(g, dim, reverse)] },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'flip, whose cotangent is not flipped back',
    degree: 'linear',
    right: asPrimitive('flip', (x) => flip(x, 0), oneDim),
    changes: { pullback: (g) => [g] },
    caughtBy: 'forwardMatchesReverse',
  }),
  beast({
    wrong: 'sort, whose cotangent is left in sorted order',
    right: asPrimitive('sort', (x) => sort(x, 0).values, oneDim),
    changes: { pullback: (g) => [g] },
    caughtBy: 'reverseMatchesDifferences',
  }),
  beast({
    wrong: 'convolution, whose kernel is not turned round for the input',
    degree: 'bilinear',
    right: asPrimitive(
      'conv1d',
      (x, kernel) => conv1d(x, kernel, null, { padding: 1 }),
      (draw) => [draw.tensor([1, 1, draw.integer(1, 5)]), draw.tensor([1, 1, 3])],
    ),
    changes: {
      pullback: (g, { inputs: [x, kernel] }) => [
        conv1d(g, kernel, null, { padding: 1 }),
        reshape(conv1d(x, g, null, { padding: 1 }), kernel.shape),
      ],
    },
    caughtBy: 'forwardMatchesReverse',
  }),
];
