import { expect, test } from 'vitest';
import { crossEntropy, full, linear, mul, sub, sum, type Tensor, tanh, tensor } from '../../index.ts';
import { checkGradients } from '../index.ts';

test('what cancels on the way is rounded before: modes may differ by that', () => {
  const of = (...shape: number[]): Tensor => full(shape, -1, { dtype: 'float64' });
  const labels = tensor([0, 0], { dtype: 'int32' });
  const loss = (W1: Tensor, W2: Tensor) => crossEntropy(linear(tanh(linear(of(2, 2), W1)), W2), labels);
  const report = checkGradients(loss, { W1: of(1, 2), W2: of(3, 1) });
  expect(report.passed, String(report)).toBe(true);
});

test('modes that differ by more are still apart', () => {
  const almost = (x: Tensor): Tensor => sub(mul(x, 1e6), mul(x, 1e6 * (1 - 1e-9)));
  const report = checkGradients((x) => sum(almost(x)), { x: tensor([1, 2], { dtype: 'float64' }) });
  expect(report.passed, String(report)).toBe(true);
});
