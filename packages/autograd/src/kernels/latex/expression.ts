import type { Tensor } from '../../core/tensor.ts';
import { type Fraction, fractionOf, isNumber } from './fraction.ts';

/**
 * What stands on paper, as a tree. Trees are made by functions that do the arithmetic which a reader expects to be done:
 * numbers are multiplied out, signs go in front, what is added up or cancels is put together.
 */
export type Expression =
  | Product
  | Sum
  | Power
  | Name
  | Call
  | Total
  | Part
  | Relation
  | Connective
  | Cases
  | MatrixProduct
  | Transposed;

interface Node {
  /** Whether it is one number for all entries, so that no ⊙ is written beside it. */
  readonly single: boolean;
}

/** `coefficient · base₁^exponent₁ · …`, entry by entry; without factors it is a number. */
export interface Product extends Node {
  readonly kind: 'product';
  readonly coefficient: Fraction;
  readonly factors: readonly Factor[];
}

export interface Factor {
  /** Neither a product nor a number. */
  readonly base: Expression;
  /** Whole and not 0. */
  readonly exponent: number;
}

/** At least two terms, none of them a sum. */
export interface Sum extends Node {
  readonly kind: 'sum';
  readonly terms: readonly Expression[];
}

/** A power whose exponent is no whole number. */
export interface Power extends Node {
  readonly kind: 'power';
  readonly base: Expression;
  readonly exponent: Expression;
}

export interface Name extends Node {
  readonly kind: 'name';
  readonly text: string;
  /** Tells names of one text apart. */
  readonly id: string;
  /** For a column of ones: how many. */
  readonly ones?: number;
  /** What it stands for, if numbers may be filled in. */
  readonly tensor?: Tensor | undefined;
  /** For data: the dims over which all sums are 1, as those of targets over the classes are. */
  readonly addsUpToOne?: readonly number[] | undefined;
}

/** `open operand separator operand close`. */
export interface Call extends Node {
  readonly kind: 'call';
  readonly open: string;
  readonly close: string;
  readonly separator: string;
  readonly operands: readonly Expression[];
  /** Whether it works entry by entry, along dims, or on tensors as wholes. */
  readonly reading: 'entrywise' | 'whole' | readonly number[];
}

/** The sum of all entries. */
export interface Total extends Node {
  readonly kind: 'total';
  readonly of: Expression;
}

export interface Part extends Node {
  readonly kind: 'part';
  readonly of: Expression;
  readonly indices: readonly (Expression | string)[];
}

/** As a number, it is 1 where it holds and 0 elsewhere. */
export interface Relation extends Node {
  readonly kind: 'relation';
  readonly sign: '<' | '\\le' | '=' | '\\ne';
  readonly left: Expression;
  readonly right: Expression;
}

export interface Connective extends Node {
  readonly kind: 'connective';
  readonly sign: '\\wedge' | '\\vee';
  readonly left: Expression;
  readonly right: Expression;
}

export interface Cases extends Node {
  readonly kind: 'cases';
  readonly branches: readonly { readonly condition: Expression; readonly value: Expression }[];
  readonly otherwise: Expression;
}

/** At least two factors, none of them a matrix product or a single number. */
export interface MatrixProduct extends Node {
  readonly kind: 'matrixProduct';
  readonly factors: readonly Expression[];
}

export interface Transposed extends Node {
  readonly kind: 'transposed';
  readonly of: Expression;
}

export function number(value: number | Fraction): Product {
  const coefficient = typeof value === 'number' ? fractionOf(value) : value;
  return { kind: 'product', coefficient, factors: [], single: true };
}

/** The number that an expression is, if it is one. */
export function asNumber(e: Expression): Fraction | undefined {
  return e.kind === 'product' && e.factors.length === 0 ? e.coefficient : undefined;
}

export function isZero(e: Expression): boolean {
  const value = asNumber(e);
  return value !== undefined && isNumber(value, 0);
}

const keys = new WeakMap<Expression, string>();

/** A text that two expressions share if and only if they are the same, up to the order of terms and of factors. */
export function keyOf(e: Expression): string {
  let key = keys.get(e);
  if (key === undefined) {
    key = makeKey(e);
    keys.set(e, key);
  }
  return key;
}

export function sameExpression(a: Expression, b: Expression): boolean {
  return keyOf(a) === keyOf(b);
}

function makeKey(e: Expression): string {
  const list = (parts: readonly Expression[]): string => parts.map(keyOf).join(',');
  switch (e.kind) {
    case 'product':
      return `${e.coefficient.numerator}/${e.coefficient.denominator}*(${factorsKey(e.factors)})`;
    case 'sum':
      return `+(${e.terms.map(keyOf).sort().join(',')})`;
    case 'power':
      return `^(${keyOf(e.base)},${keyOf(e.exponent)})`;
    case 'name':
      return `'${e.id}'`;
    case 'call':
      return `${e.open}[${e.reading}](${list(e.operands)})${e.close}`;
    case 'total':
      return `sum(${keyOf(e.of)})`;
    case 'part':
      return `${keyOf(e.of)}_(${e.indices.map((i) => (typeof i === 'string' ? i : keyOf(i))).join(',')})`;
    case 'relation':
    case 'connective':
      return `(${keyOf(e.left)}${e.sign}${keyOf(e.right)})`;
    case 'cases':
      return `cases(${e.branches.map((b) => `${keyOf(b.condition)}:${keyOf(b.value)}`)},${keyOf(e.otherwise)})`;
    case 'matrixProduct':
      return `@(${list(e.factors)})`;
    case 'transposed':
      return `T(${keyOf(e.of)})`;
  }
}

/** What an expression is made of. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'product':
      return e.factors.map(({ base }) => base);
    case 'sum':
      return e.terms;
    case 'power':
      return [e.base, e.exponent];
    case 'name':
      return [];
    case 'call':
      return e.operands;
    case 'total':
    case 'transposed':
      return [e.of];
    case 'part':
      return [e.of, ...e.indices.filter((index) => typeof index !== 'string')];
    case 'relation':
    case 'connective':
      return [e.left, e.right];
    case 'cases':
      return [...e.branches.flatMap(({ condition, value }) => [condition, value]), e.otherwise];
    case 'matrixProduct':
      return e.factors;
  }
}

/** The key of a product without its coefficient: terms with the same one can be added up. */
export function factorsKey(factors: readonly Factor[]): string {
  return factors
    .map(({ base, exponent }) => `${keyOf(base)}^${exponent}`)
    .sort()
    .join('*');
}
