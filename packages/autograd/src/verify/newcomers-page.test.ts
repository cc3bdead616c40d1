import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { customGrad, manualSeed, randn, type Tensor, tensor } from '../index.ts';
import { checkDerivation, checkGradients } from './index.ts';

const page = readFileSync(new URL('../../../../docs/verify-your-gradient.md', import.meta.url), 'utf8');

/** A report as the page prints it. */
function printed(report: { toString(): string }): string {
  return `\`\`\`text\n${report}\n\`\`\``;
}

test('the reports on the page are those that are printed', () => {
  const loss = (W: Tensor, X: Tensor, T: Tensor) =>
    X.matmul(W)
      .tanh()
      .sub(T)
      .square()
      .sum()
      .mul(0.5 / 128);
  const derived = (W: Tensor, X: Tensor, T: Tensor) => {
    const a = X.matmul(W).tanh();
    return { dW: X.t().matmul(a.sub(T).mul(a.square().neg().add(1))) };
  };
  manualSeed(0);
  const inputs = { W: randn([3, 2]), X: randn([128, 3]), T: randn([128, 2]) };
  expect(page).toContain(printed(checkDerivation(derived, loss, inputs)));

  const cube = customGrad({
    name: 'cube',
    forward: (x) => x.pow(3),
    backward: (g, [x]) => [g.mul(x.square().mul(2))],
  });
  expect(page).toContain(printed(checkGradients((x) => cube(x).sum(), { x: tensor([1, -2]) })));
});
