// The cell of Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers et al., 2000.
import { mul } from '../../primitives/bilinear/mul.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { sigmoid } from '../../primitives/smooth/activations.ts';
import { tanh } from '../../primitives/smooth/hyperbolic.ts';
import { fuse } from '../fuse.ts';
import { beforeSigmoid, beforeTanh } from './before-activation.ts';
import type { Cell } from './cell.ts';

const advance = fuse((xi, xf, xg, xo, ri, rf, rg, ro, c) => {
  const i = sigmoid(add(xi, ri));
  const f = sigmoid(add(xf, rf));
  const g = tanh(add(xg, rg));
  const o = sigmoid(add(xo, ro));
  const next = add(mul(f, c), mul(i, g));
  const shown = tanh(next);
  return [mul(o, shown), next, i, f, g, o, shown];
});

const retreat = fuse((ofShown, fromLater, ofC, i, f, g, o, shown, c) => {
  const ofH = add(ofShown, fromLater);
  const ofNext = add(ofC, beforeTanh(mul(ofH, o), shown));
  return [
    beforeSigmoid(mul(ofNext, g), i),
    beforeSigmoid(mul(ofNext, c), f),
    beforeTanh(mul(ofNext, i), g),
    beforeSigmoid(mul(ofH, shown), o),
    mul(ofNext, f),
  ];
});

/** Gates i, f, g, o: `c' = σ(f) c + σ(i) tanh(g)` and `h' = σ(o) tanh(c')`. States h and c. */
export const lstm: Cell = {
  gates: 4,
  states: 2,
  hasOneBias: true,
  advance: ({ input, recurrent }, [, c], place) => {
    const [h, next, ...activated] = advance.into([place], ...input, ...recurrent, c);
    return { next: [h, next], saved: activated };
  },
  retreat: (ofStates, saved, [, c], places) => {
    const cotangents = retreat.into(places?.input ?? [], ...ofStates, ...saved, c);
    const gates = cotangents.slice(0, 4);
    return { input: gates, previous: [undefined, cotangents[4]] };
  },
};
