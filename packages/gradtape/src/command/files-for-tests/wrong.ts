import { type DerivationTask, derivation } from '@gradtape/autograd/verify';
import { tensor } from 'gradtape';

const z = tensor([0.5, -1, 2]);

export const withoutSlope: DerivationTask = derivation({
  f: (z) => z.sigmoid().square().sum().div(2),
  claimed: (z) => ({ z: z.sigmoid() }),
  inputs: { z },
});

export const misnamed: DerivationTask = derivation({
  f: (z) => z.sum(),
  claimed: () => ({ w: z }),
  inputs: { z },
});

export const right: DerivationTask = derivation({ f: (z) => z.sum(), claimed: (z) => z.mul(0).add(1), inputs: { z } });
