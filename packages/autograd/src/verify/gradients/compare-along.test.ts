import { expect, test } from 'vitest';
import { crossEntropy, full, linear, mul, sum, type Tensor, tanh, tensor } from '../../index.ts';
import { bind, type Primitive } from '../../primitives/index.ts';
import { checkGradients } from '../index.ts';

test('what cancels on the way is rounded before: modes may differ by that', () => {
  const of = (...shape: number[]): Tensor => full(shape, -1, { dtype: 'float64' });
  const labels = tensor([0, 0], { dtype: 'int32' });
  const loss = (W1: Tensor, W2: Tensor) => crossEntropy(linear(tanh(linear(of(2, 2), W1)), W2), labels);
  const report = checkGradients(loss, { W1: of(1, 2), W2: of(3, 1) });
  expect(report.passed, String(report)).toBe(true);
});

test('modes that differ by a billionth are apart', () => {
  const slightlyOff: Primitive<undefined> = {
    ...tanh.primitive,
    pushforward: (tangents, line) => mul(tanh.primitive.pushforward(tangents, line) as Tensor, 1 + 1e-9),
  };
  const report = checkGradients((x) => sum(bind(slightlyOff, [x], undefined)), {
    x: tensor([0.5, -1], { dtype: 'float64' }),
  });
  expect(report.passed).toBe(false);
  expect(String(report)).toContain('and forward mode has');
});
