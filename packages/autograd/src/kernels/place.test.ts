import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { adopt, filled, view } from '../core/allocate.ts';
import { type DType, dtypes, newStorage } from '../core/dtype.ts';
import { contiguousStrides, entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { convertEntries, inReadingOrder } from './copy.ts';
import * as compiled from './place.ts';
import { withoutCompiler } from './without-compiler.ts';

// Loops are made once: those without a compiler come from a copy of the module that has made none yet.
vi.resetModules();
const uncompiled: typeof compiled = await import('./place.ts');

interface Engine {
  readonly place: typeof compiled;
  under(run: () => void): void;
}

const engines: [name: string, engine: Engine][] = [
  ['compiled', { place: compiled, under: (run) => run() }],
  ['without a compiler', { place: uncompiled, under: withoutCompiler }],
];

/** The places in storage of the entries, in reading order. */
function placesOf({ shape, strides, offset }: Tensor): number[] {
  return shape.reduce<number[]>(
    (places, size, d) => places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[d])),
    [offset],
  );
}

interface Pair {
  readonly target: Tensor;
  readonly x: Tensor;
}

/** Of dtypes that may differ, or of one. */
function drawPair(choose: fc.GeneratorValue, mixed: boolean): Pair {
  const dtype = (): DType => choose(fc.constantFrom<DType[]>, 'float64', 'float32', 'int32');
  const first = dtype();
  const [to, from] = [first, mixed ? dtype() : first].map((of) => drawBy(choose, { dtype: of, entries: 'halves' }));
  const shape = to.shape();
  return { target: to.tensor(shape), x: from.tensor(shape) };
}

function expectPlaced({ target, x }: Pair, { place: { addInto, copyInto }, under }: Engine, add: boolean): void {
  const expected = target.storage.slice();
  const entries = x.toTypedArray();
  placesOf(target).forEach((place, i) => {
    expected[place] = add ? expected[place] + entries[i] : entries[i];
  });
  under(() => (add ? addInto : copyInto)(target, x));
  expect(target.storage).toEqual(expected);
}

describe.each(engines)('entries, %s,', (_, engine) => {
  test('are copied to where a view says, and nowhere else', () => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const pair = drawPair(choose, true);
        // Where places repeat, which of the entries stays is not said.
        fc.pre(new Set(placesOf(pair.target)).size === pair.target.length);
        expectPlaced(pair, engine, false);
      }),
      { numRuns: 300 },
    );
  });

  test('are placed in short rows, many of them, overlapping or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...dtypes),
        fc.constantFrom([3, 60, 50, 1], [40, 30, 7], [4, 3, 3, 20, 13], [9000, 1], [300, 30]),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        (dtype, shape, gaps, add) => {
          const entries = newStorage(dtype, entriesOf(shape)).map((_, i) => (dtype === 'bool' ? i % 2 : i % 31));
          const x = adopt(entries, shape);
          // A step that is too short for a row lets rows overlap.
          const steps = contiguousStrides(shape).map((step, d) =>
            d === shape.length - 1 ? 1 : step + gaps[d] - (add ? 2 : 0),
          );
          const strides = steps.map((step) => Math.max(1, step));
          const span = shape.reduce((sum, size, d) => sum + (size - 1) * strides[d], 0);
          const target = view(filled([span + 8], dtype, 1), shape, strides, 3);
          fc.pre(add || new Set(placesOf(target)).size === target.length);
          expectPlaced({ target, x }, engine, add);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('are added to where a view says, as often as it says', () => {
    fc.assert(
      fc.property(fc.gen(), (choose) => expectPlaced(drawPair(choose, false), engine, true)),
      { numRuns: 300 },
    );
  });

  test('are copied and added in long runs', () => {
    const x = adopt(
      Float64Array.from({ length: 1001 }, (_, i) => i),
      [7, 143],
    );
    for (const add of [false, true]) {
      expectPlaced({ target: view(filled([2000], 'float64', 1), [7, 143], [200, 1], 3), x }, engine, add);
      expectPlaced({ target: view(filled([2002], 'float32', 1), [7, 143], [286, 2], 1), x }, engine, add);
    }
  });
});

describe('conversion', () => {
  const numbers = [1.5, -1.5, 0, -0, Number.NaN, Infinity, 3e9, 1e-40];

  test('goes towards zero for whole numbers, to "not zero" for truth values, and rounds for float32', () => {
    const x = adopt(Float64Array.from(numbers), [8]);
    expect(convertEntries(x, 'bool').toArray()).toEqual([true, true, false, false, true, true, true, true]);
    expect([...convertEntries(x, 'int32').toTypedArray().slice(0, 4)]).toEqual([1, -1, 0, 0]);
    expect(convertEntries(x, 'float32').toArray()).toEqual(numbers.map(Math.fround));
  });

  test('keeps every entry, whatever the layout', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dtypes), fc.gen(), (dtype, choose) => {
        const draw = drawBy(choose, { dtype });
        const x = dtype === 'bool' ? draw.truths(draw.shape()) : draw.tensor(draw.shape());
        expect([...convertEntries(x, 'float64').toTypedArray()]).toEqual([...x.toTypedArray()]);
        const ordered = inReadingOrder(x);
        expect(ordered.contiguous).toBe(true);
        expect(ordered.toTypedArray()).toEqual(x.toTypedArray());
        if (x.contiguous) expect(ordered).toBe(x);
      }),
    );
  });
});
