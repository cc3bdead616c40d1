import { type Tensor, tensor, zeros } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { expect, test } from 'vitest';
import { Linear, LSTM, Module, ReLU, Sequential } from './index.ts';

class Double extends Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

test('hooks see inputs and output, in order; what they return takes the place', () => {
  const module = new Double();
  const seen: unknown[] = [];
  module.registerForwardPreHook((of, [x]) => {
    seen.push(of === module, x.toArray());
    return x.add(1);
  });
  module.registerForwardPreHook((_, [x]) => [x.mul(10)]);
  module.registerForwardHook((of, [x], y) => {
    seen.push(of === module, x.toArray(), y.toArray());
  });
  module.registerForwardHook((_, __, y) => y.neg());
  module.registerForwardHook((_, __, y) => y.sub(1), { prepend: true });
  expect(module.forward(tensor([1, 2])).toArray()).toEqual([-39, -59]);
  expect(seen).toEqual([true, [1, 2], true, [20, 30], [39, 59]]);
});

test('removed, they are gone, and the module is as before', () => {
  const module = new Double();
  const counts = [0, 0];
  const count = (): void => {
    counts[0]++;
  };
  const removals = [
    module.registerForwardHook(count),
    module.registerForwardHook(count),
    module.registerForwardPreHook(count),
  ];
  expect(Object.keys(module)).toEqual([]);
  module.forward(tensor([1]));
  removals[0]();
  removals[0]();
  module.forward(tensor([1]));
  expect(counts[0]).toBe(5);
  for (const remove of removals) remove();
  module.forward(tensor([1]));
  expect(counts[0]).toBe(5);
  expect(Object.hasOwn(module, 'forward')).toBe(false);
  module.registerForwardHook((_, __, y) => y.neg());
  expect(module.forward(tensor([1])).toArray()).toEqual([-2]);
});

test('a hook may remove itself while it runs', () => {
  const module = new Double();
  let calls = 0;
  const remove = module.registerForwardHook(() => {
    calls++;
    remove();
  });
  module.registerForwardHook((_, __, y) => y.add(1));
  expect([module.forward(tensor([1])), module.forward(tensor([1]))].map((y) => y.toArray())).toEqual([[3], [3]]);
  expect(calls).toBe(1);
});

test('a forward in a field stays', () => {
  class Arrow extends Module {
    forward = (x: Tensor): Tensor => x.add(1);
  }
  const module = new Arrow();
  const { forward } = module;
  const remove = module.registerForwardHook((_, __, y) => y.mul(3));
  expect(module.forward(tensor([1])).toArray()).toEqual([6]);
  remove();
  expect(module.forward).toBe(forward);
});

test('within a model, of layers, and of what gives several tensors', () => {
  const model = new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2));
  const shapes: unknown[] = [];
  for (const layer of model) {
    layer.registerForwardHook((_, __, y: Tensor) => {
      shapes.push(y.shape);
    });
  }
  model.forward(zeros([5, 3]));
  expect(shapes).toEqual([
    [5, 4],
    [5, 4],
    [5, 2],
  ]);
  const lstm = new LSTM(3, 2);
  lstm.registerForwardHook((_, __, [output, state]) => [output.mul(0), state]);
  const [output] = lstm.forward(zeros([4, 1, 3]));
  expect(output.abs().sum().item()).toBe(0);
});

test('a hook on the output sees the backward pass; gradients of what a hook puts in pass', () => {
  const module = new Double();
  const cotangents: unknown[] = [];
  module.registerForwardPreHook((_, [x]) => x.mul(3));
  module.registerForwardHook((_, __, y) => {
    y.registerHook((cotangent) => {
      cotangents.push(cotangent.toArray());
    });
  });
  const x = tensor([1, 2], { requiresGrad: true });
  module
    .forward(x)
    .mul(tensor([5, 7]))
    .sum()
    .backward();
  expect(cotangents).toEqual([[5, 7]]);
  expect(x.grad?.toArray()).toEqual([30, 42]);
});

test('a compiled function does what hooks have changed', () => {
  const module = new Double();
  let calls = 0;
  module.registerForwardHook((_, __, y) => {
    calls++;
    return y.add(1);
  });
  const compiled = compile((x: Tensor) => module.forward(x));
  for (const n of [1, 2, 3]) expect(compiled(tensor([n])).toArray()).toEqual([2 * n + 1]);
  expect(calls).toBe(1);
  expect(compiled.statistics.runs).toBe(2);
});
