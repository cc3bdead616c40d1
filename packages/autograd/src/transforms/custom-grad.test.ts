import { describe, expect, test } from 'vitest';
import { customGrad, grad, hessian, hvp, jvp, type Tensor, tensor, vjp } from '../index.ts';

const number = (value: number): Tensor => tensor(value, { dtype: 'float64' });

/** `x² y`, with derivatives by hand. */
const product = customGrad({
  name: 'product',
  forward: (x, y) => x.mul(x).mul(y),
  backward: (g, [x, y]) => [g.mul(x).mul(y).mul(2), g.mul(x).mul(x)],
});

describe('a derivative by hand', () => {
  test('is what reverse mode takes, whatever the value is', () => {
    const straightThrough = customGrad({ name: 'round', forward: (x) => x.round(), backward: (g) => [g] });
    const x = tensor([0.4, 1.6], { requiresGrad: true });
    const y = straightThrough(x);
    y.sum().backward();
    expect(y.toArray()).toEqual([0, 2]);
    expect(x.grad?.toArray()).toEqual([1, 1]);
  });

  test('serves forward mode: it is transposed', () => {
    const [value, tangent] = jvp(product, [number(3), number(2)], [number(1), number(10)]);
    expect([value.item(), tangent.item()]).toEqual([18, 12 + 90]);
  });

  test('serves forward mode for shapes that differ', () => {
    const total = customGrad({
      name: 'total',
      forward: (x) => x.sum(),
      backward: (g, [x]) => [g.expand(x.shape)],
    });
    const x = tensor([1, 2, 3]);
    expect(jvp(total, [x], [tensor([1, 10, 100])])[1].item()).toBe(111);
  });

  test('is differentiated again, in every mix of modes', () => {
    const f = (x: Tensor, y: Tensor): Tensor => product(x, y);
    const [[xx, xy], [yx, yy]] = hessian(f)(number(3), number(2));
    expect([xx, xy, yx, yy].map((x) => x.item())).toEqual([4, 6, 6, 0]);
    expect(hvp(f, [number(3), number(2)], [number(1), number(0)]).map((x) => x.item())).toEqual([4, 6]);
    const along = (x: Tensor) => jvp(f, [x, number(2)], [number(1), number(0)])[1];
    expect(grad(along)(number(3)).item()).toBe(4);
    expect(jvp(along, [number(3)], [number(1)])[1].item()).toBe(4);
  });

  test('may leave an input without a derivative', () => {
    const scaled = customGrad({
      name: 'scaled',
      forward: (x, by) => x.mul(by),
      backward: (g, [, by]) => [g.mul(by), undefined],
    });
    const [, pull] = vjp(scaled, number(3), number(5));
    expect(pull(number(1)).map((x) => x.item())).toEqual([5, 0]);
    expect(jvp(scaled, [number(3), number(5)], [number(1), number(1)])[1].item()).toBe(5);
  });

  test('is not recorded inside: its value is what forward gives, and no more', () => {
    const same = customGrad({ name: 'same', forward: (x) => x, backward: (g) => [g.mul(7)] });
    const x = tensor([1, 2], { requiresGrad: true });
    same(x).sum().backward();
    expect(x.grad?.toArray()).toEqual([7, 7]);
  });

  test('must give a cotangent for each input, each of its shape', () => {
    const few = customGrad({ name: 'few', forward: (x, y) => x.add(y), backward: (g) => [g] });
    expect(() => vjp(few, number(1), number(2))[1](number(1))).toThrow(/few(.|\n)*1\n(.|\n)*2, one for each/);
    const flat = customGrad({ name: 'flat', forward: (x) => x.sum(), backward: (g) => [g] });
    expect(() => grad((x: Tensor) => flat(x))(tensor([1, 2]))).toThrow(/flat(.|\n)*\[\](.|\n)*\[2\]/);
  });
});
