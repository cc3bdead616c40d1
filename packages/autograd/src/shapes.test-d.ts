import { describe, test } from 'vitest';
import type { Shape } from './core/shape.ts';
import type { BroadcastError, MatmulShape, PermuteError } from './core/shape-types.ts';
import { add, assertShape, matmul, permute, reshape, sum, type Tensor, tensor, transpose, zeros } from './index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** `is<Expected>()(value)` compiles only if the type of the value is exactly the expected one. */
declare function is<Expected>(): <Actual>(
  value: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['the types differ', Actual]
) => void;

/** A tensor whose shape is in its type. */
declare function of<const S extends Shape>(...sizes: S): Tensor<[...S]>;
declare const n: number;
declare const plain: Tensor;

describe('where shapes come from', () => {
  test('by default literals are plain tensors; shapes that somebody wrote are known', () => {
    is<Tensor>()(zeros([2, 3]));
    is<Tensor>()(tensor([[1, 2]]));
    is<Tensor<[2, 3]>>()(assertShape(plain, [2, 3]));
    is<Tensor<[number, 3]>>()(assertShape(plain, [-1, 3]));
    is<[2, 3]>()(of(2, 3).size());
    is<Shape>()(of(2, 3).shape);
  });
});

describe('matmul', () => {
  test('gives the shape of the product', () => {
    is<Tensor<[64, 10]>>()(of(64, 784).matmul(of(784, 10)));
    is<Tensor<[64, 10]>>()(matmul(of(64, 784), of(784, 10)));
    is<Tensor<[number, 256]>>()(of(n, 784).matmul(of(784, 256)));
    is<Tensor<[8, 5, 2, 4]>>()(of(8, 1, 2, 3).matmul(of(5, 3, 4)));
    is<Tensor<[64]>>()(of(64, 784).matmul(of(784)));
    is<Tensor>()(plain.matmul(of(784, 10)));
    is<Tensor>()(of(64, 784).matmul(plain));
  });

  test('does not compile where the inner sizes or the batches differ', () => {
    // @ts-expect-error matmul: inner sizes 784 and 256 differ
    of(64, 784).matmul(of(256, 10));
    // @ts-expect-error matmul: inner sizes 784 and 256 differ
    matmul(of(64, 784), of(256, 10));
    // @ts-expect-error matmul: inner sizes 784 and 256 differ
    matmul(of(64, 784), of(256));
    // @ts-expect-error matmul: batch sizes do not broadcast
    of(7, 2, 3).matmul(of(5, 3, 4));
  });

  test('says why', () => {
    is<'matmul: inner sizes 784 and 256 differ ([64, 784] x [256, 10])'>()({} as MatmulShape<[64, 784], [256, 10]>);
    is<'matmul: batch sizes [7] and [5] do not broadcast'>()({} as MatmulShape<[7, 2, 3], [5, 3, 4]>);
  });
});

describe('elementwise operations', () => {
  test('broadcast', () => {
    is<Tensor<[4, 3]>>()(of(4, 1).add(of(3)));
    is<Tensor<[2, 3]>>()(of(2, 3).add(1));
    is<Tensor<[2, 3]>>()(of(2, 3).mul(of(2, 3)));
    is<Tensor<[5, 3]>>()(add(of(n, 3), of(5, 1)));
    is<Tensor<[number, 3]>>()(of(1, 3).sub(of(n, 3)));
    is<Tensor<[number, 3]>>()(of(n, 3).sub(of(1, 3)));
    is<Tensor<[3]>>()(add(1, of(3)));
    is<Tensor<[2, 3]>>()(of(2, 3).relu().exp().clamp(0, 1));
    is<Tensor>()(plain.add(of(3)));
    is<Tensor>()(plain.add(1));
  });

  test('do not compile where the sizes clash', () => {
    // @ts-expect-error add: cannot broadcast [2, 3] with [4, 3]
    of(2, 3).add(of(4, 3));
    // @ts-expect-error add: cannot broadcast [2, 3] with [4, 3]
    add(of(2, 3), of(4, 3));
    // @ts-expect-error div: cannot broadcast [2, 3] with [2]
    of(2, 3).div(of(2));
    // @ts-expect-error maximum: cannot broadcast [n, 3] with [4]
    of(n, 3).maximum(of(4));
    // @ts-expect-error clamp takes no text
    of(2, 3).clamp('0');
  });

  test('say why', () => {
    is<'add: cannot broadcast [2, 3] with [?, 4]'>()({} as BroadcastError<'add', [2, 3], [number, 4]>);
    is<unknown>()({} as BroadcastError<'add', [2, 3], [number, 3]>);
  });
});

describe('movement', () => {
  test('reshape', () => {
    is<Tensor<[2, 392]>>()(of(784).reshape([2, 392]));
    is<Tensor<[2, number]>>()(reshape(of(784), [2, -1]));
    is<Tensor<[number, number]>>()(of(784).reshape([n, -1]));
    is<Tensor>()(plain.reshape([2, 392]));
  });

  test('permute', () => {
    is<Tensor<[4, 2, 3]>>()(of(2, 3, 4).permute([2, 0, 1]));
    is<Tensor<[4, 2, 3]>>()(permute(of(2, 3, 4), [-1, 0, 1]));
    is<Tensor>()(plain.permute([1, 0]));
    is<'permute: 3 dims given for [2, 3]'>()({} as PermuteError<[2, 3], [0, 1, 2]>);
    // @ts-expect-error permute: 3 dims given for [2, 3]
    of(2, 3).permute([0, 1, 2]);
  });

  test('transpose', () => {
    is<Tensor<[2, 4, 3]>>()(of(2, 3, 4).transpose(-1, -2));
    is<Tensor<[4, 3, 2]>>()(transpose(of(2, 3, 4), 0, 2));
    is<Tensor>()(plain.transpose(0, 1));
    // @ts-expect-error 3 is not 0 | 1 | 2 | -1 | -2 | -3
    of(2, 3, 4).transpose(0, 3);
  });
});

describe('reductions', () => {
  test('drop a dim or keep it with size one', () => {
    is<Tensor<[2]>>()(of(2, 3).sum(-1));
    is<Tensor<[3]>>()(sum(of(2, 3), 0));
    is<Tensor<[2, 1]>>()(of(2, 3).mean(1, { keepDim: true }));
    is<Tensor<[]>>()(of(2, 3).sum());
    is<Tensor>()(of(2, 3).sum(n));
    is<Tensor>()(of(2, 3).sum([0, 1]));
    is<Tensor>()(plain.sum(3));
  });

  test('do not compile for a dim that there is not', () => {
    // @ts-expect-error 2 is not 0 | 1 | -1 | -2
    of(2, 3).sum(2);
    // @ts-expect-error -3 is not 0 | 1 | -1 | -2
    sum(of(2, 3), -3);
  });
});

describe('gradually', () => {
  test('plain tensors go everywhere, consistent shapes are assignable, clashing ones are not', () => {
    const forgotten: Tensor = of(2, 3);
    const remembered: Tensor<[2, 3]> = forgotten;
    const partly: Tensor<[number, number]> = remembered;
    const again: Tensor<[2, 3]> = partly;
    const other: Tensor<[2, number]> = of(n, 3);
    // @ts-expect-error [2, 3] is not [3, 2]
    const turned: Tensor<[3, 2]> = of(2, 3);
    // @ts-expect-error [2, 3] is not [2, 3, 1]
    const longer: Tensor<[2, 3, 1]> = of(2, 3);
    return [again, other, turned, longer];
  });

  test('an untyped step in between is no obstacle', () => {
    plain.matmul(of(3, 4)).add(plain).sum(3).permute([0, 1]).matmul(plain);
    let x: Tensor = of(2, 3);
    x = x.reshape([6]);
    x = x.sum();
    let total = zeros([]);
    for (let i = 0; i < 3; i++) total = total.add(of(2, 3).sum());
    const list = [zeros([2, 3]), zeros([4, 5])];
    is<Tensor>()(list.reduce((a, b) => a.add(b)));
    return [x, total];
  });

  test('unions have their methods', () => {
    const either = n > 3 ? of(2, 3) : of(4, 5);
    either.add(1).matmul(plain);
    is<Tensor<[2, 3]> | Tensor<[4, 5]>>()(either);
  });

  test('functions can be generic in a size or a shape', () => {
    function hidden<B extends number>(x: Tensor<[B, 784]>): Tensor<[B, 10]> {
      return x.matmul(of(784, 256)).relu().add(of(256)).matmul(of(256, 10));
    }
    is<Tensor<[32, 10]>>()(hidden(of(32, 784)));
    is<Tensor<[number, 10]>>()(hidden(plain));
    // @ts-expect-error [32, 100] is not [B, 784]
    hidden(of(32, 100));
    function twice<S extends Shape>(x: Tensor<S>): Tensor<S> {
      return x.add(x).relu().add(1);
    }
    is<Tensor<[2, 3]>>()(twice(of(2, 3)));
    is<Tensor>()(twice(plain));
  });
});
