import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NativeEngine, NativeProgram } from '../../compile/native/native-engine.ts';
import { expectBuilt, testSurroundings, withEngine } from '../../compile/native/test-surroundings.ts';
import type { ElementaryFunction } from '../elementary/single.ts';
import { vectorScalarMath } from '../elementary/vector-scalar-math.ts';
import { LoopInterpreter } from '../interpret-loops.ts';
import type { Kernel } from '../kernel.ts';
import type { LoopMath } from '../loop-math.ts';
import { numbers } from '../numbers.ts';
import type { ElementType } from '../vector-math.ts';
import { cElements } from './vector-source.ts';

/** Where a kernel finds its elements and whole numbers, and leaves its results; in elements. */
const ELEMENTS = 0;
const INTEGERS = 256;
const RESULTS = 384;
const MEMORY = 1024;

type Nest = <I, V>(w: LoopMath<I, V>) => void;

type Run = (elements: readonly number[], integers: readonly number[]) => readonly number[];

function kernelOf(elementType: ElementType, nest: Nest): Kernel {
  return {
    name: 'nest',
    elementType,
    units: 1,
    cost: 0,
    write: (w) => w.procedure('nest', 3, () => nest(w)),
  };
}

function interpreted(elementType: ElementType, lanes: number, nest: Nest, roundings: 1 | 2 = 2): Run {
  return (elements, integers) => {
    const memory = new Float64Array(MEMORY);
    memory.set(elements, ELEMENTS);
    memory.set(integers, INTEGERS);
    nest(new LoopInterpreter(lanes, memory, elementType, roundings));
    return [...memory.subarray(RESULTS)];
  };
}

function compiled(engine: NativeEngine, elementType: ElementType, nest: Nest): Run {
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  const bytes = new Uint8Array(buffer);
  const program: NativeProgram = expectBuilt(engine.build([[kernelOf(elementType, nest)]], () => bytes, 1));
  const memory = elementType === 'float32' ? new Float32Array(buffer) : new Float64Array(buffer);
  return (elements, integers) => {
    memory.fill(0);
    memory.set(elements, ELEMENTS);
    new Int32Array(buffer, INTEGERS * cElements[elementType].bytes).set(integers);
    program.run(0);
    return [...memory.subarray(RESULTS, MEMORY)];
  };
}

/** To the last bit, but for those of a NaN. */
function expectSame(values: readonly number[], expected: readonly number[]): void {
  const at = values.findIndex((value, i) => !Object.is(value, expected[i]));
  if (at >= 0) expect.fail(`result ${at} is ${values[at]}, not ${expected[at]}`);
}

const surroundings = testSurroundings();
const tile = { rows: 1, vectors: 1 };
const kinds = (['float32', 'float64'] as const).flatMap((elementType) =>
  [1, 4, 16].map((lanes) => ({ elementType, lanes })),
);

describe.each(kinds)('C does as the interpreter does: $elementType, $lanes lanes', ({ elementType, lanes }) => {
  const { bytes } = cElements[elementType];
  const specials = [Number.NaN, 0, -0, 1, -1, 0.5, 1.5, 2.5, -2.5, 1e-40, 2 ** 31 - 128, 2 ** 52 - 0.5];
  const infinities = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const element = fc
    .oneof(fc.constantFrom(...specials, ...infinities), fc.double(), fc.double({ min: -100, max: 100 }))
    .map((x) => (elementType === 'float32' ? Math.fround(x) : x));
  const elements = fc.array(element, { minLength: 3 * lanes, maxLength: 3 * lanes });

  const inEngine = (nest: Nest, check: (run: Run) => void): void => {
    withEngine(surroundings, { vectorBytes: lanes * bytes, tile }, (engine) =>
      check(compiled(engine, elementType, nest)),
    );
  };
  const agree = (nest: Nest, inputs: fc.Arbitrary<readonly [readonly number[], readonly number[]]>): void => {
    inEngine(nest, (run) => {
      const expected = interpreted(elementType, lanes, nest);
      fc.assert(fc.property(inputs, (input) => expectSame(run(...input), expected(...input))));
    });
  };
  /** The vectors that lie side by side at the beginning. */
  const inputs = <I, V>(w: LoopMath<I, V>): V[] =>
    [0, 1, 2].map((i) => w.load(w.index((ELEMENTS + i * w.lanes) * w.elementSize)));
  const storeAll = <I, V>(w: LoopMath<I, V>, results: readonly V[]): void => {
    results.forEach((result, i) => {
      w.store(w.index((RESULTS + i * w.lanes) * w.elementSize), result);
    });
  };

  test('vectors half as long are written into the same procedure, down to those of 16 bytes', () => {
    const used: number[] = [];
    const nest: Nest = (w) => {
      const at = (i: number) => w.index(i * w.elementSize);
      const write = <W>(narrower: LoopMath<ReturnType<typeof at>, W>): void => {
        const { lanes } = narrower;
        used.push(lanes);
        const [x, y] = [0, lanes].map((i) => narrower.load(at(ELEMENTS + i)));
        narrower.store(at(RESULTS + used.reduce((sum, count) => sum + count) - lanes), narrower.subtract(y, x));
        if (narrower.narrower) write(narrower.narrower);
      };
      write(w);
    };
    inEngine(nest, (run) => {
      const x = Array.from({ length: 3 * lanes }, (_, i) => i * i);
      const expected = used.flatMap((count) => x.slice(0, count).map((_, i) => x[i + count] - x[i]));
      expect(run(x, []).slice(0, expected.length)).toEqual(expected);
      expect(used.at(-1)).toBe(Math.min(lanes, 16 / bytes));
    });
  });

  test('numbers in, numbers out', () => {
    agree(
      (w) => {
        const [a, b] = inputs(w);
        const rounded = [w.floor(a), w.ceil(a), w.truncate(a), w.nearest(a)];
        const arithmetic = [w.add(a, b), w.subtract(a, b), w.multiply(a, b), w.divide(a, b), w.negate(a)];
        const extremes = [w.minimum(a, b), w.maximum(a, b), w.minimum(a, a), w.maximum(w.negate(a), a)];
        storeAll(w, [...rounded, ...arithmetic, ...extremes, w.absolute(a), w.squareRoot(a), w.zero()]);
      },
      fc.tuple(elements, fc.constant([])),
    );
  });

  test('minimum and maximum with constants', () => {
    agree(
      (w) => {
        const [a] = inputs(w);
        const constants = [1, -2.5, 0, -0, Number.NaN, ...infinities, 1e-60].map((value) => w.constant(value));
        storeAll(
          w,
          constants.flatMap((c) => [w.minimum(a, c), w.minimum(c, a), w.maximum(a, c), w.maximum(c, a)]),
        );
      },
      fc.tuple(elements, fc.constant([])),
    );
  });

  test('constants', () => {
    agree(
      (w) =>
        storeAll(
          w,
          [...specials, ...infinities, 1 / 3, -1e-310, 1e300, 1e21, 123456789].map((x) => w.constant(x)),
        ),
      fc.constant([[], []] as const),
    );
  });

  test('masks', () => {
    agree(
      (w) => {
        const [a, b, c] = inputs(w);
        const less = w.less(a, b);
        const masks = [less, w.lessEqual(a, b), w.equal(a, b), w.not(less), w.and(less, w.less(b, c))];
        const more = [w.or(less, w.equal(b, c)), w.equal(a, a), w.less(a, a), w.lessEqual(a, a)];
        storeAll(
          w,
          [...masks, ...more].map((mask) => w.select(mask, w.constant(1), w.constant(2))),
        );
        storeAll(w, [w.select(less, a, c), w.and(w.not(w.constant(-0)), a), w.or(w.constant(-0), a)]);
      },
      fc.tuple(elements, fc.constant([])),
    );
  });

  test('multiply and add: with one rounding or two', () => {
    const nest: Nest = (w) => {
      const [a, b, c] = inputs(w);
      storeAll(w, [w.multiplyAdd(a, b, c)]);
    };
    const small = fc.integer({ min: -1000, max: 1000 });
    const exact = fc.array(small, { minLength: 3 * lanes, maxLength: 3 * lanes });
    agree(nest, fc.tuple(exact, fc.constant([])));
    if (elementType === 'float64') return;
    inEngine(nest, (run) => {
      fc.assert(
        fc.property(elements, (x) => {
          const once = interpreted(elementType, lanes, nest, 1)(x, []);
          const twice = interpreted(elementType, lanes, nest, 2)(x, []);
          const isRounded = (value: number, i: number) => Object.is(value, once[i]) || Object.is(value, twice[i]);
          expect(run(x, []).findIndex((value, i) => !isRounded(value, i))).toBe(-1);
        }),
      );
    });
  });

  test('whole numbers in lanes', () => {
    const whole = fc.integer({ min: -(2 ** 20), max: 2 ** 20 });
    agree(
      (w) => {
        const [a, b] = inputs(w);
        const [m, n] = [w.toIntegers(a), w.toIntegers(b)];
        const sums = [w.addIntegers(m, n), w.subtractIntegers(m, n), w.addIntegers(m, w.integerConstant(-12345))];
        const shifted = [w.shiftLeft(m, 3), w.shiftRight(m, 3), w.shiftRight(w.integerConstant(-(2 ** 30)), 29)];
        storeAll(
          w,
          [m, ...sums, ...shifted].map((integers) => w.fromIntegers(integers)),
        );
      },
      fc.tuple(fc.array(whole, { minLength: 2 * lanes, maxLength: 2 * lanes }), fc.constant([])),
    );
  });

  test('the bits of an exponent: two to a power', () => {
    const [bias, fraction] = elementType === 'float32' ? [127, 23] : [1023, 52];
    const exponents = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: lanes, maxLength: lanes });
    inEngine(
      (w) => {
        const biased = w.addIntegers(w.toIntegers(inputs(w)[0]), w.integerConstant(bias));
        storeAll(w, [w.shiftLeft(biased, fraction)]);
      },
      (run) => {
        fc.assert(
          fc.property(exponents, (x) =>
            expectSame(
              run(x, []).slice(0, lanes),
              x.map((power) => 2 ** power),
            ),
          ),
        );
      },
    );
  });

  test('lanes combined, and the transpose of a square', () => {
    const square = fc.array(element, { minLength: lanes * lanes, maxLength: lanes * lanes });
    agree(
      (w) => {
        const [a, b] = inputs(w);
        const sum = w.combineLanes(a, (x, y) => w.add(x, y));
        storeAll(w, [sum, w.combineLanes(b, (x, y) => w.maximum(x, y))]);
      },
      fc.tuple(elements, fc.constant([])),
    );
    agree(
      (w) => {
        const rows = Array.from({ length: lanes }, (_, i) => w.load(w.index((ELEMENTS + i * lanes) * w.elementSize)));
        storeAll(w, w.transpose(rows));
      },
      fc.tuple(square, fc.constant([])),
    );
  });

  test('single elements, and whole numbers in memory', () => {
    const integers = fc.array(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), { minLength: 16, maxLength: 16 });
    agree(
      (w) => {
        const at = (base: number) => w.index(base * w.elementSize);
        const apart = [w.loadApart(at(ELEMENTS), 2 * w.elementSize), w.loadApart(at(ELEMENTS + 40), -w.elementSize)];
        storeAll(w, [w.splat(at(ELEMENTS)), w.loadIntegers(at(INTEGERS)), w.splatInteger(at(INTEGERS)), ...apart]);
        w.storeElement(at(RESULTS + 100), inputs(w)[1]);
        w.copy(at(RESULTS + 101), at(ELEMENTS + 1));
        w.storeIndex(at(INTEGERS + 64), w.plus(w.times(w.loadIndex(at(INTEGERS)), 0), 77));
        w.store(at(RESULTS + 120), w.splatInteger(at(INTEGERS + 64)));
      },
      fc.tuple(elements, integers),
    );
  });

  test('numbers of float32 in memory, whatever the elements are', () => {
    agree(
      (w) => {
        const at = (base: number) => w.index(base * w.elementSize);
        const [a] = inputs(w);
        w.storeSingles(at(INTEGERS + 64), a);
        w.storeSingle(at(INTEGERS + 96), a);
        storeAll(w, [w.roundToSingle(a), w.loadSingles(at(INTEGERS + 64)), w.splatSingle(at(INTEGERS + 96))]);
      },
      fc.tuple(elements, fc.constant([])),
    );
  });

  test('elements as indices and as whole numbers in memory, and back', () => {
    const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 128 }).map((x) => (x >> 7) * 128);
    const integers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 16, maxLength: 16 });
    agree(
      (w) => {
        const at = (base: number) => w.index(base * w.elementSize);
        w.storeIntegers(at(INTEGERS + 64), inputs(w)[0]);
        w.storeIndex(at(INTEGERS + 96), w.plus(w.toIndex(inputs(w)[1]), 0));
        storeAll(w, [
          w.loadIntegers(at(INTEGERS + 64)),
          w.splatInteger(at(INTEGERS + 96)),
          w.fromIndex(w.plus(w.loadIndex(at(INTEGERS)), 1)),
        ]);
      },
      fc.tuple(fc.array(whole, { minLength: 3 * lanes, maxLength: 3 * lanes }), integers),
    );
  });

  /** Adds one to the result of this number. */
  const show = <I, V>(w: LoopMath<I, V>, value: I): void => {
    const address = w.fix(w.plus(w.times(value, w.elementSize), RESULTS * w.elementSize));
    w.storeElement(address, w.add(w.splat(address), w.constant(1)));
  };
  /** Whole numbers that are known only when the nest runs. Those of 64-bit elements lie two to an element. */
  const values = <I, V>(w: LoopMath<I, V>, count: number): I[] =>
    Array.from({ length: count }, (_, i) => {
      const apart = w.elementSize === 1 ? 1 : 4;
      return w.loadIndex(w.index(INTEGERS * w.elementSize + i * apart));
    });
  const few = (min: number, max: number) =>
    fc.tuple(fc.constant([]), fc.array(fc.integer({ min, max }), { minLength: 3, maxLength: 3 }));

  test('arithmetic of indices', () => {
    agree(
      (w) => {
        const [x, y, z] = values(w, 3);
        show(w, w.plus(w.times(x, y), w.plus(w.plus(w.times(w.index(7), x), 7), w.index(2))));
        show(w, w.minus(w.plus(x, 100), w.times(y, 8)));
        show(w, w.minus(w.index(100), w.plus(y, -8)));
        show(w, w.plus(w.quotient(w.times(x, 10), w.plus(y, 1)), w.quotient(y, w.plus(z, 1))));
        show(w, w.plus(w.quotient(x, 3), w.fix(w.times(w.index(3), w.index(8)))));
      },
      few(0, 9),
    );
  });

  test('conditions choose, and run one of two bodies', () => {
    agree(
      (w) => {
        const [x, y] = values(w, 2);
        show(w, w.choose(w.isLess(x, y), w.index(10), w.index(20)));
        show(w, w.choose(w.isEqual(x, y), w.index(30), w.index(40)));
        const body = (value: number) => () => show(w, w.index(value));
        w.when(w.isLess(x, -1), body(50), body(60));
        w.when(w.isEqual(x, 2), body(70), () => w.when(x, body(80), body(90)));
        w.when(w.isLess(w.index(0), y), body(100));
      },
      few(-3, 3),
    );
  });

  test('an index that changes', () => {
    agree(
      (w) => {
        const [times, x] = values(w, 2);
        const kept = w.keepIndex(x);
        w.loop(times, [], () => {
          const now = kept.get();
          kept.set(w.plus(w.times(now, 2), 1));
          w.when(w.isLess(w.index(100), kept.get()), () => kept.set(w.minus(kept.get(), w.index(100))));
          show(w, now);
        });
        show(w, kept.get());
      },
      few(0, 9),
    );
  });

  test('loops run as often as they are told, cursors forwards and backwards, one loop inside the other', () => {
    agree(
      (w) => {
        const [rows, columns, step] = values(w, 3);
        const down = [w.index(20), step] as const;
        const up = [w.index(200), -7] as const;
        const sum = w.keep(w.zero());
        w.loop(rows, [down, up], (down, up) => {
          show(w, up);
          w.loop(columns, [[down, 2]], (across) => {
            show(w, across);
            sum.set(w.add(sum.get(), w.constant(1)));
          });
        });
        const before = sum.get();
        sum.set(w.constant(7));
        w.store(w.index((RESULTS + 300) * w.elementSize), w.add(before, sum.get()));
      },
      few(-2, 5),
    );
  });

  test('procedures call those written before them', () => {
    inEngine(
      (w) => {
        const [x, y] = values(w, 2);
        const mark = w.procedure('mark', 2, (a, b) => show(w, w.fix(w.minus(a, b))));
        const twice = w.procedure('twice', 1, (a) => {
          mark(a, w.index(1));
          mark(w.times(a, 2), a);
        });
        twice(x);
        twice(w.plus(y, 5));
      },
      (run) => {
        const results = run([], [40, 60]);
        expect(results.flatMap((value, i) => (value ? [[i, value]] : []))).toEqual([
          [39, 1],
          [40, 1],
          [64, 1],
          [65, 1],
        ]);
      },
    );
  });
});

describe('elementary functions', () => {
  const unary = ['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const;
  const more = ['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'erf', 'sigmoid'] as const;
  const functions: readonly ElementaryFunction[] = [...unary, ...more, 'pow', 'fmod', 'atan2'];
  const special = fc.constantFrom(1, -1, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.5);
  const moderate = fc.double({ min: -20, max: 20, noNaN: true });
  /** Every function of two vectors, result after result. */
  const nest: Nest = (w) => {
    const m = vectorScalarMath(w);
    const [a, b] = [0, 1].map((i) => m.fromNumbers(w.load(w.index(i * w.lanes * w.elementSize))));
    functions.forEach((name, i) => {
      const f: (...x: (typeof a)[]) => typeof a = m[name];
      const result = numbers[name].length === 2 ? f(a, b) : f(a);
      w.store(w.index((RESULTS + i * w.lanes) * w.elementSize), m.numberOf(result));
    });
  };
  const expectEach = (
    lanes: number,
    x: readonly number[],
    values: readonly number[],
    isRight: (value: number, i: number) => boolean,
  ): void => {
    const at = values.findIndex((value, i) => !isRight(value, i));
    const [name, lane] = [functions[Math.floor(at / lanes)], at % lanes];
    if (at >= 0) expect.fail(`${name}(${x[lane]}, ${x[lanes + lane]}) is ${values[at]}`);
  };

  test.each([1, 8, 16])('of float32 have the bits of the interpreter, %i lanes', (lanes) => {
    const element = fc.oneof(special, moderate.map(Math.fround), fc.float());
    withEngine(surroundings, { vectorBytes: 4 * lanes, tile }, (engine) => {
      const run = compiled(engine, 'float32', nest);
      const [once, twice] = ([1, 2] as const).map((roundings) => interpreted('float32', lanes, nest, roundings));
      fc.assert(
        fc.property(fc.array(element, { minLength: 2 * lanes, maxLength: 2 * lanes }), (x) => {
          const [fused, separate] = [once(x, []), twice(x, [])];
          const isRight = (value: number, i: number) => Object.is(value, fused[i]) || Object.is(value, separate[i]);
          expectEach(lanes, x, run(x, []), isRight);
        }),
      );
    });
  });

  test('of float64 are those of numbers.ts, but for some units in the last place', () => {
    const lanes = 4;
    const element = fc.oneof(special, moderate, fc.double());
    withEngine(surroundings, { vectorBytes: 8 * lanes, tile }, (engine) => {
      const run = compiled(engine, 'float64', nest);
      const expected = interpreted('float64', lanes, nest);
      fc.assert(
        fc.property(fc.array(element, { minLength: 2 * lanes, maxLength: 2 * lanes }), (x) => {
          const wanted = expected(x, []);
          const isClose = (value: number, i: number): boolean => {
            const allowed = 4 * Number.EPSILON * Math.abs(wanted[i]) + Number.MIN_VALUE;
            return Object.is(value, wanted[i]) || Math.abs(value - wanted[i]) <= allowed;
          };
          expectEach(lanes, x, run(x, []), isClose);
        }),
        { numRuns: 500 },
      );
    });
  });
});
