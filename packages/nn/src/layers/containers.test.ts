import { Generator, GradtapeError, Parameter, randn, relu, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, it } from 'vitest';
import { expectGradients } from '../expect-gradients.ts';
import { Module } from '../module.ts';
import { ReLU } from './activations.ts';
import { Flatten } from './flatten.ts';
import { Identity } from './identity.ts';
import { Linear } from './linear.ts';
import { ModuleDict } from './module-dict.ts';
import { ModuleList } from './module-list.ts';
import { ParameterDict } from './parameter-dict.ts';
import { ParameterList } from './parameter-list.ts';
import { Sequential } from './sequential.ts';

const x = randn([2, 3], { dtype: 'float64', generator: new Generator(0) });

describe('Sequential', () => {
  it('runs its modules one after the other', () => {
    const net = new Sequential(
      new Linear(3, 4, { dtype: 'float64' }),
      new ReLU(),
      new Linear(4, 2, { dtype: 'float64' }),
    );
    const [first, , last] = net;
    expect(net.forward(x).toArray()).toEqual(last.forward(relu(first.forward(x))).toArray());
    expect(net.length).toBe(3);
    expect(net[2]).toBe(last);
    expectGradients(net, [x]);
  });

  it('may hold one module twice, and none at all', () => {
    const square = new Linear(3, 3, { dtype: 'float64' });
    const net = new Sequential(square, square);
    expect(net.length).toBe(2);
    expect(net.forward(x).toArray()).toEqual(square.forward(square.forward(x)).toArray());
    expect(net.parameters()).toEqual(square.parameters());
    expectGradients(net, [x]);
    expect(new Sequential().forward(x)).toBe(x);
  });
});

describe('ModuleList', () => {
  class Deep extends Module {
    blocks = new ModuleList([new Linear(3, 3, { dtype: 'float64' })]).append(new Linear(3, 3, { dtype: 'float64' }));

    forward(input: Tensor): Tensor {
      let output = input;
      for (const block of this.blocks) output = block.forward(output);
      return output;
    }
  }

  it('is a list that modules find', () => {
    const model = new Deep();
    expect(model.blocks.length).toBe(2);
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      'blocks.0.weight',
      'blocks.0.bias',
      'blocks.1.weight',
      'blocks.1.bias',
    ]);
    expectGradients(model, [x]);
    const other: Linear = new Linear(3, 3);
    model.blocks[0] = other;
    expect(model.parameters()).toContain(other.weight);
  });

  it('computes nothing itself', () => {
    expect(() => new ModuleList().forward()).toThrow(GradtapeError);
  });
});

describe('ModuleDict', () => {
  it('is a dictionary that modules find', () => {
    const heads = { mean: new Linear(3, 1), spread: new Sequential(new Linear(3, 2)) };
    const dict = new ModuleDict(heads);
    expect(dict.get('mean')).toBe(heads.mean);
    expect(dict.entries()).toEqual(Object.entries(heads));
    expect(dict.namedParameters().map(([name]) => name)).toEqual([
      'mean.weight',
      'mean.bias',
      'spread.0.weight',
      'spread.0.bias',
    ]);
    expect(() => dict.get('median' as 'mean')).toThrow(/'mean', 'spread'/);
    expect(() => dict.forward()).toThrow(GradtapeError);
  });

  it('refuses names that modules use', () => {
    expect(
      () => new ModuleDict({ train: new Linear(1, 1), good: new Linear(1, 1), training: new Linear(1, 1) }),
    ).toThrow(/train, training/);
  });
});

describe('ParameterList and ParameterDict', () => {
  const parameters = [1, 2].map((entry) => new Parameter(tensor([entry])));

  it('are found by modules, under their numbers and names', () => {
    const list = new ParameterList(parameters).append(new Parameter(tensor([3])));
    const dict = new ParameterDict({ slope: parameters[0], height: parameters[1] });
    expect(list.length).toBe(3);
    expect([...list].map((parameter) => parameter.item())).toEqual([1, 2, 3]);
    expect(list.namedParameters().map(([name]) => name)).toEqual(['0', '1', '2']);
    expect(dict.namedParameters()).toEqual([
      ['slope', parameters[0]],
      ['height', parameters[1]],
    ]);
    expect(dict.get('height')).toBe(parameters[1]);
    expect(dict.entries()).toEqual(dict.namedParameters());
  });

  it('compute nothing themselves, and refuse names that modules use', () => {
    expect(() => new ParameterList().forward()).toThrow(/a ParameterList computes nothing/);
    expect(() => new ParameterDict({}).forward()).toThrow(/a ParameterDict computes nothing/);
    expect(() => new ParameterDict({ eval: parameters[0] })).toThrow(/ParameterDict: a name is taken/);
  });
});

describe('Flatten and Identity', () => {
  it('flatten the dims named', () => {
    const image = zeros([2, 3, 4, 5]);
    expect(new Flatten().forward(image).shape).toEqual([2, 60]);
    expect(new Flatten(0).forward(image).shape).toEqual([120]);
    expect(new Flatten(1, 2).forward(image).shape).toEqual([2, 12, 5]);
    expect(String(new Sequential(new Flatten(), new Flatten(0, -2)))).toBe(
      'Sequential(\n  (0): Flatten()\n  (1): Flatten(0, -2)\n)',
    );
    expectGradients(new Flatten(0), [x]);
  });

  it('give what they get', () => {
    expect(new Identity().forward(x)).toBe(x);
  });
});
