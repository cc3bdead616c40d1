import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoopMath } from '../loop-math.ts';
import { compiled, interpreted, kinds, lanesOf, type Nest } from './run-nest.ts';

/** 1, 2, 3, … */
const counting = Array.from({ length: 256 }, (_, i) => i + 1);

describe.each(kinds)('WebAssembly does as the interpreter does: %o', (options) => {
  const agree = (nest: Nest, ...values: number[]): void => {
    const expected = interpreted(nest, options)('nest', counting, values);
    expect(compiled(nest, options)('nest', counting, values)).toEqual(expected);
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

  test('what is known when the nest is written is computed then, with the same result', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 9 }), fc.integer({ min: 1, max: 9 }), small, (a, b, x) => {
        agree((w) => {
          w.procedure('nest', 1, (x) => {
            const [constantA, constantB] = [w.index(a), w.index(b)];
            const shown = [
              w.plus(constantA, w.times(constantA, b)),
              w.minus(constantA, constantB),
              w.minus(x, constantA),
              w.minus(constantA, x),
              w.times(x, constantA),
              w.times(constantA, x),
              w.quotient(w.plus(constantA, 3), b),
              w.choose(w.isLess(constantA, b), x, constantB),
              w.choose(w.isEqual(constantA, b), x, constantB),
              w.fix(w.plus(constantA, constantB)),
            ];
            shown.forEach((value, i) => {
              show(w, w.plus(value, 20 * i + 30));
            });
            const place = (position: number) => () => show(w, w.plus(x, position));
            w.when(w.isLess(constantA, b), place(231), place(232));
            w.when(w.isEqual(constantA, b), place(233));
            w.loop(constantA, [[x, constantB]], (at) => show(w, w.plus(at, 100)));
            // An address whose constant is negative.
            w.copy(w.plus(w.times(w.plus(x, 9), w.elementSize), -3 * w.elementSize), w.index(8 * w.elementSize));
          });
        }, x);
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

  test('all lanes combined, halves with halves, whether or not their order matters', () => {
    agree((w) => {
      const place = (i: number) => w.index(i * w.lanes * w.elementSize);
      w.procedure('nest', 0, () => {
        w.store(
          place(10),
          w.combineLanes(w.load(place(1)), (a, b) => w.add(a, b)),
        );
        w.store(
          place(11),
          w.combineLanes(w.load(place(2)), (a, b) => w.subtract(w.multiply(a, a), b)),
        );
        w.storeElement(
          w.plus(place(12), w.elementSize),
          w.combineLanes(w.load(place(3)), (a, b) => w.maximum(a, b)),
        );
      });
    });
  });

  test('integers of 32 bits, as elements and as indices', () => {
    const integer = fc.integer();
    fc.assert(
      fc.property(fc.array(integer, { minLength: 6, maxLength: 6 }), (integers) => {
        // Four bytes to an integer in WebAssembly, one number to each place in the interpreter.
        const nestOf =
          (place: number): Nest =>
          (w) =>
            w.procedure('nest', 1, (base) => {
              const at = (i: number) => w.plus(base, i * place);
              integers.forEach((value, i) => {
                w.storeIndex(at(i), w.index(value));
              });
              w.storeIndex(at(6), w.plus(w.loadIndex(at(5)), w.loadIndex(at(6))));
              w.store(w.index(0), w.loadIntegers(at(1)));
              w.store(w.index(w.lanes * w.elementSize), w.splatInteger(at(0)));
              show(w, w.choose(w.isEqual(w.loadIndex(at(6)), integers[5]), w.index(60), w.index(61)));
            });
        const base = 128;
        const bytesOfElement = options.elementType === 'float32' ? 4 : 8;
        const expected = interpreted(nestOf(1), options)('nest', [], [base]);
        const actual = compiled(nestOf(4), options)('nest', [], [base * bytesOfElement]);
        expect(actual.slice(0, base)).toEqual(expected.slice(0, base));
      }),
    );
  });

  test('vectors half as long, if there are any, are written into the same procedure', () => {
    const nest = <I, V>(w: LoopMath<I, V>): void => {
      const sum = <W>(w: LoopMath<I, W>): void => {
        const at = (i: number): I => w.index(i * w.elementSize);
        w.store(at(100), w.add(w.load(at(0)), w.load(at(w.lanes))));
      };
      w.procedure('nest', 0, () => {
        w.copy(w.index(0), w.index(w.elementSize));
        sum(w.narrower ?? w);
      });
    };
    const lanes = lanesOf(options) / (options.wide ? 2 : 1);
    const expected = [2, ...counting.slice(1)];
    for (let i = 0; i < lanes; i++) expected[100 + i] = expected[i] + expected[i + lanes];
    expect(compiled(nest, options)('nest', counting, []).slice(0, 256)).toEqual(expected);
  });

  test('every lane of a register may become what the first one was', () => {
    agree((w) =>
      w.procedure('nest', 0, () => {
        const register = w.keep(w.load(w.index(0)));
        register.set(w.add(w.fromIndex(w.toIndex(register.get())), register.get()));
        w.store(w.index(100 * w.elementSize), register.get());
      }),
    );
  });

  test('a procedure that is written while a loop is, leaves the loop alone', () => {
    agree((w) => {
      const at = (i: number) => w.index(i * w.lanes * w.elementSize);
      w.procedure('nest', 0, () => {
        const sums = [0, 1, 2].map((i) => w.keep(w.load(at(i))));
        w.loop(w.index(3), [], () => {
          w.procedure('inner', 0, () => {
            const kept = [0, 1, 2].map((i) => w.share(w.add(w.load(at(i)), w.load(at(i + 1)))));
            kept.forEach((value, i) => {
              w.store(at(10 + i), value);
            });
          });
          for (const sum of sums) sum.set(w.add(sum.get(), sum.get()));
        });
        sums.forEach((sum, i) => {
          w.store(at(5 + i), sum.get());
        });
      });
    });
  });

  test('numbers of float32, whatever the elements are', () => {
    const element = options.elementType === 'float32' ? fc.float() : fc.double();
    fc.assert(
      fc.property(fc.array(element, { minLength: 8, maxLength: 8 }), (elements) => {
        const nestOf =
          (place: number): Nest =>
          (w) =>
            w.procedure('nest', 1, (base) => {
              const at = (i: number) => w.plus(base, i * place);
              const result = (i: number) => w.index(i * w.lanes * w.elementSize);
              const elements = w.share(w.load(w.index(0)));
              w.storeSingles(at(0), elements);
              w.storeSingle(at(w.lanes), elements);
              w.store(result(1), w.roundToSingle(elements));
              w.store(result(2), w.loadSingles(at(0)));
              w.store(result(3), w.splatSingle(at(w.lanes)));
            });
        const base = 128;
        const bytesOfElement = options.elementType === 'float32' ? 4 : 8;
        const expected = interpreted(nestOf(1), options)('nest', elements, [base]);
        const actual = compiled(nestOf(4), options)('nest', elements, [base * bytesOfElement]);
        expect(actual.slice(0, base)).toEqual(expected.slice(0, base));
      }),
    );
  });

  test('elements as indices and as integers of 32 bits, and back', () => {
    const whole = options.elementType === 'float32' ? fc.integer().map(Math.fround) : fc.integer();
    const inRange = whole.filter((x) => x < 2 ** 31);
    fc.assert(
      fc.property(fc.array(inRange, { minLength: 4, maxLength: 4 }), (elements) => {
        const nestOf =
          (place: number): Nest =>
          (w) =>
            w.procedure('nest', 1, (base) => {
              w.storeIntegers(base, w.load(w.index(0)));
              w.storeIndex(w.plus(base, w.lanes * place), w.toIndex(w.load(w.index(0))));
              w.store(w.index(0), w.loadIntegers(base));
              w.store(w.index(w.lanes * w.elementSize), w.fromIndex(w.loadIndex(w.plus(base, w.lanes * place))));
            });
        const base = 128;
        const bytesOfElement = options.elementType === 'float32' ? 4 : 8;
        const expected = interpreted(nestOf(1), options)('nest', elements, [base]);
        const actual = compiled(nestOf(4), options)('nest', elements, [base * bytesOfElement]);
        expect(actual.slice(0, base)).toEqual(expected.slice(0, base));
      }),
    );
  });

  test('an index that changes', () => {
    fc.assert(
      fc.property(small, small, (times, x) => {
        agree(
          (w) =>
            w.procedure('nest', 2, (times, x) => {
              const kept = w.keepIndex(x);
              w.loop(times, [], () => {
                const now = w.fix(kept.get());
                kept.set(w.plus(w.times(now, 2), 1));
                w.when(w.isLess(w.index(100), kept.get()), () => kept.set(w.minus(kept.get(), w.index(100))));
              });
              show(w, kept.get());
            }),
          times,
          x,
        );
      }),
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
