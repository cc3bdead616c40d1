import { expect, test } from 'vitest';
import type { Expression } from './expression.ts';
import { latexNotation } from './latex.ts';
import { print } from './print.ts';
import { simplify } from './simplify.ts';

const m = latexNotation();
const [a, t, A, T, Y] = [
  ...['a', 't'].map((text): Expression => ({ kind: 'name', text, id: text, single: true })),
  ...['A', 'T', 'Y'].map((text): Expression => ({ kind: 'name', text, id: text, single: false })),
];
const one = m.constant(1);
const rest = (e: Expression): Expression => m.sub(one, e);

test.each<[string, Expression, string]>([
  ['binary cross-entropy', m.sub(m.mul(rest(t), a), m.mul(t, rest(a))), 'a - t'],
  ['the same from quotients', m.mul(m.sub(m.div(rest(T), rest(A)), m.div(T, A)), m.mul(A, rest(A))), 'A - T'],
  ['softmax with cross-entropy', m.mul(Y, m.sub(one, m.div(T, Y))), 'Y - T'],
  ['what all terms share in front', m.add(m.mul(A, T), m.mul(A, Y)), 'A \\odot (T + Y)'],
  ['a derivative that is short already', m.mul(A, rest(A)), 'A \\odot (1 - A)'],
  ['a common number', m.sub(m.mul(m.constant(0.25), Y), m.mul(m.constant(0.25), T)), '\\frac{1}{4} (Y - T)'],
  ['inside of functions', m.tanh(m.sub(m.add(a, t), t)), '\\tanh(a)'],
  ['nothing left', m.sub(m.mul(a, rest(t)), m.sub(a, m.mul(a, t))), '0'],
])('%s', (_, e, latex) => {
  expect(print(simplify(e))).toBe(latex);
});
