import { binaryCrossEntropyWithLogits, crossEntropy, mseLoss, type Tensor } from '@gradtape/autograd';
import type { Activation } from '../activations/activation.ts';
import { softmax } from '../activations/softmax.ts';
import {
  identityMse,
  mseSensitivity,
  type Pairing,
  pairedWithMse,
  type SimplePairing,
  sigmoidBce,
  sigmoidMse,
  softmaxCrossEntropy,
} from '../pairings.ts';
import { againstTape, allowed, allowedOfExponentials, type Check } from './check.ts';
import type { Draw } from './draw.ts';
import { activationsOnTape, fewestUnits, gradients, onTape, sensitivityTerms } from './with-tape.ts';

/** A pairing with the same loss of each sample in functions that people call. */
export interface PairingOnTape {
  readonly pairing: Pairing;
  readonly loss: (z: Tensor, t: Tensor) => Tensor;
  readonly targets: (draw: Draw, shape: readonly number[]) => Tensor;
}

const none = { reduction: 'none' } as const;
const anyTargets: PairingOnTape['targets'] = (draw, shape) => draw.tensor(shape);
const binaryTargets: PairingOnTape['targets'] = (draw, shape) => draw.binaryTargets(shape);

function ofMse(pairing: Pairing): PairingOnTape {
  const f = onTape(pairing.activation);
  return { pairing, loss: (z, t) => mseLoss(f(z), t, none).sum(0).div(2), targets: anyTargets };
}

const simple: readonly (PairingOnTape & { readonly pairing: SimplePairing })[] = [
  { ...ofMse(identityMse), pairing: identityMse },
  { ...ofMse(sigmoidMse), pairing: sigmoidMse, targets: binaryTargets },
  {
    pairing: sigmoidBce,
    loss: (z, t) => binaryCrossEntropyWithLogits(z, t, none).sum(0),
    targets: binaryTargets,
  },
  {
    pairing: softmaxCrossEntropy,
    loss: (z, t) => (z.rank === 1 ? crossEntropy(z, t, none) : crossEntropy(z.t(), t.t(), none)),
    targets: (draw, shape) => draw.classTargets(shape),
  },
];

/** All pairings of the document, and every activation with the squared error. */
export const pairingsOnTape: readonly PairingOnTape[] = [
  ...simple,
  ...[...activationsOnTape.keys()].map((f) => ofMse(pairedWithMse(f))),
];

function drawBatch(draw: Draw, { pairing, targets }: PairingOnTape): { z: Tensor; t: Tensor } {
  const n = draw.size(fewestUnits(pairing.activation));
  const shape = draw.among([[n], [n, draw.size()]]);
  return { z: draw.tensor(shape), t: targets(draw, shape) };
}

function checksOf(known: PairingOnTape & { readonly pairing: SimplePairing }): readonly Check[] {
  const { activation, loss, delta } = known.pairing;
  return [
    againstTape(loss, (rule, draw) => {
      const { z, t } = drawBatch(draw, known);
      return [{ got: rule(z, t), want: known.loss(z, t), terms: z.abs().mul(t.abs()).sum(0) }];
    }),
    againstTape(
      delta,
      (rule, draw) => {
        const { z, t } = drawBatch(draw, known);
        const a = activation(z);
        return [{ got: rule(a, t), want: gradients((x) => known.loss(x, t), z)[0], terms: a.abs().add(t.abs()) }];
      },
      activation === softmax ? allowedOfExponentials : allowed,
    ),
  ];
}

export const checks: readonly Check[] = [
  ...simple.flatMap(checksOf),
  againstTape(mseSensitivity, (rule, draw) => {
    const f: Activation = draw.among([...activationsOnTape.keys()]);
    const known = ofMse(pairedWithMse(f));
    const { z, t } = drawBatch(draw, known);
    const a = f(z);
    const terms = sensitivityTerms(f, a.abs().add(t.abs()));
    return [{ got: rule(a, t, z, f), want: gradients((x) => known.loss(x, t), z)[0], terms }];
  }),
];
