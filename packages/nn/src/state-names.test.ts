// The names that PyTorch gives: pytorch-states.json, written by tools/pytorch-table/list_states.py.
import { readFileSync } from 'node:fs';
import { Parameter, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import { Conv2d, Linear, LSTM, Module, ModuleDict, MultiheadAttention, weightNorm } from './index.ts';
import { layerExamples } from './layer-examples.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;
const pytorch: Readonly<Record<'layers' | 'others', Readonly<Record<string, Shapes>>>> = JSON.parse(
  readFileSync(new URL('pytorch-states.json', import.meta.url), 'utf8'),
);

const others: Readonly<Record<string, () => Module>> = {
  'weightNorm(Linear)': () => weightNorm(new Linear(4, 3)),
  'weightNorm(Conv2d)': () => weightNorm(new Conv2d(2, 3, 3, { bias: false }), 'weight', { dim: 1 }),
  MultiheadAttention: () => new MultiheadAttention(4, 2),
  LSTM: () => new LSTM(3, 4, { numLayers: 2, bidirectional: true, projSize: 2 }),
};

function shapesOf(state: Readonly<Record<string, Tensor>>): [name: string, shape: readonly number[]][] {
  return Object.entries(state).map(([name, { shape }]) => [name, shape]);
}

const layers = Object.entries(layerExamples).map(([name, { make }]) => ({
  name,
  make: () => make({ dtype: 'float32' }),
  shapes: pytorch.layers[name],
}));
const made = Object.entries(others).map(([name, make]) => ({ name, make, shapes: pytorch.others[name] }));

describe.each([...layers, ...made])('$name', ({ make, shapes }) => {
  test("has PyTorch's names, in PyTorch's order, with PyTorch's shapes", () => {
    expect(shapes, 'run tools/pytorch-table/list_states.py again').toBeDefined();
    expect(shapesOf(make().stateDict({ names: 'pytorch' }))).toEqual(Object.entries(shapes ?? {}));
  });

  test('takes a state over that it gave under these names', () => {
    const [one, other] = [make(), make()];
    const saved = one.stateDict({ names: 'pytorch' });
    expect(other.loadStateDict(saved, { names: 'pytorch' })).toEqual({ missing: [], unexpected: [] });
    expect(other.stateDict()).toEqual(one.stateDict());
  });
});

class WithUnderscore extends Module {
  fc_1 = new Linear(1, 1);
  byName = new ModuleDict({ first_head: new Linear(1, 2), secondHead: new Linear(1, 3) });

  override forward(): void {}
}

test('a field that is called as in PyTorch is found under its name', () => {
  const saved = new WithUnderscore().stateDict({ names: 'pytorch' });
  const names = ['fc_1', 'by_name.first_head', 'by_name.second_head'];
  expect(Object.keys(saved)).toEqual(names.flatMap((name) => [`${name}.weight`, `${name}.bias`]));
  expect(new WithUnderscore().loadStateDict(saved, { names: 'pytorch' })).toEqual({ missing: [], unexpected: [] });
});

test('what has no place is told under the name that it was given', () => {
  const dict = { weight: zeros([2, 3]), bias: zeros([2]), extra_weight: zeros([]) };
  const layer = new Linear(3, 2);
  expect(layer.loadStateDict(dict, { names: 'pytorch', strict: false })).toEqual({
    missing: [],
    unexpected: ['extra_weight'],
  });
});

test('an error says how names of PyTorch are read', () => {
  const state = new LSTM(1, 1).stateDict({ names: 'pytorch' });
  expect(() => new LSTM(1, 1).loadStateDict(state)).toThrow("{ names: 'pytorch' }");
  expect(() => new LSTM(1, 1).loadStateDict({})).toThrow('{ strict: false }');
});

test('two fields that PyTorch would call the same are refused', () => {
  class Twice extends Module {
    outProj = new Parameter(tensor([1]));
    out_proj = new Parameter(tensor([2]));

    override forward(): void {}
  }
  expect(() => new Twice().stateDict({ names: 'pytorch' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: stateDict: two tensors have the same name among PyTorch's
      got:   outProj and out_proj
      needs: one that PyTorch calls out_proj
      fix:   rename one of the fields]
  `);
  const own = new Twice().stateDict();
  expect(new Twice().loadStateDict(own, { names: 'pytorch' })).toEqual({ missing: [], unexpected: [] });
});
