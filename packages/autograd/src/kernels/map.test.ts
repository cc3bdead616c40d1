import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filled } from '../core/allocate.ts';
import { type DType, dtypes, newStorage, type Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { registry } from '../registry.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { type Formulas, mapKernel } from './map.ts';
import { numbers } from './numbers.ts';
import { withoutCompiler } from './without-compiler.ts';

/** Several results that share a step, and read their inputs in another order. */
const twoResults: Formulas = (m, a, b, c) => {
  const sum = m.keep(m.add(a, m.mul(b, c)));
  return [m.sub(sum, b), m.select(m.less(c, a), sum, m.constant(-2.5))];
};

interface Task {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly DType[];
}

/** Three tensors of one shape, each in a dtype and a layout of its own. */
function drawTask(choose: fc.GeneratorValue): Task {
  const dtype = (): DType => choose(fc.constantFrom<DType[]>, ...dtypes);
  const shape = drawBy(choose, { dtype: 'float64' }).shape();
  const entries = choose(fc.constantFrom<('clear' | 'halves')[]>, 'clear', 'halves');
  const draw = (): Tensor => {
    const of = dtype();
    const from = drawBy(choose, { dtype: of, entries });
    return of === 'bool' ? from.truths(shape) : from.tensor(shape);
  };
  return { inputs: [draw(), draw(), draw()], outputs: [dtype(), dtype()] };
}

function naive(formulas: Formulas, { inputs, outputs }: Task): Storage[] {
  const columns = inputs.map((x) => x.toTypedArray());
  const results = outputs.map((dtype) => newStorage(dtype, inputs[0].length));
  for (let i = 0; i < inputs[0].length; i++) {
    formulas(numbers, ...columns.map((column) => column[i])).forEach((value, k) => {
      results[k][i] = outputs[k] === 'bool' ? Number(value !== 0) : value;
    });
  }
  return results;
}

const engines = [
  ['compiled', <T>(run: () => T): T => run()],
  ['without a compiler', withoutCompiler],
] as const;

describe.each(engines)('a map, %s,', (_, under) => {
  const kernel = mapKernel(twoResults, 3, 2);

  test('computes formulas entry by entry, whatever the dtypes and layouts', () => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const task = drawTask(choose);
        const results = under(() => kernel(task.inputs, task.outputs));
        expect(results.map((y) => y.toTypedArray())).toEqual(naive(twoResults, task));
        for (const [k, y] of results.entries()) {
          expect(y).toMatchObject({ shape: task.inputs[0].shape, dtype: task.outputs[k], contiguous: true });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('leaves the storage beside its results alone', () => {
    const before = filled([4], 'float64', 7);
    const three = [1, 2, 3].map((value) => filled([3], 'float64', value));
    const [first, second] = under(() => kernel(three, ['float64', 'float64']));
    const after = filled([4], 'float64', 8);
    expect([before, first, second, after].map((x) => x.toArray())).toEqual([
      [7, 7, 7, 7],
      [5, 5, 5],
      [-2.5, -2.5, -2.5],
      [8, 8, 8, 8],
    ]);
  });

  test('writes into a tensor that is given for a result, also if that is an input', () => {
    const [a, b, c] = [1, 2, 3].map((value) => filled([3], 'float64', value));
    const [first, second] = under(() => kernel([a, b, c], ['float64', 'float64'], [a, undefined]));
    expect(first).toBe(a);
    expect([a, b, c, second].map((x) => x.toArray())).toEqual([
      [5, 5, 5],
      [2, 2, 2],
      [3, 3, 3],
      [-2.5, -2.5, -2.5],
    ]);
  });
});

const formulas = Object.values(registry)
  .flat()
  .flatMap(({ name, formula }) => (formula ? [[name, formula] as const] : []));

test.each(formulas)('%s: the loop without a compiler gives what the compiled one gives', (_, formula) => {
  const inputCount = formula.length - 1;
  const make = () => mapKernel((m, ...x) => [formula(m, ...x)], inputCount, 1);
  const [compiled, interpreted] = [make(), make()];
  fc.assert(
    fc.property(fc.gen(), (choose) => {
      const draw = drawBy(choose, { dtype: 'float64', entries: 'special' });
      const shape = draw.shape();
      const inputs = Array.from({ length: inputCount }, () => draw.tensor(shape));
      const [y] = compiled(inputs, ['float32']);
      const [expected] = withoutCompiler(() => interpreted(inputs, ['float32']));
      expect(y.toTypedArray()).toEqual(expected.toTypedArray());
    }),
    { numRuns: 30 },
  );
});
