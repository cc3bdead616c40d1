import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localResponseNorm, tensor, zeros } from '../index.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';

test('is the definition', () => {
  const drawn = drawShape(3, 5, { min: 1, max: 4 }).chain((shape) => drawTensor(shape));
  fc.assert(
    fc.property(drawn, fc.integer({ min: 1, max: 6 }), (x, size) => {
      const [alpha, beta, k] = [0.3, 0.6, 1.5];
      const before = Math.floor(size / 2);
      const wanted = byEntry(x.shape, ([n, c, ...place]) => {
        let sum = 0;
        for (let other = c - before; other < c - before + size; other++) {
          if (other >= 0 && other < x.shape[1]) sum += entryAt(x, [n, other, ...place]) ** 2;
        }
        return entryAt(x, [n, c, ...place]) / (k + (alpha * sum) / size) ** beta;
      });
      const got = localResponseNorm(x, size, { alpha, beta, k });
      expect(got.sub(wanted).abs().amax().item()).toBeLessThan(1e-12);
    }),
    { numRuns: 50 },
  );
});

describe.each(lawsOfFunctions)('%s', (_, law) => {
  test('localResponseNorm', () => {
    hold(
      law,
      asPrimitive(
        'localResponseNorm',
        (x) => localResponseNorm(x, 3, { alpha: 0.5 }),
        (draw) => [draw.tensor([2, 4, 3])],
      ),
      { runs: 5 },
    );
  });
});

test('empty and wrong inputs', () => {
  expect(localResponseNorm(zeros([0, 3, 2]), 2).shape).toEqual([0, 3, 2]);
  expect(() => localResponseNorm(zeros([2, 3]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: localResponseNorm: the input or the size does not fit
      got:   shape [2, 3], size 2
      needs: [N, C, …space], and a whole number of channels from 1
      fix:   unsqueeze(-1) adds a dim of space; usual is size 5]
  `);
  expect(() => localResponseNorm(zeros([2, 3, 4]), 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: localResponseNorm: the input or the size does not fit
      got:   shape [2, 3, 4], size 0
      needs: [N, C, …space], and a whole number of channels from 1
      fix:   unsqueeze(-1) adds a dim of space; usual is size 5]
  `);
  expect(() => localResponseNorm(tensor([[[1]]], { dtype: 'int32' }), 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: localResponseNorm: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
});
