import { Generator, GradtapeError, renorm, stack, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { Embedding } from './embedding.ts';
import { EmbeddingBag } from './embedding-bag.ts';

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

  it.each([1, 2, Infinity])('scales long rows down that are looked up, and only those: norm %d', (normType) => {
    for (const make of [Embedding, EmbeddingBag]) {
      const layer = new make(4, 3, { maxNorm: 0.5, normType, generator: new Generator(3), dtype: 'float64' });
      const before = layer.weight.value;
      const output = layer instanceof Embedding ? layer.forward(indices) : layer.forward(indices);
      const limited = renorm(before, normType, 0, 0.5);
      const rows = [0, 1, 2, 3].map((row) => (row === 1 ? before : limited).select(0, row));
      expect(layer.weight.toArray()).toEqual(stack(rows).toArray());
      output.sum().backward();
      expect((layer.weight.grad as Tensor).select(0, 1).toArray()).toEqual([0, 0, 0]);
      if (layer instanceof Embedding)
        expect((layer.weight.grad as Tensor).select(1, 0).toArray()).toEqual([1, 0, 1, 2]);
    }
  });

  it('limits rows in compiled functions, too', () => {
    const layer = new Embedding(4, 3, { maxNorm: 0.5 });
    const run = compile((x: Tensor) => layer.forward(x), { engine: 'wasm' });
    for (const scale of [2, 3]) {
      layer.weight.assign(layer.weight.value.mul(0).add(scale));
      run(indices);
      const norms = layer.weight.value.norm(2, 1).toArray() as number[];
      for (const row of [0, 2, 3]) expect(norms[row]).toBeCloseTo(0.5, 5);
      expect(norms[1]).toBeCloseTo(scale * Math.sqrt(3), 5);
    }
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
