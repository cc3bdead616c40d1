import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  crossEntropy,
  customGrad,
  detach,
  exp,
  floor,
  Generator,
  log,
  matmul,
  mean,
  mul,
  ones,
  pow,
  randn,
  relu,
  sigmoid,
  softmax,
  sqrt,
  square,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../../index.ts';
import { checkGradients } from '../index.ts';

const generator = new Generator(3);
const draw = (...shape: number[]): Tensor => randn(shape, { generator });

/** `c x³`, with a derivative that is `factor` times the right one. */
function cubeWith(factor: number): (x: Tensor) => Tensor {
  return customGrad({
    name: 'cube',
    forward: (x) => mul(x, square(x)),
    backward: (g, [x]) => [mul(g, mul(square(x), 3 * factor))],
  });
}

describe('right derivatives pass', () => {
  const functions: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor | readonly Tensor[]>> = {
    product: (x, y) => matmul(x, y),
    'several results': (x, y) => [tanh(x), exp(y), sum(x)],
    softmax: (x, y) => softmax(matmul(x, y), 1),
    'mean square': (x, y) => mean(square(matmul(x, y))),
    relu: (x, y) => sum(relu(matmul(x, y))),
  };
  test.each(Object.entries(functions))('%s, of any shapes, first and second order', (_, f) => {
    const size = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(size, size, size, fc.nat(), (m, k, n, seed) => {
        const own = new Generator(seed);
        const [x, y] = [randn([m, k], { generator: own }), randn([k, n], { generator: own })];
        fc.pre(m * n > 0);
        const report = checkGradients(f, { x, y }, { order: 2 });
        expect(report.passed, report.toString()).toBe(true);
        expect(report.entries).toBe(2 * (m * k + k * n));
        expect(report.directions).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  test('where much cancels inside of one derivative: a softmax that is nearly 0 and 1', () => {
    for (const distance of [8, 12, 16, 24, 36]) {
      const x = tensor([0.3, distance + 0.3], { dtype: 'float64' });
      const report = checkGradients((x) => softmax(x, 0), { x }, { order: 2 });
      expect(report.passed, report.toString()).toBe(true);
    }
  });

  test('at entries of very different sizes, and near the ends of domains', () => {
    const x = tensor([1e-6, 1e-3, 1, 1e5]);
    expect(checkGradients((y) => log(y), [x]).passed).toBe(true);
    expect(checkGradients((y) => sqrt(y), [x]).passed).toBe(true);
    expect(checkGradients((y) => pow(y, 3), [tensor([1e-4, 2e-4])]).passed).toBe(true);
  });

  test('of what an input does not change, and of a single number', () => {
    expect(checkGradients((x) => sum(x), [draw(3), draw(2)]).passed).toBe(true);
    expect(checkGradients((x) => floor(x), [tensor([0.3, 1.7])]).passed).toBe(true);
    const shifted = checkGradients((x, y) => softmax(add(x, y), 0), [draw(4), tensor(0.5)]);
    expect(shifted.orders[0].inputs.map(({ kinks }) => kinks)).toEqual([[], []]);
    expect(checkGradients((x) => square(x), [tensor(1.5)]).passed).toBe(true);
  });

  test('whole numbers are held', () => {
    const labels = tensor([0, 2], { dtype: 'int32' });
    const report = checkGradients((scores, target) => crossEntropy(scores, target), { scores: draw(2, 3), labels });
    expect(report.passed).toBe(true);
    expect(report.orders[0].inputs.map(({ name }) => name)).toEqual(['scores']);
  });
});

describe('wrong derivatives fail', () => {
  test('by however little, and the worst entry is told', () => {
    fc.assert(
      fc.property(fc.constantFrom(-1, 0, 0.5, 2, 1.0001, 1 - 1e-5), fc.nat(), (factor, seed) => {
        const x = randn([3, 2], { generator: new Generator(seed), dtype: 'float64' });
        const report = checkGradients((y) => sum(cubeWith(factor)(y)), { x });
        expect(report.passed).toBe(false);
        const { along = '', reverse, differences } = report.orders[0].inputs[0].worst ?? {};
        const [row, column] = JSON.parse(along);
        const entry = x.toTypedArray()[2 * row + column];
        expect(reverse).toBeCloseTo(3 * factor * entry ** 2, 6);
        expect(differences).toBeCloseTo(3 * entry ** 2, 6);
      }),
      { numRuns: 20 },
    );
  });

  test('in large inputs, where random directions lead to an entry', () => {
    const offInOne = tensor(Float64Array.from({ length: 1000 }, (_, i) => Number(i === 777))).reshape([40, 25]);
    const wrongInOne = customGrad({
      name: 'wrongInOne',
      forward: (x) => square(x),
      backward: (g, [x]) => [mul(g, add(mul(x, 2), offInOne))],
    });
    const report = checkGradients((x) => sum(wrongInOne(x)), { x: draw(40, 25) });
    expect(report.passed).toBe(false);
    expect(report.directions).toBe(16);
    expect(report.orders[0].inputs[0].worst?.along).toBe('[31, 2]');
  });

  test('of second order behind a right first one', () => {
    const flat = customGrad({
      name: 'flat',
      forward: (x) => exp(x),
      backward: (g, [x]) => [mul(g, detach(exp(x)))],
    });
    const f = (x: Tensor): Tensor => sum(flat(x));
    expect(checkGradients(f, [draw(3)]).passed).toBe(true);
    const report = checkGradients(f, [draw(3)], { order: 2 });
    expect(report.passed).toBe(false);
    expect(report.orders.map(({ order, inputs }) => [order, (inputs[0].worst?.error ?? 0) > 1])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test('where the tape is cut', () => {
    expect(checkGradients((x) => mul(x, detach(x)), [draw(3)]).passed).toBe(false);
  });

  test('where forward mode says something else', () => {
    const oneWay = customGrad({ name: 'oneWay', forward: (x) => sum(x), backward: (g) => [mul(ones([2]), mul(g, g))] });
    const { worst } = checkGradients((x) => oneWay(x), [tensor([1, 2])]).orders[0].inputs[0];
    expect(worst?.error).toBeLessThan(1);
    expect(worst?.forward).not.toBeCloseTo(1);
    expect(worst?.modesError).toBeGreaterThan(1);
  });
});

describe('float32', () => {
  const fixed = draw(3, 2);

  test('a function that holds float32 is compared at that rounding', () => {
    const report = checkGradients((x) => sum(tanh(matmul(x, fixed))), { x: draw(4, 3) });
    expect(report.passed).toBe(true);
    expect(report.orders[0].notes).toEqual(['the function rounds to float32, so it is compared at that rounding']);
    const wrong = checkGradients((x) => sum(cubeWith(1.01)(matmul(x, fixed))), { x: draw(4, 3) });
    expect(wrong.passed).toBe(false);
  });

  test('also one that rounds on the way', () => {
    const report = checkGradients((x) => sum(sigmoid(x.to('float32'))), { x: draw(4) });
    expect(report.passed).toBe(true);
    expect(report.orders[0].notes).toHaveLength(1);
  });
});
