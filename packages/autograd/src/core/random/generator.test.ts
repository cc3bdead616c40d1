import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GradtapeError } from '../errors.ts';
import { Generator, type GeneratorState } from './generator.ts';
import { philox } from './philox.ts';

type Entries = Float32Array | Float64Array | Int32Array | Uint8Array;

interface Kind {
  /** Entries that a block of four words gives. */
  readonly perBlock: number;
  readonly draw: (generator: Generator, n: number) => Entries;
}

/** Every way to fill an array; the whole numbers have a range that rejects a quarter of the words. */
const kinds: Record<string, Kind> = {
  'float32 uniform': { perBlock: 4, draw: (g, n) => g.uniform(new Float32Array(n), -2, 3) },
  'float64 uniform': { perBlock: 2, draw: (g, n) => g.uniform(new Float64Array(n), -2, 3) },
  'float32 normal': { perBlock: 4, draw: (g, n) => g.normal(new Float32Array(n), 1, 2) },
  'float64 normal': { perBlock: 2, draw: (g, n) => g.normal(new Float64Array(n), 1, 2) },
  integers: { perBlock: 4, draw: (g, n) => g.integers(new Int32Array(n), -(2 ** 31), 2 ** 30) },
  bernoulli: { perBlock: 4, draw: (g, n) => g.bernoulli(new Uint8Array(n), 0.3) },
};

const seed = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -3, max: 3 }));
const block = fc.oneof(
  fc.maxSafeNat().map((b) => Math.floor(b / 2)),
  fc.integer({ min: 2 ** 32 - 3000, max: 2 ** 32 }),
);
const state: fc.Arbitrary<GeneratorState> = fc.record({ seed, block });
/** Lengths below and above the 4096 words that are made at once. */
const length = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 2000, max: 9000 }));

function at(start: GeneratorState): Generator {
  const generator = new Generator(0);
  generator.setState(start);
  return generator;
}

// What another program computed from the published definition, the normal numbers in long double.
describe('known answers', () => {
  test.each<[number, number[], number[], number[], number[]]>([
    [
      0,
      [6694888, 14772677, 12343212, 10158299],
      [0.9911377, -0.9246626, -0.61760896, -0.4820686],
      [0.39904647231489565, 0.7357127860596914],
      [-0.12151796233958041, -1.3500326583619133],
    ],
    [
      -1,
      [7513207, 1394503, 10437040, 2259354],
      [1.0985957, 0.6323022, 0.64585996, 0.7295111],
      [0.447822034978262, 0.6220960627098978],
      [-0.9125069941909343, -0.8798009566005262],
    ],
    [
      2 ** 53 - 1,
      [5417376, 9485340, 13888819, 10957367],
      [-1.3785448, -0.60036206, -0.35153446, -0.50428045],
      [0.3229007986588057, 0.8278381500624865],
      [0.7064021296284353, -1.3273342785112827],
    ],
  ])('seed %i', (seed, uniform32, normal32, uniform64, normal64) => {
    expect([...new Generator(seed).uniform(new Float32Array(4))]).toEqual(uniform32.map((k) => k * 2 ** -24));
    expect(new Generator(seed).normal(new Float32Array(4))).toEqual(new Float32Array(normal32));
    expect([...new Generator(seed).uniform(new Float64Array(2))]).toEqual(uniform64);
    const drawn = new Generator(seed).normal(new Float64Array(2));
    normal64.forEach((z, i) => {
      expect(Math.abs(drawn[i] - z)).toBeLessThan(4 * 2 ** -53);
    });
  });
});

describe.each(Object.entries(kinds))('%s', (_, { draw, perBlock }) => {
  test('the same state gives the same entries', () => {
    fc.assert(
      fc.property(state, length, (start, n) => {
        expect(draw(at(start), n)).toEqual(draw(at(start), n));
      }),
      { numRuns: 20 },
    );
  });

  test('an entry does not depend on the length of the array', () => {
    fc.assert(
      fc.property(state, length, length, (start, n, more) => {
        expect(draw(at(start), n)).toEqual(draw(at(start), n + more).subarray(0, n));
      }),
      { numRuns: 20 },
    );
  });

  test('the next call begins with the first block that the last one left', () => {
    fc.assert(
      fc.property(state, length, length, (start, n, more) => {
        const generator = at(start);
        draw(generator, n);
        const blocks = Math.ceil(n / perBlock);
        expect(generator.state).toEqual({ seed: start.seed, block: start.block + blocks });
        const whole = draw(at(start), blocks * perBlock + more);
        expect(draw(generator, more)).toEqual(whole.subarray(blocks * perBlock));
      }),
      { numRuns: 20 },
    );
  });

  test('other seeds give other entries', () => {
    fc.assert(
      fc.property(seed, seed, (a, b) => {
        fc.pre(a !== b);
        expect(draw(new Generator(a), 100)).not.toEqual(draw(new Generator(b), 100));
      }),
    );
  });
});

test('writes into the view it is given, and no further', () => {
  const whole = new Float32Array(9).fill(7);
  const view = whole.subarray(2, 7);
  expect(new Generator(1).normal(view)).toBe(view);
  expect([...whole]).toEqual([7, 7, ...new Generator(1).normal(new Float32Array(5)), 7, 7]);
});

describe('state', () => {
  test('a clone continues alike and by itself', () => {
    fc.assert(
      fc.property(state, (start) => {
        const original = at(start);
        const clone = original.clone();
        expect(clone.state).toEqual(original.state);
        const drawn = original.normal(new Float32Array(5));
        expect(clone.state).toEqual(start);
        expect(clone.normal(new Float32Array(5))).toEqual(drawn);
      }),
    );
  });

  test('survives JSON', () => {
    fc.assert(
      fc.property(state, length, (start, n) => {
        const generator = at(start);
        generator.uniform(new Float32Array(n));
        const resumed = at(JSON.parse(JSON.stringify(generator.state)));
        expect(resumed.uniform(new Float64Array(3))).toEqual(generator.uniform(new Float64Array(3)));
      }),
      { numRuns: 30 },
    );
  });

  test('manualSeed starts the stream of a seed', () => {
    fc.assert(
      fc.property(state, seed, (start, next) => {
        const generator = at(start).manualSeed(next);
        expect(generator.state).toEqual(new Generator(next).state);
        expect(generator.key).toEqual(new Generator(next).key);
      }),
    );
  });

  test('the key is the seed in two words', () => {
    fc.assert(
      fc.property(seed, (value) => {
        const [low, high] = new Generator(value).key;
        expect(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))).toBe(BigInt(value));
      }),
    );
  });
});

// The definition, an entry at a time.
test('a whole number is its word, drawn again until it belongs to a full set of remainders', () => {
  const word = (start: GeneratorState, i: number, attempt: number): number => {
    const words = new Uint32Array(4);
    const place = start.block + Math.floor(i / 4);
    philox(words, [place % 2 ** 32, Math.floor(place / 2 ** 32), attempt, 0], at(start).key);
    return words[i % 4];
  };
  const entry = (start: GeneratorState, i: number, range: number): number => {
    let attempt = 0;
    while (word(start, i, attempt) < 2 ** 32 % range) attempt++;
    return word(start, i, attempt) % range;
  };
  fc.assert(
    fc.property(state, fc.integer({ min: 1, max: 2 ** 32 }), (start, range) => {
      const low = -(2 ** 31);
      const out = at(start).integers(new Int32Array(30), low, low + range);
      expect([...out]).toEqual(Array.from(out, (_, i) => low + entry(start, i, range)));
    }),
  );
});

describe('split', () => {
  test('seeds the child with 53 bits of the block', () => {
    // The first block of seed 0, by the published answer: 6627e8d5 e169c58d ….
    expect(new Generator(0).split().seed).toBe((0x6627e8d5 >>> 11) * 2 ** 32 + 0xe169c58d);
  });

  test('gives streams that differ from each other and from their parent', () => {
    const parent = new Generator(5);
    const children = Array.from({ length: 50 }, () => parent.split());
    const grandchildren = children.map((child) => child.clone().split());
    const all = [parent, ...children, ...grandchildren].map((g) => g.uniform(new Float64Array(2)).join());
    expect(new Set(all).size).toBe(101);
  });

  test('is determined by the parent, and takes one block of it', () => {
    fc.assert(
      fc.property(state, (start) => {
        const parent = at(start);
        expect(parent.split().state).toEqual(at(start).split().state);
        expect(parent.state).toEqual({ seed: start.seed, block: start.block + 1 });
      }),
    );
  });
});

describe('ranges', () => {
  const arrays = { float32: Float32Array, float64: Float64Array };
  test.each(['float32', 'float64'] as const)('%s uniform numbers lie in [low, high), also after rounding', (dtype) => {
    // Bounds a few steps apart, where many results round up to `high`.
    const step = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
    const close = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 4 }));
    const narrow = close.map(([from, width]) => [1 + from * step, 1 + (from + width) * step] as const);
    const finite = fc.double({ min: -1e30, max: 1e30, noNaN: true });
    const wide = fc.tuple(finite, finite).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.oneof(narrow, wide), seed, ([low, high], value) => {
        const [from, to] = new arrays[dtype]([low, high]);
        fc.pre(from < to);
        const out = new Generator(value).uniform(new arrays[dtype](64), low, high);
        expect(out.every((x) => x >= from && x < to)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('equal bounds give the bound', () => {
    expect([...new Generator(0).uniform(new Float32Array(3), 0.5, 0.5)]).toEqual([0.5, 0.5, 0.5]);
    // Two numbers that are the same float32.
    expect([...new Generator(0).uniform(new Float32Array(2), 1, 1 + 2 ** -40)]).toEqual([1, 1]);
  });

  test('between neighbours but one, both numbers below `high` are as likely', () => {
    const out = new Generator(3).uniform(new Float32Array(10000), 1, 1 + 2 * 2 ** -23);
    const lows = out.filter((x) => x === 1).length;
    expect(new Set(out)).toEqual(new Set([1, 1 + 2 ** -23]));
    expect(Math.abs(lows - 5000)).toBeLessThan(4.9 * 50); // five thousand with a standard deviation of 50
  });

  test('whole numbers lie in [low, high) and reach both ends', () => {
    const bound = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(bound, bound),
          fc.integer({ min: -5, max: 5 }).map((n) => [n, n + 3] as const),
        ),
        seed,
        (pair, value) => {
          const [low, high] = [Math.min(...pair), Math.max(...pair)];
          fc.pre(low < high);
          const out = new Generator(value).integers(new Int32Array(64), low, high);
          expect(out.every((n) => n >= low && n < high)).toBe(true);
          if (high - low === 3) expect(new Set(out).size).toBe(3);
        },
      ),
    );
  });

  test('whole numbers take the full range of int32', () => {
    const out = new Generator(1).integers(new Int32Array(1000), -(2 ** 31), 2 ** 31);
    const words = new Generator(1).uniform(new Float32Array(1000));
    expect(out.every((n, i) => Math.floor((n + 2 ** 31) / 256) === words[i] * 2 ** 24)).toBe(true);
  });

  test('probabilities of 0 and 1 are certainties', () => {
    expect(new Generator(1).bernoulli(new Uint8Array(1000), 0)).toEqual(new Uint8Array(1000));
    expect(new Generator(1).bernoulli(new Uint8Array(1000), 1)).toEqual(new Uint8Array(1000).fill(1));
  });

  test('a permutation holds every number once', () => {
    fc.assert(
      fc.property(seed, length, (value, n) => {
        const order = new Generator(value).permutation(n);
        expect(order.slice().sort()).toEqual(Int32Array.from({ length: n }, (_, i) => i));
      }),
      { numRuns: 30 },
    );
  });

  test('a std of 0 gives the mean', () => {
    expect([...new Generator(1).normal(new Float64Array(3), 2.5, 0)]).toEqual([2.5, 2.5, 2.5]);
  });
});

describe('what is refused, and leaves the generator as it was', () => {
  const refused: Record<string, (g: Generator) => unknown> = {
    'a broken seed': (g) => g.manualSeed(1.5),
    'a seed too large': (g) => g.manualSeed(2 ** 53),
    'a seed that is not a number': (g) => g.manualSeed(Number.NaN),
    'a state with a broken seed': (g) => g.setState({ seed: 0.5, block: 0 }),
    'a state with a negative block': (g) => g.setState({ seed: 1, block: -1 }),
    'a state without a block': (g) => g.setState(JSON.parse('{"seed":1}')),
    'bounds in the wrong order': (g) => g.uniform(new Float32Array(1), 1, 0),
    'a bound of NaN': (g) => g.uniform(new Float32Array(1), Number.NaN, 1),
    'an infinite bound': (g) => g.uniform(new Float64Array(1), 0, Number.POSITIVE_INFINITY),
    'a bound beyond float32': (g) => g.uniform(new Float32Array(1), 0, 1e39),
    'an interval wider than the largest number': (g) => g.uniform(new Float64Array(1), -1e308, 1e308),
    'a negative std': (g) => g.normal(new Float32Array(1), 0, -1),
    'a mean of NaN': (g) => g.normal(new Float32Array(1), Number.NaN),
    'an infinite std': (g) => g.normal(new Float32Array(1), 0, Number.POSITIVE_INFINITY),
    'an empty range': (g) => g.integers(new Int32Array(1), 3, 3),
    'a broken bound': (g) => g.integers(new Int32Array(1), 0, 2.5),
    'a low bound outside int32': (g) => g.integers(new Int32Array(1), -(2 ** 31) - 1, 0),
    'a high bound outside int32': (g) => g.integers(new Int32Array(1), 0, 2 ** 31 + 1),
    'a probability above 1': (g) => g.bernoulli(new Uint8Array(1), 30),
    'a negative probability': (g) => g.bernoulli(new Uint8Array(1), -0.1),
    'a probability of NaN': (g) => g.bernoulli(new Uint8Array(1), Number.NaN),
    'a permutation of -1 things': (g) => g.permutation(-1),
    'a permutation of half a thing': (g) => g.permutation(0.5),
    'a permutation of too many things': (g) => g.permutation(2 ** 31),
    'more blocks than there are': (g) => g.reserve(2 ** 53 - 1),
    'a negative number of blocks': (g) => g.reserve(-1),
  };
  test.each(Object.entries(refused))('%s', (_, attempt) => {
    const generator = at({ seed: 8, block: 5 });
    expect(() => attempt(generator)).toThrow(GradtapeError);
    expect(generator.state).toEqual({ seed: 8, block: 5 });
  });

  test('says what came and what is needed', () => {
    expect(() => new Generator(1.5)).toThrow(/Generator.*got: +1\.5.*needs: +a whole number/s);
  });
});
