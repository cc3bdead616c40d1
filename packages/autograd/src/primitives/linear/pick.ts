import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { IndexedDim } from '../../kernels/kinds.ts';
import { checkLabels, type Labelling, pickEntries, placeEntries } from '../../kernels/labels.ts';
import { bind } from '../../tape/bind.ts';
import type { Draw, Primitive } from '../../tape/primitive.ts';
import { linear } from './degree.ts';

/** Of scores for classes along a dim, the one of each label (the second input), and 0 where the label is ignored. */
export const pickPrimitive: Primitive<Labelling> = linear('pick', {
  linearInputs: 1,
  value: ([scores, labels], labelling) => pickEntries(scores, labels, labelling),
  transpose: (cotangent, { inputs: [scores, labels], params }) => [
    bind(placePrimitive, [cotangent, labels], { ...params, shape: scores.shape }),
  ],
  kernel: { kind: 'gather', along: labelledDim },
  latex: (m, [scores, labels]) => m.part(scores, labels),
  sample: (draw) => {
    const { shape, labels, labelling } = sampleLabels(draw);
    return { inputs: [draw.tensor(shape), labels], params: labelling };
  },
});

/** Zeros, with each entry put where its label points, unless that is ignored: the transpose of `pick`. */
export const placePrimitive: Primitive<Labelling & { shape: Shape }> = linear<Labelling & { shape: Shape }>('place', {
  linearInputs: 1,
  value: ([x, labels], { shape, ...labelling }) => placeEntries(x, labels, shape, labelling),
  transpose: (cotangent, { inputs: [, labels], params: { operation, dim, ignoreIndex } }) => [
    pickLabels(cotangent, labels, { operation, dim, ignoreIndex }),
  ],
  kernel: { kind: 'scatter', combine: (m, a, b) => m.add(a, b), along: labelledDim },
  latex: (m, [x, labels], { inputs: [from], params: { dim, shape } }) =>
    m.mul(m.broadcast(x, from.shape, shape), m.equal(m.place(dim), labels)),
  sample: (draw) => {
    const { shape, labels, labelling } = sampleLabels(draw);
    return { inputs: [draw.tensor(labels.shape), labels], params: { ...labelling, shape } };
  },
});

function labelledDim(labelling: Labelling): IndexedDim {
  const { dim, ignoreIndex } = labelling;
  const check = (labels: Tensor, classes: number): void => checkLabels(labels, classes, labelling);
  // NaN is no label, and ignores none.
  return Number.isInteger(ignoreIndex) ? { dim, ignored: ignoreIndex, check } : { dim, check };
}

function sampleLabels(draw: Draw): { shape: Shape; labels: Tensor; labelling: Labelling } {
  const shape = draw.shape({ minimumRank: 1, minimumSize: 1 });
  const dim = draw.integer(0, shape.length - 1);
  const labels = draw.indices(
    shape.map((size, d) => (d === dim ? 1 : size)),
    shape[dim],
  );
  const ignored = draw.integer(-2, shape[dim] - 1);
  return { shape, labels, labelling: { operation: 'pick', dim, ignoreIndex: ignored === -2 ? Number.NaN : ignored } };
}

/** Scores of labels; the labels (dtype int32) have the scores' shape, but for size one in the dim of the classes. */
export function pickLabels(scores: Tensor, labels: Tensor, labelling: Labelling): Tensor {
  return bind(pickPrimitive, [scores, labels], labelling);
}
