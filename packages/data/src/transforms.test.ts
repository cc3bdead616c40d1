import { fromArray, Generator, grad, ones, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compose, normalize, toTensor } from './transforms.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);

test('bytes become shades from 0 to 1, rounded to float32, with a dim for the channel', () => {
  for (const repeats of [1, 9]) {
    const data = Uint8Array.from({ length: 256 * repeats }, (_, i) => i);
    const before = data.slice();
    const shades = toTensor({ data, shape: [16 * repeats, 16] });
    expect([shades.dtype, shades.shape]).toEqual(['float32', [1, 16 * repeats, 16]]);
    expect([...shades.toTypedArray()]).toEqual(Array.from(data, (byte) => Math.fround(byte / 255)));
    expect(data).toEqual(before);
  }
  expect(toTensor({ data: bytes, shape: [2, 8, 16] }).shape).toEqual([2, 1, 8, 16]);
  expect(toTensor({ data: new Uint8Array(0), shape: [0, 28, 28] }).shape).toEqual([0, 1, 28, 28]);
});

test('normalized, entries of a normal distribution have mean 0 and deviation 1', () => {
  const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(finite, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (mean, std) => {
      const drawn = fromArray(new Generator(1).normal(new Float64Array(1000), mean, std), [1000]);
      const standard = fromArray(new Generator(1).normal(new Float64Array(1000)), [1000]);
      const difference = normalize(mean, std)(drawn).sub(standard).abs().amax().item();
      expect(difference).toBeLessThan(1e-14 * (10 + Math.abs(mean) / std));
    }),
  );
});

test('channels are normalized each by its own numbers, for one image or many', () => {
  const normalized = normalize([1, 0], [2, 4]);
  const expected = [[[0, 0]], [[0.25, 0.25]]];
  expect(normalized(ones([2, 1, 2])).toArray()).toEqual(expected);
  expect(normalized(ones([3, 2, 1, 2])).toArray()).toEqual([expected, expected, expected]);
});

test('whole numbers are normalized to float32', () => {
  const normalized = normalize(1, 2)(tensor([0, 1, 4], { dtype: 'int32' }));
  expect([normalized.dtype, normalized.toArray()]).toEqual(['float32', [-0.5, 0, 1.5]]);
  expect(normalize([1], [2])(ones([2]).gt(0)).toArray()).toEqual([0, 0]);
});

test('images are left as they are, and a gradient goes through', () => {
  const images = ones([2, 3, 20, 20]);
  const slopes = grad((x: Tensor) => normalize([0.5, 0.25, 0], [0.5, 0.25, 2])(x).sum())(images);
  expect(slopes.select(0, 1).mean([1, 2]).toArray()).toEqual([2, 4, 0.5]);
  expect(images.eq(1).all().item()).toBe(1);
});

test('transforms are applied from left to right', () => {
  const double = (x: number): number => 2 * x;
  const increase = (x: number): number => x + 1;
  expect(compose(double, increase)(5)).toBe(11);
  expect(compose(increase, double, String)(5)).toBe('12');
});

test('what is no image, and numbers that cannot normalize, are told', () => {
  expect(() => toTensor({ data: bytes, shape: [256] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: toTensor: not grey images
      got:   Uint8Array of shape [256]
      needs: a Uint8Array of shape [..., height, width]
      fix:   make tensors of other numbers with fromArray(data, shape)]
  `);
  expect(() => toTensor({ data: bytes, shape: [16, 15] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fromArray: the array does not fill the shape
      got:   256 entries for shape [1, 16, 15]
      needs: 240 entries
      fix:   check the sizes, or reshape after tensor(data)]
  `);
  const floats = new Float32Array(4) as unknown as Uint8Array;
  expect(() => toTensor({ data: floats, shape: [2, 2] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: toTensor: not grey images
      got:   Float32Array of shape [2, 2]
      needs: a Uint8Array of shape [..., height, width]
      fix:   make tensors of other numbers with fromArray(data, shape)]
  `);
  expect(() => normalize(0.5, 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: normalize: not means and standard deviations
      got:   mean [0.5] and std [0]
      needs: finite numbers, std above 0; as many of one as of the other
      fix:   give one number each, or one for each channel; leave out channels that are constant]
  `);
  expect(() => normalize([0.5, 0.4], [1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: normalize: not means and standard deviations
      got:   mean [0.5, 0.4] and std [1]
      needs: finite numbers, std above 0; as many of one as of the other
      fix:   give one number each, or one for each channel; leave out channels that are constant]
  `);
  expect(() => normalize([], [])).toThrow('normalize');
  expect(() => normalize(Number.NaN, 1)).toThrow('normalize');
  expect(() => normalize([0, 0, 0], [1, 1, 1])(tensor([[[1, 2]], [[3, 4]]]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: normalize: the images have other channels
      got:   images [2, 1, 2] and 3 means
      needs: shape [..., 3, height, width]
      fix:   give one mean and std for each channel, or one number for all]
  `);
});
