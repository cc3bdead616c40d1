import { describe, expect, test } from 'vitest';
import { Parameter, registerHook, retainGrad, type Tensor, tensor } from '../index.ts';

const leaf = (...entries: number[]): Tensor => tensor(entries, { requiresGrad: true });
const gradient = (x: Tensor): unknown => x.grad?.toArray();

describe('hooks', () => {
  test('see the whole cotangent of a tensor once, after all ways to the result', () => {
    const x = leaf(1, 2);
    const y = x.mul(2);
    const seen: unknown[] = [];
    registerHook(y, (cotangent) => {
      seen.push(cotangent.toArray());
    });
    y.mul(3).add(y.mul(4)).sum().backward();
    expect(seen).toEqual([[7, 7]]);
    expect(gradient(x)).toEqual([14, 14]);
  });

  test('run in the order of the tape backwards, and of one tensor in the order they came', () => {
    const x = leaf(1);
    const y = x.mul(2);
    const order: string[] = [];
    registerHook(x, () => void order.push('x'));
    registerHook(y, () => void order.push('y, first'));
    registerHook(y, () => void order.push('y, second'));
    y.sum().backward();
    expect(order).toEqual(['y, first', 'y, second', 'x']);
  });

  test('may replace the cotangent, for the hooks after them and for all that follows', () => {
    const x = leaf(1);
    const y = x.mul(2);
    const seen: unknown[] = [];
    registerHook(y, (cotangent) => cotangent.mul(10));
    registerHook(y, (cotangent) => void seen.push(cotangent.toArray()));
    y.sum().backward();
    expect(seen).toEqual([[10]]);
    expect(gradient(x)).toEqual([20]);
  });

  test('must give a cotangent of the same shape and dtype', () => {
    const x = leaf(1, 2);
    registerHook(x, () => tensor([1]));
    expect(() => x.mul(2).sum().backward()).toThrow(/hook(.|\n)*\[1\](.|\n)*\[2\]/);
    expect(x.grad).toBeNull();
  });

  test('can be removed, also by themselves while they run', () => {
    const x = leaf(1);
    const seen: string[] = [];
    const removeFirst = registerHook(x, () => {
      seen.push('first');
      removeFirst();
    });
    const removeSecond = registerHook(x, () => void seen.push('second'));
    x.mul(2).sum().backward();
    x.mul(2).sum().backward();
    removeSecond();
    removeSecond();
    x.mul(2).sum().backward();
    expect(seen).toEqual(['first', 'second', 'second']);
    expect(gradient(x)).toEqual([6]);
  });

  test('stay on a parameter that is assigned', () => {
    const w = new Parameter(tensor([1]));
    registerHook(w, (cotangent) => cotangent.mul(100));
    w.assign(tensor([2]));
    w.mul(w).sum().backward();
    expect(gradient(w)).toEqual([400]);
  });

  test('do not see what no derivative passes through', () => {
    expect(() => registerHook(tensor([1]), () => undefined)).toThrow(/requiresGrad/);
    const x = leaf(1);
    const beside = x.mul(2);
    let calls = 0;
    registerHook(beside, () => void calls++);
    x.mul(3).sum().backward();
    expect(calls).toBe(0);
  });
});

describe('retainGrad', () => {
  test('leaves the cotangent on a tensor that is no leaf', () => {
    const x = leaf(1, 2);
    const y = x.mul(2);
    retainGrad(y);
    y.mul(y).sum().backward();
    expect(gradient(y)).toEqual([4, 8]);
    expect(gradient(x)).toEqual([8, 16]);
  });

  test('changes nothing for a leaf', () => {
    const x = leaf(1);
    retainGrad(x);
    x.mul(2).sum().backward();
    x.mul(2).sum().backward();
    expect(gradient(x)).toEqual([4]);
  });
});
