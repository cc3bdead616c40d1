import type { Tensor } from '@gradtape/autograd';
import type { Activation } from '../activations/activation.ts';
import { activationSublayer, linearSublayer } from '../sublayers.ts';
import { againstTape, type Check } from './check.ts';
import type { Draw } from './draw.ts';
import { activationsOnTape, beside, fewestUnits, gradients, onTape, pulled, sensitivityTerms } from './with-tape.ts';

function drawActivation(draw: Draw): { f: Activation; u: Tensor } {
  const f = draw.among([...activationsOnTape.keys()]);
  const n = draw.size(fewestUnits(f));
  return { f, u: draw.tensor(draw.among([[n], [n, draw.size()]])) };
}

export const checks: readonly Check[] = [
  againstTape(linearSublayer.backward, (backward, draw) => {
    const [n, k] = [draw.size(), draw.size()];
    const rest = draw.among([[], [draw.size()]]);
    const m = rest[0] ?? 1;
    const [W, b] = [draw.tensor([n, k]), draw.tensor([n])];
    const [y, delta] = [draw.tensor([k, ...rest]), draw.tensor([n, ...rest])];
    const { dW, db, g } = backward(W, y, delta);

    const [wantW, wantB] = gradients((x, c) => x.matmul(y).add(beside(c, delta)).mul(delta).div(m), W, b);
    const [wantG] = gradients((x) => W.matmul(x).mul(delta), y);
    const size = delta.abs().reshape([n, m]);
    return [
      { got: dW, want: wantW, terms: size.matmul(y.abs().reshape([k, m]).t()).div(m) },
      { got: db, want: wantB, terms: size.sum(1).div(m) },
      { got: g, want: wantG, terms: W.t().abs().matmul(delta.abs()) },
    ];
  }),
  againstTape(activationSublayer.forward, (forward, draw) => {
    const { f, u } = drawActivation(draw);
    return [{ got: forward(u, f), want: onTape(f)(u), terms: sensitivityTerms(f, u) }];
  }),
  againstTape(activationSublayer.backward, (backward, draw) => {
    const { f, u } = drawActivation(draw);
    const g = draw.tensor(u.shape);
    return [{ got: backward(g, u, f), want: pulled(onTape(f), u, g), terms: sensitivityTerms(f, g) }];
  }),
];
