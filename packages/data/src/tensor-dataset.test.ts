import { arange, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collate } from './collate.ts';
import { TensorDataset } from './tensor-dataset.ts';

const rowShape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const dtype = fc.constantFrom('float32', 'float64', 'int32', 'bool');

test('a batch is what collate makes of its samples: any dtype, any row, repeated indices', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      rowShape,
      dtype,
      fc.infiniteStream(fc.nat()),
      (n, row, type, stream) => {
        const shape = [n, ...row];
        const entries = shape.reduce((a, b) => a * b, 1);
        const x = arange(0, entries).to(type).reshape(shape);
        const dataset = new TensorDataset(x, arange(0, n));
        const indices = Int32Array.from([...stream.take(4)], (number) => number % n);
        const batch = dataset.batch(indices);
        const joined = collate(Array.from(indices, (index) => dataset.get(index)));
        expect(batch.map(String)).toEqual(joined.map(String));
      },
    ),
  );
});

test('rows of any width, in a row or not: those in a row are not copied', () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 63, 64, 784), fc.nat(4), fc.boolean(), (width, start, inTurn) => {
      const x = arange(0, 9 * width)
        .reshape([9, width])
        .narrow(0, 1, 8);
      const indices = Int32Array.from({ length: 4 }, (_, i) => (inTurn ? start + i : (start + 3 * i) % 8));
      const [rows] = new TensorDataset(x).batch(indices);
      expect(rows.shape).toEqual([4, width]);
      expect(rows.toArray()).toEqual(Array.from(indices, (index) => x.select(0, index).toArray()));
      expect(rows.storage === x.storage).toBe(inTurn);
    }),
  );
});

test('views are read through their strides: transposed, reversed, repeated', () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const dataset = new TensorDataset(x.t(), x.t().flip(0), tensor([7]).expand([3]));
  expect(dataset.batch(Int32Array.of(2, 0)).map((part) => part.toArray())).toEqual([
    [
      [3, 6],
      [1, 4],
    ],
    [
      [1, 4],
      [3, 6],
    ],
    [7, 7],
  ]);
});

test('no samples, and rows without entries', () => {
  expect(new TensorDataset(zeros([0, 5])).batch(new Int32Array(0))[0].shape).toEqual([0, 5]);
  expect(new TensorDataset(zeros([2, 0])).batch(Int32Array.of(1, 1, 0))[0].shape).toEqual([3, 0]);
});

test('samples are off the tape', () => {
  const dataset = new TensorDataset(tensor([1, 2], { requiresGrad: true }));
  expect(dataset.get(0)[0].requiresGrad).toBe(false);
});

test('tensors that do not belong together, and indices that there are not, are told', () => {
  expect(() => new TensorDataset()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset: the tensors do not hold the same number of samples
      got:   no tensors
      needs: at least one tensor, the same first size in each: the number of samples
      fix:   check that inputs and labels belong together, and that samples lie along the first dim]
  `);
  expect(() => new TensorDataset(tensor(1))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset: the tensors do not hold the same number of samples
      got:   []
      needs: at least one tensor, the same first size in each: the number of samples
      fix:   check that inputs and labels belong together, and that samples lie along the first dim]
  `);
  expect(() => new TensorDataset(zeros([60, 784]), zeros([59]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset: the tensors do not hold the same number of samples
      got:   [60, 784] and [59]
      needs: at least one tensor, the same first size in each: the number of samples
      fix:   check that inputs and labels belong together, and that samples lie along the first dim]
  `);
  const two = new TensorDataset(zeros([2]));
  expect(() => two.get(2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset.get: there is no such sample
      got:   index 2 of 2 samples
      needs: a whole number from 0 to 1
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => two.get(-1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset.get: there is no such sample
      got:   index -1 of 2 samples
      needs: a whole number from 0 to 1
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => two.get(0.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset.get: there is no such sample
      got:   index 0.5 of 2 samples
      needs: a whole number from 0 to 1
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => two.batch(Int32Array.of(0, 2))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset.batch: there is no such sample
      got:   index 2 of 2 samples
      needs: a whole number from 0 to 1
      fix:   count from 0 to dataset.length - 1]
  `);
  expect(() => new TensorDataset(zeros([0])).get(0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: TensorDataset.get: there is no such sample
      got:   index 0 of 0 samples
      needs: no index at all: there are no samples
      fix:   count from 0 to dataset.length - 1]
  `);
});
