import { describe, expect, test } from 'vitest';
import { enableGrad, GradtapeError, noGrad, Parameter, type Tensor, tensor } from '../index.ts';

const leaf = (...entries: number[]): Tensor => tensor(entries, { requiresGrad: true, dtype: 'float64' });
const gradient = (x: Tensor): unknown => x.grad?.toArray();

describe('gradients', () => {
  test('add up over passes until they are set to null', () => {
    const x = leaf(1, 2);
    x.mul(3).sum().backward();
    x.mul(x).sum().backward();
    expect(gradient(x)).toEqual([5, 7]);
    x.grad = null;
    x.sum().backward();
    expect(gradient(x)).toEqual([1, 1]);
  });

  test('add up over the ways from one tensor to the result', () => {
    const x = leaf(2);
    const y = x.mul(x);
    const left = y.mul(3);
    const right = y.mul(y);
    left.add(right).sum().backward();
    expect(gradient(x)).toEqual([2 * 2 * (3 + 2 * 4)]);
  });

  test('count a tensor as often as an operation takes it', () => {
    const x = leaf(3);
    x.add(x).mul(x).sub(x).sum().backward();
    expect(gradient(x)).toEqual([4 * 3 - 1]);
  });

  test('reach every leaf, each with its own shape and dtype', () => {
    const W = new Parameter(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const b = new Parameter(tensor([0.5, 0.5], { dtype: 'float64' }));
    W.to('float64')
      .matmul(tensor([[1], [1]], { dtype: 'float64' }))
      .squeeze(1)
      .add(b)
      .mul(b)
      .sum()
      .backward();
    expect(W.grad).toMatchObject({ shape: [2, 2], dtype: 'float32' });
    expect(gradient(W)).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
    expect(b.grad).toMatchObject({ shape: [2], dtype: 'float64' });
    expect(gradient(b)).toEqual([4, 8]);
  });

  test('leave alone what the result does not depend on', () => {
    const [x, y] = [leaf(1), leaf(1)];
    x.mul(2).sum().backward();
    expect(y.grad).toBeNull();
  });

  test('start from a cotangent that is given', () => {
    const x = leaf(1, 2, 3);
    x.mul(x).backward(tensor([1, 0, -1], { dtype: 'float64' }));
    expect(gradient(x)).toEqual([2, 0, -6]);
  });

  test('of the leaf itself are the cotangent', () => {
    const x = leaf(4);
    x.sum().backward();
    x.backward();
    expect(gradient(x)).toEqual([2]);
  });
});

describe('the tape', () => {
  test('is freed: a second pass throws, and changes nothing', () => {
    const x = leaf(2);
    const y = x.mul(x);
    const z = y.mul(y).sum();
    z.backward();
    expect(() => z.backward()).toThrow(/freed(.|\n)*retainGraph: true/);
    expect(() => y.sum().backward()).toThrow(GradtapeError);
    expect(gradient(x)).toEqual([32]);
  });

  test('is kept for retainGraph', () => {
    const x = leaf(2);
    const y = x.mul(x).sum();
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(gradient(x)).toEqual([8]);
    expect(() => y.backward()).toThrow(GradtapeError);
  });

  test('of the backward pass is written for createGraph: gradients of gradients', () => {
    const x = leaf(2);
    x.mul(2).pow(3).sum().backward(undefined, { createGraph: true });
    const first = x.grad;
    x.grad = null;
    first?.mul(first).sum().backward();
    expect(first?.toArray()).toEqual([24 * 4]);
    expect(gradient(x)).toEqual([2 * (24 * 4) * (48 * 2)]);
  });

  test('is not written otherwise', () => {
    const x = leaf(2);
    x.mul(x).sum().backward(undefined, { retainGraph: true });
    expect(() => x.grad?.sum().backward()).toThrow(/not on a tape/);
  });

  test('is not written in noGrad, nor after detach', () => {
    const x = leaf(2);
    const constant = noGrad(() => x.mul(x));
    expect(() => constant.sum().backward()).toThrow(/noGrad/);
    x.mul(x.detach()).add(constant).sum().backward();
    expect(gradient(x)).toEqual([2]);
    expect(x.detach().toArray()).toEqual([2]);
  });

  test('is not written in a noGrad that another one has ended inside of, but in an enableGrad', () => {
    const x = leaf(2);
    const [first, second] = noGrad(() => {
      noGrad(() => x.mul(x));
      return [x.mul(x), enableGrad(() => x.mul(x))];
    });
    expect(() => first.sum().backward()).toThrow(/not on a tape/);
    second.sum().backward();
    expect(gradient(x)).toEqual([4]);
  });

  test('is written again after noGrad, also if that threw', () => {
    const x = leaf(2);
    expect(() =>
      noGrad(() => {
        throw new Error('midway');
      }),
    ).toThrow('midway');
    x.mul(x).sum().backward();
    expect(gradient(x)).toEqual([4]);
  });
});

describe('a result that is not a starting point', () => {
  test('says what is missing', () => {
    expect(() => tensor([1]).backward()).toThrow(/not on a tape/);
    expect(() => leaf(1, 2).mul(2).backward()).toThrow(/single number(.|\n)*shape \[2\]/);
    expect(() =>
      leaf(1, 2)
        .mul(2)
        .backward(tensor([1, 2])),
    ).toThrow(/\[2\] float32(.|\n)*\[2\] float64/);
  });

  test('is one of whole numbers or truth values: nothing would reach a leaf', () => {
    const x = leaf(1, 2);
    for (const y of [x.gt(1).sum(), x.argmax(), x.to('int32').sum()]) {
      expect(() => y.backward()).toThrow(/dtype int32/);
    }
    expect(x.grad).toBeNull();
  });
});

describe('a parameter', () => {
  test('that is assigned between forward and backward: the tape keeps what it saw', () => {
    const w = new Parameter(tensor([2, 3]));
    const loss = w.mul(w).sum();
    w.assign(tensor([100, 100]));
    loss.backward();
    expect(w.toArray()).toEqual([100, 100]);
    expect(gradient(w)).toEqual([4, 6]);
  });

  test('that is assigned between two uses counts both', () => {
    const w = new Parameter(tensor([2]));
    const before = w.mul(10);
    w.assign(tensor([3]));
    before.mul(w).sum().backward();
    expect(gradient(w)).toEqual([10 * 3 + 20]);
  });

  test('takes only its shape and dtype, else stays as it was', () => {
    const w = new Parameter(tensor([2, 3]));
    for (const wrong of [tensor([1]), tensor([[1, 2]]), tensor([1, 2], { dtype: 'float64' })]) {
      expect(() => w.assign(wrong)).toThrow(/assign(.|\n)*\[2\] float32/);
    }
    expect(w.toArray()).toEqual([2, 3]);
  });

  test('is read through its strides after it was assigned a view', () => {
    const w = new Parameter(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    w.assign(
      tensor([
        [5, 6],
        [7, 8],
      ]).t(),
    );
    expect(w.toArray()).toEqual([
      [5, 7],
      [6, 8],
    ]);
    w.mul(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    )
      .sum()
      .backward();
    expect(gradient(w)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(w.mul(1).toArray()).toEqual([
      [5, 7],
      [6, 8],
    ]);
  });

  test('collects on the slot, whatever it holds', () => {
    const w = new Parameter(tensor([1]));
    for (const value of [1, 2, 3]) {
      w.assign(tensor([value]));
      w.mul(w).sum().backward();
    }
    expect(gradient(w)).toEqual([2 + 4 + 6]);
  });
});

test('a diamond of diamonds is walked once, not along each of its ways', () => {
  const x = leaf(1);
  let y = x;
  for (let i = 0; i < 60; i++) y = y.add(y);
  y.sum().backward();
  expect(gradient(x)).toEqual([2 ** 60]);
});

test('a hundred thousand steps overflow nothing, in either direction of the tape', () => {
  const x = leaf(1);
  let y = x;
  for (let i = 0; i < 100_000; i++) y = y.mul(0.99999).add(x);
  y.sum().backward();
  const powers = 0.99999 ** 100_000;
  expect((x.grad?.item() ?? 0) / (powers + (1 - powers) / 0.00001)).toBeCloseTo(1, 9);
});
