import { expect, test } from 'vitest';
import { compile } from '../compile/index.ts';
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

test('a frozen parameter is a constant: nothing is collected, and what depends on it alone is on no tape', () => {
  const weight = new Parameter(tensor([2, 3]));
  const other = new Parameter(tensor([5, 7]));
  weight.sum().backward();
  weight.requiresGrad = false;
  expect(weight.requiresGrad).toBe(false);
  weight.mul(other).sum().backward();
  expect(other.grad?.toArray()).toEqual([2, 3]);
  expect(weight.grad?.toArray()).toEqual([1, 1]);
  expect(weight.mul(2).requiresGrad).toBe(false);
  weight.assign(tensor([1, 4]));
  weight.convert('float64');
  expect(weight.mul(2).requiresGrad).toBe(false);
  weight.requiresGrad = true;
  expect(weight.toArray()).toEqual([1, 4]);
  weight.mul(weight).sum().backward();
  expect(weight.grad?.toArray()).toEqual([2, 8]);
  expect(new Parameter(tensor([1]), { requiresGrad: false }).mul(2).requiresGrad).toBe(false);
});

test('freezing keeps what a tape knows, and hooks', () => {
  const weight = new Parameter(tensor([2, 3]));
  const seen: unknown[] = [];
  registerHook(weight, (cotangent) => {
    seen.push(cotangent.toArray());
  });
  const loss = weight.mul(weight).sum();
  weight.requiresGrad = false;
  loss.backward();
  expect(weight.grad?.toArray()).toEqual([4, 6]);
  weight.requiresGrad = true;
  weight.sum().backward();
  expect(seen).toEqual([
    [4, 6],
    [1, 1],
  ]);
});

test('a compiled step notices when a parameter is frozen or freed', () => {
  const weight = new Parameter(tensor([2, 3]));
  const other = new Parameter(tensor([1, 1]));
  const step = compile((x: Tensor) => {
    weight.grad = null;
    other.grad = null;
    weight.mul(other).mul(x).sum().backward();
    return weight.sum();
  });
  const gradients = (): unknown[] => {
    step(tensor([1, 2]));
    return [weight.grad?.toArray(), other.grad?.toArray()];
  };
  const both = [
    [1, 2],
    [2, 6],
  ];
  for (let time = 0; time < 3; time++) expect(gradients()).toEqual(both);
  weight.requiresGrad = false;
  for (let time = 0; time < 3; time++) expect(gradients()).toEqual([undefined, [2, 6]]);
  weight.requiresGrad = true;
  for (let time = 0; time < 3; time++) expect(gradients()).toEqual(both);
  expect(step.statistics.programs).toBe(2);
  const freezing = compile((x: Tensor) => {
    weight.requiresGrad = false;
    return x.mul(weight);
  });
  expect(() => freezing(tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: requiresGrad: a parameter is frozen, or freed, in a compiled function
      got:   a change while its program is made
      needs: parameters that stay as they are during a run
      fix:   set it before the call: the next call then makes another program]
  `);
});

test('a parameter of whole numbers is refused', () => {
  expect(() => new Parameter(tensor([1], { dtype: 'int32' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Parameter: no derivatives for dtype int32
      got:   a tensor of dtype int32
      needs: float32 or float64
      fix:   convert it first: x.to('float32')]
  `);
});
