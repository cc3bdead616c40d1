import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compiledResults, disagreement } from '../../compile/test-agreement.ts';
import { pool } from '../../core/storage-pool.ts';
import {
  type Cell,
  concat,
  Generator,
  linear,
  noGrad,
  randn,
  recurrence,
  recurrentCells,
  relu,
  sigmoid,
  type Tensor,
  tanh,
  tensor,
  vjp,
  zeros,
} from '../../index.ts';
import { isNear, type NearMemory, nearMemory } from '../../kernels/wasm/near-memory.ts';
import { byDefinition } from '../../transforms/by-definition.ts';
import { assertGradients } from '../../verify/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The next states, as the papers and PyTorch's documentation have them, from the sums of products for each gate. */
type Definition = (x: readonly Tensor[], r: readonly Tensor[], states: readonly Tensor[]) => readonly Tensor[];

const definitions: Readonly<Record<keyof typeof recurrentCells, Definition>> = {
  elmanTanh: ([x], [r]) => [tanh(x.add(r))],
  elmanRelu: ([x], [r]) => [relu(x.add(r))],
  lstm: ([xi, xf, xg, xo], [ri, rf, rg, ro], [, c]) => {
    const next = sigmoid(xf.add(rf))
      .mul(c)
      .add(sigmoid(xi.add(ri)).mul(tanh(xg.add(rg))));
    return [sigmoid(xo.add(ro)).mul(tanh(next)), next];
  },
  gru: ([xr, xz, xn], [rr, rz, rn], [h]) => {
    const z = sigmoid(xz.add(rz));
    const n = tanh(xn.add(sigmoid(xr.add(rr)).mul(rn)));
    return [z.mul(-1).add(1).mul(n).add(z.mul(h))];
  },
};
const cells = Object.entries(recurrentCells) as [keyof typeof recurrentCells, Cell][];

interface Setting {
  readonly batchSizes: readonly number[];
  readonly reverse: boolean;
  readonly bias: boolean;
  readonly projection: boolean;
  readonly seed: number;
}

const settings: fc.Arbitrary<Setting> = fc.record({
  batchSizes: fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
    .map((sizes) => sizes.sort((a, b) => b - a)),
  reverse: fc.boolean(),
  bias: fc.boolean(),
  projection: fc.boolean(),
  seed: fc.nat(1000),
});

const HIDDEN = 3;

/** Input, weight of the input, weight of the state, initial states, then biases and a projection where they are asked for. */
function draw({ gates, states }: Cell, { batchSizes, bias, projection, seed }: Setting, hidden = HIDDEN): Tensor[] {
  const generator = new Generator(seed);
  const normal = (...shape: number[]): Tensor =>
    randn(shape, { dtype: 'float64', generator }).mul(hidden > HIDDEN ? 0.2 : 1);
  const rows = batchSizes.reduce((a, b) => a + b, 0);
  const shown = projection ? 2 : hidden;
  const initial = [shown, hidden].slice(0, states).map((size) => normal(batchSizes[0], size));
  return [
    normal(rows, 2),
    normal(gates * hidden, 2),
    normal(gates * hidden, shown),
    ...initial,
    ...(bias ? [normal(gates * hidden), normal(gates * hidden)] : []),
    ...(projection ? [normal(shown, hidden)] : []),
  ];
}

function named({ states }: Cell, { bias, projection }: Setting, drawn: readonly Tensor[]) {
  const [input, weightIh, weightHh, ...rest] = drawn;
  const initial = rest.splice(0, states);
  const [biasIh, biasHh] = bias ? rest.splice(0, 2) : [null, null];
  return { input, initial, weights: { weightIh, weightHh, biasIh, biasHh, weightHr: projection ? rest[0] : null } };
}

function compute(cell: Cell, setting: Setting, drawn: readonly Tensor[]): readonly Tensor[] {
  const { input, initial, weights } = named(cell, setting, drawn);
  const { output, last } = recurrence(cell, input, initial, weights, setting);
  return [output, ...last];
}

/** Each sequence by itself, step by step. */
function alone(name: keyof typeof recurrentCells, cell: Cell, setting: Setting, drawn: readonly Tensor[]): Tensor[] {
  const { input, initial, weights } = named(cell, setting, drawn);
  const { batchSizes, reverse } = setting;
  const starts = batchSizes.map((_, t) => batchSizes.slice(0, t).reduce((a, b) => a + b, 0));
  const shown: Tensor[] = [];
  const ends = Array.from({ length: batchSizes[0] }, (_, b) => {
    const times = batchSizes.flatMap((size, t) => (size > b ? [t] : []));
    let states: readonly Tensor[] = initial.map((state) => state.narrow(0, b, 1));
    for (const t of reverse ? times.reverse() : times) {
      const x = linear(input.narrow(0, starts[t] + b, 1), weights.weightIh, weights.biasIh);
      const r = linear(states[0], weights.weightHh, weights.biasHh);
      const [hidden, ...others] = definitions[name](x.chunk(cell.gates, 1), r.chunk(cell.gates, 1), states);
      states = [weights.weightHr ? linear(hidden, weights.weightHr) : hidden, ...others];
      shown[starts[t] + b] = states[0];
    }
    return states;
  });
  return [concat(shown), ...initial.map((_, k) => concat(ends.map((states) => states[k])))];
}

function expectClose(got: readonly Tensor[], wanted: readonly Tensor[], digits = 11): void {
  expect(got.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape));
  for (const [k, x] of got.entries()) {
    const entries = Array.from(wanted[k].toTypedArray(), (entry) => expect.closeTo(entry, digits));
    expect(Array.from(x.toTypedArray())).toEqual(entries);
  }
}

describe.each(cells)('%s', (name, cell) => {
  const ofCell = (setting: Setting): Setting => ({ ...setting, projection: name === 'lstm' && setting.projection });

  test('gives what each sequence alone gives, in value and derivative, also written line by line', () => {
    fc.assert(
      fc.property(settings.map(ofCell), (setting) => {
        const drawn = draw(cell, setting);
        const [wanted, pullWanted] = vjp((...x: Tensor[]) => alone(name, cell, setting, x), ...drawn);
        const [got, pull] = vjp((...x: Tensor[]) => compute(cell, setting, x), ...drawn);
        expectClose(got, wanted);
        const cotangents = wanted.map(({ shape }) =>
          randn(shape, { dtype: 'float64', generator: new Generator(setting.seed + 1) }),
        );
        const gradients = pullWanted(...cotangents);
        expectClose(pull(...cotangents), gradients);
        expectClose(
          noGrad(() => pull(...cotangents)),
          gradients,
        );
        expectClose(
          byDefinition(() => compute(cell, setting, drawn)),
          wanted,
        );
      }),
      { numRuns: 25 },
    );
  });

  test.each([
    { batchSizes: [2, 1], reverse: false },
    { batchSizes: [2, 1], reverse: true },
  ])('has the derivatives of differences, of second order, too: %o', (steps) => {
    const setting = ofCell({ ...steps, bias: true, projection: true, seed: 3 });
    assertGradients((...x) => compute(cell, setting, x), draw(cell, setting), { order: 2 });
  });

  test('gives the same in float32 with vectors, whose memory it uses again, each time that it is asked', () => {
    const before = { ...pool };
    // Every storage beyond the shared small ones is used again, and holds NaN once it is given back.
    Object.assign(pool, { smallest: 1, smallestNear: 1, poison: true });
    try {
      const setting = ofCell({ batchSizes: [33, 32, 32], reverse: false, bias: true, projection: false, seed: 2 });
      const given = draw(cell, setting, 32);
      const pulled = (x: readonly Tensor[]): (() => readonly Tensor[]) => {
        const [outputs, pull] = vjp((...y: Tensor[]) => compute(cell, setting, y), ...x);
        const cotangents = outputs.map((y) => y.mul(0.1));
        return () => [...outputs, ...noGrad(() => pull(...cotangents))];
      };
      const wanted = pulled(given)();
      const again = pulled(given.map((x) => x.to('float32')));
      for (const got of [again(), again()]) {
        expectClose(
          got.map((x) => x.to('float64')),
          wanted,
          4,
        );
      }
    } finally {
      Object.assign(pool, before);
    }
  });

  test('keeps no memory near the kernels, whatever becomes of its results', () => {
    const near = nearMemory() as NearMemory;
    const [took, gaveBack] = [vi.spyOn(near, 'take'), vi.spyOn(near, 'giveBack')];
    const setting = ofCell({ batchSizes: [33, 32, 32], reverse: false, bias: true, projection: false, seed: 2 });
    const given = draw(cell, setting, 32).map((x) => x.to('float32'));
    const shown = noGrad(() => compute(cell, setting, given));
    const [outputs, pull] = vjp((...x: Tensor[]) => compute(cell, setting, x), ...given);
    const cotangents = noGrad(() => pull(...outputs));
    expect([...shown, ...outputs, ...cotangents].filter(({ storage }) => isNear(storage))).toEqual([]);
    const inHand = took.mock.results.filter(({ value }) => value !== undefined);
    expect(inHand.length).toBeGreaterThan(10);
    expect(gaveBack).toHaveBeenCalledTimes(inHand.length);
  });

  test('compiles', () => {
    const setting = ofCell({ batchSizes: [3, 2, 2], reverse: true, bias: true, projection: true, seed: 1 });
    const given = draw(cell, setting).map((x) => x.to('float32'));
    const run = (...x: readonly Tensor[]): readonly Tensor[] => {
      const [outputs, pull] = vjp((...y: Tensor[]) => compute(cell, setting, y), ...x);
      return [...outputs, ...pull(...outputs.map((y) => y.add(1)))];
    };
    const calculation = { run, given };
    expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
  });

  test('of no sequences', () => {
    const setting = ofCell({ batchSizes: [0, 0], reverse: false, bias: true, projection: false, seed: 1 });
    const drawn = draw(cell, setting);
    const [got, pull] = vjp((...x: Tensor[]) => compute(cell, setting, x), ...drawn);
    expect(got.map(({ shape }) => shape)).toEqual(got.map(() => [0, HIDDEN]));
    expect(
      pull(...got)[1]
        .toTypedArray()
        .every((entry) => entry === 0),
    ).toBe(true);
  });
});

test('gates at the ends of what they take stay finite', () => {
  const weights = { weightIh: tensor([[1e4], [-1e4], [1e4], [1e4]]), weightHh: zeros([4, 1]) };
  const initial = [zeros([1, 1]), tensor([[3e38]])];
  const { last } = recurrence(recurrentCells.lstm, tensor([[1]]), initial, weights, {
    batchSizes: [1],
    reverse: false,
  });
  expect(last.map((state) => state.item())).toEqual([expect.closeTo(Math.tanh(1), 6), 1]);
});

test('errors', () => {
  const call =
    (
      change: { weightHh?: Tensor; biasHh?: Tensor; weightIh?: Tensor },
      initial = [zeros([2, 3])],
      batchSizes = [2, 1],
    ) =>
    (): unknown => {
      const weights = { weightIh: zeros([9, 4]), weightHh: zeros([9, 3]), ...change };
      return recurrence(recurrentCells.gru, zeros([3, 4]), initial, weights, { batchSizes, reverse: false });
    };
  expect(call({})).not.toThrow();
  expect(call({}, undefined, [1, 2])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: recurrence: the batchSizes do not fit the input
      got:   batchSizes [1, 2] for input [3, 4]
      needs: numbers that do not rise, at least one, which add up to the rows of an input [rows, in]
      fix:   they say how many sequences reach each time, the longest sequences first]
  `);
  expect(call({}, undefined, [2, 2])).toThrow('the batchSizes do not fit the input');
  expect(call({ weightHh: zeros([9, 9]) })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: recurrence: the parts do not fit together
      got:   weightHh [9, 9] float32
      needs: [9, 3] float32, with an input [3, 4]
      fix:   the cell has 3 gates: weights [3 · hidden, …] and [3 · hidden, shown], states [batch, …]]
  `);
  expect(call({ weightIh: zeros([8, 4]) })).toThrow('got:   weightIh [8, 4] float32');
  expect(call({ biasHh: zeros([9], { dtype: 'float64' }) })).toThrow('got:   biasHh [9] float64');
  expect(call({}, [zeros([3, 3])])).toThrow('got:   initial[0] [3, 3] float32');
  expect(call({}, [])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: recurrence: the parts do not fit together
      got:   0 initial states
      needs: 1
      fix:   the cell has 3 gates: weights [3 · hidden, …] and [3 · hidden, shown], states [batch, …]]
  `);
});
