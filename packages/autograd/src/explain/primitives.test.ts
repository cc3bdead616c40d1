import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { withStoragesApart } from '../core/allocate.ts';
import { cholesky, concat, det, gather, inv, slogdet, solve, type Tensor, tensor, zeros } from '../index.ts';
import { evaluateLatex } from '../kernels/latex/evaluate-latex.ts';
import type { Expression } from '../kernels/latex/expression.ts';
import { latexNotation } from '../kernels/latex/latex.ts';
import { print } from '../kernels/latex/print.ts';
import { transposed } from '../kernels/latex/rewrite.ts';
import { numbers } from '../kernels/numbers.ts';
import { registry } from '../registry.ts';
import type { Line, Primitive } from '../tape/primitive.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { derivation, label } from './index.ts';
import { write } from './reader.ts';

const m = latexNotation();
const letters = ['A', 'B', 'C'];
const primitives = Object.values(registry)
  .flat()
  .map((primitive): [string, Primitive] => [primitive.name, primitive]);

function named(text: string, single: boolean): Expression {
  return { kind: 'name', text, id: text, single };
}

function latexOf(primitive: Primitive, line: Line, operands: readonly Expression[]): string {
  return print(write(m, { primitive, ...line }, operands));
}

function sampleOf(primitive: Primitive, choose: fc.GeneratorValue): Line {
  const { inputs, params } = primitive.sample(drawBy(choose, { dtype: 'float64' }));
  return { inputs, params, output: primitive.evaluate(inputs, params) };
}

describe('every primitive', () => {
  test.each(primitives)('%s is LaTeX that KaTeX reads, of its inputs', (_, primitive) => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const line = sampleOf(primitive, choose);
        const operands = line.inputs.map((x, i) => named(letters[i % 3], x.length === 1));
        const latex = latexOf(primitive, line, operands);
        katex.renderToString(latex, { throwOnError: true, strict: 'error' });
        expect(latex).toContain('A');
      }),
      { numRuns: 30 },
    );
  });
});

// Names that have an index, an exponent or a prime already, which LaTeX refuses to give a second one, and words.
const marked = ['A_1', 'A^{(1)}', '\\delta_{A}', "A'", '\\mathrm{A.weight}'];

describe('every primitive of values with marked names', () => {
  test.each(primitives)('%s is LaTeX that KaTeX reads', (_, primitive) => {
    fc.assert(
      fc.property(fc.gen(), fc.constantFrom(...marked), (choose, name) => {
        const line = sampleOf(primitive, choose);
        const operands = line.inputs.map((x) => named(name, x.length === 1));
        const written = write(m, { primitive, ...line }, operands);
        for (const e of [written, transposed(written)]) {
          katex.renderToString(print(e), { throwOnError: true, strict: 'error' });
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('directions, strides and dilations', () => {
  const names = ['argsort', 'cumsum', 'fold', 'slice', 'windows'];
  test.each(primitives.filter(([name]) => names.includes(name)))(
    '%s is written differently where it gives something else',
    (_, primitive) => {
      fc.assert(
        fc.property(fc.gen(), (choose) => {
          const line = sampleOf(primitive, choose);
          const other = otherOutput(primitive, line, sampleOf(primitive, choose).params);
          if (other === undefined || areEqual(other.output, line.output)) return;
          const operands = line.inputs.map((x, i) => named(letters[i % 3], x.length === 1));
          expect(latexOf(primitive, line, operands)).not.toBe(latexOf(primitive, other, operands));
        }),
      );
    },
  );

  /** The same inputs with other parameters, if these fit. What does not fit may write beyond its output: into nobody's else. */
  function otherOutput(primitive: Primitive, { inputs }: Line, params: Line['params']): Line | undefined {
    try {
      return { inputs, params, output: withStoragesApart(() => primitive.evaluate(inputs, params)) };
    } catch {
      return undefined;
    }
  }

  /** Whether two tensors hold the same, or are of different shapes, which is seen beside what is written. */
  function areEqual(a: Tensor, b: Tensor): boolean {
    if (a.shape.join() !== b.shape.join()) return true;
    const others = b.toTypedArray();
    return a.toTypedArray().every((entry, i) => Object.is(entry, others[i]));
  }
});

describe('every primitive with a formula', () => {
  const withFormula = primitives.filter(([, { formula }]) => formula);
  test.each(withFormula)('%s in LaTeX is the same number', (_, primitive) => {
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const line = sampleOf(primitive, choose);
        fc.pre(line.output.length > 0);
        const x = line.inputs.map((input) => input.toTypedArray()[0]);
        const latex = latexOf(
          primitive,
          line,
          x.map((_, i) => named(letters[i], true)),
        );
        const [[value]] = evaluateLatex(latex, Object.fromEntries(x.map((entry, i) => [letters[i], [[entry]]])));
        const expected = (primitive.formula as (...args: unknown[]) => number)(numbers, ...x);
        expect(Math.abs(value - expected), latex).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
      }),
    );
  });
});

const elementwise: Readonly<Record<string, string>> = {
  abs: '\\lvert A \\rvert',
  acos: '\\arccos(A)',
  acosh: '\\operatorname{arcosh}(A)',
  add: 'A + B',
  asin: '\\arcsin(A)',
  asinh: '\\operatorname{arsinh}(A)',
  atan: '\\arctan(A)',
  atan2: '\\operatorname{atan2}(A, B)',
  atanh: '\\operatorname{artanh}(A)',
  binaryCrossEntropy: '-(B \\odot \\log(A) + (1 - B) \\odot \\log(1 - A))',
  ceil: '\\lceil A \\rceil',
  clamp: '\\min(\\max(A, B), C)',
  convert: 'A',
  copysign: '\\operatorname{copysign}(A, B)',
  cos: '\\cos(A)',
  cosh: '\\cosh(A)',
  digamma: '\\psi(A)',
  div: '\\frac{A}{B}',
  entr: '-A \\odot \\log(A)',
  eq: '\\mathbb{1}[A = B]',
  erf: '\\operatorname{erf}(A)',
  erfc: '\\operatorname{erfc}(A)',
  erfcx: 'e^{A^{\\odot 2}} \\odot \\operatorname{erfc}(A)',
  erfinv: '\\operatorname{erf}^{-1}(A)',
  exp: 'e^{A}',
  exp2: '2^{A}',
  expm1: 'e^{A} - 1',
  floor: '\\lfloor A \\rfloor',
  floorDivide: '\\lfloor \\frac{A}{B} \\rfloor',
  fmax: '\\max(A, B)',
  fmin: '\\min(A, B)',
  fmod: '\\operatorname{fmod}(A, B)',
  ge: '\\mathbb{1}[B \\le A]',
  gelu: 'A \\odot \\Phi(A)',
  geluTanh:
    '\\frac{1}{2} A \\odot \\left(1 + \\tanh\\left(\\sqrt{\\frac{2}{\\pi}} (A + 0.044715 A^{\\odot 3})\\right)\\right)',
  gt: '\\mathbb{1}[B < A]',
  hardswish: '\\frac{1}{6} A \\odot \\min(6, \\max(0, A + 3))',
  heaviside: '\\begin{cases} B & A = 0 \\\\ \\mathbb{1}[A > 0] & \\text{otherwise} \\end{cases}',
  hypot: '\\sqrt{A^{\\odot 2} + B^{\\odot 2}}',
  hurwitzZeta: '\\zeta(B, A)',
  i0: 'I_{0}(A)',
  i0e: 'e^{-\\lvert A \\rvert} \\odot I_{0}(A)',
  i1: 'I_{1}(A)',
  i1e: 'e^{-\\lvert A \\rvert} \\odot I_{1}(A)',
  isfinite: '\\mathbb{1}[\\lvert A \\rvert < \\infty]',
  isinf: '\\mathbb{1}[\\lvert A \\rvert = \\infty]',
  isnan: '\\mathbb{1}[A \\ne A]',
  isneginf: '\\mathbb{1}[A = -\\infty]',
  isposinf: '\\mathbb{1}[A = \\infty]',
  le: '\\mathbb{1}[A \\le B]',
  lerp: 'A + C \\odot (B - A)',
  lgamma: '\\log(\\lvert \\Gamma(A) \\rvert)',
  log: '\\log(A)',
  log10: '\\log_{10}(A)',
  log1p: '\\log(1 + A)',
  log2: '\\log_{2}(A)',
  logaddexp: '\\log(e^{A} + e^{B})',
  logaddexp2: '\\log_{2}(2^{A} + 2^{B})',
  logicalAnd: '\\mathbb{1}[A \\ne 0 \\wedge B \\ne 0]',
  logicalNot: '\\mathbb{1}[A = 0]',
  logicalOr: '\\mathbb{1}[A \\ne 0 \\vee B \\ne 0]',
  logicalXor: '\\mathbb{1}[\\mathbb{1}[A \\ne 0] \\ne \\mathbb{1}[B \\ne 0]]',
  logit: '\\log\\left(\\frac{A}{1 - A}\\right)',
  logNdtr: '\\log(\\Phi(A))',
  logOnePlusExp: '\\log(1 + e^{A})',
  lt: '\\mathbb{1}[A < B]',
  maximum: '\\max(A, B)',
  minimum: '\\min(A, B)',
  mish: 'A \\odot \\tanh(\\log(1 + e^{A}))',
  mul: 'A \\odot B',
  ndtri: '\\Phi^{-1}(A)',
  ne: '\\mathbb{1}[A \\ne B]',
  neg: '-A',
  pow: 'A^{B}',
  reciprocal: '\\frac{1}{A}',
  relu: '\\max(0, A)',
  remainder: 'A - B \\odot \\lfloor \\frac{A}{B} \\rfloor',
  round: '\\operatorname{round}(A)',
  rsqrt: '\\frac{1}{\\sqrt{A}}',
  sigmoid: '\\sigma(A)',
  sign: '\\operatorname{sign}(A)',
  signbit: '\\mathbb{1}[A < 0 \\vee \\frac{1}{A} < 0]',
  silu: 'A \\odot \\sigma(A)',
  sin: '\\sin(A)',
  sinc: '\\operatorname{sinc}(A)',
  sinh: '\\sinh(A)',
  sqrt: '\\sqrt{A}',
  square: 'A^{\\odot 2}',
  sub: 'A - B',
  tan: '\\tan(A)',
  tanh: '\\tanh(A)',
  trigamma: "\\psi'(A)",
  trunc: '\\operatorname{trunc}(A)',
  truncateDivide: '\\operatorname{trunc}\\left(\\frac{A}{B}\\right)',
  where: '\\begin{cases} A & C \\ne 0 \\\\ B & \\text{otherwise} \\end{cases}',
  xlog1py: 'A \\odot \\log(1 + B)',
  xlogy: 'A \\odot \\log(B)',
};

describe('entry by entry', () => {
  test.each(Object.entries(elementwise))('%s: %s', (name, latex) => {
    const [, primitive] = primitives.find(([other]) => other === name) as [string, Primitive];
    const inputs = letters.slice(0, (primitive.formula?.length ?? 2) - 1 || 1).map(() => zeros([2, 3]));
    const line = { inputs, params: undefined, output: zeros([2, 3]) };
    expect(
      latexOf(
        primitive,
        line,
        inputs.map((_, i) => named(letters[i], false)),
      ),
    ).toBe(latex);
  });
});

/** What is written for a result: the right side of its line. */
function written(f: (...x: Tensor[]) => Tensor, inputs: Readonly<Record<string, Tensor>>): string {
  return derivation((...x) => label('R', f(...x)).sum(), inputs).forward[0].right[0];
}

describe('tensors as wholes', () => {
  const X = tensor([
    [1, 2, 3],
    [4, 5, 7],
  ]);
  const x = tensor([1, 2, 3]);
  const t = tensor([2, 0], { dtype: 'int32' });
  test.each<[string, () => string, string]>([
    ['transpose', () => written((a) => a.t(), { X }), 'X^{\\top}'],
    ['product', () => written((a, b) => a.matmul(b.t()), { X, Y: X }), 'X Y^{\\top}'],
    ['product with a vector', () => written((a, b) => a.matmul(b), { X, x }), 'X x'],
    ['sums of columns', () => written((a) => a.sum(0), { X }), 'X^{\\top} \\mathbf{1}'],
    ['sums of rows', () => written((a) => a.sum(1), { X }), 'X \\mathbf{1}'],
    ['mean', () => written((a) => a.mean(1), { X }), '\\frac{1}{3} X \\mathbf{1}'],
    ['repeated rows', () => written((a, b) => a.add(b), { X, x }), 'X + \\mathbf{1} x^{\\top}'],
    ['part', () => written((a) => a.narrow(1, 1, 2), { X }), 'X_{:, 1:3}'],
    ['the whole as a part', () => written((a) => a.narrow(1, 0, 3), { X }), 'X'],
    ['part of a part', () => written((a) => a.narrow(0, 1, 1).narrow(1, 1, 2), { X_1: X }), '((X_1)_{1, :})_{:, 1:3}'],
    ['zeros around', () => written((a) => a.mul(2).pad([1, 0]), { X }), '\\operatorname{embed}_{:, 1:4}(2 X)'],
    ['backwards', () => written((a) => a.flip(1), { X }), 'X_{:, 2::-1}'],
    ['side by side', () => written((a, b) => concat([a, b], 1), { X, Y: X }), '\\begin{bmatrix} X & Y \\end{bmatrix}'],
    ['below', () => written((a, b) => concat([a, b], 0), { X, Y: X }), '\\begin{bmatrix} X \\\\ Y \\end{bmatrix}'],
    ['reshape', () => written((a) => a.reshape([3, 2]), { X }), '\\operatorname{reshape}_{3 \\times 2}(X)'],
    ['running sums', () => written((a) => a.cumsum(1), { X }), '\\operatorname{cumsum}_{1}(X)'],
    ['gather', () => written((a, b) => gather(a, 1, b.reshape([2, 1])), { X, t }), '\\operatorname{gather}_{1}(X, t)'],
    ['inverse', () => written((a) => inv(a.narrow(1, 1, 2)), { X }), '(X_{:, 1:3})^{-1}'],
    ['solution', () => written((a, b) => solve(a, b), { A: X.narrow(1, 0, 2), x: x.narrow(0, 0, 2) }), 'A^{-1} x'],
    ['determinant', () => written((a) => det(a), { A: X.narrow(1, 0, 2) }), '\\det(A)'],
    [
      'its logarithm',
      () => written((a) => slogdet(a).logabsdet, { A: X.narrow(1, 0, 2) }),
      '\\log(\\lvert \\det(A) \\rvert)',
    ],
    [
      'Cholesky',
      () => written((a) => cholesky(a.matmul(a.t())), { A: X.narrow(1, 0, 2) }),
      '\\operatorname{chol}(A A^{\\top})',
    ],
    ['largest', () => written((a) => a.amax(1), { X }), '\\operatorname{amax}_{1}(X)'],
  ])('%s', (_, latex, expected) => {
    expect(latex()).toBe(expected);
  });
});
