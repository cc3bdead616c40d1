import { Generator, gelu, ones, randn, relu, silu, type Tensor, tensor, triu, zeros } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import { Module } from '../module.ts';
import { Identity } from './identity.ts';
import { LayerNorm } from './layer-norm.ts';
import { Transformer } from './transformer.ts';
import { TransformerDecoder } from './transformer-decoder.ts';
import { TransformerDecoderLayer } from './transformer-decoder-layer.ts';
import { TransformerEncoder } from './transformer-encoder.ts';
import { TransformerEncoderLayer } from './transformer-encoder-layer.ts';
import type { TransformerLayerOptions } from './transformer-layer.ts';

const small = { dimFeedforward: 6, dropout: 0, dtype: 'float64' } as const;

function numbers(seed: number, ...shape: readonly number[]): Tensor {
  return randn(shape, { dtype: 'float64', generator: new Generator(seed) });
}

function expectClose(got: Tensor, wanted: Tensor): void {
  expect(got.shape).toEqual(wanted.shape);
  expect(got.sub(wanted).abs().amax().item()).toBeLessThan(1e-12);
}

/** Where two tensors `[length, batch, …]` differ. */
function placesThatDiffer(a: Tensor, b: Tensor): number[] {
  const differences = a.sub(b).abs().flatten(1).amax(1).toTypedArray();
  return [...differences.keys()].filter((place) => differences[place] > 1e-9);
}

const activations: readonly [TransformerLayerOptions['activation'], (x: Tensor) => Tensor][] = [
  [undefined, relu],
  ['gelu', (x) => gelu(x)],
  [silu, silu],
];

describe('TransformerEncoderLayer', () => {
  test.each(activations)('is attention and two linear layers, with the activation %s', (activation, f) => {
    const x = numbers(0, 3, 2, 4);
    for (const normFirst of [false, true]) {
      const layer = new TransformerEncoderLayer(4, 2, { ...small, activation, normFirst });
      const attend = (y: Tensor): Tensor => layer.selfAttn.forward(y, y, y)[0];
      const feed = (y: Tensor): Tensor => layer.linear2.forward(f(layer.linear1.forward(y)));
      const { norm1, norm2 } = layer;
      if (normFirst) {
        const attended = x.add(attend(norm1.forward(x)));
        expectClose(layer.forward(x), attended.add(feed(norm2.forward(attended))));
      } else {
        const attended = norm1.forward(x.add(attend(x)));
        expectClose(layer.forward(x), norm2.forward(attended.add(feed(attended))));
      }
    }
  });

  test('its options reach the parts', () => {
    const layer = new TransformerEncoderLayer(4, 2, { ...small, layerNormEps: 0.1, bias: false, batchFirst: true });
    expect([layer.norm1.eps, layer.norm2.eps]).toEqual([0.1, 0.1]);
    expect(layer.namedParameters().filter(([name]) => /bias/i.test(name))).toEqual([]);
    expect(layer.selfAttn.batchFirst).toBe(true);
    const dropping = new TransformerEncoderLayer(4, 2);
    expect([dropping.dropout.p, dropping.dropout1.p, dropping.dropout2.p, dropping.selfAttn.dropout]).toEqual([
      0.1, 0.1, 0.1, 0.1,
    ]);
    expect(dropping.linear1.outFeatures).toBe(2048);
  });

  test('drops while training only', () => {
    const layer = new TransformerEncoderLayer(4, 2, { ...small, dropout: 0.5 });
    const x = numbers(0, 3, 2, 4);
    expect(layer.forward(x).eq(layer.forward(x)).all().item()).toBe(0);
    layer.eval();
    expect(layer.forward(x).toArray()).toEqual(layer.forward(x).toArray());
  });

  test('batchFirst is another order of the dims', () => {
    const layer = new TransformerEncoderLayer(4, 2, small);
    const other = new TransformerEncoderLayer(4, 2, { ...small, batchFirst: true });
    other.loadStateDict(layer.stateDict());
    const x = numbers(0, 3, 2, 4);
    expectClose(other.forward(x.transpose(0, 1)).transpose(0, 1), layer.forward(x));
    expectClose(layer.forward(x.select(1, 0)), layer.forward(x).select(1, 0));
  });
});

describe('TransformerEncoder', () => {
  const layer = new TransformerEncoderLayer(4, 2, small);

  test('runs copies of a layer that start alike and train apart', () => {
    const encoder = new TransformerEncoder(layer, 3);
    const x = numbers(0, 3, 2, 4);
    expectClose(encoder.forward(x), layer.forward(layer.forward(layer.forward(x))));
    expect(encoder.parameters()).toHaveLength(3 * layer.parameters().length);
    expect(encoder.parameters().some((parameter) => layer.parameters().includes(parameter))).toBe(false);
    encoder.layers[0].norm1.weight.assign(zeros([4], { dtype: 'float64' }));
    expect(layer.norm1.weight.toArray()).toEqual([1, 1, 1, 1]);
  });

  test('ends with a norm, if one is given', () => {
    const norm = new LayerNorm(4, { dtype: 'float64' });
    norm.weight.assign(tensor([1, 2, 3, 4], { dtype: 'float64' }));
    const encoder = new TransformerEncoder(layer, 1, { norm });
    const x = numbers(0, 3, 2, 4);
    expectClose(encoder.forward(x), norm.forward(layer.forward(x)));
    expect(encoder.stateDict()).toHaveProperty('norm.weight');
    expect(encoder.stateDict()).toHaveProperty('layers.0.selfAttn.inProjWeight');
  });

  test('hands its masks on', () => {
    const encoder = new TransformerEncoder(layer, 2);
    const x = numbers(0, 4, 2, 4);
    const other = x.add(0);
    const changed = withOtherEnd(other);
    const later = triu(ones([4, 4], { dtype: 'bool' }), 1);
    for (const masks of [{ mask: later }, { isCausal: true }]) {
      expect(placesThatDiffer(encoder.forward(x, masks), encoder.forward(changed, masks))).toEqual([3]);
    }
    const srcKeyPaddingMask = tensor([[false, false, false, true]]).expand([2, 4]);
    const padded = { srcKeyPaddingMask };
    expect(placesThatDiffer(encoder.forward(x, padded), encoder.forward(changed, padded))).toEqual([3]);
    expect(placesThatDiffer(encoder.forward(x), encoder.forward(changed))).toEqual([0, 1, 2, 3]);
  });

  test('copies keep the dtype, the mode and what is frozen', () => {
    const frozen = new TransformerEncoderLayer(4, 2, { dimFeedforward: 6 }).to('float64').eval();
    frozen.selfAttn.requiresGrad(false);
    const copy = frozen.clone();
    expect(copy.norm1.weight.dtype).toBe('float64');
    expect(copy.dropout.training).toBe(false);
    expect(copy.namedParameters().map(([name, { requiresGrad }]) => [name, requiresGrad])).toEqual(
      frozen.namedParameters().map(([name, { requiresGrad }]) => [name, requiresGrad]),
    );
  });
});

/** The same but for the last place. */
function withOtherEnd(x: Tensor): Tensor {
  const at = tensor(
    Array.from({ length: x.shape[0] }, (_, i) => (i === x.shape[0] - 1 ? 1 : 0)),
    { dtype: 'float64' },
  );
  return x.add(at.reshape([-1, 1, 1]).mul(numbers(9, x.shape[2])));
}

describe('TransformerDecoderLayer', () => {
  test.each([false, true])(
    'is attention to itself, to the memory, and two linear layers; normFirst %s',
    (normFirst) => {
      const layer = new TransformerDecoderLayer(4, 2, { ...small, normFirst });
      const [x, memory] = [numbers(0, 3, 2, 4), numbers(1, 5, 2, 4)];
      const part = (norm: Module, y: Tensor, f: (z: Tensor) => Tensor): Tensor =>
        normFirst ? y.add(f(norm.forward(y))) : norm.forward(y.add(f(y)));
      const attended = part(layer.norm1, x, (y) => layer.selfAttn.forward(y, y, y)[0]);
      const informed = part(layer.norm2, attended, (y) => layer.multiheadAttn.forward(y, memory, memory)[0]);
      const fed = part(layer.norm3, informed, (y) => layer.linear2.forward(relu(layer.linear1.forward(y))));
      expectClose(layer.forward(x, memory), fed);
    },
  );

  test('each mask does what its name says', () => {
    const layer = new TransformerDecoder(new TransformerDecoderLayer(4, 2, small), 2);
    const [x, memory] = [numbers(0, 3, 2, 4), numbers(1, 4, 2, 4)];
    const last = (length: number): Tensor =>
      tensor(Array.from({ length }, (_, i) => i === length - 1)).expand([2, length]);
    const ofTarget = (masks: object): number[] =>
      placesThatDiffer(layer.forward(x, memory, masks), layer.forward(withOtherEnd(x), memory, masks));
    const ofMemory = (masks: object): number[] =>
      placesThatDiffer(layer.forward(x, memory, masks), layer.forward(x, withOtherEnd(memory), masks));
    expect(ofTarget({})).toEqual([0, 1, 2]);
    expect(ofTarget({ tgtIsCausal: true })).toEqual([2]);
    expect(ofTarget({ tgtMask: triu(ones([3, 3], { dtype: 'bool' }), 1) })).toEqual([2]);
    expect(ofTarget({ tgtKeyPaddingMask: last(3) })).toEqual([2]);
    expect(ofMemory({})).toEqual([0, 1, 2]);
    expect(ofMemory({ memoryIsCausal: true })).toEqual([]);
    expect(ofMemory({ memoryKeyPaddingMask: last(4) })).toEqual([]);
    expect(ofMemory({ memoryMask: triu(ones([3, 4], { dtype: 'bool' }), 3), tgtIsCausal: true })).toEqual([1, 2]);
  });
});

describe('Transformer', () => {
  const model = new Transformer({ ...small, dModel: 4, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 2 });

  test('is an encoder and a decoder, each with a norm at its end', () => {
    const [src, tgt] = [numbers(0, 4, 2, 4), numbers(1, 3, 2, 4)];
    expectClose(model.forward(src, tgt), model.decoder.forward(tgt, model.encoder.forward(src)));
    expect(model.namedModules().map(([name]) => name)).toEqual(
      expect.arrayContaining(['encoder.layers.0.selfAttn', 'encoder.norm', 'decoder.layers.1.norm3', 'decoder.norm']),
    );
    const [first, second] = (model.decoder as TransformerDecoder).layers;
    expect(first.linear1.weight.toArray()).not.toEqual(second.linear1.weight.toArray());
  });

  test('hands masks to the right part', () => {
    const [src, tgt] = [numbers(0, 4, 2, 4), numbers(1, 3, 2, 4)];
    const last = tensor([false, false, false, true]).expand([2, 4]);
    const both = { srcKeyPaddingMask: last, memoryKeyPaddingMask: last };
    const run = (from: Tensor, to: Tensor, masks: object): Tensor => model.forward(from, to, masks);
    expect(placesThatDiffer(run(src, tgt, both), run(withOtherEnd(src), tgt, both))).toEqual([]);
    expect(placesThatDiffer(run(src, tgt, {}), run(withOtherEnd(src), tgt, {}))).toEqual([0, 1, 2]);
    const causal = { tgtIsCausal: true };
    expect(placesThatDiffer(run(src, tgt, causal), run(src, withOtherEnd(tgt), causal))).toEqual([2]);
    const mask = Transformer.generateSquareSubsequentMask(3, { dtype: 'float64' });
    expectClose(run(src, tgt, { tgtMask: mask }), run(src, tgt, causal));
    const source = Transformer.generateSquareSubsequentMask(4, { dtype: 'float64' });
    expectClose(run(src, tgt, { srcMask: source }), run(src, tgt, { srcIsCausal: true }));
    expect(
      run(src, tgt, { srcIsCausal: true })
        .eq(run(src, tgt, {}))
        .all()
        .item(),
    ).toBe(0);
  });

  test('takes parts of the user', () => {
    class Sum extends Module {
      forward(tgt: Tensor, memory: Tensor): Tensor {
        return tgt.add(memory.sum(0));
      }
    }
    const custom = new Transformer({ customEncoder: new Identity(), customDecoder: new Sum() });
    expect(custom.forward(ones([5, 1, 2]), ones([3, 1, 2])).toArray()).toEqual(ones([3, 1, 2]).mul(6).toArray());
  });

  test('the causal mask', () => {
    expect(Transformer.generateSquareSubsequentMask(3).toArray()).toEqual([
      [0, -Infinity, -Infinity],
      [0, 0, -Infinity],
      [0, 0, 0],
    ]);
  });
});

test('dropout is applied in every place that PyTorch has one', () => {
  const layer = new TransformerEncoderLayer(4, 2, { ...small, dropout: 1 });
  const x = numbers(0, 3, 2, 4);
  // All that the parts give is dropped: what is left is the input, normalized twice.
  expectClose(layer.forward(x), layer.norm2.forward(layer.norm1.forward(x)));
});
