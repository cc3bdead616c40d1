import { type Nested, ones, randn, type Shape, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { Linear, Module, ReLU, Sequential } from '@gradtape/nn';
import { describe, test } from 'vitest';

declare module '@gradtape/autograd' {
  interface Register {
    shapes: 'infer';
  }
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** `is<Expected>()(value)` compiles only if the type of the value is exactly the expected one. */
declare function is<Expected>(): <Actual>(
  value: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['the types differ', Actual]
) => void;

declare const n: number;
declare const plain: Tensor;
declare const nested: Nested;

describe('with shapes of literals inferred', () => {
  test('every source of tensors has its shape', () => {
    is<Tensor<[2, 2]>>()(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    is<Tensor<[]>>()(tensor(3));
    is<Tensor<[3]>>()(tensor([1, n, 3]));
    is<Tensor<[number, number]>>()(tensor([] as number[][]));
    is<Tensor<number[]>>()(tensor(nested));
    is<Tensor<[2, ...number[]]>>()(tensor([nested, nested]));
    is<Tensor>()(tensor(new Float32Array(3)));
    is<Tensor<[number, 784]>>()(zeros([n, 784]));
    is<Tensor<[2, 3]>>()(ones([2, 3], { dtype: 'float64' }));
    is<Tensor<[2]>>()(randn([2]));
    is<Tensor<number[]>>()(zeros([] as number[]));
  });

  test('operations know what comes out', () => {
    is<Tensor<[2, number]>>()(zeros([784]).reshape([2, -1]));
    is<Tensor<[64, 10]>>()(
      zeros([64, 784])
        .matmul(zeros([784, 10]))
        .add(zeros([10])),
    );
    is<Tensor<[]>>()(zeros([2, 3]).sum());
    is<Tensor<[2, 3]>>()(plain.reshape([2, 3]));
    // @ts-expect-error matmul: inner sizes 784 and 256 differ
    zeros([64, 784]).matmul(zeros([256, 10]));
    // @ts-expect-error add: cannot broadcast [2, 3] with [4, 3]
    zeros([2, 3]).add(zeros([4, 3]));
    // @ts-expect-error 2 is not 0 | 1 | -1 | -2
    zeros([2, 3]).sum(2);
  });

  test('a variable keeps the shape it began with: the price of asking', () => {
    let x = zeros([2, 3]);
    // @ts-expect-error annotate it: let x: Tensor
    x = x.reshape([6]);
    let free: Tensor = zeros([2, 3]);
    free = free.reshape([6]);
    return [x, free];
  });

  test('layers and the modules of people', () => {
    class Block extends Module {
      first: Linear = new Linear(256, 64);
      last = new Linear(64, 32);

      forward(x: Tensor) {
        return this.last.forward(this.first.forward(x).relu());
      }
    }
    const net = new Sequential(new Linear(784, 256), new ReLU(), new Block(), new Linear(32, 2));
    is<Tensor<[...number[], 2]>>()(net.forward(zeros([n, 784])));
    is<[32, 64]>()(new Linear(64, 32).weight.size());
    // @ts-expect-error Linear(33, 2): got last size 32
    new Sequential(new Block(), new Linear(33, 2));
    // @ts-expect-error Linear(784, 256): got last size 100
    net.forward(zeros([2, 100]));
    const shape: Shape = net.forward(plain).size();
    return shape;
  });
});
