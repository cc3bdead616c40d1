import { Generator, manualSeed, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adalineLoss, adalineUpdate, lmsUpdate } from '../sensitivity/adaline.ts';
import { Adaline, Perceptron, XorByFeatures, XorByTwoLayers } from './index.ts';

const f64 = { dtype: 'float64' } as const;
const X = tensor(
  [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  f64,
);
const vector = (entries: readonly number[]): Tensor => tensor([...entries], f64);
const [and, or, xor] = [
  [0, 0, 0, 1],
  [0, 1, 1, 1],
  [0, 1, 1, 0],
].map(vector);
const signs = (t: Tensor): Tensor => t.mul(2).sub(1);

describe('Perceptron', () => {
  test('learns AND and OR from any start, in any order; then nothing changes', () => {
    const start = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -8, max: 8 }).map((n) => n / 4)));
    fc.assert(
      fc.property(start, fc.constantFrom(and, or), fc.nat(100), ([w1, w2, b], t, seed) => {
        const initial = { w: vector([w1, w2]), b: tensor(b, f64) };
        const perceptron = new Perceptron({ initial, generator: new Generator(seed), learningRate: 0.5 }).fit(X, t);
        expect(perceptron.isConverged).toBe(true);
        expect(perceptron.score(X, t)).toBe(1);
        const before = [...perceptron.w.toTypedArray(), perceptron.b.item()];
        perceptron.partialFit(X, t);
        expect([...perceptron.w.toTypedArray(), perceptron.b.item()]).toEqual(before);
        expect(perceptron.errors.at(-1)).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  test('never learns XOR, and notes its mistakes in each of its epochs', () => {
    const perceptron = new Perceptron({ epochs: 60 }).fit(X, xor);
    expect(perceptron.errors).toHaveLength(60);
    expect(Math.min(...perceptron.errors)).toBeGreaterThan(0);
    expect(perceptron.isConverged).toBe(false);
    expect(perceptron.score(X, xor)).toBeLessThan(1);
  });

  test('makes at most (R/γ)² mistakes where a plane separates (Novikoff)', () => {
    const coordinate = fc.integer({ min: -100, max: 100 }).map((n) => n / 100);
    const samples = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(samples, coordinate, coordinate, fc.nat(50), (points, angle, offset, seed) => {
        const u = [Math.cos(3 * angle), Math.sin(3 * angle), offset];
        const side = ([x, y]: readonly number[]): number => (u[0] * x + u[1] * y + u[2]) / Math.hypot(...u);
        const clear = points.filter((point) => Math.abs(side(point)) > 0.15);
        fc.pre(clear.length > 0);
        const radius = Math.max(...clear.map((point) => Math.hypot(...point, 1)));
        const margin = Math.min(...clear.map((point) => Math.abs(side(point))));
        const perceptron = new Perceptron({ generator: new Generator(seed), epochs: 300 });
        perceptron.fit(tensor(clear, f64), vector(clear.map((point) => (side(point) > 0 ? 1 : 0))));
        expect(perceptron.errors.reduce((sum, mistakes) => sum + mistakes, 0)).toBeLessThanOrEqual(
          (radius / margin) ** 2,
        );
        expect(perceptron.isConverged).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('with classes -1 and 1 takes steps twice as long, and answers with them', () => {
    const [two, one] = [
      new Perceptron({ shuffle: false, classes: [-1, 1], learningRate: 0.25 }).fit(X, signs(and)),
      new Perceptron({ shuffle: false, learningRate: 0.5 }).fit(X, and),
    ];
    expect(two.w.toArray()).toEqual(one.w.toArray());
    expect(two.errors).toEqual(one.errors);
    expect(two.predict(X).toArray()).toEqual([-1, -1, -1, 1]);
    expect(two.score(X, signs(and))).toBe(1);
  });

  test('a second fit begins anew; partialFit goes on', () => {
    const perceptron = new Perceptron({ shuffle: false }).fit(X, or);
    const errors = perceptron.fit(X, and).errors;
    expect(errors).toEqual(new Perceptron({ shuffle: false }).fit(X, and).errors);
    const slow = new Perceptron({ shuffle: false });
    for (const _ of errors) slow.partialFit(X, and);
    expect(slow.errors).toEqual(errors);
  });
});

describe('Adaline', () => {
  test('online follows the rule of Widrow and Hoff, in batches the gradient; losses are those met', () => {
    const online = new Adaline({ learningRate: 0.3, epochs: 2, shuffle: false }).fit(X, or);
    const batch = new Adaline({ learningRate: 0.3, epochs: 2, mode: 'batch' }).fit(X, or);
    let [a, b] = [0, 1].map(() => ({ w: vector([0, 0]), b: tensor(0, f64) as Tensor }));
    for (let epoch = 0; epoch < 2; epoch++) {
      expect(batch.losses[epoch]).toBe(adalineLoss(b.w, b.b, X.t(), or).item());
      b = adalineUpdate(b.w, b.b, X.t(), or, 0.3);
      for (let i = 0; i < 4; i++) a = lmsUpdate(a.w, a.b, X.select(0, i), or.select(0, i), 0.3);
    }
    expect(online.w.toArray()).toEqual(a.w.toArray());
    expect(batch.w.toArray()).toEqual(b.w.toArray());
    expect(online.losses[0]).toBeCloseTo((0 + 1 + 0.49 + 0.0004) / 8, 12);
  });

  test('gets to half way between the classes for OR, by either road, and to 1/2 everywhere for XOR', () => {
    for (const mode of ['online', 'batch'] as const) {
      const adaline = new Adaline({ mode, learningRate: mode === 'batch' ? 0.5 : 0.05, epochs: 300 });
      expect(adaline.fit(X, or).score(X, or)).toBe(1);
      for (const z of adaline.fit(X, xor).decisionFunction(X).toTypedArray()) expect(z).toBeCloseTo(0.5, 1);
    }
    const signed = new Adaline({ mode: 'batch', learningRate: 0.5, classes: [-1, 1] }).fit(X, signs(or));
    expect(signed.predict(X).toArray()).toEqual([-1, 1, 1, 1]);
  });

  test('standardises by the samples of fit, where raw features would let it diverge', () => {
    const large = X.mul(tensor([1000, 3], f64)).add(500);
    const raw = new Adaline({ mode: 'batch', learningRate: 0.3, epochs: 50 }).fit(large, and);
    expect(raw.losses.at(-1)).toBeGreaterThan(1e6);
    const adaline = new Adaline({ mode: 'batch', learningRate: 0.3, epochs: 50, standardize: true });
    expect(adaline.fit(large, and).score(large, and)).toBe(1);
    const unit = X.mul(2).sub(1);
    const expected = new Adaline({ mode: 'batch', learningRate: 0.3, epochs: 50 }).fit(unit, and);
    for (const [i, w] of adaline.w.toTypedArray().entries()) expect(w).toBeCloseTo(expected.w.toTypedArray()[i], 6);
    expect(adaline.predict(large.narrow(0, 3, 1)).toArray()).toEqual([1]);
  });

  test('draws its orders from its generator', () => {
    const weights = (seed: number) =>
      new Adaline({ generator: new Generator(seed), learningRate: 0.2, epochs: 2 }).fit(X, or).w.toArray();
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });
});

describe('XOR', () => {
  test('by features: with the weights of the document, and learned', () => {
    const byFeatures = new XorByFeatures();
    expect(byFeatures.decisionFunction(X).toArray()).toEqual([0, 1, 1, 0]);
    expect(byFeatures.score(X, xor)).toBe(1);
    expect(byFeatures.losses).toEqual([]);
    for (const mode of ['online', 'batch'] as const) {
      const learned = new XorByFeatures({ mode, ...(mode === 'batch' && { learningRate: 0.9, epochs: 2000 }) });
      for (const [i, w] of learned.fit(X, xor).w.toTypedArray().entries()) expect(w).toBeCloseTo([1, 1, -2][i], 2);
      expect(learned.b.item()).toBeCloseTo(0, 2);
      expect(learned.predict(X).toArray()).toEqual([0, 1, 1, 0]);
      expect(learned.losses.at(-1)).toBeLessThan(1e-4);
    }
  });

  test('by two layers: with the weights of the document, and learned from any seed', () => {
    expect(new XorByTwoLayers().decisionFunction(X).toArray()).toEqual([0, 1, 1, 0]);
    for (let seed = 0; seed < 3; seed++) {
      const learned = new XorByTwoLayers({ generator: new Generator(seed) }).fit(X, xor);
      expect(learned.score(X, xor)).toBe(1);
      expect(learned.losses.at(-1)).toBeLessThanOrEqual(1e-3);
      expect(learned.weights.V.shape).toEqual([8, 2]);
    }
  });

  test('by two layers learns the other tables, too; with few steps it has not learned', () => {
    manualSeed(1);
    expect(new XorByTwoLayers().fit(X, and).score(X, and)).toBe(1);
    const unfinished = new XorByTwoLayers({ epochs: 2, starts: 1 }).fit(X, xor);
    expect(unfinished.losses).toHaveLength(2);
  });
});

test('whole numbers and float32 serve as well', () => {
  const [whole, targets] = [X.to('int32'), and.to('int32')];
  expect(new Perceptron().fit(whole, targets).predict(whole).toArray()).toEqual([0, 0, 0, 1]);
  expect(new XorByFeatures().predict(whole).toArray()).toEqual([0, 1, 1, 0]);
  expect(new XorByTwoLayers().predict(X.to('float32')).toArray()).toEqual([0, 1, 1, 0]);
});

test('what does not fit is named', () => {
  const adaline = new Adaline();
  expect(() => adaline.predict(X)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Adaline: it has not learned yet
      got:   no weights
      needs: fit before predict
      fix:   new Adaline().fit(X, y), or give it { initial: { w, b } }]
  `);
  expect(() => adaline.fit(X, vector([1, 0]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Adaline: samples and targets do not belong together
      got:   X [4, 2], y [2]
      needs: X [N, features] with a sample in each row, y [N], at least one of each
      fix:   of one feature make a column with X.unsqueeze(1); of one-hot targets take y.argmax(1)]
  `);
  expect(() => adaline.fit(X, vector([1, 0, Number.NaN, 1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Adaline: a value is not finite
      got:   NaN or Infinity among samples or targets
      needs: finite numbers
      fix:   leave out the samples with missing values: X.isfinite().all(1) says which are whole]
  `);
  expect(() => adaline.fit(X, or).predict(vector([1, 0]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Adaline: the samples have not its features
      got:   X [2]
      needs: [N, 2]: a sample in each row
      fix:   of one sample [features] make a row with X.unsqueeze(0)]
  `);
  expect(() => new Perceptron().fit(X, signs(and))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Perceptron: a target is no class
      got:   target -1
      needs: 0 or 1
      fix:   targets -1 and 1 need { classes: [-1, 1] }; more than two classes need a unit each, or a network]
  `);
  expect(() => new Perceptron({ learningRate: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Perceptron: an option is out of range
      got:   learningRate = 0, epochs = 100, threshold = 0, classes = [0, 1]
      needs: a rate above 0, a whole number of epochs, a threshold, and two classes with the lower one first
      fix:   new Perceptron({ learningRate: 0.1, epochs: 50 })]
  `);
  expect(() => new Adaline({ mode: 'stochastic' as 'online' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Adaline: there is no such mode
      got:   mode = 'stochastic'
      needs: 'online' or 'batch'
      fix:   'online' steps after each sample, 'batch' once an epoch]
  `);
  expect(() => new XorByFeatures().predict(vector([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: XorByFeatures: the samples have not its features
      got:   X [1]
      needs: [N, 2]: a sample in each row
      fix:   of one sample [features] make a row with X.unsqueeze(0)]
  `);
  expect(() => new XorByTwoLayers({ hidden: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: XorByTwoLayers: an option is out of range
      got:   hidden = 0, learningRate = 0.1, epochs = 1000, tolerance = 0.001, starts = 10
      needs: whole numbers from 1, a rate above 0, a tolerance of 0 or more
      fix:   the defaults learn XOR: new XorByTwoLayers()]
  `);
  expect(() => new XorByTwoLayers().fit(X, signs(xor))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: XorByTwoLayers: a target is no class
      got:   target -1
      needs: 0 or 1
      fix:   targets -1 and 1 need { classes: [-1, 1] }; more than two classes need a unit each, or a network]
  `);
});
