import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import { numbers } from '../numbers.ts';
import type { Formula, ScalarMath } from '../scalar-math.ts';
import { evaluateLatex } from './evaluate-latex.ts';
import type { Expression } from './expression.ts';
import { latexNotation } from './latex.ts';
import { print } from './print.ts';
import { simplify } from './simplify.ts';

const m = latexNotation();
const named = (text: string): Expression => ({ kind: 'name', text, id: text, single: true });
const letters = ['x', 'y', 'w'];

/** Formulas of three numbers that nothing grows large in. */
const { formula } = fc.letrec<{ formula: Formula }>((tie) => {
  const of = tie('formula') as fc.Arbitrary<Formula>;
  const one = (f: <T>(m: ScalarMath<T>, a: T) => T) =>
    of.map(
      (a): Formula =>
        (n, ...x) =>
          f(n, a(n, ...x)),
    );
  const two = (f: <T>(m: ScalarMath<T>, a: T, b: T) => T) =>
    fc.tuple(of, of).map(
      ([a, b]): Formula =>
        (n, ...x) =>
          f(n, a(n, ...x), b(n, ...x)),
    );
  const input = fc.constantFrom(0, 1, 2).map(
    (k): Formula =>
      (_, ...x) =>
        x[k],
  );
  const constant = fc.constantFrom(-2, -1, -0.5, 0, 1 / 3, 0.1, 1, 2, 3).map(
    (c): Formula =>
      (n) =>
        n.constant(c),
  );
  return {
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      input,
      constant,
      two((n, a, b) => n.add(a, b)),
      two((n, a, b) => n.sub(a, b)),
      two((n, a, b) => n.mul(a, b)),
      two((n, a, b) => n.div(a, b)),
      two((n, a, b) => n.maximum(a, b)),
      two((n, a, b) => n.less(a, b)),
      one((n, a) => n.neg(a)),
      one((n, a) => n.mul(a, a)),
      one((n, a) => n.abs(a)),
      one((n, a) => n.tanh(a)),
      one((n, a) => n.exp(n.tanh(a))),
      one((n, a) => n.log1p(n.abs(a))),
      one((n, a) => n.pow(n.constant(2), n.tanh(a))),
      fc.tuple(of, of, of, of).map(
        ([a, b, c, d]): Formula =>
          (n, ...x) =>
            n.select(
              n.and(n.less(a(n, ...x), b(n, ...x)), n.not(n.equal(c(n, ...x), n.constant(0)))),
              c(n, ...x),
              d(n, ...x),
            ),
      ),
    ),
  };
});

/** Numbers that remember the largest and the smallest on the way, and comparisons of what only rounding tells apart. */
function watched(): { math: ScalarMath<number>; isTame(): boolean } {
  let [largest, smallest] = [0, Infinity];
  const watch = (value: number): number => {
    largest = Number.isNaN(value) ? Infinity : Math.max(largest, Math.abs(value));
    if (value !== 0) smallest = Math.min(smallest, Math.abs(value));
    return value;
  };
  const watching =
    (f: (...x: number[]) => number, compares: boolean) =>
    (...x: number[]) => {
      if (compares && x[0] !== x[1]) watch(x[0] - x[1]);
      return watch(f(...x));
    };
  const compares = ['less', 'lessEqual', 'equal', 'maximum'];
  const entries = Object.entries(numbers) as [string, (...x: number[]) => number][];
  const math = Object.fromEntries(entries.map(([name, f]) => [name, watching(f, compares.includes(name))]));
  return { math: math as unknown as ScalarMath<number>, isTame: () => largest < 1e3 && smallest > 1e-3 };
}

/** No two are equal: at a tie rounding decides. */
const values = fc.shuffledSubarray([0.7, 1.3, -0.4, 2.1, -1.9], { minLength: 3, maxLength: 3 });

function agrees(f: Formula, x: readonly number[], write: (e: Expression) => Expression): void {
  const { math, isTame } = watched();
  const expected = f(math, ...x);
  fc.pre(isTame());
  const latex = print(write(f(m, ...letters.map(named))));
  const [[value]] = evaluateLatex(latex, Object.fromEntries(letters.map((letter, i) => [letter, [[x[i]]]])));
  expect(Math.abs(value - expected), `${latex} is ${value}, not ${expected}`).toBeLessThan(
    1e-4 * (1 + Math.abs(expected)),
  );
}

describe('formulas as LaTeX', () => {
  test('mean the same number', () => {
    fc.assert(
      fc.property(formula, values, (f, x) => agrees(f, x, (e) => e)),
      { numRuns: 2000 },
    );
  });

  test('mean the same number when simplified', () => {
    fc.assert(
      fc.property(formula, values, (f, x) => agrees(f, x, simplify)),
      { numRuns: 2000 },
    );
  });

  test('are never longer when simplified, and read by KaTeX', () => {
    fc.assert(
      fc.property(formula, (f) => {
        const e = f(m, ...letters.map(named));
        katex.renderToString(print(e), { throwOnError: true, strict: 'error' });
        katex.renderToString(print(simplify(e)), { throwOnError: true, strict: 'error' });
      }),
      { numRuns: 300 },
    );
  });
});

const matrixOf = (text: string): Expression => ({ kind: 'name', text, id: text, single: false });
const [A, B, C, a, b] = [matrixOf('A'), matrixOf('B'), matrixOf('C'), named('a'), named('b')];
const square = [3, 3];
const times = (x: Expression, y: Expression): Expression => m.matmul(x, square, y, square);

test.each<[Expression, string]>([
  [m.mul(A, m.add(B, C)), 'A \\odot (B + C)'],
  [m.mul(a, m.add(A, B)), 'a (A + B)'],
  [m.mul(m.constant(0.5), m.sub(A, B)), '\\frac{1}{2} (A - B)'],
  [m.mul(times(A, B), C), 'A B \\odot C'],
  [times(m.mul(A, B), C), '(A \\odot B) C'],
  [times(m.add(A, B), C), '(A + B) C'],
  [times(m.mul(a, A), m.mul(m.constant(2), B)), '2 a A B'],
  [times(times(A, B), C), 'A B C'],
  [m.mul(A, A), 'A^{\\odot 2}'],
  [m.mul(a, a), 'a^{2}'],
  [m.mul(m.add(a, b), m.add(b, a)), '(a + b)^{2}'],
  [m.div(m.sub(A, B), A), '\\frac{A - B}{A}'],
  [m.div(a, m.mul(m.constant(2), b)), '\\frac{a}{2 b}'],
  [m.neg(m.sub(A, B)), 'B - A'],
  [m.neg(m.add(A, B)), '-(A + B)'],
  [m.sub(A, m.add(B, C)), 'A - B - C'],
  [m.add(m.neg(A), B), 'B - A'],
  [m.add(m.mul(a, A), m.mul(m.constant(-3), B)), 'a A - 3 B'],
  [m.permute(times(A, B), [1, 0]), 'B^{\\top} A^{\\top}'],
  [m.permute(m.permute(A, [1, 0]), [1, 0]), 'A'],
  [m.permute(m.tanh(m.add(A, B)), [1, 0]), '\\tanh(A^{\\top} + B^{\\top})'],
  [times(A, m.permute(m.tanh(m.add(B, C)), [1, 0])), 'A \\tanh(B + C)^{\\top}'],
  [m.permute(matrixOf('W^{(2)}'), [1, 0]), '(W^{(2)})^{\\top}'],
  [m.mul(matrixOf('W^{(2)}'), matrixOf('W^{(2)}')), '(W^{(2)})^{\\odot 2}'],
  [m.sum(m.mul(A, B), square, [0, 1]), '\\sum (A \\odot B)'],
  [m.sum(m.mul(A, A), square, [0, 1]), '\\lVert A \\rVert^{2}'],
  [m.sqrt(m.sum(m.mul(A, A), square, [0, 1])), '\\lVert A \\rVert'],
  [m.mul(m.sum(A, square, [0, 1]), B), '\\left(\\sum A\\right) B'],
  [m.mul(m.constant(0.25), m.sum(A, square, [0, 1])), '\\frac{1}{4} \\sum A'],
  [m.sum(A, square, [1]), 'A \\mathbf{1}'],
  [m.sum(A, square, [0]), '\\mathbf{1}^{\\top} A'],
  [m.sum(a, square, [0, 1]), '9 a'],
  [m.sum(A, [3, 3, 3], [0, 1]), '\\operatorname{sum}_{0, 1}(A)'],
  [m.broadcast(A, [3, 1], square), 'A \\mathbf{1}^{\\top}'],
  [m.broadcast(A, [1, 3], square), '\\mathbf{1} A'],
  [m.broadcast(A, [3], square), '\\mathbf{1} A^{\\top}'],
  [m.broadcast(a, [], square), 'a'],
  [m.broadcast(A, [3], [2, 3, 3]), 'A'],
  [m.matmul(a, [3, 3], A, square), 'a \\mathbf{1} \\mathbf{1}^{\\top} A'],
  [m.reshape(A, [3], [1, 3]), 'A^{\\top}'],
  [m.reshape(A, [3], [3, 1]), 'A'],
  [m.reshape(A, [3, 4], [4, 3]), '\\operatorname{reshape}_{4 \\times 3}(A)'],
  [m.permute(A, [0, 2, 1]), 'A^{\\top}'],
  [m.permute(A, [2, 0, 1]), '\\operatorname{permute}_{2, 0, 1}(A)'],
  [m.maximum(A, m.constant(0)), '\\max(0, A)'],
  [m.less(m.constant(0), A), '\\mathbb{1}[A > 0]'],
  [m.not(m.lessEqual(A, B)), '\\mathbb{1}[B < A]'],
  [m.not(m.less(A, B)), '\\mathbb{1}[B \\le A]'],
  [m.and(m.less(A, B), m.or(A, B)), '\\mathbb{1}[A < B \\wedge (A \\ne 0 \\vee B \\ne 0)]'],
  [m.select(m.less(A, B), A, B), '\\min(A, B)'],
  [m.select(m.less(m.constant(0), A), B, m.constant(0)), 'B \\odot \\mathbb{1}[A > 0]'],
  [m.select(m.less(m.constant(0), A), m.sub(B, m.constant(1)), B), 'B - \\mathbb{1}[A > 0]'],
  [m.exp(m.log(A)), 'A'],
  [m.log(m.exp(A)), 'A'],
  [m.sigmoid(m.neg(A)), '1 - \\sigma(A)'],
  [m.part(A, '1:3', ':'), 'A_{1:3, :}'],
  [m.block([A, B], 'beside'), '\\begin{bmatrix} A & B \\end{bmatrix}'],
  [m.block([A, B], 'below'), '\\begin{bmatrix} A \\\\ B \\end{bmatrix}'],
  [m.constant(1e-7), '10^{-7}'],
  [m.mul(m.constant(2.5e-8), a), '2.5 \\cdot 10^{-8} a'],
  [m.constant(-0.75), '-\\frac{3}{4}'],
  [m.constant(0.1), '0.1'],
  [m.constant(1 / Math.sqrt(8)), '\\frac{1}{\\sqrt{8}}'],
  [m.constant(Math.fround(Math.sqrt(12))), '\\sqrt{12}'],
  [m.constant(0.353553), '0.353553'],
  [m.mul(m.constant(2), m.sum(A, square, [0])), '2 \\, \\mathbf{1}^{\\top} A'],
  [m.broadcast(matrixOf('b_1'), [3, 1], square), 'b_1 \\mathbf{1}^{\\top}'],
  [m.matmul(matrixOf('\\mathrm{weight}'), square, A, square), '\\mathrm{weight} \\, A'],
  [m.constant(Infinity), '\\infty'],
])('%#: %j', (e, latex) => {
  expect(print(e)).toBe(latex);
  katex.renderToString(latex, { throwOnError: true, strict: 'error' });
});
