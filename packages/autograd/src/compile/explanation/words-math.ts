import type { ScalarMath } from '../../kernels/scalar-math.ts';
import { numberInWords } from './value-names.ts';

/** A formula in words. */
export interface Phrase {
  readonly text: string;
  /** Whether it must stand in brackets inside of other text. */
  readonly isLoose: boolean;
  /** Operations in it that are not in its operands. */
  readonly operations: number;
}

/** Something that has a name, or is written already: an operand. */
export function operand(text: string, isLoose = false): Phrase {
  return { text, isLoose, operations: 0 };
}

export function call(name: string, ...operands: readonly Phrase[]): Phrase {
  return phrase(`${name}(${operands.map(({ text }) => text).join(', ')})`, operands);
}

function infix(a: Phrase, sign: string, b: Phrase): Phrase {
  return { ...phrase(`${inBrackets(a)} ${sign} ${inBrackets(b)}`, [a, b]), isLoose: true };
}

function phrase(text: string, operands: readonly Phrase[]): Phrase {
  return { text, isLoose: false, operations: 1 + operands.reduce((sum, { operations }) => sum + operations, 0) };
}

function inBrackets({ text, isLoose }: Phrase): string {
  return isLoose ? `(${text})` : text;
}

const one = (name: string) => (a: Phrase) => call(name, a);
const two = (name: string) => (a: Phrase, b: Phrase) => call(name, a, b);
const between = (sign: string) => (a: Phrase, b: Phrase) => infix(a, sign, b);

/** Interprets formulas as text for readers. */
export const wordsMath: ScalarMath<Phrase> = {
  constant: (value) => operand(numberInWords(value), value < 0),
  share: (a) => a,
  add: between('+'),
  sub: between('-'),
  mul: between('×'),
  div: between('/'),
  neg: (a) => ({ ...phrase(`-${inBrackets(a)}`, [a]), isLoose: true }),
  pow: two('pow'),
  fmod: two('fmod'),
  atan2: two('atan2'),
  abs: one('abs'),
  sign: one('sign'),
  floor: one('floor'),
  ceil: one('ceil'),
  trunc: one('trunc'),
  round: one('round'),
  sqrt: one('sqrt'),
  exp: one('exp'),
  expm1: one('expm1'),
  log: one('log'),
  log1p: one('log1p'),
  log2: one('log2'),
  log10: one('log10'),
  sin: one('sin'),
  cos: one('cos'),
  tan: one('tan'),
  asin: one('asin'),
  acos: one('acos'),
  atan: one('atan'),
  sinh: one('sinh'),
  cosh: one('cosh'),
  tanh: one('tanh'),
  asinh: one('asinh'),
  acosh: one('acosh'),
  atanh: one('atanh'),
  erf: one('erf'),
  sigmoid: one('sigmoid'),
  maximum: two('maximum'),
  minimum: two('minimum'),
  less: between('<'),
  lessEqual: between('≤'),
  equal: between('=='),
  not: one('not'),
  and: between('and'),
  or: between('or'),
  select: (condition, a, b) => call('where', condition, a, b),
};
