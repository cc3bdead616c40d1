// States that PyTorch's optimizers gave: pytorch-states.json, written by tools/pytorch-table/list_optimizer_states.py.
import { readFileSync } from 'node:fs';
import { type DType, fromPyTorchName, type Nested, Parameter, type Tensor, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { describe, expect, test } from 'vitest';
import * as optim from './index.ts';
import type { PyTorchGroup, PyTorchOptimizerState } from './pytorch-state.ts';
import type { AnyOptimizer } from './test-optimizers.ts';

interface Written {
  readonly dtype: DType;
  readonly values: Nested;
}

interface Case {
  readonly optimizer: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly before: readonly Nested[];
  readonly saved: {
    readonly state: Readonly<Record<number, Readonly<Record<string, Written | null>>>>;
    readonly param_groups: readonly PyTorchGroup[];
  };
  readonly after: readonly Nested[];
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL('pytorch-states.json', import.meta.url), 'utf8'),
);

function stateOf({ saved }: Case): PyTorchOptimizerState {
  const entries = (state: Readonly<Record<string, Written | null>>): Record<string, Tensor | null> =>
    Object.fromEntries(
      Object.entries(state).map(([name, x]) => [name, x && tensor(x.values, { dtype: x.dtype })] as const),
    );
  return {
    state: Object.fromEntries(Object.entries(saved.state).map(([place, state]) => [place, entries(state)])),
    param_groups: saved.param_groups,
  };
}

function make({ optimizer, settings }: Case, values: readonly Nested[]) {
  const parameters = values.map((value) => new Parameter(tensor(value, { dtype: 'float64' })));
  const options = Object.fromEntries(Object.entries(settings).map(([name, value]) => [fromPyTorchName(name), value]));
  const groups = [{ params: parameters.slice(0, 2) }, { params: parameters.slice(2), lr: 0.03 }];
  const made: AnyOptimizer = Reflect.construct(Reflect.get(optim, optimizer), [groups, options]);
  const step = (): void => {
    made.zeroGrad();
    for (const parameter of parameters) parameter.sub(3).square().sum().backward();
    made.step();
  };
  return { parameters, optimizer: made, step };
}

function expectNear(got: readonly Parameter[], expected: readonly Nested[]): void {
  for (const [k, x] of expected.entries()) {
    const error = got[k]?.value
      .sub(tensor(x, { dtype: 'float64' }))
      .abs()
      .amax()
      .item();
    expect(error).toBeLessThan(1e-14);
  }
}

const start = [[0, 8], 5, [[1]]];

test('every optimizer that PyTorch has, too, is in the table', () => {
  const listed = cases.map(({ optimizer }) => optimizer);
  const exported = Object.entries(optim).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof optim.ParameterwiseOptimizer ? [name] : [],
  );
  expect(exported.filter((name) => !listed.includes(name))).toEqual(['Lion']);
});

describe.each(cases.map((each) => [`${each.optimizer} ${JSON.stringify(each.settings)}`, each] as const))(
  '%s',
  (_, each) => {
    test("goes on where PyTorch's stood", () => {
      const run = make(each, each.before);
      run.optimizer.loadStateDict(stateOf(each), { names: 'pytorch' });
      run.step();
      run.step();
      expectNear(run.parameters, each.after);
    });

    test('compiled, too', () => {
      const run = make(each, each.before);
      run.optimizer.loadStateDict(stateOf(each), { names: 'pytorch' });
      const step = compile(run.step, { engine: 'wasm' });
      step();
      step();
      expect(step.statistics.runs).toBe(1);
      expectNear(run.parameters, each.after);
    });

    test("gives PyTorch's state, tensor by tensor, and its settings", () => {
      const run = make(each, start);
      for (let i = 0; i < 3; i++) run.step();
      const [got, expected] = [run.optimizer.stateDict({ names: 'pytorch' }), stateOf(each)];
      for (const [place, entries] of Object.entries(expected.state)) {
        const own = got.state[Number(place)];
        for (const [name, x] of Object.entries(entries)) {
          const y = own?.[name] as Tensor;
          if (x === null) expect(y).toBeUndefined();
          else expect([y.shape, y.dtype], name).toEqual([(x as Tensor).shape, (x as Tensor).dtype]);
          if (x !== null) expect(y.sub(x).abs().amax().item(), name).toBeLessThan(1e-12);
        }
        expect(Object.keys(own ?? {}).filter((name) => !(name in entries))).toEqual([]);
      }
      for (const [g, group] of got.param_groups.entries()) {
        // An option of ours alone.
        const { rate_in_velocity: _, ...shared } = group;
        expect(expected.param_groups[g]).toMatchObject(shared);
      }
    });

    test('knows its own state again under these names', () => {
      const run = make(each, start);
      for (let i = 0; i < 3; i++) run.step();
      const other = make(
        each,
        run.parameters.map((parameter) => parameter.toArray()),
      );
      other.optimizer.loadStateDict(run.optimizer.stateDict({ names: 'pytorch' }), { names: 'pytorch' });
      for (const { step } of [run, other]) step();
      expect(other.parameters.map((x) => x.toArray())).toEqual(run.parameters.map((x) => x.toArray()));
    });
  },
);

test('a state under other names is refused', () => {
  const { optimizer } = make(cases[0] as Case, start);
  const [own, theirs] = [optimizer.stateDict(), optimizer.stateDict({ names: 'pytorch' })];
  expect(() => optimizer.loadStateDict(theirs as never)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: loadStateDict: the state has not the form that its names say
      got:   param_groups, as in PyTorch
      needs: paramGroups
      fix:   loadStateDict(dict, { names: 'pytorch' })]
  `);
  expect(() => optimizer.loadStateDict(own as never, { names: 'pytorch' })).toThrow('loadStateDict(dict)');
});

test('the history of LBFGS is not exchanged', () => {
  const optimizer = new optim.LBFGS([new Parameter(tensor([1]))]);
  expect(() => optimizer.stateDict({ names: 'pytorch' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: LBFGS: its state cannot be exchanged with PyTorch
      got:   { names: 'pytorch' }
      needs: the state of an optimizer that keeps tensors by parameter
      fix:   exchange the parameters and begin anew: the history is made again in some ten steps]
  `);
});
