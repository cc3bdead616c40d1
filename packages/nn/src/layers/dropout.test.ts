import { Generator, GradtapeError, manualSeed, ones, randn, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout } from './dropout.ts';
import { Linear } from './linear.ts';
import { Sequential } from './sequential.ts';

describe('dropout layers', () => {
  it('drop while training only, also within a model', () => {
    const model = new Sequential(new Dropout(0.5), new Sequential(new Dropout2d(0.9), new Dropout(0)));
    const x = ones([4, 50, 3, 3]);
    expect(model.forward(x).eq(0).to('float32').mean().item()).toBeGreaterThan(0.5);
    expect(model.eval().forward(x)).toBe(x);
    expect(model.train().forward(x).eq(0).to('float32').mean().item()).toBeGreaterThan(0.5);
  });

  it('keep the mean, and drop the share p', () => {
    const n = 40_000;
    const y = new Dropout(0.3, { generator: new Generator(0) }).forward(ones([n]));
    expect(Math.abs(y.mean().item() - 1)).toBeLessThan(5 * Math.sqrt(0.3 / 0.7 / n));
    expect(Math.abs(y.eq(0).to('float64').mean().item() - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / n));
  });

  it('draw anew each time, the same after the same seed', () => {
    const layer = new Dropout();
    const x = ones([100]);
    manualSeed(1);
    const [first, second] = [layer.forward(x).toArray(), layer.forward(x).toArray()];
    expect(second).not.toEqual(first);
    manualSeed(1);
    expect([layer.forward(x).toArray(), layer.forward(x).toArray()]).toEqual([first, second]);
    const own = new Dropout(0.5, { generator: new Generator(1) });
    expect(own.forward(x).toArray()).toEqual(first);
  });

  it('pass gradients where they pass values', () => {
    const model = new Sequential(new Linear(1, 20), new Dropout(0.5, { generator: new Generator(0) }));
    const y = model.forward(ones([1, 1]));
    y.sum().backward();
    expect(model[0].parameters()[1].grad?.ne(0).toArray()).toEqual(y.ne(0).reshape([20]).toArray());
  });

  it('Dropout1d and Dropout2d drop whole channels', () => {
    const line = new Dropout1d(0.5).forward(ones([10, 10, 7]));
    expect(line.sum(-1).eq(0).logicalOr(line.sum(-1).eq(14)).all().item()).toBe(1);
    const image = new Dropout2d(0.5).forward(ones([10, 10, 2, 2])).flatten(2);
    expect(image.sum(-1).eq(0).logicalOr(image.sum(-1).eq(8)).all().item()).toBe(1);
  });

  it('Dropout3d drops whole channels; the alpha dropouts keep mean and variance, and drop while training only', () => {
    const volume = new Dropout3d(0.5).forward(ones([10, 10, 2, 2, 2])).flatten(2);
    expect(volume.sum(-1).eq(0).logicalOr(volume.sum(-1).eq(16)).all().item()).toBe(1);
    for (const Kind of [AlphaDropout, FeatureAlphaDropout]) {
      const layer = new Kind(0.3, { generator: new Generator(1) });
      const x = randn([200, 200], { generator: new Generator(2) });
      const y = layer.forward(x);
      expect(y.ne(x).any().item()).toBe(1);
      expect(Math.abs(y.mean().item())).toBeLessThan(0.05);
      expect(Math.abs(y.std().item() - 1)).toBeLessThan(0.05);
      expect(layer.eval().forward(x)).toBe(x);
    }
  });

  it('print as they were made, and say what they take', () => {
    expect(String(new Dropout())).toBe('Dropout(0.5)');
    for (const p of [2, -0.1, Number.NaN]) expect(() => new Dropout(p)).toThrow(GradtapeError);
    expect(() => new Dropout2d(0.5).forward(zeros([2, 3]))).toThrow(GradtapeError);
  });
});
