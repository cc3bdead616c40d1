import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { concat, layerNorm, matmul, randn, relu, softmax, stack, type Tensor, vjp } from '../index.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { chaining } from './chains.ts';
import type { Engine } from './engine.ts';
import { engineNamed } from './engines.ts';
import { layingOut } from './lay-out-operands.ts';
import { rowsApart } from './parts-in-place.ts';
import { Program } from './program.ts';
import { rowGrouping } from './rows.ts';
import { drawInputs, programs, runProgram } from './test-programs.ts';
import { trace } from './trace.ts';

const usual = {
  rows: { ...rowGrouping },
  chains: { ...chaining },
  copies: { ...layingOut },
  apart: { ...rowsApart },
};
beforeAll(() => {
  Object.assign(rowGrouping, { leastEntries: 0, leastRows: 2 });
  Object.assign(chaining, { leastRows: 2, leastBlocks: 1, leastWork: 0 });
  Object.assign(layingOut, { leastLines: 1 });
  Object.assign(rowsApart, { multiple: 1 });
});
afterAll(() => {
  Object.assign(rowGrouping, usual.rows);
  Object.assign(chaining, usual.chains);
  Object.assign(layingOut, usual.copies);
  Object.assign(rowsApart, usual.apart);
});

/** Does the units of each kernel from the last to the first, as few at a time as may be: what threads may do, at the worst. */
const backwards: Engine = {
  name: 'backwards',
  tile: engineNamed('wasm').tile,
  build: (segments) => engineNamed('wasm').build(segments.map((kernels) => kernels.map(turnedAround))),
};

function turnedAround(kernel: Kernel): Kernel {
  const { name, units, grain = 1 } = kernel;
  return {
    ...kernel,
    write(w, library) {
      const run = kernel.write(w, library);
      return w.procedure(`${name}_backwards`, 3, (_from, _to, thread) =>
        w.loop(w.index(Math.ceil(units / grain)), [[w.index(Math.ceil(units / grain) - 1), -1]], (block) => {
          const from = w.fix(w.times(block, grain));
          const end = w.fix(w.plus(from, grain));
          run(from, w.choose(w.isLess(end, units), end, w.index(units)), thread);
        }),
      );
    },
  };
}

function programOf(compute: (...xs: Tensor[]) => readonly Tensor[], inputs: readonly Tensor[]): Program {
  return new Program(trace(compute as never, [...inputs]), compute(...inputs).length, backwards);
}

function expectSame(results: readonly Tensor[], expected: readonly Tensor[]): void {
  expect(results.length).toBe(expected.length);
  expected.forEach((y, k) => {
    const difference = (results[k] as Tensor).sub(y).abs().sum().item();
    expect(difference).toBeLessThanOrEqual(1e-10 * (1 + y.abs().sum().item()));
  });
}

const size = fc.integer({ min: 1, max: 9 });

/** A layer, the recurrence of a cell, and attention: of rows, and weights. */
const functions: Readonly<Record<string, (x: Tensor, w: Tensor) => Tensor>> = {
  'two layers': (x, w) => matmul(relu(matmul(x, w).add(0.1)), w.mul(0.5)).tanh(),
  'normalized layers': (x, w) => softmax(matmul(layerNorm(matmul(x, w), w.shape[1] as number), w), -1),
  'a recurrence with gates side by side': (x, w) => {
    let h = x;
    const all: Tensor[] = [];
    for (let step = 0; step < 3; step++) {
      const gates = matmul(concat([h, x.mul(0.1 * step)], 1), concat([w, w], 0));
      h = gates.sigmoid().mul(h.tanh());
      all.push(h);
    }
    return stack(all, 0);
  },
  'what was computed, in another order': (x, w) => matmul(matmul(x, w).flip(0), w),
  'what was computed, a row later': (x, w) => matmul(concat([matmul(x, w), x], 0).narrow(0, 1, x.shape[0]), w),
  'a row that all read': (x, w) => matmul(matmul(x, w).add(matmul(x.narrow(0, 0, 1), w)), w),
  'rows of one matrix as the columns of the next': (x, w) => {
    const y = matmul(x, w);
    return matmul(matmul(y, y.transpose(0, 1)), y);
  },
  'matrices of a batch': (x, w) => {
    const heads = matmul(x, w)
      .unsqueeze(1)
      .mul(relu(x.unsqueeze(2)));
    return matmul(softmax(matmul(heads, heads.transpose(-1, -2)), -1), heads);
  },
};

describe.each(Object.entries(functions))('chains: %s', (_, compute) => {
  test('rows in any order give what the function gives, with its gradients', () => {
    fc.assert(
      fc.property(size, size, fc.boolean(), (rows, width, both) => {
        const [x, w] = [randn([rows + 1, width], { dtype: 'float64' }), randn([width, width], { dtype: 'float64' })];
        const run = (...inputs: Tensor[]): readonly Tensor[] => {
          const [value, pull] = vjp((a: Tensor, b: Tensor) => compute(a, b), inputs[0] as Tensor, inputs[1] as Tensor);
          return both ? [value, ...pull(value.mul(0.3))] : [value];
        };
        const program = programOf(run, [x, w]);
        expectSame(program.run([x, w]), run(x, w));
        program.dispose();
      }),
      { numRuns: 15 },
    );
  });
});

test('rows of drawn programs in any order', () => {
  fc.assert(
    fc.property(programs, fc.gen(), (lines, choose) => {
      const inputs = drawInputs(drawBy(choose, { dtype: 'float64' }));
      const run = (...xs: Tensor[]): readonly Tensor[] => runProgram(lines, xs).map((y) => y.mul(1.5));
      const program = programOf(run, inputs);
      expectSame(program.run(inputs), run(...inputs));
      program.dispose();
    }),
    { numRuns: 60 },
  );
});

test('layers are one chain of blocks of rows; a product that reads all rows ends it', () => {
  const [x, w] = [randn([64, 32]), randn([32, 32])];
  const layers = (...[a, b]: Tensor[]): readonly Tensor[] => [relu(matmul(relu(matmul(a, b)), b))];
  const program = programOf(layers, [x, w]);
  expect(program.chains.map(({ stages, rows, grain }) => [stages.length, rows, grain])).toEqual([
    [4, 64, engineNamed('wasm').tile.rows],
  ]);
  const withMeeting = (...[a, b]: Tensor[]): readonly Tensor[] => {
    const y = relu(matmul(a, b));
    return [matmul(y.transpose(0, 1), y), y];
  };
  expect(programOf(withMeeting, [x, w]).chains.map(({ stages }) => stages.length)).toEqual([2, 1]);
});

test('what a step puts side by side is computed there, in a chain that copies nothing', () => {
  const [x, w] = [randn([64, 16]), randn([32, 16])];
  const steps = (...[a, b]: Tensor[]): readonly Tensor[] => {
    let h = a as Tensor;
    const all: Tensor[] = [];
    for (let step = 0; step < 3; step++) {
      all.push(concat([h.sigmoid(), h.tanh()], 1));
      h = matmul(all[step] as Tensor, b as Tensor);
    }
    return [h, stack(all, 0).mul(2)];
  };
  const program = programOf(steps, [x, w]);
  expect(program.plan.inside.size).toBe(9);
  expect(program.chains.map(({ stages }) => stages.length)).toEqual([10, 1]);
  expectSame(program.run([x, w]), steps(x, w));
  program.dispose();
});

test('little work is not chained', () => {
  Object.assign(chaining, usual.chains);
  const program = programOf((...[a, b]) => [relu(matmul(a, b))], [randn([64, 8]), randn([8, 8])]);
  expect(program.chains.length).toBe(2);
});
