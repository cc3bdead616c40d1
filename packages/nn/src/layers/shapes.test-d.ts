import { matmul, type Shape, type Tensor } from '@gradtape/autograd';
import { describe, test } from 'vitest';
import type { Layer, RuleOf, ShapeAfter } from '../layer.ts';
import { Module } from '../module.ts';
import { ReLU, Softmax } from './activations.ts';
import { BatchNorm1d, BatchNorm2d } from './batch-norm.ts';
import { Conv1d, Conv2d } from './convolution.ts';
import { Embedding } from './embedding.ts';
import { Flatten } from './flatten.ts';
import { GroupNorm } from './group-norm.ts';
import { Identity } from './identity.ts';
import { LayerNorm } from './layer-norm.ts';
import { Linear } from './linear.ts';
import { ModuleDict } from './module-dict.ts';
import { ModuleList } from './module-list.ts';
import { MultiheadAttention } from './multihead-attention.ts';
import { ConstantPad3d, ReflectionPad2d, ZeroPad1d } from './padding.ts';
import { AdaptiveAvgPool1d, AvgPool2d, MaxPool2d } from './pooling.ts';
import { Sequential } from './sequential.ts';
import { TransformerDecoderLayer } from './transformer-decoder-layer.ts';
import { TransformerEncoderLayer } from './transformer-encoder-layer.ts';
import { ConvTranspose2d } from './transposed-convolution.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** `is<Expected>()(value)` compiles only if the type of the value is exactly the expected one. */
declare function is<Expected>(): <Actual>(
  value: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['the types differ', Actual]
) => void;
/** What a layer makes of a shape: another, or the text of the error. */
type After<L, S extends Shape> = ShapeAfter<RuleOf<L>, S>;

/** A tensor whose shape is in its type. */
declare function of<const S extends Shape>(...sizes: S): Tensor<[...S]>;
declare const n: number;
declare const plain: Tensor;

const fc = new Linear(784, 256);
const net = new Sequential(fc, new ReLU(), new Linear(256, 10), new Softmax(1));

describe('layers', () => {
  test('Linear', () => {
    is<Linear<784, 256>>()(fc);
    is<Tensor<[2, 5, 256]>>()(fc.forward(of(2, 5, 784)));
    is<Tensor<[256]>>()(fc.forward(of(784)));
    is<Tensor<[number, 256]>>()(fc.forward(of(n, n)));
    is<Tensor>()(fc.forward(plain));
    is<Tensor<[2, number]>>()(new Linear(n, n).forward(of(2, 7)));
    is<'Linear(784, 256): got last size 100 (input [2, 100])'>()({} as After<typeof fc, [2, 100]>);
    is<'Linear(128, 10): got last size 256 (input […, 256])'>()({} as After<Linear<128, 10>, [...Shape, 256]>);
    is<'Linear(784, 256): got a tensor without dims'>()({} as After<typeof fc, []>);
    // @ts-expect-error Linear(784, 256): got last size 100
    fc.forward(of(2, 100));
  });

  test('the bias is there unless it was left out', () => {
    fc.bias.assign(plain);
    is<null>()(new Linear(2, 3, { bias: false }).bias);
    // @ts-expect-error it may be null
    new Linear(2, 3, { bias: n > 0 }).bias.assign(plain);
  });

  test('those that keep the shape', () => {
    is<Tensor<[2, 3]>>()(new ReLU().forward(of(2, 3)));
    is<Tensor<[2, 3]>>()(new Identity().forward(of(2, 3)));
    is<Tensor>()(new ReLU().forward(plain));
  });

  test('Flatten', () => {
    is<Tensor<[8, number]>>()(new Flatten().forward(of(8, 3, 2, 2)));
    is<Tensor>()(new Flatten(0).forward(of(8, 3)));
  });

  test('paddings', () => {
    is<Tensor<[8, 3, number, number]>>()(new ReflectionPad2d([1, 2, 0, 1]).forward(of(8, 3, 5, 5)));
    is<Tensor<[3, number]>>()(new ZeroPad1d(1).forward(of(3, 5)));
    is<Tensor>()(new ConstantPad3d(1, 0).forward(plain));
    is<'ReflectionPad2d: expected [N, C, …space], got [3, 5]'>()({} as After<ReflectionPad2d, [3, 5]>);
    // @ts-expect-error four margins for two dims of space
    new ReflectionPad2d([1, 2]);
  });

  test('transformer layers keep the shape', () => {
    is<Tensor<[5, 2, 8]>>()(new TransformerEncoderLayer(8, 2).forward(of(5, 2, 8), { isCausal: true }));
    is<Tensor<[3, 2, 8]>>()(new TransformerDecoderLayer(8, 2).forward(of(3, 2, 8), of(5, 2, 8)));
  });

  test('attention gives weights unless they are not needed', () => {
    const attention = new MultiheadAttention(8, 2);
    is<Tensor>()(attention.forward(plain, plain, plain)[1]);
    is<null>()(attention.forward(plain, plain, plain, { needWeights: false })[1]);
  });

  test('Embedding', () => {
    is<Tensor<[8, 20, 64]>>()(new Embedding(1000, 64).forward(of(8, 20)));
  });
});

describe('Sequential', () => {
  test('knows the shape that comes out', () => {
    is<Tensor<[number, 10]>>()(net.forward(of(n, 784)));
    is<Tensor>()(net.forward(plain));
    is<Tensor<[8, 256]>>()(new Sequential(new Flatten(), fc).forward(of(8, 1, 28, 28)));
  });

  test('does not compile where a layer cannot take what comes before', () => {
    // @ts-expect-error Linear(784, 256): got last size 100
    net.forward(of(2, 100));
    // biome-ignore format: the error is expected on one line
    new Sequential(
      fc,
      new ReLU(),
      // @ts-expect-error Linear(128, 10): got last size 256
      new Linear(128, 10),
      new ReLU(),
    );
    new Sequential(
      new Embedding(100, 16),
      // @ts-expect-error Sequential(…) takes 8
      new Sequential(new Linear(8, 4), new ReLU()),
    );
    is<'Linear(128, 10): got last size 256 (input [?, 256])'>()(
      {} as After<Sequential<[Linear<784, 256>, ReLU, Linear<128, 10>]>, [number, 784]>,
    );
  });

  test('takes modules that people write, and lists of which nothing is known', () => {
    class Block extends Module {
      fc: Linear = new Linear(256, 64);
      out = new Linear(64, 32);

      forward(x: Tensor): Tensor<[number, 32]> {
        return this.out.forward(this.fc.forward(x).relu()) as Tensor<[number, 32]>;
      }
    }
    class Attention extends Module {
      forward(q: Tensor, k: Tensor, v: Tensor): Tensor {
        return matmul(q, k.transpose(-1, -2)).matmul(v);
      }
    }
    is<Tensor<[number, 2]>>()(new Sequential(new Block(), new Linear(32, 2)).forward(of(4, 256)));
    // @ts-expect-error Linear(33, 2): got last size 32
    new Sequential(new Block(), new Linear(33, 2));
    const modules: Module[] = [fc, net, new Block(), new Attention()];
    is<Tensor>()(new Sequential(...modules).forward(of(2, 3)));
    const forgotten: Sequential = net;
    is<Tensor>()(forgotten.forward(of(2, 784)));
  });
});

describe('gradually', () => {
  test('layers of known and unknown sizes are assignable both ways, clashing ones are not', () => {
    const forgotten: Linear = fc;
    const remembered: Linear<784, 256> = forgotten;
    const layer: Layer = fc;
    // @ts-expect-error 256 is not 255
    const other: Linear<784, 255> = fc;
    // @ts-expect-error another kind of layer
    const kind: ReLU = fc;
    return [remembered, layer, other, kind];
  });

  test('parameters of layers can be used as tensors', () => {
    fc.forward(plain).matmul(fc.weight).add(fc.bias);
    is<Tensor>()(net.forward(of(2, 784)).sum(n));
  });

  test('lists and dictionaries know what they hold', () => {
    is<Linear>()(new ModuleList<Linear>([fc])[0]);
    is<Linear<784, 256>>()(new ModuleDict({ first: fc, second: net }).get('first'));
    // @ts-expect-error there is no such module
    new ModuleDict({ first: fc }).get('third');
  });
});

describe('convolutions', () => {
  const conv = new Conv2d(3, 16, 3, { padding: 1 });

  test('know the channels; sizes of space are left to run time', () => {
    is<Tensor<[8, 16, number, number]>>()(conv.forward(of(8, 3, 32, 32)));
    is<Tensor<[16, number, number]>>()(conv.forward(of(3, 32, 32)));
    is<Tensor<[number, 16, number, number]>>()(conv.forward(of(n, n, n, n)));
    is<Tensor>()(conv.forward(plain));
    is<Tensor<[8, 4, number]>>()(new Conv1d(2, 4, 3).forward(of(8, 2, 32)));
    is<Tensor<[8, 4, number, number]>>()(new ConvTranspose2d(2, 4, 3).forward(of(8, 2, 3, 3)));
  });

  test('do not compile for other channels or dims', () => {
    is<'Conv2d(3, 16): got 4 channels (input [8, 4, 32, 32])'>()({} as After<typeof conv, [8, 4, 32, 32]>);
    is<'Conv2d(3, 16): expected [N, 3, …space], got [3, 32]'>()({} as After<typeof conv, [3, 32]>);
    // @ts-expect-error Conv2d(3, 16): got 4 channels
    conv.forward(of(8, 4, 32, 32));
    new Sequential(
      conv,
      new ReLU(),
      // @ts-expect-error Conv2d(8, 16): got 16 channels
      new Conv2d(8, 16, 3),
    );
    // @ts-expect-error a kernel of two dims has two sizes
    new Conv2d(3, 16, [3]);
  });

  test('lead to linear layers', () => {
    is<Tensor<[8, 10]>>()(new Sequential(conv, new Flatten(), new Linear(16, 10)).forward(of(8, 3, 1, 1)));
  });
});

describe('pooling and normalization', () => {
  test('pooling knows batch and channels', () => {
    is<Tensor<[8, 16, number, number]>>()(new MaxPool2d(2).forward(of(8, 16, 28, 28)));
    is<Tensor<[16, number, number]>>()(new AvgPool2d(2).forward(of(16, 28, 28)));
    is<Tensor<[8, 16, number]>>()(new AdaptiveAvgPool1d(1).forward(of(8, 16, 9)));
    is<'MaxPool2d: expected [N, C, …space], got [28, 28]'>()({} as After<MaxPool2d, [28, 28]>);
    // @ts-expect-error MaxPool2d: expected [N, C, …space]
    new MaxPool2d(2).forward(of(28, 28));
    new Sequential(
      new Conv2d(1, 6, 5),
      new MaxPool2d(2),
      // @ts-expect-error Conv2d(8, 16): got 6 channels
      new Conv2d(8, 16, 5),
    );
  });

  test('normalization keeps the shape, which must end with the sizes or have the channels', () => {
    is<Tensor<[8, 20, 64]>>()(new LayerNorm(64).forward(of(8, 20, 64)));
    is<Tensor<[8, 20, 64]>>()(new LayerNorm([20, 64]).forward(of(8, 20, 64)));
    is<Tensor>()(new LayerNorm([20, 64]).forward(plain));
    is<'LayerNorm([64]): got [8, 32]'>()({} as After<LayerNorm<64>, [8, 32]>);
    // @ts-expect-error LayerNorm([20, 64]): got [8, 10, 64]
    new LayerNorm([20, 64]).forward(of(8, 10, 64));
    // @ts-expect-error LayerNorm([20, 64]): got [64]
    new LayerNorm([20, 64]).forward(of(64));
    is<Tensor<[8, 6, 3, 3]>>()(new BatchNorm2d(6).forward(of(8, 6, 3, 3)));
    is<'BatchNorm2d: expected 6 channels, got 5 (input [8, 5, 3, 3])'>()({} as After<BatchNorm2d<6>, [8, 5, 3, 3]>);
    // @ts-expect-error GroupNorm: expected 6 channels, got 5
    new GroupNorm(2, 6).forward(of(8, 5, 3));
    is<null>()(new LayerNorm(4, { elementwiseAffine: false }).bias);
    is<null>()(new BatchNorm1d(4, { affine: false }).weight);
  });
});
