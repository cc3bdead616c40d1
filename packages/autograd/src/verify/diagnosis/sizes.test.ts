import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crossEntropy, matmul, randn, square, sum, type Tensor, tensor, zeros } from '../../index.ts';
import { observe } from '../derivation/observation.ts';
import { type Inputs, nameInputs } from '../named.ts';
import { withProgram } from '../program.ts';
import { originOf } from './relations/origin.ts';
import { type Size, sizesIn } from './sizes.ts';

function sizesOf(f: (...x: Tensor[]) => Tensor, given: Inputs, claimed: readonly string[]): readonly Size[] {
  const inputs = nameInputs('test', given);
  return withProgram({ operation: 'test', f, inputs, parameters: [], seed: undefined }, (program) => {
    const claim = () => Object.fromEntries(claimed.map((name) => [name, zeros([1])]));
    return sizesIn(observe({ program, inputs, claimed: claim, columns: false }, program.start));
  });
}

test('the batch size is what the data have in common, in rows and in columns', () => {
  const rows = { W: randn([3, 5]), X: randn([7, 3]), T: tensor([0, 1, 2, 3, 4, 0, 1], { dtype: 'int32' }) };
  const [batch, classes] = sizesOf((W, X, T) => crossEntropy(matmul(X, W), T), rows, ['W']);
  expect(batch).toEqual({ size: 7, says: 'the batch size', letter: 'm' });
  expect(classes).toMatchObject({ size: 5, says: 'the number of classes' });
  const columns = { W: randn([5, 3]), X: randn([3, 7]), T: randn([5, 7]) };
  expect(sizesOf((W, X, T) => sum(square(matmul(W, X).sub(T))), columns, ['W'])[0].size).toBe(7);
});

test('a factor is told by the size that it is, or the inverse or root of, with either sign', () => {
  const sizes: readonly Size[] = [
    { size: 128, says: 'the batch size', letter: 'm' },
    { size: 10, says: 'the number of classes', letter: undefined },
  ];
  const origin = (c: number): string | undefined => originOf(c, sizes, 1e-6);
  expect(origin(128)).toContain('128 is the batch size, so the mean over the batch is missing (divide by m)');
  expect(origin(1 / 10)).toContain('10 times too small: 10 is the number of classes');
  expect(origin(Math.sqrt(10))).toContain('√10');
  expect(origin(256)).toContain('2 · 128');
  expect(origin(-2)).toContain('wrong sign, and _is_ twice');
  expect(origin(0)).toContain('zero');
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (c) => {
      const known = [1, 2, 128, 10, 256, 64, 20, 5, Math.sqrt(128), Math.sqrt(10)].flatMap((x) => [x, 1 / x]);
      fc.pre(known.every((x) => Math.abs(c / x - 1) > 1e-5));
      expect(origin(c)).toBeUndefined();
    }),
  );
});
