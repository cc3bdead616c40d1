import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledResults, disagreement } from '../compile/test-agreement.ts';
import { type EmbeddingBagOptions, embeddingBag, Generator, randn, type Tensor, tensor, vjp, zeros } from '../index.ts';
import { assertGradients } from '../verify/index.ts';

const ROWS = 4;
const whole = (entries: readonly number[]): Tensor => tensor(entries, { dtype: 'int32' });
const table = (seed: number): Tensor => randn([ROWS, 2], { dtype: 'float64', generator: new Generator(seed) });

const bagsOfIndices: fc.Arbitrary<number[][]> = fc.array(fc.array(fc.nat(ROWS - 1), { maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});

function joined(bags: readonly number[][]): { indices: Tensor; offsets: Tensor } {
  const starts = bags.map((_, b) => bags.slice(0, b).reduce((sum, bag) => sum + bag.length, 0));
  return { indices: whole(bags.flat()), offsets: whole(starts) };
}

/** Each bag by itself, and how much of its row in the result each of its rows gives. */
function definition(
  bags: readonly number[][],
  rows: readonly number[][],
  mode: string,
  padding: number | null,
): number[][] {
  return bags.map((bag) => {
    const counted = bag.filter((index) => index !== padding).map((index) => rows[index]);
    return [0, 1].map((k) => {
      const entries = counted.map((row) => row[k]);
      if (entries.length === 0) return 0;
      if (mode === 'max') return Math.max(...entries);
      return entries.reduce((a, b) => a + b, 0) / (mode === 'mean' ? entries.length : 1);
    });
  });
}

describe.each(['sum', 'mean', 'max'] as const)('mode %s', (mode) => {
  test('reduces each bag, for every option', () => {
    const paddings = fc.constantFrom(null, 0, -1);
    fc.assert(
      fc.property(bagsOfIndices, paddings, fc.boolean(), fc.nat(99), (bags, paddingIdx, includeLastOffset, seed) => {
        const weight = table(seed);
        const { indices, offsets } = joined(bags);
        const ends = includeLastOffset ? whole([...offsets.toTypedArray(), indices.length]) : offsets;
        const options = { mode, paddingIdx, includeLastOffset };
        const padding = paddingIdx === -1 ? ROWS - 1 : paddingIdx;
        const wanted = definition(bags, weight.toArray() as number[][], mode, padding);
        const got = embeddingBag(indices, weight, ends, options);
        expect(got.toArray()).toEqual(wanted.map((row) => row.map((entry) => expect.closeTo(entry, 12))));
      }),
    );
  });

  test('of bags of one size takes a matrix', () => {
    const matrix = tensor(
      [
        [0, 1, 1],
        [3, 2, 0],
      ],
      { dtype: 'int32' },
    );
    const weight = table(1);
    const list = embeddingBag(matrix.flatten(), weight, whole([0, 3]), { mode });
    expect(embeddingBag(matrix, weight, null, { mode }).toArray()).toEqual(list.toArray());
    expect(embeddingBag(zeros([2, 0], { dtype: 'int32' }), weight, null, { mode }).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('has the derivatives of differences, and none for padding', () => {
    const indices = whole([0, 2, 2, 3, 1]);
    const f = (w: Tensor): Tensor => embeddingBag(indices, w, whole([0, 3, 3]), { mode });
    assertGradients(f, [table(2)], { order: mode === 'max' ? 1 : 2 });
    const [value, pull] = vjp((w) => embeddingBag(indices, w, whole([0, 3]), { mode, paddingIdx: 2 }), table(2));
    const [gradient] = pull(value);
    expect(gradient.select(0, 2).toArray()).toEqual([0, 0]);
    expect(gradient.select(0, 0).toArray()).not.toEqual([0, 0]);
  });

  test('compiles, offsets included', () => {
    const run = (w: Tensor, indices: Tensor, offsets: Tensor): readonly Tensor[] => {
      const [y, pull] = vjp((x) => embeddingBag(indices, x, offsets, { mode, paddingIdx: 1 }), w);
      return [y, ...pull(y)];
    };
    const given = [table(3).to('float32'), whole([3, 0, 1, 2, 2]), whole([0, 0])];
    const calculation = { run: run as (...x: readonly Tensor[]) => readonly Tensor[], given };
    expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
  });
});

test('weights of samples, and their derivative', () => {
  const f = (w: Tensor, weights: Tensor): Tensor =>
    embeddingBag(whole([0, 1, 1]), w, whole([0, 2]), { mode: 'sum', perSampleWeights: weights });
  const weights = tensor([2, -1, 3], { dtype: 'float64' });
  const rows = tensor(
    [
      [1, 10],
      [2, 20],
    ],
    { dtype: 'float64' },
  );
  expect(f(rows, weights).toArray()).toEqual([
    [0, 0],
    [6, 60],
  ]);
  assertGradients(f, [rows, weights], { order: 2 });
});

test('the derivative of a maximum goes to the first of equals; NaN is the largest', () => {
  const f = (w: Tensor): Tensor => embeddingBag(tensor([[1, 0]], { dtype: 'int32' }), w, null, { mode: 'max' });
  const [value, pull] = vjp(
    f,
    tensor([
      [1, 2],
      [1, NaN],
    ]),
  );
  expect(value.toArray()).toEqual([[1, NaN]]);
  expect(pull(tensor([[1, 1]]))[0].toArray()).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test('derivatives divided by frequency', () => {
  const f = (w: Tensor): Tensor =>
    embeddingBag(whole([0, 1, 1]), w, whole([0]), { mode: 'sum', scaleGradByFreq: true });
  const [, pull] = vjp(f, zeros([2, 1]));
  expect(pull(tensor([[6]]))[0].toArray()).toEqual([[6], [6]]);
});

test('errors', () => {
  const weight = zeros([ROWS, 2]);
  const list = whole([0, 1, 2]);
  const call =
    (options: EmbeddingBagOptions, offsets: Tensor | null = whole([0, 2])): (() => Tensor) =>
    () =>
      embeddingBag(list, weight, offsets, options);
  expect(call({}, null)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: these are no bags
      got:   indices [3], no offsets
      needs: indices [count] with offsets [bags], or indices [bags, size] without offsets
      fix:   offsets say where each bag starts in a list of indices]
  `);
  expect(() => embeddingBag(zeros([1, 2], { dtype: 'int32' }), weight, whole([0]))).toThrow('offsets [1]');
  expect(call({}, whole([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: the offsets do not rise from 0
      got:   offsets [1, 2] for 3 indices
      needs: 0 first, then numbers that do not fall, up to 3
      fix:   add up the sizes of the bags before each]
  `);
  expect(call({}, whole([0, 2, 1]))).toThrow('the offsets do not rise from 0');
  expect(call({}, whole([0, 4]))).toThrow('up to 3');
  expect(call({ includeLastOffset: true }, whole([]))).toThrow('it may not be left out');
  expect(call({ mode: 'min' as 'max' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: no such mode
      got:   mode 'min'
      needs: 'sum', 'mean' or 'max'
      fix:   leave it out for the mean]
  `);
  expect(call({ perSampleWeights: zeros([3]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: weights of samples are for sums
      got:   perSampleWeights with the mode 'mean'
      needs: the mode 'sum'
      fix:   a weighted mean is the mode 'sum' with weights that add up to 1]
  `);
  expect(call({ mode: 'sum', perSampleWeights: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: perSampleWeights do not fit the indices
      got:   [2] float32
      needs: [3] float32
      fix:   one weight for each index, of the dtype of the table]
  `);
  expect(call({ mode: 'max', scaleGradByFreq: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: the derivative of a maximum is not divided by frequencies
      got:   scaleGradByFreq with the mode 'max'
      needs: the mode 'sum' or 'mean'
      fix:   leave out scaleGradByFreq]
  `);
  expect(call({ paddingIdx: 4 })).toThrow('embeddingBag: paddingIdx: index out of range');
  expect(() => embeddingBag(weight, list)).toThrow('the indices are not whole numbers');
  expect(() => embeddingBag(list, zeros([3]), whole([0]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: embeddingBag: the weight is not a table
      got:   shape [3]
      needs: [rows, features]
      fix:   the indices come first: embeddingBag(indices, weight, offsets)]
  `);
  expect(() => embeddingBag(whole([4]), weight, whole([0]))).toThrow('an index is out of range');
});
