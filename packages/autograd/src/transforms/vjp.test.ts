import { describe, expect, test } from 'vitest';
import { GradtapeError, grad, jvp, noGrad, type Tensor, tensor, vjp } from '../index.ts';

const vector = (...entries: number[]): Tensor => tensor(entries, { dtype: 'float64' });
const listOf = (tensors: readonly Tensor[]): unknown => tensors.map((x) => x.toArray());

describe('vjp', () => {
  test('gives the value, and a map that may be called many times', () => {
    const [y, pull] = vjp((a: Tensor, b: Tensor) => a.mul(b), vector(1, 2), vector(3, 4));
    expect(y.toArray()).toEqual([3, 8]);
    expect(listOf(pull(vector(1, 0)))).toEqual([
      [3, 0],
      [1, 0],
    ]);
    expect(listOf(pull(vector(0, 1)))).toEqual([
      [0, 4],
      [0, 2],
    ]);
  });

  test('takes one cotangent for each result, also where two results are one tensor or an input', () => {
    const several = (x: Tensor): Tensor[] => {
      const y = x.mul(2);
      return [y, y, x, x.mul(x)];
    };
    const [, pull] = vjp(several, vector(3));
    expect(listOf(pull(vector(1), vector(10), vector(100), vector(1000)))).toEqual([[2 + 20 + 100 + 6000]]);
  });

  test('gives zeros for what the value does not depend on', () => {
    const [, pull] = vjp((a: Tensor, _b: Tensor) => a.mul(2), vector(1), vector(1, 2));
    expect(listOf(pull(vector(1)))).toEqual([[2], [0, 0]]);
    const [, pullConstant] = vjp((_x: Tensor) => vector(7), vector(1));
    expect(listOf(pullConstant(vector(1)))).toEqual([[0]]);
  });

  test('works inside noGrad, and does not record outside of itself', () => {
    const [y, pull] = noGrad(() => vjp((x: Tensor) => x.mul(x), vector(3)));
    expect([y.toArray(), listOf(pull(vector(1)))]).toEqual([[9], [[6]]]);
  });

  test('checks cotangents', () => {
    const [, pull] = vjp((x: Tensor) => x.mul(2), vector(1, 2));
    for (const wrong of [[], [vector(1)], [tensor([1, 2])], [vector(1, 2), vector(1, 2)]]) {
      expect(() => pull(...wrong)).toThrow(/cotangents do not fit(.|\n)*\[2\] float64/);
    }
  });
});

describe('jvp', () => {
  test('gives the value, and how it moves', () => {
    const [y, tangent] = jvp(
      (a: Tensor, b: Tensor) => a.mul(b),
      [vector(1, 2), vector(3, 4)],
      [vector(1, 0), vector(0, 1)],
    );
    expect(listOf([y, tangent])).toEqual([
      [3, 8],
      [3, 2],
    ]);
  });

  test('gives a tangent for each result, zeros for constants', () => {
    const [, tangents] = jvp((x: Tensor) => [x, vector(1, 2), x.mul(x)], [vector(3)], [vector(1)]);
    expect(listOf(tangents)).toEqual([[1], [0, 0], [6]]);
    expect(tangents.map((x) => x.dtype)).toEqual(['float64', 'float64', 'float64']);
  });

  test('checks tangents', () => {
    expect(() => jvp((x: Tensor) => x, [vector(1, 2)], [vector(1)])).toThrow(/tangents do not fit/);
    expect(() => jvp((x: Tensor) => x, [vector(1, 2)], [])).toThrow(/got: {3}none/);
  });
});

describe('both modes', () => {
  test('take no derivatives of whole numbers, nor through them', () => {
    expect(() => vjp((x: Tensor) => x, tensor([1, 2], { dtype: 'int32' }))).toThrow(/dtype int32/);
    const steps = (x: Tensor): Tensor => x.mul(3).to('int32').to('float64').mul(x).sum();
    expect(grad(steps)(vector(1.5, 2.5)).toArray()).toEqual([4, 7]);
    expect(jvp(steps, [vector(1.5, 2.5)], [vector(1, 1)])[1].item()).toBe(11);
  });

  test('say so if what they go through was freed on the way', () => {
    const freeing = (x: Tensor): Tensor => {
      const y = x.mul(x);
      y.sum().backward();
      return y.mul(y).sum();
    };
    expect(() => grad(freeing)(vector(2))).toThrow(/freed/);
    expect(() => jvp(freeing, [vector(2)], [vector(1)])).toThrow(GradtapeError);
  });

  test('go through a hundred thousand steps', () => {
    const steps = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 100_000; i++) y = y.add(x);
      return y;
    };
    expect(jvp(steps, [vector(1)], [vector(1)])[1].toArray()).toEqual([100_001]);
    expect(vjp(steps, vector(1))[1](vector(1))[0].toArray()).toEqual([100_001]);
  });
});
