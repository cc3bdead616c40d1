import { arange, fromArray, type Generator, type Tensor, zeros } from '@gradtape/autograd';

/** The parameters, or something of the shape of each: its gradient, say. Column notation: samples are columns. */
export interface Network {
  readonly W1: Tensor;
  readonly b1: Tensor;
  readonly W2: Tensor;
  readonly b2: Tensor;
  readonly W3: Tensor;
  readonly b3: Tensor;
}

/** The labels y [m] as rows of K zeros and ones: [m, K]. */
export function oneHot(y: Tensor, K: number): Tensor {
  return y.unsqueeze(1).eq(arange(0, K)).to('float64');
}

export function heInit(generator: Generator, fanIn: number, fanOut: number): Tensor {
  const entries = generator.normal(new Float64Array(fanOut * fanIn));
  return fromArray(entries, [fanOut, fanIn]).mul(Math.sqrt(2 / fanIn));
}

export function bias(fanOut: number): Tensor {
  return zeros([fanOut, 1], { dtype: 'float64' });
}

export function relu(Z: Tensor): Tensor {
  return Z.maximum(0);
}

export function drelu(Z: Tensor): Tensor {
  return Z.gt(0).to(Z.dtype);
}

export function softmax(Z: Tensor): Tensor {
  const expZ = Z.sub(Z.amax(0, { keepDim: true })).exp();
  return expZ.div(expZ.sum(0, { keepDim: true }));
}

/** P and T: K x m. */
export function crossEntropy(P: Tensor, T: Tensor, eps = 1e-12): Tensor {
  return T.mul(P.add(eps).log()).sum(0).mean().neg();
}

/** Probabilities of the K classes, K x m, for points X, d0 x m. */
export function forward({ W1, b1, W2, b2, W3, b3 }: Network, X: Tensor): Tensor {
  const A1 = relu(W1.matmul(X).add(b1));
  const A2 = relu(W2.matmul(A1).add(b2));
  return softmax(W3.matmul(A2).add(b3));
}
