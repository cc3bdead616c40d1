import { embeddingBag, Generator, rand, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { EmbeddingBag } from './embedding-bag.ts';

const indices = tensor([3, 0, 3, 2], { dtype: 'int32' });
const offsets = tensor([0, 1], { dtype: 'int32' });

test.each(['sum', 'mean', 'max'] as const)('is the function with its parameter: %s', (mode) => {
  const layer = new EmbeddingBag(4, 3, { mode, dtype: 'float64', generator: new Generator(0) });
  expect(layer.forward(indices, offsets).toArray()).toEqual(
    embeddingBag(indices, layer.weight, offsets, { mode }).toArray(),
  );
  expectGradients(layer, [indices, offsets]);
  expect(String(layer)).toContain(`EmbeddingBag(4, 3, { mode: '${mode}'`);
});

test('weights samples', () => {
  const layer = new EmbeddingBag(4, 3, { mode: 'sum', dtype: 'float64' });
  expectGradients(layer, [indices, offsets, rand([4], { dtype: 'float64', generator: new Generator(1) })]);
});

test('keeps the row for padding at zero, and out of the count', () => {
  const layer = new EmbeddingBag(4, 1, { paddingIdx: -1, includeLastOffset: true });
  const rows = layer.weight.toArray() as number[][];
  expect(rows[3]).toEqual([0]);
  const bags = layer.forward(indices, tensor([0, 1, 4], { dtype: 'int32' }));
  expect(bags.toArray()).toEqual([[0], [expect.closeTo((rows[0][0] + rows[2][0]) / 2, 6)]]);
  bags.sum().backward();
  expect((layer.weight.grad as Tensor).toArray()).toEqual([[0.5], [0], [0.5], [0]]);
});

test('says what it takes', () => {
  expect(() => new EmbeddingBag(4, 3, { paddingIdx: 4 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: EmbeddingBag: no such row for padding
      got:   paddingIdx 4 for 4 rows
      needs: a whole number from -4 to 3
      fix:   make room for it: one row more than there are words]
  `);
  expect(() => new EmbeddingBag(4, 3).forward(indices)).toThrow('embeddingBag: these are no bags');
  expect(() => new EmbeddingBag(4, 3).forward(indices, offsets, zeros([4]))).toThrow('weights of samples are for sums');
});
