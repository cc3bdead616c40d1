import { describe, expect, test } from 'vitest';
import { writeBernoulli, writeNormal, writeUniform } from './distributions.ts';
import { Generator } from './generator.ts';

/*
 * Seeds are fixed, so nothing here can fail by chance. Every bound is the one that a faultless generator with a seed
 * chosen blindly would exceed once in a million times: 4.9 standard deviations of a sum, the quantile of chi-square, or
 * 2.7 / sqrt(n) for the distance of Kolmogorov and Smirnov.
 */
const SIGMAS = 4.9;
const KOLMOGOROV = 2.7;
const CHI_SQUARE: Record<number, number> = { 2: 27.64, 6: 38.26, 9: 44.82, 23: 70.55 };

const N = 200_000;

type Floats = Float32Array | Float64Array;

function mean(values: ArrayLike<number>, of: (x: number) => number): number {
  return Array.from(values).reduce((sum, x) => sum + of(x), 0) / values.length;
}

/** Largest distance between the share of values up to x, and the probability of values up to x. */
function kolmogorovDistance(values: Floats, cumulative: (x: number) => number): number {
  return Float64Array.from(values)
    .sort()
    .reduce((worst, x, i) => {
      const p = cumulative(x);
      return Math.max(worst, p - i / values.length, (i + 1) / values.length - p);
    }, 0);
}

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function countsOf(values: Int32Array, low: number, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const value of values) counts[value - low]++;
  return counts;
}

/** Marsaglia, "Evaluating the normal distribution" (2004): the density times x + x^3/3 + x^5/(3·5) + …, and one half. */
function normalCumulative(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

function correlation(a: Floats, b: Floats): number {
  let products = 0;
  for (let i = 0; i < a.length; i++) products += (a[i] - 0.5) * (b[i] - 0.5);
  return (12 * products) / a.length;
}

describe.each([
  ['float32', Float32Array],
  ['float64', Float64Array],
] as const)('%s', (_, Floats) => {
  test('uniform numbers have the moments of the uniform distribution', () => {
    const u = new Generator(1).uniform(new Floats(N));
    // E u^k = 1 / (k + 1), Var u^k = 1 / (2k + 1) - 1 / (k + 1)^2.
    for (const k of [1, 2, 3, 4]) {
      const deviation = Math.sqrt((1 / (2 * k + 1) - 1 / (k + 1) ** 2) / N);
      expect(Math.abs(mean(u, (x) => x ** k) - 1 / (k + 1))).toBeLessThan(SIGMAS * deviation);
    }
  });

  test('uniform numbers follow the uniform distribution', () => {
    const u = new Generator(2).uniform(new Floats(N), -3, 5);
    expect(kolmogorovDistance(u, (x) => (x + 3) / 8)).toBeLessThan(KOLMOGOROV / Math.sqrt(N));
  });

  test('normal numbers have the moments of the normal distribution', () => {
    const z = new Generator(3).normal(new Floats(N), 2, 0.5).map((x) => (x - 2) / 0.5);
    // E z^k = (k - 1)!! for even k, 0 for odd; Var z^k = (2k - 1)!! - (E z^k)^2.
    const odd = [1, 1, 3, 15, 105];
    for (const k of [1, 2, 3, 4]) {
      const expected = k % 2 === 0 ? odd[k / 2] : 0;
      const deviation = Math.sqrt((odd[k] - expected ** 2) / N);
      expect(Math.abs(mean(z, (x) => x ** k) - expected)).toBeLessThan(SIGMAS * deviation);
    }
  });

  test('normal numbers follow the normal distribution, in even and odd places', () => {
    const z = new Generator(4).normal(new Floats(N), -1, 3).map((x) => (x + 1) / 3);
    for (const parity of [0, 1]) {
      const half = z.filter((_, i) => i % 2 === parity);
      expect(kolmogorovDistance(half, normalCumulative)).toBeLessThan(KOLMOGOROV / Math.sqrt(half.length));
    }
  });

  test('the two normal numbers of a pair are independent', () => {
    const z = new Generator(5).normal(new Floats(N));
    // Products of two and of two squares: E = 0 and 1, Var = 1 and 9 - 1.
    const pairs = Array.from({ length: N / 2 }, (_, i) => z[2 * i] * z[2 * i + 1]);
    expect(Math.abs(mean(pairs, (p) => p))).toBeLessThan(SIGMAS / Math.sqrt(N / 2));
    expect(Math.abs(mean(pairs, (p) => p * p) - 1)).toBeLessThan(SIGMAS * Math.sqrt(8 / (N / 2)));
  });

  test('the tails of the normal distribution have their share', () => {
    const z = new Generator(6).normal(new Floats(1_000_000));
    for (const limit of [2, 3, 4]) {
      for (const side of [-1, 1]) {
        const p = 1 - normalCumulative(limit);
        const beyond = z.filter((x) => side * x > limit).length;
        expect(Math.abs(beyond - 1e6 * p)).toBeLessThan(SIGMAS * Math.sqrt(1e6 * p));
      }
    }
  });

  test('the extreme words give finite numbers of the stated size', () => {
    const out = new Floats(2);
    const single = out instanceof Float32Array;
    const all = 0xffffffff;
    // u smallest, t = 0: the largest number there is, beside a zero.
    writeNormal(out, new Uint32Array(4), 0, 1);
    expect(out[0]).toBeCloseTo(Math.sqrt(2 * (single ? 32 : 53) * Math.LN2), 6);
    expect(out[1]).toBe(0);
    // u = 1: no radius.
    writeNormal(out, new Uint32Array(4).fill(all), 0, 1);
    expect([Math.abs(out[0]), Math.abs(out[1])]).toEqual([0, 0]);
    writeUniform(out, new Uint32Array(4), 0, 1);
    expect(out[0]).toBe(0);
    writeUniform(out, new Uint32Array(4).fill(all), 0, 1);
    expect(out[0]).toBe(1 - (single ? 2 ** -24 : 2 ** -53));
  });

  test('neighbours, and the streams of neighbouring seeds and of children, are not correlated', () => {
    const parent = new Generator(7);
    const child = parent.split().uniform(new Floats(N));
    const u = parent.uniform(new Floats(N));
    const others = [child, new Generator(8).uniform(new Floats(N)), u.subarray(1), u.subarray(2), u.subarray(4)];
    for (const other of others) {
      const n = other.length;
      expect(Math.abs(correlation(u.subarray(0, n), other))).toBeLessThan(SIGMAS / Math.sqrt(n));
    }
  });
});

describe('whole numbers', () => {
  test.each([3, 7, 10])('from %i are equally likely', (size) => {
    const drawn = new Generator(9).integers(new Int32Array(N), -2, size - 2);
    expect(chiSquare(countsOf(drawn, -2, size))).toBeLessThan(CHI_SQUARE[size - 1]);
  });

  // Words modulo 3 · 2^30 without drawing again would give the lowest third half of all numbers.
  test('are equally likely where the range does not divide 2^32', () => {
    const drawn = new Generator(10).integers(new Int32Array(N), -(2 ** 31), 2 ** 30);
    const thirds = drawn.map((n) => Math.floor((n + 2 ** 31) / 2 ** 30));
    expect(chiSquare(countsOf(thirds, 0, 3))).toBeLessThan(CHI_SQUARE[2]);
  });
});

test('the 24 orders of four things are equally likely', () => {
  const generator = new Generator(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 48_000; i++) {
    const order = generator.permutation(4).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  expect(chiSquare([...counts.values()])).toBeLessThan(CHI_SQUARE[23]);
});

test('a long permutation brings every number to every part', () => {
  const order = new Generator(12).permutation(N);
  const counts = new Array<number>(10).fill(0);
  // How many numbers of the first tenth come to lie in each tenth.
  order.forEach((value, i) => {
    if (value < N / 10) counts[Math.floor((10 * i) / N)]++;
  });
  expect(chiSquare(counts)).toBeLessThan(CHI_SQUARE[9]);
});

test.each([0.001, 0.3, 0.5, 0.9])('bernoulli gives ones at probability %f', (p) => {
  const ones = new Generator(13).bernoulli(new Uint8Array(N), p).reduce((sum, bit) => sum + bit, 0);
  expect(Math.abs(ones - N * p)).toBeLessThan(SIGMAS * Math.sqrt(N * p * (1 - p)));
});

test('bernoulli decides by the whole word', () => {
  const out = new Uint8Array(3);
  writeBernoulli(out, new Uint32Array([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]), 0.5);
  expect([...out]).toEqual([1, 0, 0]);
});
