import { expect, test } from 'vitest';
import { GradtapeError, noGrad, Parameter, registerHook, type Tensor, tensor, zeros } from '../index.ts';

test('a tape keeps the tensor that a parameter held when it was written', () => {
  const weight = new Parameter(tensor([2, 3]));
  const loss = weight.mul(weight).sum();
  weight.assign(tensor([5, 7]));
  loss.backward();
  expect(weight.grad?.toArray()).toEqual([4, 6]);
  expect(weight.toArray()).toEqual([5, 7]);
});

test('only a tensor of the same shape and dtype can be assigned', () => {
  const weight = new Parameter(tensor([2, 3]));
  for (const other of [zeros([3]), zeros([1, 2]), zeros([2], { dtype: 'float64' })]) {
    expect(() => weight.assign(other)).toThrow(GradtapeError);
  }
  expect(weight.toArray()).toEqual([2, 3]);
});

test('convert changes the dtype, keeps entries and hooks, and forgets the gradient', () => {
  const weight = new Parameter(
    tensor([
      [0.5, 2],
      [3, -0],
    ]).t(),
  );
  const seen: Tensor[] = [];
  registerHook(weight, (cotangent) => {
    seen.push(cotangent);
  });
  weight.sum().backward();
  weight.convert('float64');
  expect([weight.dtype, weight.value.dtype, weight.grad]).toEqual(['float64', 'float64', null]);
  expect(weight.toArray()).toEqual([
    [0.5, 3],
    [2, -0],
  ]);
  weight.mul(2).sum().backward();
  expect(weight.grad?.dtype).toBe('float64');
  expect(seen.map(({ dtype }) => dtype)).toEqual(['float32', 'float64']);
  weight.assign(noGrad(() => weight.add(1)));
  expect(weight.toArray()).toEqual([
    [1.5, 4],
    [3, 1],
  ]);
});
