import { numbers } from '../numbers.ts';
import { besselI0, besselI1 } from '../special/bessel.ts';
import { complementaryErrorFunction } from '../special/error-functions.ts';
import { logGamma } from '../special/gamma.ts';
import { inverseErrorFunction, inverseNormalDistribution } from '../special/inverse-normal.ts';
import { digamma, hurwitzZeta, trigamma } from '../special/polygamma.ts';

// For tests: reads the LaTeX that this package writes, and computes it, with a parser and arithmetic that share nothing with
// what wrote it but the functions of single numbers. A column is a matrix of one column, a number of one entry.

export type Matrix = readonly (readonly number[])[];

/** Ones whose number follows from what stands beside them. */
const ONES = Symbol('ones');
const ONES_TRANSPOSED = Symbol('ones, transposed');
type Value = Matrix | typeof ONES | typeof ONES_TRANSPOSED;

const functions: Readonly<Record<string, (...x: number[]) => number>> = {
  '\\tanh': Math.tanh,
  '\\log': Math.log,
  '\\log_{2}': Math.log2,
  '\\log_{10}': Math.log10,
  '\\sin': Math.sin,
  '\\cos': Math.cos,
  '\\tan': Math.tan,
  '\\arcsin': Math.asin,
  '\\arccos': Math.acos,
  '\\arctan': Math.atan,
  '\\sinh': Math.sinh,
  '\\cosh': Math.cosh,
  '\\max': Math.max,
  '\\min': Math.min,
  '\\sigma': (x) => 1 / (1 + Math.exp(-x)),
  '\\Phi': (x) => (1 + numbers.erf(x * Math.SQRT1_2)) / 2,
  '\\operatorname{arsinh}': Math.asinh,
  '\\operatorname{arcosh}': Math.acosh,
  '\\operatorname{artanh}': Math.atanh,
  '\\operatorname{erf}': numbers.erf,
  '\\operatorname{erfc}': (x) => complementaryErrorFunction(numbers, x),
  '\\operatorname{erf}^{-1}': (x) => inverseErrorFunction(numbers, x),
  '\\Phi^{-1}': (x) => inverseNormalDistribution(numbers, x),
  '\\Gamma': (x) => Math.exp(logGamma(numbers, x)),
  '\\psi': (x) => digamma(numbers, x),
  "\\psi'": (x) => trigamma(numbers, x),
  '\\zeta': (s, x) => hurwitzZeta(numbers, x, s),
  'I_{0}': (x) => besselI0(numbers, x),
  'I_{1}': (x) => besselI1(numbers, x),
  '\\operatorname{sinc}': (x) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)),
  '\\operatorname{sign}': numbers.sign,
  '\\operatorname{trunc}': Math.trunc,
  '\\operatorname{round}': numbers.round,
  '\\operatorname{fmod}': numbers.fmod,
  '\\operatorname{atan2}': Math.atan2,
  '\\operatorname{copysign}': (a, b) => Math.abs(a) * (b < 0 || Object.is(b, -0) ? -1 : 1),
};

const enclosures: readonly (readonly [string, string, (x: Matrix) => Matrix])[] = [
  ['\\lvert', '\\rvert', (x) => each(Math.abs, x)],
  ['\\lfloor', '\\rfloor', (x) => each(Math.floor, x)],
  ['\\lceil', '\\rceil', (x) => each(Math.ceil, x)],
  ['\\lVert', '\\rVert', (x) => [[Math.hypot(...x.flat())]]],
];

const relations: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '\\le': (a, b) => a <= b,
  '\\ge': (a, b) => a >= b,
  '=': (a, b) => a === b,
  '\\ne': (a, b) => a !== b,
};

/** The value of LaTeX, where names stand for matrices. Throws where it cannot be read. */
export function evaluateLatex(latex: string, names: Readonly<Record<string, Matrix>>): Matrix {
  const longestFirst = Object.keys(names).sort((a, b) => b.length - a.length);
  let rest = latex;

  const skip = (): void => {
    rest = rest.replace(/^(\s|\\,)+/, '');
  };
  const peek = (text: string): boolean => {
    skip();
    return rest.startsWith(text) && !(/^\\?[A-Za-z]+$/.test(text) && /^[A-Za-z]/.test(rest.slice(text.length)));
  };
  const take = (text: string): boolean => {
    if (!peek(text)) return false;
    rest = rest.slice(text.length);
    return true;
  };
  const expect = (text: string): void => {
    if (!take(text)) throw new Error(`${text} is missing before ${rest} in ${latex}`);
  };
  const inBraces = (): Matrix => {
    expect('{');
    const value = readSum();
    expect('}');
    return value;
  };

  const readSum = (): Matrix => {
    let total = take('-') ? each((x) => -x, readProduct()) : readProduct();
    for (;;) {
      if (take('+')) total = each((a, b) => a + b, total, readProduct());
      else if (take('-')) total = each((a, b) => a - b, total, readProduct());
      else return total;
    }
  };
  const readProduct = (): Matrix => {
    let product = readMatrixProduct();
    while (take('\\odot') || take('\\cdot')) product = each((a, b) => a * b, product, readMatrixProduct());
    return product;
  };
  const readMatrixProduct = (): Matrix => {
    const factors: Value[] = [readPower()];
    while (startsFactor()) factors.push(readPower());
    return multiplied(factors);
  };
  const startsFactor = (): boolean => {
    skip();
    return (
      /^[\w(]/.test(rest) ||
      (rest.startsWith('\\') &&
        !/^\\(odot|cdot|right|end|le|ge|ne|wedge|vee|rvert|rVert|rfloor|rceil|\\)(?![A-Za-z])/.test(rest))
    );
  };
  const readPower = (): Value => {
    if (take('\\sum'))
      return [
        [
          matrix(readPower())
            .flat()
            .reduce((a, b) => a + b, 0),
        ],
      ];
    let base = readAtom();
    while (take('^{')) {
      if (take('\\top}')) {
        base =
          base === ONES ? ONES_TRANSPOSED : matrix(base)[0].map((_, j) => matrix(base as Matrix).map((row) => row[j]));
        continue;
      }
      take('\\odot');
      const exponent = readSum();
      expect('}');
      base = each((x, y) => x ** y, matrix(base), exponent);
    }
    return base;
  };
  const readAtom = (): Value => {
    skip();
    if (take('\\mathbf{1}')) return ONES;
    const name = longestFirst.find((text) => peek(text));
    if (name !== undefined && take(name)) return names[name];
    const digits = /^\d+(\.\d+)?/.exec(rest);
    if (digits && take(digits[0])) return [[Number(digits[0])]];
    if (take('e')) return [[Math.E]];
    if (take('\\pi')) return [[Math.PI]];
    if (take('\\infty')) return [[Infinity]];
    if (take('\\frac')) return each((a, b) => a / b, inBraces(), inBraces());
    if (take('\\sqrt')) return each(Math.sqrt, inBraces());
    if (take('\\mathbb{1}[')) {
      const truth = readCondition();
      expect(']');
      return truth;
    }
    if (take('\\begin{cases}')) return readCases();
    if (take('\\operatorname{softmax}')) return softmax(readArguments()[0]);
    const called = Object.keys(functions).find((text) => peek(`${text}(`) || peek(`${text}\\left(`));
    if (called !== undefined && take(called)) return each(functions[called], ...readArguments());
    for (const [open, close, f] of enclosures) {
      if (!take(open)) continue;
      const value = f(readSum());
      expect(close);
      return value;
    }
    const [value] = readArguments();
    return value;
  };
  const readArguments = (): Matrix[] => {
    const tall = take('\\left(');
    if (!tall) expect('(');
    const values = [readSum()];
    while (take(',')) values.push(readSum());
    expect(tall ? '\\right)' : ')');
    return values;
  };
  const readCondition = (): Matrix => {
    let truth = readRelation();
    for (;;) {
      if (take('\\wedge')) truth = each((a, b) => a && b, truth, readRelation());
      else if (take('\\vee')) truth = each((a, b) => a || b, truth, readRelation());
      else return truth;
    }
  };
  const readRelation = (): Matrix => {
    const before = rest;
    if (take('(')) {
      const inner = tryReading(readCondition);
      if (inner !== undefined && take(')') && [']', ')', '\\wedge', '\\vee', '\\\\'].some(peek)) return inner;
      rest = before;
    }
    const left = readSum();
    const sign = Object.keys(relations).find(peek);
    if (sign === undefined) return left;
    expect(sign);
    return each((a, b) => Number(relations[sign](a, b)), left, readSum());
  };
  const tryReading = (read: () => Matrix): Matrix | undefined => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  const readCases = (): Matrix => {
    const branches: (readonly [Matrix, Matrix])[] = [];
    for (;;) {
      const value = readSum();
      expect('&');
      if (take('\\text{otherwise}')) {
        expect('\\end{cases}');
        return branches.reduceRight((other, [v, c]) => each((x, y, z) => (x ? y : z), c, v, other), value);
      }
      branches.push([value, readCondition()]);
      expect('\\\\');
    }
  };

  const value = readSum();
  skip();
  if (rest !== '') throw new Error(`not read: ${rest} of ${latex}`);
  return value;
}

function matrix(value: Value): Matrix {
  if (typeof value === 'symbol') throw new Error('ones beside nothing that says how many');
  return value;
}

/** Entry by entry; rows, columns and numbers are repeated. */
function each(f: (...x: number[]) => number, ...operands: Matrix[]): Matrix {
  const rows = Math.max(...operands.map((x) => x.length));
  const columns = Math.max(...operands.map((x) => x[0].length));
  const entry = (x: Matrix, i: number, j: number): number => {
    const row = x[x.length === 1 ? 0 : i];
    return row[row.length === 1 ? 0 : j];
  };
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => f(...operands.map((x) => entry(x, i, j)))),
  );
}

/** Ones before a matrix repeat it downwards, transposed they add up its columns; behind it likewise. */
function multiplied(factors: readonly Value[]): Matrix {
  const scale = factors.filter(isNumber).reduce((product, x) => product * matrix(x)[0][0], 1);
  let product: Matrix | undefined;
  let addsColumns = false;
  for (const factor of factors.filter((x) => !isNumber(x))) {
    if (factor === ONES) product = product?.map((row) => [row.reduce((a, b) => a + b, 0)]);
    else if (factor === ONES_TRANSPOSED) addsColumns = true;
    else {
      const next = addsColumns ? columnSums(matrix(factor)) : matrix(factor);
      product = product === undefined ? next : times(product, next);
      addsColumns = false;
    }
  }
  return each((x) => scale * x, product ?? [[1]]);
}

function columnSums(x: Matrix): Matrix {
  return [x[0].map((_, j) => x.reduce((sum, row) => sum + row[j], 0))];
}

function isNumber(x: Value): boolean {
  return typeof x !== 'symbol' && x.length === 1 && x[0].length === 1;
}

function times(a: Matrix, b: Matrix): Matrix {
  if (a[0].length !== b.length) throw new Error(`${a.length}×${a[0].length} times ${b.length}×${b[0].length}`);
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}

/** Of each column, which is the only one where there is one. */
function softmax(x: Matrix): Matrix {
  const exponentials = each(Math.exp, x);
  const sums = x[0].map((_, j) => exponentials.reduce((sum, row) => sum + row[j], 0));
  return each((a, b) => a / b, exponentials, [sums]);
}
