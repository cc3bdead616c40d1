import { describe, expect, test } from 'vitest';
import { VectorInterpreter } from '../interpret-vectors.ts';
import { numbers } from '../numbers.ts';
import { type ElementaryFunction, single } from './single.ts';

const lanes = 2 ** 12;
/** Machines whose multiply-add rounds once, and twice. */
const machines = [new VectorInterpreter(lanes, 'float32', 1), new VectorInterpreter(lanes, 'float32', 2)];

const bitsToFloat = (bits: number): number => new Float32Array(Int32Array.of(bits).buffer)[0];
const floatToBits = (x: number): number => new Int32Array(Float32Array.of(x).buffer)[0];
/** A fixed number of 32 bits for each i, of no visible order. */
const scattered = (i: number): number => {
  const mixed = Math.imul(i ^ (i >>> 15), 0x2c1b3c6d);
  return Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) ^ (mixed >>> 15);
};

/** Where something changes: zeros, the smallest and largest floats, borders of functions and of their parts. */
const borders = [
  [0, 2 ** -149, 2 ** -126, 2 ** -64, 2 ** -24, 2 ** -13, 2 ** -12],
  [0.25, Math.SQRT2 - 1, 0.46875, 0.5, 0.625, Math.SQRT1_2, 0.75, 0.927734375, 1, Math.SQRT2, 1.5, 2, 3, 4, 6, 10],
  [0.5, 1, 1.5, 2, 3, 64, 126, 127, 128, 149, 150].map((n) => n * Math.LN2),
  [1, 2, 3, 4, 5, 8, 256, 1e5].map((n) => (n * Math.PI) / 4),
  [8.49, 9.01, 17, 18, 20, 87.33, 88.37, 88.376, 88.5, 88.6, 88.72284, 89.416, 89.5, 103.28, 103.97, 104, 176],
  [2 ** 12, 2 ** 13, 2 ** 23, 2 ** 24, 2 ** 25, 2 ** 49, 2 ** 64, 2 ** 73, 2 ** 97, 2 ** 121, 2 ** 127],
  [3.4028234663852886e38, Infinity, Number.NaN],
].flat();
const specials = borders.flatMap((x) => [x, -x]);

function neighbourhood(x: number): number[] {
  const bits = floatToBits(x);
  return Array.from({ length: 33 }, (_, i) => bitsToFloat(bits + i - 16));
}

/** 2¹⁸ floats evenly over all bits, and the neighbourhoods of what is special. */
function evenlyOverBits(): Float32Array {
  const count = 2 ** 18;
  const step = 2 ** 32 / count;
  const even = Float32Array.from({ length: count }, (_, i) =>
    bitsToFloat(Math.imul(i, step) + (scattered(i) & (step - 1))),
  );
  return Float32Array.from([...even, ...specials.flatMap(neighbourhood)]);
}

/** Vectors of the values, the last one filled with zeros. */
function vectorsOf(values: Float32Array): Float32Array[] {
  return Array.from({ length: Math.ceil(values.length / lanes) }, (_, i) => {
    const vector = new Float32Array(lanes);
    vector.set(values.subarray(i * lanes, (i + 1) * lanes));
    return vector;
  });
}

/** The place of a float among all floats; those of -0 and 0 differ by one, that of NaN is beyond all. */
function placesOf(values: ArrayLike<number>): Int32Array {
  const floats = Float32Array.from(values, (x) => (Number.isNaN(x) ? Number.NaN : x));
  return new Int32Array(floats.buffer).map((bits) => (bits < 0 ? -(bits & 0x7fffffff) - 1 : bits));
}

/** Inputs where a function is more than `limit` floats away from the rounded result of float64. */
function misses(
  name: ElementaryFunction,
  inputs: readonly Float32Array[],
  machine: VectorInterpreter,
  limit = 2,
): string[] {
  const f: (machine: VectorInterpreter, ...x: Float32Array[]) => ArrayLike<number> = single[name];
  const reference: (...x: number[]) => number = numbers[name];
  const actual = f(machine, ...inputs);
  const expected = Float32Array.from(inputs[0], (_, lane) => reference(...inputs.map((x) => x[lane])));
  const [there, here] = [placesOf(expected), placesOf(actual)];
  return [...there.keys()]
    .filter((lane) => {
      const isZero = expected[lane] === 0 && actual[lane] === 0;
      const vanishes = name === 'sigmoid' && actual[lane] === 0 && 0 < expected[lane] && expected[lane] < 2 ** -127;
      return !vanishes && Math.abs(there[lane] - here[lane]) > (isZero ? 0 : limit);
    })
    .map((lane) => `${name}(${inputs.map((x) => x[lane])}) = ${expected[lane]}, not ${actual[lane]}`);
}

describe('functions of float32 are within two units in the last place', () => {
  const inputs = vectorsOf(evenlyOverBits());
  const unary = (Object.keys(single) as ElementaryFunction[]).filter((name) => single[name].length === 2);
  test.each(unary)('%s', (name) => {
    // Every second vector for one machine, the others for the other; then the specials for both.
    const half = inputs.flatMap((x, i) => misses(name, [x], machines[i % 2]));
    const swapped = inputs.slice(2 ** 18 / lanes).flatMap((x, i) => misses(name, [x], machines[(i + 1) % 2]));
    expect([...half, ...swapped].slice(0, 5)).toEqual([]);
  });

  test('and tanh and sigmoid reach their limits, and do not pass them', () => {
    const floats = Float32Array.from({ length: lanes }, (_, i) => 7 + (i * 12) / lanes);
    for (const machine of machines) {
      const [upper, lower] = [single.tanh(machine, floats), single.tanh(machine, machine.negate(floats))];
      const rising = single.sigmoid(machine, floats);
      const wrong = [...floats.keys()].filter((i) => {
        const isWithin = upper[i] <= 1 && lower[i] === -upper[i] && rising[i] <= 1;
        return !isWithin || (floats[i] > 9.02 && upper[i] < 1) || (floats[i] > 17.4 && rising[i] < 1);
      });
      expect(wrong.map((i) => floats[i])).toEqual([]);
      const ofInfinity = [Infinity, -Infinity].map((x) => single.sigmoid(machine, machine.constant(x))[0]);
      expect(ofInfinity).toEqual([1, 0]);
    }
  });

  test('and sin, cos and tan of whole turns too large to see, or very close to a multiple of π/2', () => {
    const close = [16367173 * 2 ** 72, 6381956970095103 * 2 ** 10, 8.3e37, 5.319372648e26, 122925461, 7.2e10, 13176795];
    const vectors = vectorsOf(Float32Array.from(close.flatMap(neighbourhood)));
    for (const name of ['sin', 'cos', 'tan'] as const) {
      for (const machine of machines) {
        expect(vectors.flatMap((x) => misses(name, [x], machine))).toEqual([]);
      }
    }
  });
});

describe('functions of two float32', () => {
  const pairs = specials.flatMap((x) => specials.map((y) => [x, y]));
  const draws = 2 ** 16;
  /** Pairs of the specials, of any floats, and of what `related` makes of them. */
  const inputsOf = (related: (x: number, part: number) => [number, number]): Float32Array[][] => {
    const drawn = Array.from({ length: draws }, (_, i): [number, number] => {
      const x = bitsToFloat(scattered(2 * i));
      const other = scattered(2 * i + 1);
      return i % 4 === 0 ? [x, bitsToFloat(other)] : related(x, other / 2 ** 31);
    });
    const all = [...pairs, ...drawn];
    const first = vectorsOf(Float32Array.from(all, ([x]) => x));
    const second = vectorsOf(Float32Array.from(all, ([, y]) => y));
    return first.map((x, i) => [x, second[i]]);
  };
  const onBoth = (name: ElementaryFunction, inputs: Float32Array[][], limit?: number): string[] =>
    inputs.flatMap((pair) => machines.flatMap((machine) => misses(name, pair, machine, limit))).slice(0, 5);

  test('pow, of results from the smallest to the largest and of bases next to 1', () => {
    const nearOne = (x: number): number => 1 + (Math.abs(x) % 0.3 || 0.01);
    const inputs = inputsOf((x, part) => {
      const base = Math.fround(part > 0 ? Math.abs(x) : nearOne(x));
      return [base, ((2 * Math.abs(part) - 1) * 152) / Math.log2(base)];
    });
    const powers = inputsOf((x, part) => [(x % 100) + part, Math.round(part * 20) / 2]);
    expect(onBoth('pow', [...inputs, ...powers])).toEqual([]);
  });

  test('atan2, of points in all directions', () => {
    expect(
      onBoth(
        'atan2',
        inputsOf((x, part) => [x, x * part * 4]),
      ),
    ).toEqual([]);
  });

  test('fmod, exactly', () => {
    expect(
      onBoth(
        'fmod',
        inputsOf((x, part) => [x, x * 2 ** (part * 30) * part]),
        0,
      ),
    ).toEqual([]);
  });
});
