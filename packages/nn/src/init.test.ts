import { eye, Generator, GradtapeError, manualSeed, Parameter, type Shape, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as init from './init.ts';

type Initializer = (parameter: Parameter, options: init.DrawOptions) => void;

function parameter(shape: Shape, dtype: 'float32' | 'float64' = 'float64'): Parameter {
  return new Parameter(zeros(shape, { dtype }));
}

/** What is known of a distribution: its moments, and the ends of its range. */
interface Distribution {
  readonly mean: number;
  readonly std: number;
  readonly low: number;
  readonly high: number;
}

const normal = (mean: number, std: number): Distribution => ({ mean, std, low: -Infinity, high: Infinity });
const uniform = (low: number, high: number): Distribution => ({
  mean: (low + high) / 2,
  std: (high - low) / Math.sqrt(12),
  low,
  high,
});

/** The moments of a normal distribution cut off at both ends, by Simpson's rule. */
function truncated(mean: number, std: number, a: number, b: number): Distribution {
  const steps = 4000;
  const moment = (power: number, centre: number): number => {
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      const x = a + ((b - a) * i) / steps;
      const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
      sum += weight * (x - centre) ** power * Math.exp(-(((x - mean) / std) ** 2) / 2);
    }
    return sum;
  };
  const total = moment(0, 0);
  const centre = moment(1, 0) / total;
  return { mean: centre, std: Math.sqrt(moment(2, centre) / total), low: a, high: b };
}

/**
 * Mean and variance within five standard errors of theory. The standard error of a variance is `√((κ - 1) / n)` of it, and
 * the kurtosis κ of all distributions here is at most that of the normal distribution, 3.
 */
function expectDistribution(entries: ArrayLike<number>, { mean, std, low, high }: Distribution): void {
  const values = Array.from(entries);
  const n = values.length;
  const sampleMean = values.reduce((sum, x) => sum + x, 0) / n;
  const sampleVariance = values.reduce((sum, x) => sum + (x - sampleMean) ** 2, 0) / (n - 1);
  expect(Math.abs(sampleMean - mean)).toBeLessThan((5 * std) / Math.sqrt(n));
  expect(Math.abs(sampleVariance / std ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(values.every((x) => x >= low && x <= high)).toBe(true);
  if (Number.isFinite(low)) {
    // The range is used to its ends: the chance that no value lies in the outer 2 % of a side is below e⁻²⁰.
    expect(Math.min(...values)).toBeLessThan(low + 0.02 * (high - low));
    expect(Math.max(...values)).toBeGreaterThan(high - 0.02 * (high - low));
  }
}

const gains: readonly [init.Nonlinearity, number | undefined, number][] = [
  ['linear', undefined, 1],
  ['conv1d', undefined, 1],
  ['conv2d', undefined, 1],
  ['conv3d', undefined, 1],
  ['convTranspose1d', undefined, 1],
  ['convTranspose2d', undefined, 1],
  ['convTranspose3d', undefined, 1],
  ['sigmoid', undefined, 1],
  ['tanh', undefined, 5 / 3],
  ['relu', undefined, Math.SQRT2],
  ['leakyRelu', undefined, Math.sqrt(2 / 1.0001)],
  ['leakyRelu', 0, Math.SQRT2],
  ['leakyRelu', 0.2, Math.sqrt(2 / 1.04)],
  ['selu', undefined, 0.75],
];

describe('gains and fans', () => {
  it.each(gains)('the gain of %s (%s) is %s', (nonlinearity, slope, gain) => {
    expect(init.calculateGain(nonlinearity, slope)).toBeCloseTo(gain, 14);
  });

  it('an unknown nonlinearity is an error', () => {
    expect(() => init.calculateGain('softmax' as init.Nonlinearity)).toThrow(GradtapeError);
  });

  it('fans count the window of a convolution', () => {
    expect(init.calculateFans(parameter([3, 5]))).toEqual({ fanIn: 5, fanOut: 3 });
    expect(init.calculateFans(parameter([8, 3, 3, 2]))).toEqual({ fanIn: 18, fanOut: 48 });
    expect(() => init.calculateFans(parameter([3]))).toThrow(GradtapeError);
  });
});

const slope = 0.2;
const linearShape = [200, 300];
const convolutionShape = [64, 30, 3, 5];
const distributions: readonly [string, Shape, Initializer, Distribution][] = [
  ['uniform', linearShape, (p, { generator }) => init.uniform(p, -2, 5, { generator }), uniform(-2, 5)],
  ['normal', linearShape, (p, { generator }) => init.normal(p, 0.5, 0.02, { generator }), normal(0.5, 0.02)],
  ['xavierUniform', linearShape, init.xavierUniform, uniform(-Math.sqrt(6 / 500), Math.sqrt(6 / 500))],
  ['xavierNormal', linearShape, init.xavierNormal, normal(0, Math.sqrt(2 / 500))],
  [
    'xavierNormal with a gain, of a convolution',
    convolutionShape,
    (p, options) => init.xavierNormal(p, { ...options, gain: 5 / 3 }),
    normal(0, (5 / 3) * Math.sqrt(2 / (94 * 15))),
  ],
  ['kaimingUniform', linearShape, init.kaimingUniform, uniform(-Math.sqrt(6 / 300), Math.sqrt(6 / 300))],
  ['kaimingNormal', linearShape, init.kaimingNormal, normal(0, Math.sqrt(2 / 300))],
  [
    'kaimingNormal for tanh by fanOut, of a convolution',
    convolutionShape,
    (p, options) => init.kaimingNormal(p, { ...options, nonlinearity: 'tanh', mode: 'fanOut' }),
    normal(0, 5 / 3 / Math.sqrt(64 * 15)),
  ],
  [
    'kaimingUniform for leakyRelu',
    convolutionShape,
    (p, options) => init.kaimingUniform(p, { ...options, a: slope }),
    uniform(-Math.sqrt(6 / (1 + slope ** 2) / 450), Math.sqrt(6 / (1 + slope ** 2) / 450)),
  ],
  ['truncNormal', linearShape, init.truncNormal, truncated(0, 1, -2, 2)],
  [
    'truncNormal, flat',
    linearShape,
    (p, options) => init.truncNormal(p, { ...options, std: 2, a: -1, b: 1 }),
    truncated(0, 2, -1, 1),
  ],
  [
    'truncNormal, aside of the mean',
    linearShape,
    (p, options) => init.truncNormal(p, { ...options, mean: 0.5, std: 0.5, a: 1, b: 1.5 }),
    truncated(0.5, 0.5, 1, 1.5),
  ],
];

describe('distributions', () => {
  it.each(distributions)('%s', (_, shape, initialize, distribution) => {
    for (const dtype of ['float32', 'float64'] as const) {
      const p = parameter(shape, dtype);
      initialize(p, { generator: new Generator(1) });
      expect(p.dtype).toBe(dtype);
      expectDistribution(p.toTypedArray(), distribution);
    }
  });

  it.each(distributions)('%s is determined by the generator', (_name, _shape, initialize) => {
    const draw = (options: init.DrawOptions): unknown => {
      const p = parameter([4, 5, 3]);
      initialize(p, options);
      return p.toTypedArray();
    };
    const first = draw({ generator: new Generator(3) });
    expect(draw({ generator: new Generator(3) })).toEqual(first);
    expect(draw({ generator: new Generator(4) })).not.toEqual(first);
    manualSeed(3);
    expect(draw({})).toEqual(first);
  });

  it('truncNormal reaches far into the tail, and where almost nothing is cut off', () => {
    const p = parameter([1000]);
    init.truncNormal(p, { a: 6, b: 1000, generator: new Generator(0) });
    // There, the distribution is nearly exponential: its mean lies 1 / 6 beyond the end, less 1 / 6³.
    expectDistributionAbove(p.toTypedArray(), 6);
    init.truncNormal(p, { std: 0.02, generator: new Generator(0) });
    const values = [...p.toTypedArray()];
    expect(values.every((x) => Math.abs(x) < 0.02 * 6)).toBe(true);
    expect(Math.abs(values.reduce((sum, x) => sum + x ** 2, 0) / 1000 / 0.02 ** 2 - 1)).toBeLessThan(
      5 * Math.sqrt(2 / 1000),
    );
  });

  it('truncNormal refuses what is no distribution', () => {
    for (const options of [{ std: 0 }, { std: -1 }, { a: 1, b: 1 }, { a: 2, b: 1 }, { std: Number.NaN }]) {
      expect(() => init.truncNormal(parameter([2]), options)).toThrow(GradtapeError);
    }
  });
});

function expectDistributionAbove(entries: ArrayLike<number>, end: number): void {
  const values = Array.from(entries);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const theory = end + 1 / end - 2 / end ** 3;
  expect(values.every((x) => x >= end)).toBe(true);
  expect(Math.abs(mean - theory)).toBeLessThan(5 / end / Math.sqrt(values.length));
}

describe('patterns', () => {
  it('constants fill every entry', () => {
    const p = parameter([2, 2]);
    init.constant(p, 3);
    expect([...p.toTypedArray()]).toEqual([3, 3, 3, 3]);
    init.ones(p);
    expect([...p.toTypedArray()]).toEqual([1, 1, 1, 1]);
    init.zeros(p);
    expect([...p.toTypedArray()]).toEqual([0, 0, 0, 0]);
  });

  it('eye is the identity', () => {
    const p = parameter([2, 3]);
    init.eye(p);
    expect(p.toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(() => init.eye(parameter([2]))).toThrow(GradtapeError);
  });

  it('dirac puts one at the centre of each window on the diagonal of each group', () => {
    const p = parameter([4, 2, 3, 2]);
    init.dirac(p, { groups: 2 });
    const ones = [...p.toTypedArray().entries()].filter(([, entry]) => entry !== 0);
    // Strides 12, 6, 2, 1; the centre of a window of 3 × 2 is [1, 1].
    expect(ones).toEqual([0, 1, 2, 3].map((output) => [output * 12 + (output % 2) * 6 + 3, 1]));
    expect(() => init.dirac(parameter([3, 2, 3]), { groups: 2 })).toThrow(GradtapeError);
    expect(() => init.dirac(parameter([3, 2]))).toThrow(GradtapeError);
  });

  it('orthogonal has orthonormal rows or columns, times the gain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 4 }), fc.nat(), (rows, size, seed) => {
        const p = parameter([rows, size, 3]);
        init.orthogonal(p, { gain: 2, generator: new Generator(seed) });
        const matrix = p.value.reshape([rows, size * 3]);
        const product = rows <= size * 3 ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
        const identity = eye(product.shape[0], product.shape[0], { dtype: 'float64' });
        expect(product.sub(identity.mul(4)).abs().max().item()).toBeLessThan(1e-13);
      }),
    );
  });

  it('orthogonal is exact to rounding, also for larger square matrices', () => {
    for (const seed of [0, 1, 2]) {
      const p = parameter([64, 64]);
      init.orthogonal(p, { generator: new Generator(seed) });
      const identity = eye(64, 64, { dtype: 'float64' });
      expect(p.value.matmul(p.value.t()).sub(identity).abs().max().item()).toBeLessThan(2e-15);
    }
  });

  it('orthogonal prefers no direction', () => {
    // Of a matrix of columns of length 1, every entry has mean square 1 / rows, and mean 0.
    const generator = new Generator(5);
    const squares = Array.from({ length: 2000 }, () => {
      const p = parameter([4, 4]);
      init.orthogonal(p, { generator });
      return p.toTypedArray();
    });
    for (let entry = 0; entry < 16; entry++) {
      const values = squares.map((matrix) => matrix[entry]);
      expect(Math.abs(values.reduce((sum, x) => sum + x, 0) / 2000)).toBeLessThan((5 * 0.5) / Math.sqrt(2000));
      expect(Math.abs(values.reduce((sum, x) => sum + x ** 2, 0) / 2000 - 0.25)).toBeLessThan(
        (5 * 0.25) / Math.sqrt(2000),
      );
    }
  });

  it('leaves a parameter without entries as it is', () => {
    const p = parameter([0, 3]);
    for (const initialize of [init.kaimingUniform, init.xavierNormal, init.orthogonal, init.truncNormal, init.zeros]) {
      initialize(p);
      expect(p.shape).toEqual([0, 3]);
    }
  });
});

it('sparse: a share of each column is zero, at places that are drawn, the rest normal', () => {
  const weight = parameter([50, 400]);
  init.sparse(weight, 0.31, { std: 0.2, generator: new Generator(1) });
  const zerosPerColumn = weight.eq(0).to('float64').sum(0);
  expect(zerosPerColumn.eq(16).all().item()).toBe(1);
  expect(weight.eq(0).to('float64').sum(1).std().item()).toBeGreaterThan(1);
  expectDistribution(
    [...weight.toTypedArray()].filter((entry) => entry !== 0),
    normal(0, 0.2),
  );
  init.sparse(weight, 1);
  expect(weight.abs().amax().item()).toBe(0);
  init.sparse(weight, 0);
  expect(weight.eq(0).any().item()).toBe(0);
  expect(() => init.sparse(weight, 30)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sparse: not a share
      got:   sparsity 30
      needs: a number from 0 to 1
      fix:   a share in percent is divided by 100 first]
  `);
  expect(() => init.sparse(parameter([3]), 0.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: sparse: not the dims of such a weight
      got:   shape [3]
      needs: 2 dims
      fix:   for a bias use zeros, constant or uniform]
  `);
});
