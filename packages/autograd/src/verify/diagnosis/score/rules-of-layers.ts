import type { Tensor } from '../../../core/tensor.ts';
import { t } from '../../../functions/movement.ts';
import { matmul } from '../../../functions/products.ts';
import { mean, sum } from '../../../functions/reductions.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, sub } from '../../../primitives/linear/arithmetic.ts';
import { relu } from '../../../primitives/piecewise/kinked.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { tanh } from '../../../primitives/smooth/hyperbolic.ts';
import { square } from '../../../primitives/smooth/powers.ts';
import { probe } from '../../probe.ts';
import type { DerivedRule, DrawInputs } from './rule.ts';

const overRows = (x: Tensor): Tensor => sum(x, 0);

const slopeOfTanh = (a: Tensor): Tensor => sub(1, square(a));
const slopeOfSigmoid = (a: Tensor): Tensor => mul(a, sub(1, a));

function network(draw: DrawInputs, numbers: (shape: readonly number[]) => Tensor): Record<string, Tensor> {
  const [m, d, h, k] = [draw.size(5, 9), draw.size(3, 4), draw.size(4, 6), draw.size(2, 3)];
  return {
    W1: numbers([d, h]),
    b1: numbers([h]),
    W2: numbers([h, k]),
    b2: numbers([k]),
    X: numbers([m, d]),
    T: draw.normal([m, k]),
  };
}

/** `mean (X W + b - T)²`. */
const linearRegression: DerivedRule = {
  name: 'linear layer, mean square error',
  inputs: (draw) => {
    const [m, d, k] = [draw.size(5, 9), draw.size(3, 4), draw.size(2, 3)];
    return { W: draw.normal([d, k]), b: draw.normal([k]), X: draw.normal([m, d]), T: draw.normal([m, k]) };
  },
  f: (W, b, X, T) => mean(square(sub(probe('z', add(matmul(X, W), b)), T))),
  derive: (student, W, b, X, T) => {
    const error = student.minusTarget('z - T', add(matmul(X, W), b), T);
    const doubled = student.scaled('the 2 of the square', error, 2, 'half');
    const dz = student.over('the mean over all entries', doubled, T.length);
    const dW = matmul(t(X), dz);
    return {
      z: dz,
      W: student.product('Xᵀ dz', dW, { transposed: t(dW) }),
      b: student.overSamples('Σ dz', dz, overRows, X.shape[0]),
    };
  },
};

/** Two layers with an activation between them, and half of the square error for each sample. */
function twoLayers(
  name: string,
  activation: (x: Tensor) => Tensor,
  fromResult: (a: Tensor) => Tensor,
  mistaken: Readonly<Record<string, (a: Tensor) => Tensor>>,
): DerivedRule {
  return {
    name: `two layers with ${name}, square error`,
    inputs: (draw) => network(draw, (shape) => draw.normal(shape)),
    f: (W1, b1, W2, b2, X, T) => {
      const a1 = probe('a1', activation(probe('z1', add(matmul(X, W1), b1))));
      const z2 = probe('z2', add(matmul(a1, W2), b2));
      return mul(sum(square(sub(z2, T))), 0.5 / X.shape[0]);
    },
    derive: (student, W1, b1, W2, b2, X, T) => {
      const m = X.shape[0];
      const z1 = add(matmul(X, W1), b1);
      const a1 = activation(z1);
      const dz2 = student.over('the mean over the batch', student.minusTarget('z2 - T', add(matmul(a1, W2), b2), T), m);
      const dW2 = student.product('a1ᵀ dz2', matmul(t(a1), dz2), { with: ['z1', matmul(t(z1), dz2)] });
      const slope = student.at(`${name}′`, fromResult, a1, { z1 }, mistaken);
      const dz1 = student.times(`${name}′(z1)`, matmul(dz2, t(W2)), slope);
      const db1 = student.overSamples('Σ dz1', dz1, overRows, m);
      return { W1: matmul(t(X), dz1), b1: db1, W2: dW2, b2: sum(dz2, 0) };
    },
  };
}

/** The same with relu, at whole numbers, so that it is met at its kink. */
const withRelu: DerivedRule = {
  name: 'two layers with relu, square error',
  inputs: (draw) => network(draw, (shape) => draw.whole(shape)),
  f: (W1, b1, W2, b2, X, T) => {
    const a1 = relu(probe('z1', add(matmul(X, W1), b1)));
    return mul(sum(square(sub(add(matmul(a1, W2), b2), T))), 0.5);
  },
  derive: (student, W1, b1, W2, b2, X, T) => {
    const z1 = add(matmul(X, W1), b1);
    const a1 = relu(z1);
    const dz2 = student.minusTarget('z2 - T', add(matmul(a1, W2), b2), T);
    const mask = student.mask('relu′(z1)', z1);
    const dz1 = student.times('relu′(z1)', matmul(dz2, t(W2)), mask);
    return {
      W1: matmul(t(X), dz1),
      b1: sum(dz1, 0),
      W2: matmul(t(a1), dz2),
      b2: student.overSamples('Σ dz2', dz2, overRows, X.shape[0]),
    };
  },
};

export const rulesOfLayers: readonly DerivedRule[] = [
  linearRegression,
  twoLayers('tanh', tanh, slopeOfTanh, { 'that of σ': slopeOfSigmoid, 'the square forgotten': (a) => sub(1, a) }),
  twoLayers('σ', sigmoid, slopeOfSigmoid, { 'that of tanh': slopeOfTanh, 'a for a (1 - a)': (a) => a }),
  withRelu,
];
