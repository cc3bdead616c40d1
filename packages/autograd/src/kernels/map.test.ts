import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adopt, constant, filled, view } from '../core/allocate.ts';
import { type DType, dtypes, newStorage, type Storage } from '../core/dtype.ts';
import { entriesOf } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { registry } from '../registry.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { type Formulas, mapKernel } from './map.ts';
import { numbers } from './numbers.ts';
import { withCopiesNear } from './test-near.ts';
import { vectorSupport } from './wasm/vector-support.ts';
import { withoutCompiler } from './without-compiler.ts';

/** Several results that share a step, and read their inputs in another order. */
const twoResults: Formulas = (m, a, b, c) => {
  const sum = m.share(m.add(a, m.mul(b, c)));
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

/** Lays entries out where a test wants them. */
type Lay = (entries: Float32Array) => Float32Array;

/**
 * Places for results: beside each other in the rows of one tensor, as the gates of a recurrent cell are, or transposed; and
 * the tensor, which is full of sevens, as is a margin around them.
 */
function drawPlaces(choose: fc.GeneratorValue, [rows, columns]: readonly number[], count: number, lay: Lay) {
  const [gap, margin] = [0, 0].map(() => choose(fc.constantFrom<number[]>, 0, 0, 1, 2));
  const isTransposed = choose(fc.boolean);
  const [height, width] = isTransposed ? [columns, rows] : [rows, columns];
  const pitch = count * (width + gap) + margin;
  const whole = adopt(lay(new Float32Array(margin + height * pitch).fill(7)), [margin + height * pitch]);
  const steps = isTransposed ? [1, pitch] : [pitch, 1];
  return {
    whole,
    places: Array.from({ length: count }, (_, k) => view(whole, [rows, columns], steps, margin + k * (width + gap))),
  };
}

/** Writes two results into places of one tensor, and compares all that it then holds. Some of it may lie near. */
function expectInPlaces(choose: fc.GeneratorValue, shape: readonly number[], under: <T>(run: () => T) => T): void {
  const [rows, columns] = shape;
  const drawn = drawBy(choose, { dtype: 'float32', entries: 'halves' }).tensor([rows, 3 * columns]);
  withCopiesNear((copyNear) => {
    const lay: Lay = (entries) => (choose(fc.boolean) ? copyNear(entries) : entries);
    const operands = adopt(lay(drawn.toTypedArray() as Float32Array), drawn.shape);
    const inputs = [0, 1, 2].map((k) => view(operands, shape, [3 * columns, 1], k * columns));
    const { whole, places } = drawPlaces(choose, shape, 2, lay);
    const expected = whole.toTypedArray();
    naive(twoResults, { inputs, outputs: ['float32', 'float32'] }).forEach((result, k) => {
      const [rowStep, columnStep] = places[k].strides;
      result.forEach((value, i) => {
        expected[places[k].offset + Math.floor(i / columns) * rowStep + (i % columns) * columnStep] = value;
      });
    });
    const results = under(() => mapKernel(twoResults, 3, 2)(inputs, ['float32', 'float32'], places));
    expect(results).toEqual(places);
    expect(whole.toTypedArray()).toEqual(expected);
  });
}

/** Of so many entries that vectors compute them: sizes of rows of every kind, beyond a block, too. */
function drawLargeShape(choose: fc.GeneratorValue): number[] {
  const size = choose(fc.constantFrom<number[]>, 1, 2, 5, 7, 28, 48, 100, 300, 1030, 5000);
  const others = choose(fc.array<number>, fc.constantFrom(1, 2, 3, 6), { maxLength: 2 });
  const missing = Math.ceil(1024 / entriesOf([size, ...others]));
  return choose(fc.shuffledSubarray<number>, [size, missing, ...others], { minLength: 2 + others.length });
}

test.each(engines)('a map, %s, reads and writes parts of tensors that lie beside each other', (_, under) => {
  fc.assert(
    fc.property(fc.gen(), fc.nat(5), fc.nat(5), (choose, rows, columns) => {
      expectInPlaces(choose, [rows, columns], under);
    }),
    { numRuns: 60 },
  );
});

/** Rows and columns of entries that vectors compute. */
const largePlanes = [
  [64, 64],
  [300, 4],
  [40, 30],
  [35, 33],
  [1024, 1],
  [1, 1028],
  [2, 5000],
];

describe('many entries in float32', () => {
  const kernel = mapKernel(twoResults, 3, 2);
  const kinds = ['float32', 'bool'] as const;

  test('give what they give entry by entry, whatever the layouts', () => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const shape = drawLargeShape(choose);
        const draw = (of: DType): Tensor => {
          const from = drawBy(choose, { dtype: of, entries: 'halves' });
          return of === 'bool' ? from.truths(shape) : from.tensor(shape);
        };
        const dtype = (): DType => choose(fc.constantFrom<DType[]>, ...kinds);
        const scalar = constant(choose(fc.constantFrom<number[]>, -1.5, 2), shape, 'float64');
        const last = choose(fc.boolean) ? scalar : draw(dtype());
        const task = { inputs: [draw('float32'), draw(dtype()), last], outputs: [dtype(), dtype()] };
        const expected = naive(twoResults, task);
        const results = kernel(task.inputs, task.outputs);
        expect(results.map((y) => y.toTypedArray())).toEqual(expected);
        withCopiesNear((copyNear) => {
          const broughtNear = ({ storage, dtype, shape, strides, offset }: Tensor): Tensor =>
            new Tensor(dtype === 'float32' ? copyNear(storage) : storage, dtype, shape, strides, offset);
          const some = task.inputs.map((x) => (choose(fc.boolean) ? broughtNear(x) : x));
          const targets = task.outputs.map((of) =>
            choose(fc.boolean) ? broughtNear(filled(shape, of, 0)) : undefined,
          );
          const results = kernel(some, task.outputs, targets);
          expect(results.map((y) => y.toTypedArray())).toEqual(expected);
        });
      }),
      { numRuns: 100 },
    );
  });

  test('leave the storage beside their results alone', () => {
    const inputs = [1, 2, 3].map((value) => filled([1501], 'float32', value));
    const targets = [0, 1].map(() => view(filled([1503], 'float32', 7), [1501], [1], 1));
    kernel(inputs, ['float32', 'float32'], targets);
    expect(targets.map(({ storage }) => [storage[0], storage[1], storage[1501], storage[1502]])).toEqual([
      [7, 5, 5, 7],
      [7, -2.5, -2.5, 7],
    ]);
  });

  test('are read from and written to parts of tensors that lie beside each other', () => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        expectInPlaces(choose, choose(fc.constantFrom<number[][]>, ...largePlanes), (run) => run());
      }),
      { numRuns: 150 },
    );
  });

  test('are computed in float32 where the runtime has vectors', () => {
    const thirds = filled([1024], 'float32', 1 / 3);
    const [y] = mapKernel((m, x) => [m.sub(m.mul(x, m.constant(3)), m.constant(1))], 1, 1)([thirds], ['float32']);
    const single = Math.fround(Math.fround(Math.fround(1 / 3) * 3) - 1);
    const double = Math.fround(Math.fround(1 / 3) * 3 - 1);
    expect(y.toTypedArray()[0]).toBe(vectorSupport() === undefined ? double : single);
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
