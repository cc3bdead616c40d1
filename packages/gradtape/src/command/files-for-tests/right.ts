import { type DerivationTask, derivation } from '@gradtape/autograd/verify';
import { randn, type Tensor, tensor } from 'gradtape';

const W: Tensor = randn([2, 3]);
const inputs = { W, a: tensor([[1], [-2], [0.5]]) };

/** `E = ½ ‖W a‖²`: `δ = W a`, `dW = δ aᵀ`, `da = Wᵀ δ`. */
export const layer: DerivationTask = derivation({
  f: (W, a) => W.matmul(a).square().sum().div(2),
  claimed: (W, a) => {
    const delta = W.matmul(a);
    return { dW: delta.matmul(a.t()), da: W.t().matmul(delta) };
  },
  inputs,
});

export const unit: DerivationTask = derivation({
  f: (z) => z.sigmoid().sum(),
  claimed: (z) => ({ z: z.sigmoid().mul(z.sigmoid().neg().add(1)) }),
  inputs: { z: tensor([0.5, -1]) },
});

export const notADerivation = 3;
