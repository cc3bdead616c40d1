import { bilinear, Generator, randn, type Tensor, zeros } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { Bilinear } from './bilinear.ts';

const generator = new Generator(0);
const normal = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64', generator });

test('is the function with its parameters', () => {
  const layer = new Bilinear(2, 3, 4, { dtype: 'float64', generator });
  const [x, y] = [normal(5, 2), normal(5, 3)];
  expect(layer.forward(x, y).toArray()).toEqual(bilinear(x, y, layer.weight, layer.bias).toArray());
  expect(String(layer)).toBe("Bilinear(2, 3, 4, { dtype: 'float64' }) # 28 parameters: weight [4, 2, 3], bias [4]");
  expectGradients(layer, [x, y]);
  expect(new Bilinear(2, 3, 4, { bias: false }).bias).toBe(null);
});

test('starts evenly within one over the root of the first size', () => {
  const { weight, bias } = new Bilinear(16, 8, 8, { generator });
  const largest = Math.max(...[weight, bias].flatMap((x) => Array.from(x.toTypedArray(), Math.abs)));
  expect(largest).toBeLessThanOrEqual(0.25);
  expect(largest).toBeGreaterThan(0.24);
});

test('says what it takes', () => {
  expect(() => new Bilinear(2, 3, 4).forward(zeros([5, 3]), zeros([5, 2]))).toThrow(
    'bilinear: the shapes do not fit together',
  );
});
