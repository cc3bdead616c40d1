import katex from 'katex';
import { expect, test } from 'vitest';
import { latexName, plainName } from './names.ts';

test.each([
  ['W', 'W'],
  ['W_1', 'W_1'],
  ['W1', 'W_{1}'],
  ['z^{(1)}', 'z^{(1)}'],
  ['\\hat{y}', '\\hat{y}'],
  ['logits', '\\mathrm{logits}'],
  ['fc1.weight', '\\mathrm{fc1.weight}'],
  ['0.running_mean', '\\mathrm{0.running\\_mean}'],
])('%s as LaTeX', (name, latex) => {
  expect(latexName(name)).toBe(latex);
  katex.renderToString(`${latexName(name)}^{\\top}`.replace(/\^\{\(1\)\}\^/, '^'), {
    throwOnError: true,
    strict: 'error',
  });
});

test.each([
  ['W_1', 'W₁'],
  ['W_{12}', 'W₁₂'],
  ['z^{(1)}', 'z⁽¹⁾'],
  ['\\delta_{z}', 'δ_z'],
  ['\\delta^{(2)}', 'δ⁽²⁾'],
  ['\\Delta^{(L)}', 'Δ⁽ᴸ⁾'],
  ['\\mathrm{fc.weight}', 'fc.weight'],
  ['\\mathcal{L}', 'L'],
  ['\\hat{y}', 'y\u0302'],
  ['fc.weight', 'fc.weight'],
])('%s for terminals', (name, plain) => {
  expect(plainName(name)).toBe(plain);
});
