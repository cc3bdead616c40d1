import { linearSublayer } from '../sublayers.ts';
import { againstTape, type Check } from './check.ts';
import { beside, gradients } from './with-tape.ts';

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
];
