import { expect, test } from 'vitest';
import {
  add,
  crossEntropy,
  Generator,
  gelu,
  linear,
  mseLoss,
  mul,
  randn,
  relu,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../../index.ts';
import { bind, type Primitive } from '../../primitives/index.ts';
import { checkGradients } from '../index.ts';

const generator = new Generator(7);
const draw = (size: number, ...shape: number[]): Tensor => mul(randn(shape, { generator }), size);

const samples = 128;
const labels = tensor(Int32Array.from({ length: samples }, (_, i) => i % 2));
const target = draw(1, samples, 2);
type Unary = (x: Tensor) => Tensor;

test.each<[string, Unary, Unary]>([
  ['relu and cross-entropy', relu, (scores) => crossEntropy(scores, labels)],
  ['tanh and square error', tanh, (scores) => mseLoss(scores, target)],
  ['gelu and square error', gelu, (scores) => mseLoss(scores, target)],
])('right derivatives take little more than two evaluations each, kinks or not: %s', (_, activation, head) => {
  let evaluations = 0;
  const loss = (X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, W3: Tensor, b3: Tensor): Tensor => {
    evaluations++;
    return head(linear(activation(linear(activation(linear(X, W1, b1)), W2, b2)), W3, b3));
  };
  const report = checkGradients(loss, {
    X: draw(1, samples, 2),
    W1: draw(0.7, 32, 2),
    b1: draw(0.4, 32),
    W2: draw(0.15, 16, 32),
    b2: draw(0.1, 16),
    W3: draw(0.2, 2, 16),
    b3: draw(0.1, 2),
  });
  expect(report.passed, String(report)).toBe(true);
  expect(report.entries + report.directions).toBe(418);
  expect(evaluations).toBeLessThan(2.5 * 418);
});

test('modes that are apart in one entry of many are told with that entry', () => {
  const place = 41;
  const off = tensor(Float64Array.from({ length: 64 }, (_, i) => (i === place ? 1 + 1e-9 : 1)));
  const slightlyOff: Primitive<undefined> = {
    ...tanh.primitive,
    pushforward: (tangents, line) => mul(tanh.primitive.pushforward(tangents, line) as Tensor, off),
  };
  const report = checkGradients((x) => sum(bind(slightlyOff, [add(x, 0)], undefined)), { x: draw(1, 64) });
  const [{ worst }] = report.orders[0].inputs;
  expect(report.passed).toBe(false);
  expect(worst?.along).toBe(`[${place}]`);
  expect(worst?.error).toBeLessThan(1);
  expect(worst?.modesError).toBeGreaterThan(1);
});
