import {
  concat,
  Generator,
  linear,
  ones,
  type Parameter,
  randn,
  scaledDotProductAttention,
  type Tensor,
  tensor,
  triu,
  where,
  zeros,
} from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MultiheadAttention, type MultiheadAttentionOptions } from './multihead-attention.ts';

const float64 = { dtype: 'float64' } as const;

function numbers(seed: number, ...shape: readonly number[]): Tensor {
  return randn(shape, { dtype: 'float64', generator: new Generator(seed) });
}

/** With biases that are not zero. */
function made(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}): MultiheadAttention {
  const layer = new MultiheadAttention(embedDim, numHeads, { ...float64, generator: new Generator(7), ...options });
  for (const bias of [layer.inProjBias, layer.outProj.bias]) bias?.assign(numbers(8, ...bias.shape));
  return layer;
}

function expectClose(got: Tensor, wanted: Tensor): void {
  expect(got.shape).toEqual(wanted.shape);
  expect(got.sub(wanted).abs().amax().item()).toBeLessThan(1e-12);
}

/** One sample, head by head: `extra` keys and values come after those that are projected. */
function byDefinition(layer: MultiheadAttention, inputs: readonly Tensor[], extra: readonly Tensor[] = []): Tensor {
  const { embedDim, headDim, numHeads, inProjWeight, inProjBias } = layer;
  const own = [layer.qProjWeight, layer.kProjWeight, layer.vProjWeight];
  const [q, k, v] = inputs.map((x, i) => {
    const weight = inProjWeight?.narrow(0, i * embedDim, embedDim) ?? (own[i] as Tensor);
    const projected = linear(x, weight, inProjBias?.narrow(0, i * embedDim, embedDim));
    return i > 0 && extra.length > 0 ? concat([projected, extra[i - 1]]) : projected;
  });
  const heads = Array.from({ length: numHeads }, (_, h) => {
    const [ofQ, ofK, ofV] = [q, k, v].map((x) => x.narrow(1, h * headDim, headDim));
    return scaledDotProductAttention(ofQ, ofK, ofV);
  });
  return layer.outProj.forward(concat(heads, 1));
}

test('is attention head by head, whatever the sizes and the layout', () => {
  const sizes = fc.record({
    heads: fc.constantFrom(1, 2, 3),
    kdim: fc.constantFrom(null, 5),
    vdim: fc.constantFrom(null, 2),
    bias: fc.boolean(),
    batchFirst: fc.boolean(),
    needWeights: fc.boolean(),
    batch: fc.integer({ min: 1, max: 2 }),
    queries: fc.integer({ min: 1, max: 3 }),
    keys: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(sizes, ({ heads, batch, queries, keys, needWeights, ...options }) => {
      const layer = made(6, heads, options);
      const lengths = [queries, keys, keys];
      const inputs = [6, options.kdim ?? 6, options.vdim ?? 6].map((size, i) => numbers(i, batch, lengths[i], size));
      const given = options.batchFirst ? inputs : inputs.map((x) => x.transpose(0, 1));
      const [output, weights] = layer.forward(given[0], given[1], given[2], { needWeights });
      expect(weights?.shape).toEqual(needWeights ? [batch, queries, keys] : undefined);
      const samples = (options.batchFirst ? output : output.transpose(0, 1)).unbind(0);
      for (const [n, sample] of samples.entries()) {
        const own = inputs.map((x) => x.select(0, n));
        expectClose(sample, byDefinition(layer, own));
        const [alone, ofAlone] = layer.forward(own[0], own[1], own[2]);
        expectClose(alone, sample);
        expect(ofAlone.shape).toEqual([queries, keys]);
      }
    }),
    { numRuns: 40 },
  );
});

test('weights are those of each head, or their mean', () => {
  const layer = made(4, 2, { batchFirst: true });
  const [q, k] = [numbers(0, 2, 3, 4), numbers(1, 2, 5, 4)];
  const [output, mean] = layer.forward(q, k, k);
  const [same, each] = layer.forward(q, k, k, { averageAttnWeights: false });
  expectClose(same, output);
  expectClose(each.mean(1), mean);
  expectClose(each.sum(-1), ones([2, 2, 3], float64));
});

describe('masks', () => {
  const layer = made(4, 2, { batchFirst: true });
  const [q, k, v] = [numbers(0, 2, 3, 4), numbers(1, 2, 3, 4), numbers(2, 2, 3, 4)];
  const padding = tensor([
    [false, true, false],
    [false, false, true],
  ]);
  const later = triu(ones([3, 3], { dtype: 'bool' }), 1);
  const added = (mask: Tensor): Tensor => where(mask, -Infinity, 0).to('float64');

  test.each([true, false])('of truth values and of numbers, with needWeights %s', (needWeights) => {
    const attend = (options: object): Tensor => layer.forward(q, k, v, { needWeights, ...options })[0];
    const both = attend({ attnMask: later, keyPaddingMask: padding });
    expectClose(attend({ attnMask: added(later), keyPaddingMask: added(padding) }), both);
    expectClose(attend({ attnMask: later, keyPaddingMask: added(padding) }), both);
    expectClose(attend({ isCausal: true, keyPaddingMask: padding }), both);
    expectClose(attend({ isCausal: true }), attend({ attnMask: later }));
    expectClose(attend({ isCausal: true, attnMask: later }), attend({ attnMask: later }));
    const each = padding.reshape([2, 1, 1, 3]).expand([2, 2, 3, 3]).reshape([4, 3, 3]);
    expectClose(attend({ attnMask: each }), attend({ keyPaddingMask: padding }));
    const perHead = added(later).expand([4, 3, 3]).mul(1);
    expectClose(attend({ attnMask: perHead }), attend({ attnMask: later }));
  });

  test('what is masked has no influence', () => {
    const [, weights] = layer.forward(q, k, v, { keyPaddingMask: padding });
    expect(where(padding.unsqueeze(1), weights, 0).abs().amax().item()).toBe(0);
    const other = where(padding.unsqueeze(2), 100, k);
    const attend = (x: Tensor): Tensor => layer.forward(q, x, x, { keyPaddingMask: padding, isCausal: true })[0];
    expectClose(attend(other), attend(k));
  });

  test('without a batch', () => {
    const [alone] = layer.forward(q.select(0, 1), k.select(0, 1), v.select(0, 1), {
      keyPaddingMask: padding.select(0, 1),
      attnMask: later.unsqueeze(0).expand([2, 3, 3]),
    });
    expectClose(alone, layer.forward(q, k, v, { keyPaddingMask: padding, attnMask: later })[0].select(0, 1));
  });
});

test('keys and values that are added: those that are learned, then zeros; no mask forbids them', () => {
  const layer = made(4, 2, { addBiasKv: true, addZeroAttn: true });
  const [q, k] = [numbers(0, 3, 4), numbers(1, 2, 4)];
  const zero = zeros([1, 4], float64);
  const [biasK, biasV] = [layer.biasK, layer.biasV] as [Parameter, Parameter];
  const extra = [concat([biasK.flatten(0, 1), zero]), concat([biasV.flatten(0, 1), zero])];
  const [output, weights] = layer.forward(q, k, k);
  expectClose(output, byDefinition(layer, [q, k, k], extra));
  expect(weights.shape).toEqual([3, 4]);
  const [, masked] = layer.forward(q, k, k, { keyPaddingMask: ones([2], { dtype: 'bool' }) });
  expect(masked.narrow(1, 0, 2).abs().amax().item()).toBe(0);
  expectClose(masked.sum(1), ones([3], float64));
});

test('weights are dropped while training only', () => {
  const layer = made(4, 2, { dropout: 0.5 });
  const x = numbers(0, 20, 4);
  const dropped = (needWeights: boolean): Tensor => layer.forward(x, x, x, { needWeights })[0];
  const [, weights] = layer.forward(x, x, x, { averageAttnWeights: false });
  expect(Math.abs(weights.eq(0).to('float64').mean().item() - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 800));
  const kept = layer.eval().forward(x, x, x)[0];
  for (const needWeights of [true, false]) {
    expectClose(dropped(needWeights), kept);
    layer.train();
    expect(dropped(needWeights).sub(kept).abs().amax().item()).toBeGreaterThan(0.01);
    layer.eval();
  }
});

test('a query that may attend to nothing: NaN beside weights, zeros without, as in PyTorch', () => {
  const layer = new MultiheadAttention(4, 2, { batchFirst: true });
  const x = ones([1, 2, 4]);
  const keyPaddingMask = tensor([[true, true]]);
  expect(
    layer
      .forward(x, x, x, { keyPaddingMask })[0]
      .ne(layer.forward(x, x, x, { keyPaddingMask })[0])
      .all()
      .item(),
  ).toBe(1);
  const [output, weights] = layer.forward(x, x, x, { keyPaddingMask, needWeights: false });
  expect(output.abs().sum().item()).toBe(0);
  expect(weights).toBeNull();
});

test('errors', () => {
  const layer = new MultiheadAttention(4, 2);
  const x = zeros([3, 2, 4]);
  const attend = (options: object) => () => layer.forward(x, x, x, options);
  expect(() => layer.forward(x, x.select(1, 0), x)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: the inputs do not fit
      got:   query [3, 2, 4], key [3, 4], value [3, 2, 4]
      needs: query [L, N, 4], key [S, N, 4], value [S, N, 4], all with a batch or none
      fix:   { batchFirst: true } takes [N, length, …]; kdim and vdim are for keys and values of other sizes]
  `);
  expect(() => layer.forward(x, zeros([3, 1, 4]), zeros([3, 1, 4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: the inputs do not fit
      got:   query [3, 2, 4], key [3, 1, 4], value [3, 1, 4]
      needs: query [L, N, 4], key [S, N, 4], value [S, N, 4], all with a batch or none
      fix:   { batchFirst: true } takes [N, length, …]; kdim and vdim are for keys and values of other sizes]
  `);
  expect(() => layer.forward(x, x, zeros([2, 2, 4]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: the inputs do not fit
      got:   query [3, 2, 4], key [3, 2, 4], value [2, 2, 4]
      needs: query [L, N, 4], key [S, N, 4], value [S, N, 4], all with a batch or none
      fix:   { batchFirst: true } takes [N, length, …]; kdim and vdim are for keys and values of other sizes]
  `);
  expect(() => layer.to('float64').forward(x, x, x)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: not the dtype of the parameters
      got:   query, key and value of float32, float32, float32
      needs: float64
      fix:   convert the inputs, x.to('float64'), or the layer]
  `);
  layer.to('float32');
  expect(attend({ attnMask: zeros([2, 3, 3]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: attnMask does not fit
      got:   [2, 3, 3]
      needs: [4, 3, 3]
      fix:   one mask for all is [L, S], one for each sample and head [N · numHeads, L, S]]
  `);
  expect(attend({ attnMask: zeros([3, 3], { dtype: 'int32' }) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: not a dtype for attnMask
      got:   int32
      needs: bool, true where a query may not attend; or float32, to be added to the scores
      fix:   convert it: mask.to('bool')]
  `);
  expect(attend({ keyPaddingMask: zeros([3, 2], { dtype: 'bool' }) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: keyPaddingMask does not fit
      got:   [3, 2]
      needs: [2, 3]
      fix:   one row for each sample, one entry for each key]
  `);
  expect(() => new MultiheadAttention(4, 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: MultiheadAttention: the heads do not share embedDim evenly
      got:   embedDim 4 for 0 heads
      needs: a size that is a multiple of the number of heads
      fix:   each head has embedDim / numHeads entries: change one of both]
  `);
});
