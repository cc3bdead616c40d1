import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LoopInterpreter } from '../interpret-loops.ts';
import type { LoopMath } from '../loop-math.ts';
import { vectorSupport } from './vector-support.ts';
import { WorkMemory } from './work-memory.ts';
import { type WasmOptions, WasmWriter } from './write-wasm.ts';

type Nest = <I, V>(w: LoopMath<I, V>) => void;

/** Runs the procedure `nest` with addresses and numbers in elements, on a memory that holds 1, 2, 3, …; returns it. */
function interpreted(lanes: number, nest: Nest, values: readonly number[]): number[] {
  const memory = Float64Array.from({ length: 256 }, (_, i) => i + 1);
  const interpreter = new LoopInterpreter(lanes, memory);
  nest(interpreter);
  interpreter.procedures.get('nest')?.(...values);
  return [...memory];
}

function compiled(options: WasmOptions, nest: Nest, values: readonly number[]): number[] {
  const memory = new WorkMemory({ largestPages: 1 });
  memory.reserve(256 * 8);
  const view = memory.viewLike(options.elementType === 'float32' ? new Float32Array() : new Float64Array());
  view.set(Float64Array.from({ length: 256 }, (_, i) => i + 1));
  const writer = new WasmWriter(options);
  nest(writer);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writer.module()), memory.imports);
  (exports.nest as (...values: readonly number[]) => void)(...values);
  return [...view.subarray(0, 256)];
}

const kinds: WasmOptions[] = [
  { elementType: 'float32', relaxed: false },
  { elementType: 'float64', relaxed: false },
];
if (vectorSupport() === 'relaxed') {
  kinds.push({ elementType: 'float32', relaxed: true }, { elementType: 'float64', relaxed: true });
}

describe.each(kinds)('WebAssembly does as the interpreter does: %o', (options) => {
  const lanes = options.elementType === 'float32' ? 4 : 2;
  const agree = (nest: Nest, ...values: number[]): void => {
    const expected = interpreted(lanes, nest, values);
    expect(compiled(options, nest, values)).toEqual(expected);
  };

  /** Writes the integer `value` into the memory by setting the element at that address to 1. */
  const show = <I, V>(w: LoopMath<I, V>, value: I): void => w.copy(w.times(value, w.elementSize), w.index(0));
  const small = fc.integer({ min: 0, max: 9 });

  test('arithmetic of indices, with values and with constants', () => {
    fc.assert(
      fc.property(small, small, small, (a, b, c) => {
        agree(
          (w) =>
            w.procedure('nest', 2, (x, y) => {
              show(w, w.plus(w.times(x, y), w.plus(w.plus(w.times(w.index(c), x), c), w.index(2))));
              show(w, w.minus(w.plus(x, 100), w.times(y, c)));
              show(w, w.minus(w.index(100), w.plus(y, -c)));
              show(w, w.plus(w.quotient(w.times(x, 10), w.plus(y, 1)), w.quotient(y, c + 1)));
              show(w, w.fix(w.times(w.index(3), w.index(c))));
            }),
          a,
          b,
        );
      }),
    );
  });

  test('conditions choose, and run one of two bodies', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }), (a, b) => {
        agree(
          (w) =>
            w.procedure('nest', 2, (x, y) => {
              show(w, w.choose(w.isLess(x, y), w.index(10), w.index(20)));
              show(w, w.choose(w.isEqual(x, y), w.index(30), w.index(40)));
              const body = (value: number) => () => show(w, w.index(value));
              w.when(w.isLess(x, 1), body(50), body(60));
              w.when(w.isEqual(x, 2), body(70), () => w.when(x, body(80), body(90)));
              w.when(w.isLess(w.index(0), y), body(100));
            }),
          a,
          b,
        );
      }),
    );
  });

  test('loops run as often as they are told, cursors forwards and backwards, one loop inside the other', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2, max: 5 }), fc.integer({ min: -2, max: 4 }), (rows, columns) => {
        agree(
          (w) =>
            w.procedure('nest', 3, (rows, columns, step) =>
              w.loop(
                rows,
                [
                  [w.index(20), step],
                  [w.index(200), -7],
                ],
                (down, up) => {
                  show(w, up);
                  w.loop(columns, [[down, 2]], (across) => show(w, across));
                },
              ),
            ),
          rows,
          columns,
          11,
        );
      }),
    );
  });

  test('vectors: load, splat, multiply and add, keep, store', () => {
    agree(
      (w) =>
        w.procedure('nest', 2, (x, y) => {
          const size = w.elementSize;
          const sum = w.keep(w.zero());
          w.loop(w.index(5), [[w.times(x, size), 3 * size]], (address) =>
            sum.set(w.multiplyAdd(w.load(w.plus(address, size)), w.splat(address), sum.get())),
          );
          w.store(w.times(y, size), sum.get());
        }),
      7,
      101,
    );
  });

  test('the transpose of a square', () => {
    agree((w) => {
      w.procedure('nest', 1, (x) => {
        const place = (i: number) => w.plus(w.times(x, w.elementSize), i * w.lanes * w.elementSize);
        const rows = Array.from({ length: w.lanes }, (_, i) => w.load(place(i)));
        w.transpose(rows).forEach((column, i) => {
          w.store(place(10 + i), column);
        });
      });
    }, 3);
  });

  test('procedures call those written before them', () => {
    agree(
      (w) => {
        const mark = w.procedure('mark', 2, (x, y) => show(w, w.fix(w.minus(x, y))));
        const twice = w.procedure('twice', 1, (x) => {
          mark(x, w.index(1));
          mark(w.times(x, 2), x);
        });
        w.procedure('nest', 2, (x, y) => {
          twice(x);
          twice(w.plus(y, 5));
        });
      },
      40,
      60,
    );
  });
});
