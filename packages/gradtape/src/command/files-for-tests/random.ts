import { type DerivationTask, derivation } from '@gradtape/autograd/verify';
import { randn, type Tensor } from 'gradtape';

const x: Tensor = randn([1]);

/** Right for positive numbers alone: what is drawn decides. */
export const absolute: DerivationTask = derivation({
  f: (x) => x.abs().sum(),
  claimed: (x) => ({ x: x.mul(0).add(1) }),
  inputs: { x },
  elsewhere: false,
});
