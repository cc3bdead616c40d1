// The cell of Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014, as PyTorch has it: the reset
// gate multiplies the product of the state, bias included, and not the state.
import { mul } from '../../primitives/bilinear/mul.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import { sigmoid } from '../../primitives/smooth/activations.ts';
import { tanh } from '../../primitives/smooth/hyperbolic.ts';
import { fuse } from '../fuse.ts';
import { beforeSigmoid, beforeTanh } from './before-activation.ts';
import type { Cell } from './cell.ts';

const advance = fuse((xr, xz, xn, rr, rz, rn, br, bz, bn, h) => {
  const r = sigmoid(add(add(xr, rr), br));
  const z = sigmoid(add(add(xz, rz), bz));
  const inner = add(rn, bn);
  const n = tanh(add(xn, mul(r, inner)));
  return [add(n, mul(z, sub(h, n))), r, z, n, inner];
});

const retreat = fuse((ofShown, fromLater, r, z, n, inner, h) => {
  const ofH = add(ofShown, fromLater);
  const ofN = beforeTanh(mul(ofH, sub(1, z)), n);
  const [ofR, ofZ] = [beforeSigmoid(mul(ofN, inner), r), beforeSigmoid(mul(ofH, sub(h, n)), z)];
  return [ofR, ofZ, ofN, ofR, ofZ, mul(ofN, r), mul(ofH, z)];
});

/** Gates r, z, n: `n' = tanh(xₙ + σ(r) (rₙ + bₙ))` and `h' = (1 - σ(z)) n' + σ(z) h`. State h. */
export const gru: Cell = {
  gates: 3,
  states: 1,
  hasOneBias: false,
  advance: ({ input, recurrent, bias }, [h], place) => {
    const [next, ...saved] = advance.into([place], ...input, ...recurrent, ...bias, h);
    return { next: [next], saved };
  },
  retreat: (ofStates, saved, [h], places) => {
    const targets = places ? [...places.input, ...places.recurrent] : [];
    const cotangents = retreat.into(targets, ...ofStates, ...saved, h);
    return { input: cotangents.slice(0, 3), recurrent: cotangents.slice(3, 6), previous: [cotangents[6]] };
  },
};
