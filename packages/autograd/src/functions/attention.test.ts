import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Generator,
  grad,
  manualSeed,
  ones,
  randn,
  scaledDotProductAttention,
  type Tensor,
  tensor,
  tril,
  zeros,
} from '../index.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';
import { byEntry, entryAt } from './draw-tensor.ts';

const float64 = { dtype: 'float64' } as const;

function drawn(seed: number, ...shape: readonly number[]): Tensor {
  return randn(shape, { dtype: 'float64', generator: new Generator(seed) });
}

/** One head by the definition, entry by entry; `bias` is what a mask adds. */
function slowly(q: Tensor, k: Tensor, v: Tensor, scale: number, bias: (i: number, j: number) => number): Tensor {
  const [queries, entries] = q.shape;
  const [keys, width] = v.shape;
  return byEntry([queries, width], ([i, column]) => {
    const scores = Array.from({ length: keys }, (_, j) => {
      let sum = 0;
      for (let e = 0; e < entries; e++) sum += entryAt(q, [i, e]) * entryAt(k, [j, e]);
      return sum * scale + bias(i, j);
    });
    const largest = Math.max(...scores);
    if (largest === -Infinity) return 0;
    const terms = scores.map((score) => Math.exp(score - largest));
    const total = terms.reduce((sum, term) => sum + term, 0);
    return terms.reduce((sum, term, j) => sum + (term / total) * entryAt(v, [j, column]), 0);
  });
}

function expectClose(got: Tensor, wanted: Tensor): void {
  expect(got.shape).toEqual(wanted.shape);
  expect(got.length === 0 ? 0 : got.sub(wanted).abs().amax().item()).toBeLessThan(1e-12);
}

const sizes = fc.record({
  queries: fc.integer({ min: 0, max: 4 }),
  keys: fc.integer({ min: 1, max: 5 }),
  entries: fc.integer({ min: 1, max: 3 }),
  width: fc.integer({ min: 1, max: 3 }),
});

test('is the definition, with every kind of mask', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 99 }), ({ queries, keys, entries, width }, seed) => {
      const [q, k, v] = [drawn(seed, queries, entries), drawn(seed + 1, keys, entries), drawn(seed + 2, keys, width)];
      const scale = 1 / Math.sqrt(entries);
      expectClose(
        scaledDotProductAttention(q, k, v),
        slowly(q, k, v, scale, () => 0),
      );
      expectClose(
        scaledDotProductAttention(q, k, v, { scale: 0.3 }),
        slowly(q, k, v, 0.3, () => 0),
      );
      const causal = (i: number, j: number): number => (j <= i ? 0 : -Infinity);
      expectClose(scaledDotProductAttention(q, k, v, { isCausal: true }), slowly(q, k, v, scale, causal));
      const bias = drawn(seed + 3, queries, keys);
      const added = (i: number, j: number): number => entryAt(bias, [i, j]);
      expectClose(scaledDotProductAttention(q, k, v, { attnMask: bias }), slowly(q, k, v, scale, added));
      const allowed = bias.gt(0);
      const masked = (i: number, j: number): number => (entryAt(bias, [i, j]) > 0 ? 0 : -Infinity);
      expectClose(scaledDotProductAttention(q, k, v, { attnMask: allowed }), slowly(q, k, v, scale, masked));
      const row = bias.narrow(0, 0, Math.min(1, queries)).gt(0);
      const rowMasked = (_: number, j: number): number => masked(0, j);
      expectClose(scaledDotProductAttention(q, k, v, { attnMask: row }), slowly(q, k, v, scale, rowMasked));
    }),
  );
});

test('batches, heads and what broadcasts: each by itself', () => {
  const [q, k, v] = [drawn(0, 2, 4, 3, 5), drawn(1, 2, 4, 6, 5), drawn(2, 2, 4, 6, 2)];
  const allowed = drawn(3, 2, 1, 3, 6).gt(-1);
  const all = scaledDotProductAttention(q, k, v, { attnMask: allowed });
  const shared = scaledDotProductAttention(q, k.narrow(1, 0, 1), v.select(0, 0).narrow(0, 0, 1));
  for (const sample of [0, 1]) {
    for (const head of [0, 1, 2, 3]) {
      const one = (x: Tensor): Tensor => x.select(0, sample).select(0, head);
      expectClose(
        one(all),
        scaledDotProductAttention(one(q), one(k), one(v), { attnMask: allowed.select(0, sample).select(0, 0) }),
      );
      expectClose(
        one(shared),
        scaledDotProductAttention(one(q), k.select(0, sample).select(0, 0), v.select(0, 0).select(0, 0)),
      );
    }
  }
});

test('enableGqa: neighbouring heads of queries share a head of keys', () => {
  const [q, k, v] = [drawn(0, 2, 6, 3, 4), drawn(1, 2, 2, 5, 4), drawn(2, 2, 3, 5, 4)];
  const y = scaledDotProductAttention(q, k, v, { enableGqa: true });
  const head = (x: Tensor, i: number): Tensor => x.select(1, i);
  for (let i = 0; i < 6; i++) {
    const own = scaledDotProductAttention(head(q, i), head(k, Math.floor(i / 3)), head(v, Math.floor(i / 2)));
    expectClose(head(y, i), own);
  }
});

test('a query that may attend to nothing gets zeros and no gradient', () => {
  const [q, k, v] = [drawn(0, 2, 3), drawn(1, 4, 3), drawn(2, 4, 3)];
  for (const attnMask of [tensor([[false], [true]]), tensor([[-Infinity], [0]], float64)]) {
    const attend = (x: Tensor): Tensor => scaledDotProductAttention(x, k, v, { attnMask });
    expect(attend(q).select(0, 0).toArray()).toEqual([0, 0, 0]);
    const gradient = grad((x: Tensor) => attend(x).square().sum())(q);
    expect(gradient.select(0, 0).toArray()).toEqual([0, 0, 0]);
    expect(gradient.select(0, 1).ne(0).all().item()).toBe(1);
  }
});

test('specials: NaN stays in its row, large scores do not overflow', () => {
  const q = tensor([[Number.NaN], [1e30], [-1e30]]);
  const y = scaledDotProductAttention(q, tensor([[1], [2]]), tensor([[5], [7]]));
  expect(y.toArray()).toEqual([[Number.NaN], [7], [5]]);
  expect(scaledDotProductAttention(zeros([2, 0, 3]), zeros([2, 4, 3]), zeros([2, 4, 5])).shape).toEqual([2, 0, 5]);
});

test('dropoutP drops weights, and keeps the mean', () => {
  const n = 200;
  const attend = (dropoutP: number, generator?: Generator): Tensor =>
    scaledDotProductAttention(ones([n, 1]), ones([n, 1]), ones([n, 1]), { dropoutP, generator });
  const y = attend(0.5, new Generator(1));
  expect(Math.abs(y.mean().item() - 1)).toBeLessThan(5 / n);
  expect(y.std().item()).toBeGreaterThan(0.02);
  expect(attend(1).abs().sum().item()).toBe(0);
  manualSeed(4);
  const first = attend(0.5).toArray();
  manualSeed(4);
  expect(attend(0.5).toArray()).toEqual(first);
});

describe.each(lawsOfFunctions)('%s', (_, law) => {
  test('scaledDotProductAttention', () => {
    const operands = (draw: { tensor(shape: readonly number[]): Tensor }): Tensor[] => [
      draw.tensor([2, 3, 2]),
      draw.tensor([2, 4, 2]),
      draw.tensor([2, 4, 3]),
    ];
    const attend = (options: object) => (q: Tensor, k: Tensor, v: Tensor) =>
      scaledDotProductAttention(q, k, v, options);
    hold(law, asPrimitive('attention', attend({ isCausal: true }), operands), { runs: 2 });
    hold(law, asPrimitive('attention', attend({ attnMask: tril(ones([3, 4])).eq(0), scale: 2 }), operands), {
      runs: 5,
    });
    hold(
      law,
      asPrimitive(
        'attention with a mask that is learned',
        (q, k, v, attnMask) => scaledDotProductAttention(q, k, v, { attnMask }),
        (draw) => [...operands(draw), draw.tensor([3, 4])],
      ),
      { runs: 2 },
    );
  });
});

test('errors', () => {
  const [q, k, v] = [zeros([2, 4, 3, 8]), zeros([2, 2, 5, 8]), zeros([2, 2, 5, 8])];
  expect(() => scaledDotProductAttention(q.to('int32'), k, v)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: not defined for whole numbers
      got:   dtype int32
      needs: float32 or float64
      fix:   convert first: x.to('float32')]
  `);
  expect(() => scaledDotProductAttention(q, k.to('float64'), v)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: the dtypes differ
      got:   query float32, key float64, value float32
      needs: one dtype
      fix:   convert: key.to('float32')]
  `);
  expect(() => scaledDotProductAttention(zeros([8]), zeros([8]), zeros([8]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: an operand is no list of vectors
      got:   query [8], key [8], value [8]
      needs: […, length, entries] each
      fix:   unsqueeze(0) makes a list of one vector]
  `);
  expect(() => scaledDotProductAttention(q, k.transpose(-1, -2), v)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: the sizes do not fit
      got:   query [2, 4, 3, 8], key [2, 2, 8, 5], value [2, 2, 5, 8]
      needs: queries and keys of one last size, and as many values as keys: […, L, E], […, S, E] and […, S, Ev]
      fix:   check the order of the arguments, and that the last two dims are length and entries]
  `);
  expect(() => scaledDotProductAttention(q, k, v)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: the numbers of heads differ
      got:   query [2, 4, 3, 8], key [2, 2, 5, 8]
      needs: one number of heads (dim -3), or 1
      fix:   { enableGqa: true } lets several heads of queries share one of keys]
  `);
  expect(() =>
    scaledDotProductAttention(zeros([3, 5, 8]), k, v, { enableGqa: true }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: the heads cannot be shared evenly
      got:   query [3, 5, 8], key [2, 2, 5, 8], value [2, 2, 5, 8]
      needs: […, heads, length, entries], with a number of query heads that those of keys and values divide
      fix:   change the number of heads, or leave out enableGqa]
  `);
  const attnMask = ones([3, 5]).gt(0);
  const attend = (options: object) => () => scaledDotProductAttention(k, k, v, options);
  expect(attend({ attnMask, isCausal: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: a mask and isCausal do not combine
      got:   attnMask [3, 5] and isCausal true
      needs: one of them
      fix:   make the mask causal: tril(attnMask), and leave out isCausal]
  `);
  expect(attend({ attnMask })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: the mask does not fit
      got:   attnMask [3, 5] for scores [2, 2, 5, 5]
      needs: a shape that broadcasts to [2, 2, 5, 5]
      fix:   a mask for each sample is [N, 1, L, S], or [N, 1, 1, S] if it is the same for all queries]
  `);
  expect(attend({ attnMask: ones([5, 5]).to('int32') })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: scaledDotProductAttention: not a dtype for a mask
      got:   dtype int32
      needs: bool, true where a query may attend; or float32, to be added to the scores
      fix:   convert it: attnMask.to('bool')]
  `);
  expect(attend({ dropoutP: 2 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: dropout: not a probability
      got:   p 2
      needs: a number from 0 to 1
      fix:   p is the share that is dropped; a share in percent is divided by 100 first]
  `);
});
