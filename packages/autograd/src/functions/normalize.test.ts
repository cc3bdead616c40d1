import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storagesTaken } from '../core/storage-pool.ts';
import { batchNorm, Generator, noGrad, ones, Parameter, randn, type Tensor, vjp } from '../index.ts';
import { normalizeOver } from './normalize.ts';
import { affine, standardizeOver } from './standardize.ts';

const drawn = fc.record({
  shape: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 6 }))),
  dims: fc.constantFrom<number[]>([0, 2], [2], [0, 1, 2]),
  middle: fc.constantFrom(0, 0, 1e3),
  dtype: fc.constantFrom<'float32' | 'float64'>('float32', 'float64'),
  seed: fc.nat(),
});

test('one pass, and its derivative, are what standardizing and then scaling gives', () => {
  fc.assert(
    fc.property(drawn, ({ shape, dims, middle, dtype, seed }) => {
      const generator = new Generator(seed);
      const channels = [1, dims.includes(1) ? 1 : shape[1], 1];
      const draw = (size: readonly number[]): Tensor => randn(size, { dtype, generator });
      const given = [draw(shape).add(middle), draw(channels), draw(channels)] as const;
      const [y, pull] = vjp((x, weight, bias) => normalizeOver(x, dims, 0.1, weight, bias).output, ...given);
      const inSteps = (x: Tensor, weight: Tensor, bias: Tensor): Tensor =>
        affine(standardizeOver(x, dims, 0.1).output, weight, bias);
      const [expected, pullExpected] = vjp(inSteps, ...given);
      const cotangent = draw(shape);
      const results = [y, ...noGrad(() => pull(cotangent))];
      const wanted = [expected, ...noGrad(() => pullExpected(cotangent))];
      // Both round what is subtracted from a mean so much larger, each in its way.
      const tolerance = (dtype === 'float32' ? 1e-5 : 1e-13) * Math.max(1, middle) * shape[0] * shape[2];
      results.forEach((result, k) => {
        expect(result.shape).toEqual(wanted[k].shape);
        expect(result.sub(wanted[k]).abs().amax().item()).toBeLessThan(tolerance);
      });
    }),
  );
});

test('the forward pass takes room for its result alone', () => {
  const x = randn([8, 4, 16, 16]);
  const [weight, bias] = [new Parameter(ones([4])), new Parameter(ones([4]))];
  const { taken } = storagesTaken(() => batchNorm(x, { training: true, weight, bias }));
  expect(taken.map(({ length }) => length)).toEqual([x.length]);
});
