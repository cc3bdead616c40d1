import { expect, test } from 'vitest';
import { alphaDropout, featureAlphaDropout, Generator, grad, ones, randn, type Tensor, tensor } from '../index.ts';

const training = (seed = 1) => ({ training: true, generator: new Generator(seed) });

test('mean 0 and variance 1 stay, whatever share is dropped', () => {
  const n = 100_000;
  const x = randn([n], { dtype: 'float64', generator: new Generator(0) });
  for (const p of [0.1, 0.5, 0.9]) {
    const y = alphaDropout(x, p, training());
    expect(Math.abs(y.mean().item())).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(y.std().item() - 1)).toBeLessThan(10 / Math.sqrt(n));
  }
});

test('what is dropped is the least that selu gives, scaled and shifted as the rest', () => {
  const p = 0.3;
  const scale = 1 / Math.sqrt((1.7580993408473766 ** 2 * p + 1) * (1 - p));
  const shift = 1.7580993408473766 * scale * p;
  const values = new Set(alphaDropout(ones([1000], { dtype: 'float64' }), p, training()).toTypedArray());
  const wanted = [scale + shift, shift - 1.7580993408473766 * scale];
  expect(values.size).toBe(2);
  for (const value of wanted) expect(Math.min(...[...values].map((v) => Math.abs(v - value)))).toBeLessThan(1e-14);
});

test('derivatives pass where entries are kept', () => {
  const x = ones([1000], { dtype: 'float64' });
  const y = alphaDropout(x, 0.4, training());
  const slopes = grad((v: Tensor) => alphaDropout(v, 0.4, training()).sum())(x);
  expect(slopes.gt(0).toArray()).toEqual(y.gt(0).toArray());
});

test('featureAlphaDropout drops whole channels', () => {
  const y = featureAlphaDropout(ones([30, 40, 2, 2]), 0.5, training())
    .flatten(2)
    .flatten(0, 1);
  const [first, ...others] = y.unbind(1);
  for (const other of others) expect(other.toArray()).toEqual(first.toArray());
  expect(new Set(first.toTypedArray()).size).toBe(2);
});

test('nothing is dropped unless training is said, nor for p = 0; everything for p = 1', () => {
  const x = tensor([1, -2, Infinity]);
  expect(alphaDropout(x)).toBe(x);
  expect(alphaDropout(x, 0, training())).toBe(x);
  expect(alphaDropout(ones([3]), 1, training()).toArray()).toEqual([0, 0, 0]);
  expect(featureAlphaDropout(ones([2, 0]), 0.5, training()).shape).toEqual([2, 0]);
});

test('errors', () => {
  expect(() => alphaDropout(ones([2]), 1.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: alphaDropout: not a probability
      got:   p 1.5
      needs: a number from 0 to 1
      fix:   p is the share that is dropped; a share in percent is divided by 100 first]
  `);
  expect(() => alphaDropout(tensor([1], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: alphaDropout: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
  expect(() => featureAlphaDropout(ones([2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: featureAlphaDropout: the input has no channels
      got:   shape [2]
      needs: [N, C, …]
      fix:   use alphaDropout to drop single entries]
  `);
});
