import { inspect } from 'node:util';
import { GradtapeError, ones, Parameter, relu, type Tensor, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Buffer } from './buffer.ts';
import * as init from './init.ts';
import { Linear } from './layers/linear.ts';
import { ModuleDict } from './layers/module-dict.ts';
import { ModuleList } from './layers/module-list.ts';
import { Sequential } from './layers/sequential.ts';
import { Module } from './module.ts';

class MLP extends Module {
  fc1 = new Linear(28 * 28, 256);
  fc2 = new Linear(256, 128);
  fc3 = new Linear(128, 10);

  constructor() {
    super();
    init.kaimingNormal(this.fc1.weight, { nonlinearity: 'relu' });
    init.kaimingNormal(this.fc2.weight, { nonlinearity: 'relu' });
    init.xavierNormal(this.fc3.weight);
  }

  forward(x: Tensor): Tensor {
    x = x.reshape([x.shape[0], -1]);
    x = relu(this.fc1.forward(x));
    x = relu(this.fc2.forward(x));
    return this.fc3.forward(x);
  }
}

/** Everything that a field can hold. */
class Everything extends Module {
  bias = new Parameter(ones([2]));
  child = new Linear(2, 2, { bias: false });
  steps = new Buffer(zeros([]));
  rows = [new Parameter(ones([1])), new Parameter(ones([3]))];
  blocks = [[new Linear(1, 1, { bias: false })], { deep: new Linear(2, 1, { bias: false }) }];
  list = new ModuleList([new Linear(1, 2, { bias: false })]);
  dict = new ModuleDict({ left: new Linear(1, 3, { bias: false }) });
  sequence = new Sequential(new Linear(2, 2, { bias: false }), new Sequential(new Linear(2, 4, { bias: false })));
  again: Module = this.child;
  tied: Parameter = this.child.weight;
  backReference: Module = this;
  notOurs = { tensor: ones([5]), text: 'a', nothing: null, missing: undefined, number: 1 };

  constructor() {
    super();
    Object.assign(this.notOurs, { loop: this.notOurs });
  }

  forward(x: Tensor): Tensor {
    return this.child.forward(x).add(this.bias);
  }
}

/** Modules, parameters and buffers, nested at random. */
const models: fc.Arbitrary<Module> = fc.letrec<{ module: Module; value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(fc.nat(3), { maxLength: 3 }).map((shape) => new Parameter(zeros(shape))),
    fc.array(fc.nat(3), { maxLength: 3 }).map((shape) => new Buffer(zeros(shape, { dtype: 'int32' }))),
    tie('module'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  module: fc.dictionary(fc.stringMatching(/^[a-e]$/), tie('value'), { maxKeys: 4 }).map((fields) =>
    Object.assign(
      new (class Random extends Module {
        forward(): void {}
      })(),
      fields,
    ),
  ),
})).module;

describe('Module', () => {
  it('lets a program of PyTorch be written line by line', () => {
    const model = new MLP();
    const logits = model.forward(zeros([3, 1, 28, 28]));
    expect(logits.shape).toEqual([3, 10]);
    logits.sum().backward();
    for (const parameter of model.parameters()) expect(parameter.grad?.shape).toEqual(parameter.shape);
    model.zeroGrad();
    for (const parameter of model.parameters()) expect(parameter.grad).toBeNull();
  });

  it('finds parameters in fields, arrays, objects and modules, each once, its own before those of its children', () => {
    const model = new Everything();
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      'bias',
      'rows.0',
      'rows.1',
      'tied',
      'blocks.0.0.weight',
      'blocks.1.deep.weight',
      'list.0.weight',
      'dict.left.weight',
      'sequence.0.weight',
      'sequence.1.0.weight',
    ]);
    expect(model.parameters()).toEqual(model.namedParameters().map(([, parameter]) => parameter));
    expect(model.parameters().at(3)).toBe(model.child.weight);
    expect(model.namedBuffers()).toEqual([['steps', model.steps]]);
  });

  it('finds modules, each once, before what they hold, though one refers back', () => {
    const model = new Everything();
    expect(model.namedModules().map(([name]) => name)).toEqual([
      '',
      'child',
      'blocks.0.0',
      'blocks.1.deep',
      'list',
      'list.0',
      'dict',
      'dict.left',
      'sequence',
      'sequence.0',
      'sequence.1',
      'sequence.1.0',
    ]);
    expect(model.modules()[0]).toBe(model);
    expect(model.children()).toContain(model.list);
    expect(model.children()).not.toContain(model.list[0]);
  });

  it('sets the mode of all modules', () => {
    const model = new Everything();
    expect(model.modules().every((module) => module.training)).toBe(true);
    expect(model.eval()).toBe(model);
    expect(model.modules().some((module) => module.training)).toBe(false);
    model.sequence.train();
    expect(model.modules().filter((module) => module.training)).toEqual(model.sequence.modules());
    expect(model.train(false).sequence.training).toBe(false);
  });

  it('freezes a part of itself: the rest goes on training', () => {
    const model = new Sequential(new Linear(3, 4), new Linear(4, 2));
    model[0].requiresGrad(false);
    expect(model.parameters().map(({ requiresGrad }) => requiresGrad)).toEqual([false, false, true, true]);
    model
      .forward(ones([5, 3]))
      .sum()
      .backward();
    expect(model.parameters().map(({ grad }) => grad === null)).toEqual([true, true, false, false]);
    expect(model.requiresGrad()).toBe(model);
    expect(model.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
    expect(model.requiresGrad(false).forward(ones([1, 3])).requiresGrad).toBe(false);
  });

  it('converts what is of floating dtype, also where layers have no option for it', () => {
    class WithCounter extends MLP {
      count = new Buffer(zeros([], { dtype: 'int32' }));
      mean = new Buffer(ones([2]));
    }
    const model = new WithCounter();
    const before = model.fc3.weight.toArray();
    model
      .forward(zeros([1, 784]))
      .sum()
      .backward();
    expect(model.to('float64')).toBe(model);
    expect(new Set(model.parameters().map((parameter) => parameter.dtype))).toEqual(new Set(['float64']));
    expect(model.parameters().every((parameter) => parameter.grad === null)).toBe(true);
    expect([model.count.value.dtype, model.mean.value.dtype]).toEqual(['int32', 'float64']);
    expect(model.fc3.weight.toArray()).toEqual(before);
    model
      .forward(zeros([1, 784], { dtype: 'float64' }))
      .sum()
      .backward();
    expect(model.fc1.bias.grad?.dtype).toBe('float64');
    expect(model.to('float32').fc3.weight.toArray()).toEqual(before);
  });

  it('applies a function to every module once', () => {
    const model = new Everything();
    const seen: Module[] = [];
    expect(model.apply((module) => seen.push(module))).toBe(model);
    expect(seen).toEqual(model.modules());
  });
});

describe('stateDict and loadStateDict', () => {
  it('give PyTorch names, and a snapshot that later steps do not change', () => {
    const model = new Sequential(new Linear(2, 3), new Linear(3, 1, { bias: false }));
    const state = model.stateDict();
    expect(Object.keys(state)).toEqual(['0.weight', '0.bias', '1.weight']);
    const before = state['0.weight'].toArray();
    init.zeros(model[0].weight);
    expect(state['0.weight'].toArray()).toEqual(before);
    expect(state['0.weight'].requiresGrad).toBe(false);
  });

  it('restore what was saved, whatever the model', () => {
    fc.assert(
      fc.property(models, (model) => {
        const saved = model.stateDict();
        const changed = Object.fromEntries(Object.entries(saved).map(([name, value]) => [name, value.add(1)]));
        expect(model.loadStateDict(changed)).toEqual({ missing: [], unexpected: [] });
        for (const [name, value] of Object.entries(model.stateDict())) {
          expect(value.toArray()).toEqual(changed[name].toArray());
        }
        model.loadStateDict(saved);
        for (const [name, value] of Object.entries(model.stateDict())) {
          expect(value.toArray()).toEqual(saved[name].toArray());
        }
      }),
    );
  });

  it('tell everything that does not fit in one error, and change nothing', () => {
    const model = new MLP();
    const before = model.stateDict();
    const changed = Object.entries(before).map(([name, value]) => [name, value.add(1)]);
    const { 'fc1.bias': _, ...rest } = Object.fromEntries(changed);
    const wrong = {
      ...rest,
      'fc1.weight': zeros([256, 785]),
      'fc2.weight': zeros([128, 256], { dtype: 'float64' }),
      'fc3.bias': [1, 2] as unknown as Tensor,
      'fc4.weight': zeros([2, 10]),
    };
    const load = (): unknown => model.loadStateDict(wrong);
    expect(load).toThrow(GradtapeError);
    expect(load).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: loadStateDict: the entries are not those of MLP; nothing was changed
        got:   fc1.bias: missing, must be [256] float32
               fc4.weight: unexpected, [2, 10] float32
               fc1.weight: [256, 785] float32, must be [256, 784] float32
               fc2.weight: [128, 256] float64, must be [128, 256] float32
               fc3.bias: not a tensor but object, must be [10] float32
        needs: a tensor of the right shape and dtype for every parameter and buffer, and nothing else
        fix:   build the module with the sizes of the saved one; { strict: false } skips names that do not match]
    `);
    expect(Object.values(model.stateDict()).map((x) => x.toArray())).toEqual(
      Object.values(before).map((x) => x.toArray()),
    );
  });

  it('skip names that do not match with strict: false, but no wrong shapes', () => {
    const model = new Linear(2, 2);
    const names = model.loadStateDict({ weight: ones([2, 2]), other: ones([1]) }, { strict: false });
    expect(names).toEqual({ missing: ['bias'], unexpected: ['other'] });
    expect(model.weight.toArray()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const wrong = { weight: ones([2]), bias: ones([2]) };
    expect(() => model.loadStateDict(wrong, { strict: false })).toThrow(/weight: \[2\] float32/);
    expect(model.bias.toArray()).not.toEqual([1, 1]);
  });
});

describe('printing', () => {
  it('shows modules nested, with shapes and counts', () => {
    expect(`\n${new MLP()}`).toMatchInlineSnapshot(`
      "
      MLP(
        (fc1): Linear(784, 256) # 200,960 parameters: weight [256, 784], bias [256]
        (fc2): Linear(256, 128) # 32,896 parameters: weight [128, 256], bias [128]
        (fc3): Linear(128, 10) # 1,290 parameters: weight [10, 128], bias [10]
      ) # 235,146 parameters"
    `);
    expect(`\n${new Everything()}`).toMatchInlineSnapshot(`
      "
      Everything(
        (child): Linear(2, 2, { bias: false }) # 4 parameters: weight [2, 2]
        (blocks.0.0): Linear(1, 1, { bias: false }) # 1 parameter: weight [1, 1]
        (blocks.1.deep): Linear(2, 1, { bias: false }) # 2 parameters: weight [1, 2]
        (list): ModuleList(
          (0): Linear(1, 2, { bias: false }) # 2 parameters: weight [2, 1]
        ) # 2 parameters
        (dict): ModuleDict(
          (left): Linear(1, 3, { bias: false }) # 3 parameters: weight [3, 1]
        ) # 3 parameters
        (sequence): Sequential(
          (0): Linear(2, 2, { bias: false }) # 4 parameters: weight [2, 2]
          (1): Sequential(
            (0): Linear(2, 4, { bias: false }) # 8 parameters: weight [4, 2]
          ) # 8 parameters
        ) # 12 parameters
        (again): Linear(2, 2, { bias: false }) # 4 parameters: weight [2, 2]
      ) # 30 parameters: bias [2], rows.0 [1], rows.1 [3], tied [2, 2]; buffers: steps []"
    `);
  });

  it('is what console.log shows', () => {
    expect(inspect(new MLP())).toBe(new MLP().toString());
  });
});

describe('Buffer', () => {
  it('holds a constant, of one shape and dtype', () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const buffer = new Buffer(x.mul(2));
    expect(buffer.value.requiresGrad).toBe(false);
    buffer.assign(x.mul(3));
    expect(buffer.value.toArray()).toEqual([3, 6]);
    expect(buffer.value.requiresGrad).toBe(false);
    for (const other of [zeros([3]), zeros([1, 2]), zeros([]), zeros([2], { dtype: 'float64' })]) {
      expect(() => buffer.assign(other)).toThrow(GradtapeError);
    }
    expect(buffer.value.toArray()).toEqual([3, 6]);
  });
});
