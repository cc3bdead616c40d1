import { Generator, GradtapeError, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { Embedding } from './embedding.ts';

const indices = tensor(
  [
    [3, 0],
    [3, 2],
  ],
  { dtype: 'int32' },
);

describe('Embedding', () => {
  it('looks rows up', () => {
    const layer = new Embedding(4, 3);
    const [first, , third, fourth] = layer.weight.toArray() as number[][];
    expect(layer.forward(indices).toArray()).toEqual([
      [fourth, first],
      [fourth, third],
    ]);
  });

  it('has the gradients of differences', () => {
    expectGradients(new Embedding(4, 3, { dtype: 'float64' }), [indices]);
  });

  it('keeps the row for padding at zero', () => {
    for (const paddingIdx of [3, -1]) {
      const layer = new Embedding(4, 3, { paddingIdx, generator: new Generator(0) });
      layer.forward(indices).sum().backward();
      expect((layer.weight.toArray() as number[][])[3]).toEqual([0, 0, 0]);
      expect((layer.weight.grad as Tensor).select(1, 0).toArray()).toEqual([1, 0, 1, 0]);
      expect((layer.weight.toArray() as number[][])[0]).not.toEqual([0, 0, 0]);
    }
    for (const paddingIdx of [4, -5, 0.5]) expect(() => new Embedding(4, 3, { paddingIdx })).toThrow(GradtapeError);
  });

  it('divides gradients by how often a row was looked up, if asked', () => {
    const layer = new Embedding(4, 1, { scaleGradByFreq: true });
    layer.forward(indices).sum().backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1], [0], [1], [1]]);
  });

  it('starts normally distributed', () => {
    const entries = [...new Embedding(100, 100, { generator: new Generator(0) }).weight.toTypedArray()];
    const mean = entries.reduce((sum, x) => sum + x, 0) / 10_000;
    const variance = entries.reduce((sum, x) => sum + x ** 2, 0) / 10_000;
    expect(Math.abs(mean)).toBeLessThan(5 / 100);
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 10_000));
  });

  it('says what it takes', () => {
    expect(() => new Embedding(4, 3).forward(zeros([2]))).toThrow(GradtapeError);
    expect(() => new Embedding(4, 3).forward(tensor([4], { dtype: 'int32' }))).toThrow(GradtapeError);
  });
});

describe('Embedding.fromPretrained', () => {
  const table = tensor(
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    { dtype: 'float64' },
  );
  const indices = tensor([2, 0, 2], { dtype: 'int32' });

  it('looks up in a table that is given, and frozen', () => {
    const layer = Embedding.fromPretrained(table);
    expect(layer.forward(indices).toArray()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect([layer.numEmbeddings, layer.embeddingDim, layer.weight.dtype]).toEqual([3, 2, 'float64']);
    expect(layer.forward(indices).requiresGrad).toBe(false);
  });

  it('trains if asked to, with the options of the layer; the row of paddingIdx stays as it is given', () => {
    const layer = Embedding.fromPretrained(table, { freeze: false, paddingIdx: 0, scaleGradByFreq: true });
    layer.forward(indices).sum().backward();
    expect(layer.weight.grad?.toArray()).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
    expect(layer.weight.toArray()).toEqual(table.toArray());
  });

  it('says what it takes', () => {
    expect(() => Embedding.fromPretrained(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Embedding.fromPretrained: no table of vectors
        got:   [2] float32
        needs: [numEmbeddings, embeddingDim] float32 or float64
        fix:   one row for each word]
    `);
    expect(() => Embedding.fromPretrained(table.to('int32'))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: Embedding.fromPretrained: no table of vectors
        got:   [3, 2] int32
        needs: [numEmbeddings, embeddingDim] float32 or float64
        fix:   one row for each word]
    `);
  });
});
