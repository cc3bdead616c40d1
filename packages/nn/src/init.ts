import {
  defaultGenerator,
  fromArray,
  type Generator,
  GradtapeError,
  type Parameter,
  type Shape,
} from '@gradtape/autograd';

export interface DrawOptions {
  /** Where the numbers are drawn from. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

type Entries = Float32Array | Float64Array;

/** Puts new entries into a parameter, in reading order, in its dtype. */
function fill(parameter: Parameter, write: (entries: Entries) => void): void {
  const entries =
    parameter.dtype === 'float64' ? new Float64Array(parameter.length) : new Float32Array(parameter.length);
  if (entries.length > 0) write(entries);
  parameter.assign(fromArray(entries, parameter.shape));
}

// ------------------------------------------------------------------ the same for every entry, or in a pattern

/** Every entry `value`. */
export function constant(parameter: Parameter, value: number): void {
  fill(parameter, (entries) => entries.fill(value));
}

/** Every entry 0. */
export function zeros(parameter: Parameter): void {
  constant(parameter, 0);
}

/** Every entry 1. */
export function ones(parameter: Parameter): void {
  constant(parameter, 1);
}

/** The identity matrix, or as much of it as the shape holds: `y = x` for as many entries as both have. */
export function eye(parameter: Parameter): void {
  const [rows, columns] = checkRank('eye', parameter, 2, 2);
  fill(parameter, (entries) => {
    for (let i = 0; i < Math.min(rows, columns); i++) entries[i * columns + i] = 1;
  });
}

/**
 * A convolution that passes its input on: 1 at the centre of the window from input channel `i` to output channel `i`, 0
 * elsewhere; in each of `groups` groups, for as many channels as there are.
 */
export function dirac(parameter: Parameter, { groups = 1 }: { readonly groups?: number } = {}): void {
  const [outputs, inputs, ...window] = checkRank('dirac', parameter, 3, 5);
  if (outputs % groups !== 0) {
    throw new GradtapeError('dirac: the groups do not divide the output channels', {
      got: `${groups} groups for shape [${parameter.shape.join(', ')}]`,
      needs: 'a number of groups that divides the first size',
      fix: 'give the groups of the layer',
    });
  }
  const perWindow = window.reduce((product, size) => product * size, 1);
  const centre = window.reduce((place, size) => place * size + Math.floor(size / 2), 0);
  const perGroup = outputs / groups;
  fill(parameter, (entries) => {
    for (let output = 0; output < outputs; output++) {
      const input = output % perGroup;
      if (input < inputs) entries[(output * inputs + input) * perWindow + centre] = 1;
    }
  });
}

// ------------------------------------------------------------------ drawn, from a distribution that is given

/** Evenly distributed in `[low, high)`. */
export function uniform(
  parameter: Parameter,
  low = 0,
  high = 1,
  { generator = defaultGenerator() }: DrawOptions = {},
): void {
  fill(parameter, (entries) => generator.uniform(entries, low, high));
}

/** Normally distributed. */
export function normal(
  parameter: Parameter,
  mean = 0,
  std = 1,
  { generator = defaultGenerator() }: DrawOptions = {},
): void {
  fill(parameter, (entries) => generator.normal(entries, mean, std));
}

export interface SparseOptions extends DrawOptions {
  /** The standard deviation of what is not zero. Default: 0.01. */
  readonly std?: number;
}

/**
 * Zero in a share of each column, rounded up, at places that are drawn; elsewhere normally distributed. Martens, "Deep
 * learning via Hessian-free optimization", 2010.
 *
 * @param sparsity The share of zeros, from 0 to 1.
 * @throws GradtapeError unless the parameter is a matrix, and the share is one.
 */
export function sparse(
  parameter: Parameter,
  sparsity: number,
  { std = 0.01, generator = defaultGenerator() }: SparseOptions = {},
): void {
  const [rows, columns] = checkRank('sparse', parameter, 2, 2);
  if (!(sparsity >= 0 && sparsity <= 1)) {
    throw new GradtapeError('sparse: not a share', {
      got: `sparsity ${sparsity}`,
      needs: 'a number from 0 to 1',
      fix: 'a share in percent is divided by 100 first',
    });
  }
  const zerosPerColumn = Math.ceil(sparsity * rows);
  fill(parameter, (entries) => {
    generator.normal(entries, 0, std);
    for (let column = 0; column < columns; column++) {
      for (const row of generator.permutation(rows).subarray(0, zerosPerColumn)) entries[row * columns + column] = 0;
    }
  });
}

export interface TruncNormalOptions extends DrawOptions {
  /** The mean before truncation. Default: 0. */
  readonly mean?: number;
  /** The standard deviation before truncation. Default: 1. */
  readonly std?: number;
  /** The smallest value. Default: -2. */
  readonly a?: number;
  /** The largest value. Default: 2. */
  readonly b?: number;
}

/**
 * Normally distributed, but only between `a` and `b`, as if all numbers outside were drawn again.
 *
 * Rejection with evenly distributed proposals (Robert, "Simulation of truncated normal variables", Statistics and Computing
 * 5, 1995): a proposal x is kept with probability `exp((m² - x²) / 2)`, where m is the point of the interval nearest the mean.
 *
 * @throws GradtapeError unless `a < b` and `std > 0`.
 */
export function truncNormal(
  parameter: Parameter,
  { mean = 0, std = 1, a = -2, b = 2, generator = defaultGenerator() }: TruncNormalOptions = {},
): void {
  if (!(a < b && std > 0)) {
    throw new GradtapeError('truncNormal: no such distribution', {
      got: `std ${std} between ${a} and ${b}`,
      needs: 'std > 0 and a < b',
      fix: 'a is the smallest value, b the largest; use constant for one value everywhere',
    });
  }
  // In units of std from the mean.
  const [from, to] = [(a - mean) / std, (b - mean) / std];
  const nearest = Math.min(Math.max(from, 0), to);
  // Further away the density is below e⁻⁴⁰ of the largest: no proposal there would ever be kept.
  const reach = Math.min(9, 40 / Math.abs(nearest));
  const [low, high] = [Math.max(from, nearest - reach), Math.min(to, nearest + reach)];
  fill(parameter, (entries) => {
    let open = Array.from(entries.keys());
    while (open.length > 0) {
      const proposals = generator.uniform(new Float64Array(open.length), low, high);
      const lots = generator.uniform(new Float64Array(open.length));
      open = open.filter((place, k) => {
        const kept = lots[k] < Math.exp((nearest ** 2 - proposals[k] ** 2) / 2);
        if (kept) entries[place] = Math.min(Math.max(mean + std * proposals[k], a), b);
        return !kept;
      });
    }
  });
}

// ------------------------------------------------------------------ drawn, so that signals keep their size through layers

/** What follows a layer, for {@link calculateGain}; or the layer's own kind, for none. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'convTranspose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leakyRelu'
  | 'selu';

/**
 * How much larger the standard deviation of weights must be for what follows: 1 for linear layers, convolutions and the
 * sigmoid, 5/3 for tanh, √2 for relu, `√(2 / (1 + slope²))` for leakyRelu, 3/4 for selu. PyTorch's values.
 *
 * @param slope For leakyRelu: its slope for negative numbers. Default: 0.01.
 */
export function calculateGain(nonlinearity: Nonlinearity, slope = 0.01): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + slope ** 2));
    case 'selu':
      return 3 / 4;
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'convTranspose1d':
    case 'convTranspose2d':
    case 'convTranspose3d':
    case 'sigmoid':
      return 1;
  }
  throw new GradtapeError('calculateGain: no such nonlinearity', {
    got: `'${nonlinearity}'`,
    needs: "'linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'selu' or a kind of convolution such as 'conv2d'",
    fix: "for others take the nearest, such as 'relu' for gelu and silu",
  });
}

export interface Fans {
  /** How many inputs feed one output. */
  readonly fanIn: number;
  /** How many outputs one input feeds. */
  readonly fanOut: number;
}

/**
 * The fans of a weight of shape `[out, in]`, or `[out, in, …window]` for a convolution, where each of both counts times
 * the size of the window.
 *
 * @throws GradtapeError for fewer than two dims.
 */
export function calculateFans(weight: { readonly shape: Shape }): Fans {
  const [outputs, inputs, ...window] = checkRank('calculateFans', weight, 2, Number.POSITIVE_INFINITY);
  const perWindow = window.reduce((product, size) => product * size, 1);
  return { fanIn: inputs * perWindow, fanOut: outputs * perWindow };
}

export interface XavierOptions extends DrawOptions {
  /** A factor, see {@link calculateGain}. Default: 1. */
  readonly gain?: number;
}

/** `gain · √(2 / (fanIn + fanOut))`. */
function xavierStd(parameter: Parameter, gain: number): number {
  const { fanIn, fanOut } = calculateFans(parameter);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Evenly distributed within `± gain · √(6 / (fanIn + fanOut))`: variance `2 gain² / (fanIn + fanOut)`, a compromise between
 * keeping the variance of activations and that of gradients. For tanh and sigmoid.
 *
 * Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010.
 */
export function xavierUniform(parameter: Parameter, { gain = 1, generator }: XavierOptions = {}): void {
  evenlyWithStd(parameter, xavierStd(parameter, gain), generator);
}

/** Normally distributed with standard deviation `gain · √(2 / (fanIn + fanOut))`. Source: as {@link xavierUniform}. */
export function xavierNormal(parameter: Parameter, { gain = 1, generator }: XavierOptions = {}): void {
  normal(parameter, 0, xavierStd(parameter, gain), { generator });
}

export interface KaimingOptions extends DrawOptions {
  /** Whose variance is kept: that of activations (`'fanIn'`) or that of gradients. Default: `'fanIn'`. */
  readonly mode?: 'fanIn' | 'fanOut';
  /** What follows the layer. Default: `'leakyRelu'`. */
  readonly nonlinearity?: Nonlinearity;
  /** For leakyRelu: its slope for negative numbers. Default: 0, which makes it relu. */
  readonly a?: number;
}

/** `gain / √fan`. */
function kaimingStd(
  parameter: Parameter,
  { mode = 'fanIn', nonlinearity = 'leakyRelu', a = 0 }: KaimingOptions,
): number {
  return calculateGain(nonlinearity, a) / Math.sqrt(calculateFans(parameter)[mode]);
}

/**
 * Evenly distributed within `± gain · √(3 / fan)`: variance `gain² / fan`, which is `2 / fan` for relu, since relu lets
 * half of the variance pass.
 *
 * Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015.
 */
export function kaimingUniform(parameter: Parameter, options: KaimingOptions = {}): void {
  evenlyWithStd(parameter, kaimingStd(parameter, options), options.generator);
}

/**
 * Normally distributed with standard deviation `gain / √fan`, which is `√(2 / fan)` for relu. Source: as {@link kaimingUniform}.
 *
 * @example
 * const layer = new Linear(784, 256);
 * init.kaimingNormal(layer.weight, { nonlinearity: 'relu' });
 */
export function kaimingNormal(parameter: Parameter, options: KaimingOptions = {}): void {
  normal(parameter, 0, kaimingStd(parameter, options), { generator: options.generator });
}

/** Even distribution over ± √3 std has standard deviation std. */
function evenlyWithStd(parameter: Parameter, std: number, generator: Generator | undefined): void {
  uniform(parameter, -Math.sqrt(3) * std, Math.sqrt(3) * std, { generator });
}

export interface OrthogonalOptions extends DrawOptions {
  /** A factor, see {@link calculateGain}. Default: 1. */
  readonly gain?: number;
}

/**
 * Rows (or columns, where there are fewer) that are orthogonal to each other and of length `gain`; dims after the first
 * count as one. Every orthogonal matrix is equally likely: normal numbers, made orthonormal row by row.
 *
 * Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", 2013.
 */
export function orthogonal(
  parameter: Parameter,
  { gain = 1, generator = defaultGenerator() }: OrthogonalOptions = {},
): void {
  const [rows] = checkRank('orthogonal', parameter, 2, Number.POSITIVE_INFINITY);
  fill(parameter, (entries) => {
    const columns = entries.length / rows;
    const vectors = orthonormal(Math.min(rows, columns), Math.max(rows, columns), generator);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const entry = rows < columns ? vectors[row][column] : vectors[column][row];
        entries[row * columns + column] = gain * entry;
      }
    }
  });
}

/** Gram-Schmidt on normal vectors, each step done twice: once leaves rounding errors that grow with the number of vectors. */
function orthonormal(count: number, length: number, generator: Generator): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = generator.normal(new Float64Array(length));
    for (const other of [...vectors, ...vectors]) {
      const along = dot(vector, other);
      for (let i = 0; i < length; i++) vector[i] -= along * other[i];
    }
    const size = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((entry) => entry / size));
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function checkRank(operation: string, { shape }: { readonly shape: Shape }, least: number, most: number): Shape {
  if (shape.length >= least && shape.length <= most) return shape;
  const few =
    most === least ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  throw new GradtapeError(`${operation}: not the dims of such a weight`, {
    got: `shape [${shape.join(', ')}]`,
    needs: `${few} dims`,
    fix: 'for a bias use zeros, constant or uniform',
  });
}
