import { binaryCrossEntropy as binaryCrossEntropyOnTape, mseLoss, type Tensor } from '@gradtape/autograd';
import { binaryCrossEntropy, crossEntropy, meanSquaredError } from '../losses.ts';
import { againstTape, type Check } from './check.ts';
import type { Draw } from './draw.ts';
import { gradients } from './with-tape.ts';

const none = { reduction: 'none' } as const;

function drawShape(draw: Draw): readonly number[] {
  return draw.among([[draw.size()], [draw.size(), draw.size()]]);
}

function squared(y: Tensor, t: Tensor): Tensor {
  return mseLoss(y, t, none).sum(0).div(2);
}

function binary(y: Tensor, t: Tensor): Tensor {
  return binaryCrossEntropyOnTape(y, t, none).sum(0);
}

function ofClasses(y: Tensor, t: Tensor, epsilon: number): Tensor {
  return y.add(epsilon).log().mul(t).sum(0).neg();
}

export const checks: readonly Check[] = [
  againstTape(meanSquaredError.forward, (forward, draw) => {
    const y = draw.tensor(drawShape(draw));
    const t = draw.tensor(y.shape);
    return [{ got: forward(y, t), want: squared(y, t) }];
  }),
  againstTape(meanSquaredError.backward, (backward, draw) => {
    const y = draw.tensor(drawShape(draw));
    const t = draw.tensor(y.shape);
    return [{ got: backward(y, t), want: gradients((x) => squared(x, t), y)[0] }];
  }),
  againstTape(binaryCrossEntropy.forward, (forward, draw) => {
    const y = draw.between(0, 1, drawShape(draw));
    const t = draw.binaryTargets(y.shape);
    return [{ got: forward(y, t), want: binary(y, t) }];
  }),
  againstTape(binaryCrossEntropy.backward, (backward, draw) => {
    const y = draw.between(0, 1, drawShape(draw));
    const t = draw.binaryTargets(y.shape);
    const terms = y.mul(y.neg().add(1)).reciprocal();
    return [{ got: backward(y, t), want: gradients((x) => binary(x, t), y)[0], terms }];
  }),
  againstTape(crossEntropy.forward, (forward, draw) => {
    const t = draw.classTargets([draw.size(1), draw.size()]);
    const y = draw.between(0, 1, t.shape);
    const epsilon = draw.among([0, 1e-12, 0.25]);
    const terms = ofClasses(y, t.neg(), epsilon).abs();
    return [{ got: forward(y, t, epsilon), want: ofClasses(y, t, epsilon), terms }];
  }),
  againstTape(crossEntropy.backward, (backward, draw) => {
    const t = draw.classTargets([draw.size(1), draw.size()]);
    const y = draw.between(0, 1, t.shape);
    const epsilon = draw.among([0, 1e-12, 0.25]);
    return [{ got: backward(y, t, epsilon), want: gradients((x) => ofClasses(x, t, epsilon), y)[0] }];
  }),
];
