import { adopt } from '../../../core/allocate.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { binaryCrossEntropy, binaryCrossEntropyWithLogits } from '../../../functions/losses/binary-cross-entropy.ts';
import { crossEntropy } from '../../../functions/losses/cross-entropy.ts';
import { t } from '../../../functions/movement.ts';
import { matmul } from '../../../functions/products.ts';
import { sum } from '../../../functions/reductions.ts';
import { softmax } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../../primitives/linear/arithmetic.ts';
import { convert } from '../../../primitives/linear/convert.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { broadcastTo } from '../../../primitives/linear/sum.ts';
import { eq } from '../../../primitives/piecewise/comparison.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { exp, log } from '../../../primitives/smooth/exponential.ts';
import { probe } from '../../probe.ts';
import { classNumbersOf } from '../one-hot.ts';
import type { DerivedRule } from './rule.ts';

const overRows = (x: Tensor): Tensor => sum(x, 0);

function oneHotOf(labels: Tensor, classes: number): Tensor {
  const numbers = adopt(
    Float64Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  );
  const column = convert(reshape(labels, [labels.length, 1]), 'float64');
  return convert(
    eq(broadcastTo(column, [labels.length, classes]), broadcastTo(numbers, [labels.length, classes])),
    'float64',
  );
}

function oneLessTimes(y: Tensor): Tensor {
  return mul(y, sub(1, y));
}

/** Softmax and cross-entropy in one, for labels. */
const softmaxCrossEntropy: DerivedRule = {
  name: 'softmax with cross-entropy, labels',
  inputs: (draw) => {
    const [m, d, k] = [draw.size(6, 9), draw.size(3, 4), draw.size(3, 5)];
    return { W: draw.normal([d, k]), b: draw.normal([k]), X: draw.normal([m, d]), labels: draw.labels(m, k) };
  },
  f: (W, b, X, labels) => crossEntropy(probe('z', add(matmul(X, W), b)), labels),
  derive: (student, W, b, X, labels) => {
    const [m, k] = [X.shape[0], W.shape[1]];
    const y = softmax(add(matmul(X, W), b), 1);
    const onehot = oneHotOf(labels, k);
    const difference = student.minusTarget('y - t', y, onehot, classNumbersOf(onehot));
    const extra = student.withoutExtra('softmax′(z)', difference, oneLessTimes(y));
    const dz = student.over('the mean over the batch', student.softmax('Jᵀ', extra, mul(neg(onehot), sub(1, y))), m);
    const dW = matmul(t(X), dz);
    return { W: student.product('Xᵀ dz', dW, { transposed: t(dW) }), b: student.overSamples('Σ dz', dz, overRows, m) };
  },
};

/** Softmax, then cross-entropy from its result, for one-hot rows; the derivation goes through the Jacobian. */
function softmaxThenLog(name: string, probabilities: (z: Tensor) => Tensor): DerivedRule {
  return {
    name: `${name}, then the logarithm, one-hot rows`,
    inputs: (draw) => {
      const [m, d, k] = [draw.size(6, 9), draw.size(3, 4), draw.size(3, 5)];
      return { W: draw.normal([d, k]), X: draw.normal([m, d]), T: draw.oneHot(m, k) };
    },
    f: (W, X, T) => mul(sum(mul(T, log(probabilities(probe('z', matmul(X, W)))))), -1 / X.shape[0]),
    derive: (student, W, X, T) => {
      const y = softmax(matmul(X, W), 1);
      const dy = student.over('the mean over the batch', neg(div(T, y)), X.shape[0]);
      const right = mul(y, sub(dy, sum(mul(dy, y), 1, { keepDim: true })));
      return { W: matmul(t(X), student.softmax('Jᵀ dy', right, mul(dy, oneLessTimes(y)))) };
    },
  };
}

/** The sigmoid and binary cross-entropy, as two functions or as one. */
function sigmoidCrossEntropy(name: string, loss: (z: Tensor, T: Tensor) => Tensor): DerivedRule {
  return {
    name,
    inputs: (draw) => {
      const [m, d] = [draw.size(6, 9), draw.size(3, 4)];
      return { w: draw.normal([d, 1]), b: draw.normal([1]), X: draw.normal([m, d]), T: draw.between(0.1, 0.9, [m, 1]) };
    },
    f: (w, b, X, T) => loss(probe('z', add(matmul(X, w), b)), T),
    derive: (student, w, b, X, T) => {
      const a = sigmoid(add(matmul(X, w), b));
      const difference = student.minusTarget('a - T', a, T);
      const extra = student.withoutExtra('σ′(z)', difference, oneLessTimes(a));
      const dz = student.over('the mean over the batch', extra, X.shape[0]);
      return { w: matmul(t(X), dz), b: student.overSamples('Σ dz', dz, overRows, X.shape[0]) };
    },
  };
}

/** The same layer in columns: a sample is a column. */
const inColumns: DerivedRule = {
  name: 'softmax with cross-entropy, in columns',
  inputs: (draw) => {
    const [m, d, k] = [draw.size(6, 9), draw.size(3, 4), draw.size(3, 5)];
    return { W: draw.normal([k, d]), b: draw.normal([k, 1]), X: draw.normal([d, m]), T: t(draw.oneHot(m, k)) };
  },
  f: (W, b, X, T) => crossEntropy(t(probe('Z', add(matmul(W, X), b))), t(T)),
  derive: (student, W, b, X, T) => {
    const m = X.shape[1];
    const Y = softmax(add(matmul(W, X), b), 0);
    const dZ = student.over('the mean over the batch', student.minusTarget('Y - T', Y, T, classNumbersOf(T)), m);
    const dW = matmul(dZ, t(X));
    return { W: student.product('dZ Xᵀ', dW, { transposed: t(dW) }), b: sum(dZ, 1, { keepDim: true }), Z: dZ };
  },
};

export const rulesOfClassification: readonly DerivedRule[] = [
  softmaxCrossEntropy,
  softmaxThenLog('softmax', (z) => softmax(z, 1)),
  softmaxThenLog('softmax of exponentials', (z) => div(exp(z), sum(exp(z), 1, { keepDim: true }))),
  sigmoidCrossEntropy('sigmoid, then binary cross-entropy', (z, T) => binaryCrossEntropy(sigmoid(z), T)),
  sigmoidCrossEntropy('binary cross-entropy of scores', (z, T) => binaryCrossEntropyWithLogits(z, T)),
  inColumns,
];
