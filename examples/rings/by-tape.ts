import { type Tensor, valueAndGrad } from '@gradtape/autograd';
import { crossEntropy, forward, type Network } from './network.ts';

/** The same, with the forward pass alone: the tape does the rest. `eps` is what the loss adds within its logarithm. */
export function gradientsByTape(
  network: Network,
  xb: Tensor,
  tb: Tensor,
  eps?: number,
): [loss: Tensor, gradients: Network] {
  const lossOf = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, W3: Tensor, b3: Tensor): Tensor =>
    crossEntropy(forward({ W1, b1, W2, b2, W3, b3 }, xb), tb, eps);
  const { W1, b1, W2, b2, W3, b3 } = network;
  const [loss, [dW1, db1, dW2, db2, dW3, db3]] = valueAndGrad(lossOf)(W1, b1, W2, b2, W3, b3);
  return [loss, { W1: dW1, b1: db1, W2: dW2, b2: db2, W3: dW3, b3: db3 }];
}
