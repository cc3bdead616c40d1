import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoopMath } from '../loop-math.ts';
import type { LibraryFunction, VectorMath } from '../vector-math.ts';
import { compiled, interpreted, kinds, lanesOf, type Nest } from './run-nest.ts';
import { WasmWriter } from './write-wasm.ts';

/** What an operation is tried on: three vectors of any floats, and two of whole numbers. */
interface Inputs<V> {
  readonly x: V;
  readonly y: V;
  readonly z: V;
  readonly whole: V;
  readonly other: V;
}
type Operation = <V>(w: VectorMath<V>, inputs: Inputs<V>) => V;

/** Of exp and log: a whole number as an exponent, and the exponent of a float as a number. */
const scale = <V>(w: VectorMath<V>, exponent: V): V => {
  const [bias, fraction] = w.elementType === 'float32' ? [127, 23] : [1023, 52];
  return w.shiftLeft(w.addIntegers(w.toIntegers(exponent), w.integerConstant(bias)), fraction);
};
const exponent = <V>(w: VectorMath<V>, x: V): V =>
  w.fromIntegers(w.shiftRight(x, w.elementType === 'float32' ? 23 : 52));

const operations: Readonly<Record<Exclude<keyof VectorMath<unknown>, 'elementType' | 'call'>, Operation>> = {
  constant: (w, { x }) => [-0, 1 / 3, Infinity, NaN, -0, 0, 1e-310].reduce((sum, c) => w.add(sum, w.constant(c)), x),
  share: (w, { x, y }) => {
    const sum = w.share(w.add(x, y));
    return w.multiply(sum, sum);
  },
  keep: (w, { x, y }) => {
    const register = w.keep(w.add(x, y));
    register.set(w.multiply(register.get(), register.get()));
    return register.get();
  },
  add: (w, { x, y }) => w.add(x, y),
  subtract: (w, { x, y }) => w.subtract(x, y),
  multiply: (w, { x, y }) => w.multiply(x, y),
  divide: (w, { x, y }) => w.divide(x, y),
  // Exact, so that one rounding and two agree.
  multiplyAdd: (w, { x, whole }) => w.multiplyAdd(w.constant(-2), whole, w.select(w.less(whole, x), whole, whole)),
  negate: (w, { x }) => w.negate(x),
  absolute: (w, { x }) => w.absolute(x),
  squareRoot: (w, { x }) => w.squareRoot(x),
  floor: (w, { x }) => w.floor(x),
  ceil: (w, { x }) => w.ceil(x),
  truncate: (w, { x }) => w.truncate(x),
  nearest: (w, { x }) => w.nearest(x),
  roundToSingle: (w, { x }) => w.roundToSingle(x),
  minimum: (w, { x, y }) => w.minimum(x, y),
  maximum: (w, { x, y }) => w.maximum(x, y),
  less: (w, { x, y }) => w.and(w.less(x, y), w.constant(1)),
  lessEqual: (w, { x, y }) => w.and(w.lessEqual(x, y), w.constant(1)),
  equal: (w, { x, y }) => w.or(w.and(w.equal(x, x), w.constant(1)), w.and(w.equal(x, y), w.constant(2))),
  and: (w, { x, y }) => w.and(x, y),
  or: (w, { x, y }) => w.or(x, y),
  not: (w, { x }) => w.not(x),
  select: (w, { x, y, z }) => w.select(w.not(w.less(x, y)), z, y),
  toIntegers: (w, { whole }) => w.toIntegers(whole),
  fromIntegers: (w, { whole }) => w.fromIntegers(w.toIntegers(whole)),
  integerConstant: (w, { whole }) => w.fromIntegers(w.addIntegers(w.toIntegers(whole), w.integerConstant(-77))),
  addIntegers: (w, { x, whole, other }) =>
    w.addIntegers(w.addIntegers(w.toIntegers(whole), w.toIntegers(other)), w.and(x, w.toIntegers(other))),
  subtractIntegers: (w, { whole, other }) => w.subtractIntegers(w.toIntegers(whole), w.toIntegers(other)),
  shiftLeft: (w, { whole }) => scale(w, w.minimum(w.maximum(whole, w.constant(-126)), w.constant(127))),
  shiftRight: (w, { x }) => exponent(w, x),
};

/** Of expressions: what gives the same number whatever bits a NaN has. */
const stepsOfExpressions = {
  add: (w, x, y) => w.add(x, y),
  subtract: (w, x, y) => w.subtract(x, y),
  multiply: (w, x, y) => w.multiply(x, y),
  divide: (w, x, y) => w.divide(x, y),
  negate: (w, x) => w.negate(x),
  absolute: (w, x) => w.absolute(x),
  squareRoot: (w, x) => w.squareRoot(w.absolute(x)),
  nearest: (w, x) => w.nearest(x),
  floor: (w, x) => w.floor(x),
  minimum: (w, x, y) => w.minimum(x, y),
  maximum: (w, x, y) => w.maximum(x, y),
  minimumWithConstant: (w, x) => w.minimum(x, w.constant(2)),
  reciprocal: (w, x) => w.divide(w.constant(1), x),
  isLess: (w, x, y, z) => w.select(w.less(x, y), z, w.constant(0)),
  isLessEqual: (w, x, y, z) => w.select(w.not(w.lessEqual(x, y)), y, z),
  isEqual: (w, x, y, z) => w.select(w.or(w.equal(x, z), w.less(y, z)), x, y),
  isBoth: (w, x, y, z) => w.and(w.and(w.less(x, y), w.not(w.equal(y, z))), w.constant(1)),
} satisfies Readonly<Record<string, <V>(w: VectorMath<V>, x: V, y: V, z: V) => V>>;

const drawnStep = fc.tuple(
  fc.constantFrom(...(Object.keys(stepsOfExpressions) as (keyof typeof stepsOfExpressions)[])),
  ...([fc.nat(99), fc.nat(99), fc.nat(99)] as const),
);

/** A procedure for each operation: reads from the beginning of the memory, writes behind it. */
const nest = <I, V>(w: LoopMath<I, V>): void => {
  const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
  for (const [name, operation] of Object.entries(operations)) {
    w.procedure(name, 0, () => {
      const [x, y, z, whole, other] = [0, 1, 2, 3, 4].map((vector) => w.share(w.load(place(vector))));
      w.store(place(5), operation(w, { x, y, z, whole, other }));
    });
  }
};

describe.each(kinds)('a vector operation in WebAssembly gives the bits of the interpreter: %o', (options) => {
  const isSingle = options.elementType === 'float32';
  const lanes = lanesOf(options);
  const float = isSingle ? fc.float() : fc.double();
  const anyFloat = fc.oneof(float, fc.constantFrom(0, -0, 0.5, 1.5, 2.5, -0.5, Infinity, -Infinity, NaN));
  const round = isSingle ? Math.fround : (value: number): number => value;
  const wholeNumber = fc.oneof(fc.integer(), fc.integer({ min: -200, max: 200 })).map((value) => {
    const rounded = round(value);
    return Math.abs(rounded) < 2 ** 31 ? rounded : rounded / 2;
  });
  const vectors = (element: fc.Arbitrary<number>, count: number): fc.Arbitrary<number[]> =>
    fc.array(element, { minLength: count * lanes, maxLength: count * lanes });
  const elements = fc.tuple(vectors(anyFloat, 3), vectors(wholeNumber, 2)).map((parts) => parts.flat());

  const result = (memory: readonly number[]): readonly number[] => memory.slice(5 * lanes, 6 * lanes);

  const expected = interpreted(nest, options);
  const actual = compiled(nest, options);
  test.each(Object.keys(operations))('%s', (name) => {
    fc.assert(
      fc.property(elements, (elements) => {
        expect(result(actual(name, elements, []))).toEqual(result(expected(name, elements, [])));
      }),
    );
  });

  test('minimum and maximum with constants', () => {
    const constants = [1, -2.5, 0, -0, NaN, Infinity, -Infinity, 1e-60];
    const nest = <I, V>(w: LoopMath<I, V>): void => {
      const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
      w.procedure('nest', 0, () => {
        constants.forEach((value, i) => {
          w.store(place(4 + i), w.minimum(w.load(place(0)), w.constant(value)));
          w.store(place(14 + i), w.minimum(w.constant(value), w.load(place(1))));
          w.store(place(24 + i), w.maximum(w.load(place(2)), w.constant(value)));
          w.store(place(34 + i), w.maximum(w.constant(value), w.load(place(3))));
        });
      });
    };
    const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];
    fc.assert(
      fc.property(elements, (elements) => {
        expect(actual('nest', elements, [])).toEqual(expected('nest', elements, []));
      }),
    );
  });

  test('choices between a vector and zero or another number, and masks that are not set', () => {
    const nest = <I, V>(w: LoopMath<I, V>): void => {
      const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
      w.procedure('nest', 0, () => {
        const [x, y] = [0, 1].map((vector) => w.load(place(vector)));
        const masks = [w.less(x, y), w.equal(x, y), w.not(w.equal(x, x)), w.not(w.less(y, x))];
        masks.forEach((mask, i) => {
          [0, -0, NaN, 1, 1e-60].forEach((value, k) => {
            w.store(place(4 + 10 * i + 2 * k), w.select(mask, w.constant(value), x));
            w.store(place(5 + 10 * i + 2 * k), w.select(mask, y, w.constant(value)));
          });
        });
      });
    };
    const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];
    fc.assert(
      fc.property(elements, (elements) => {
        expect(actual('nest', elements, [])).toEqual(expected('nest', elements, []));
      }),
    );
  });

  test('any expressions of many operations, of which the last are stored', () => {
    fc.assert(
      fc.property(elements, fc.array(drawnStep, { minLength: 1, maxLength: 30 }), (elements, steps) => {
        const nest = <I, V>(w: LoopMath<I, V>): void => {
          const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
          w.procedure('nest', 0, () => {
            const values = [0, 1, 2].map((vector) => w.share(w.load(place(vector))));
            for (const [name, ...operands] of steps) {
              const [x, y, z] = operands.map((operand) => values[operand % values.length] as V) as [V, V, V];
              values.push(w.share(stepsOfExpressions[name](w, x, y, z)));
            }
            values.slice(-8).forEach((value, i) => {
              w.store(place(5 + i), value);
            });
          });
        };
        const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];
        expect(actual('nest', elements, [])).toEqual(expected('nest', elements, []));
      }),
      { numRuns: 60 },
    );
  });

  if (options.relaxed) return;
  test('multiplyAdd rounds twice', () => {
    const nest = <I, V>(w: LoopMath<I, V>): void => {
      const place = (vector: number): I => w.index(vector * w.lanes * w.elementSize);
      w.procedure('nest', 0, () => {
        const [x, y, z] = [0, 1, 2].map((vector) => w.load(place(vector)));
        w.store(place(5), w.multiplyAdd(x, y, z));
      });
    };
    const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];
    fc.assert(
      fc.property(elements, (elements) => {
        expect(result(actual('nest', elements, []))).toEqual(result(expected('nest', elements, [])));
      }),
    );
  });
});

const arities: Readonly<Record<LibraryFunction, 1 | 2>> = {
  pow: 2,
  fmod: 2,
  atan2: 2,
  exp: 1,
  expm1: 1,
  log: 1,
  log1p: 1,
  log2: 1,
  log10: 1,
  sin: 1,
  cos: 1,
  tan: 1,
  asin: 1,
  acos: 1,
  atan: 1,
  sinh: 1,
  cosh: 1,
  tanh: 1,
  asinh: 1,
  acosh: 1,
  atanh: 1,
  erf: 1,
};

test('functions of the library, each imported once, between procedures that call each other', () => {
  const names = Object.keys(arities) as LibraryFunction[];
  const nest: Nest = (w) => {
    const place = (vector: number) => w.index(vector * w.lanes * w.elementSize);
    const call = (name: LibraryFunction, at: number) => {
      const [x, y] = [w.load(place(0)), w.load(place(1))];
      w.store(place(at), arities[name] === 2 ? w.call(name, x, y) : w.call(name, w.add(x, y)));
    };
    const first = w.procedure('first', 0, () => call('exp', 2));
    w.procedure('all', 0, () => {
      first();
      names.forEach((name, i) => {
        call(name, 3 + i);
      });
    });
  };
  const options = { elementType: 'float64', relaxed: false } as const;
  const [expected, actual] = [interpreted(nest, options), compiled(nest, options)];
  const inputs = fc.array(fc.double(), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(inputs, (inputs) => {
      expect(actual('all', inputs, [])).toEqual(expected('all', inputs, []));
    }),
  );
});

test('float32 has no library, and the error says what to do', () => {
  const w = new WasmWriter({ elementType: 'float32', relaxed: false });
  expect(() => w.procedure('nest', 0, () => w.call('exp', w.constant(1)))).toThrow(
    /exp of float32.*float64.*operations of VectorMath/s,
  );
});

test('an expression may be nested deeper than the stack is, a procedure as long as it likes', () => {
  const w = new WasmWriter({ elementType: 'float32', relaxed: false });
  w.procedure('deep', 1, (at) => {
    let sum = w.load(at);
    for (let i = 0; i < 30_000; i++) sum = w.add(sum, w.constant(i));
    w.store(at, sum);
  });
  w.procedure('long', 1, (at) => {
    for (let i = 0; i < 30_000; i++) w.store(at, w.share(w.constant(i)));
  });
  expect(WebAssembly.validate(w.module())).toBe(true);
});
