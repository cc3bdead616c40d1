import { expect, test } from 'vitest';
import { customGrad, grad, Parameter, type Tensor, tensor, vjp } from '../index.ts';

test('a derivative rule that takes derivatives itself does not add to the pass that it is part of', () => {
  const cubeBy = (x: Tensor): Tensor => x.mul(x).mul(x);
  const cube = customGrad({
    name: 'cube',
    forward: (x) => cubeBy(x),
    backward: (cotangent, [x]) => vjp(cubeBy, x)[1](cotangent),
  });
  const x = new Parameter(tensor([1, 2, -3]));
  cube(x).sum().backward();
  expect(x.grad?.toArray()).toEqual([3, 12, 27]);
  const second = grad((y: Tensor) => grad((z: Tensor) => cube(z).sum())(y).sum());
  expect(second(tensor([1, 2, -3])).toArray()).toEqual([6, 12, -18]);
});
