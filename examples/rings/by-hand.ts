import type { Tensor } from '@gradtape/autograd';
import { crossEntropy, drelu, type Network, relu, softmax } from './network.ts';

/** The loss of a batch and its gradients, with the backward pass that the document derives. xb: d0 x m, tb: K x m. */
export function gradientsByHand(network: Network, xb: Tensor, tb: Tensor): [loss: Tensor, gradients: Network] {
  const { W1, b1, W2, b2, W3, b3 } = network;
  const m = xb.shape[1] as number;

  // forward
  const Z1 = W1.matmul(xb).add(b1); // d1 x m
  const A1 = relu(Z1);
  const Z2 = W2.matmul(A1).add(b2); // d2 x m
  const A2 = relu(Z2);
  const Z3 = W3.matmul(A2).add(b3); // K x m
  const P = softmax(Z3);

  // loss
  const loss = crossEntropy(P, tb);

  // backward (softmax + cross-entropy): Δ3 = P - tb
  const dZ3 = P.sub(tb); // K x m
  const dW3 = dZ3.matmul(A2.t()).div(m); // K x d2
  const db3 = dZ3.sum(1, { keepDim: true }).div(m);

  const dA2 = W3.t().matmul(dZ3); // d2 x m
  const dZ2 = dA2.mul(drelu(Z2)); // d2 x m
  const dW2 = dZ2.matmul(A1.t()).div(m); // d2 x d1
  const db2 = dZ2.sum(1, { keepDim: true }).div(m);

  const dA1 = W2.t().matmul(dZ2); // d1 x m
  const dZ1 = dA1.mul(drelu(Z1)); // d1 x m
  const dW1 = dZ1.matmul(xb.t()).div(m); // d1 x d0
  const db1 = dZ1.sum(1, { keepDim: true }).div(m);

  return [loss, { W1: dW1, b1: db1, W2: dW2, b2: db2, W3: dW3, b3: db3 }];
}
