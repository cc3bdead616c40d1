import { numbers } from './numbers.ts';
import type { ScalarMath } from './scalar-math.ts';

/** Interprets formulas as the source of JavaScript expressions; `statements` holds what must run before them. */
export interface JavaScriptMath extends ScalarMath<string> {
  readonly statements: string[];
}

/** In the source, `math` is the interpreter `numbers`. */
export function javaScriptMath(): JavaScriptMath {
  const statements: string[] = [];
  const native = (name: string) => (a: string) => `Math.${name}(${a})`;
  const ours = (name: keyof typeof numbers) => (a: string) => `math.${name}(${a})`;
  return {
    statements,
    constant: (value) => (Object.is(value, -0) ? '(-0)' : value < 0 ? `(${value})` : `${value}`),
    share: (a) => {
      if (/^\w+$/.test(a)) return a;
      statements.push(`const t${statements.length} = ${a};`);
      return `t${statements.length - 1}`;
    },
    add: (a, b) => `(${a} + ${b})`,
    sub: (a, b) => `(${a} - ${b})`,
    mul: (a, b) => `(${a} * ${b})`,
    div: (a, b) => `(${a} / ${b})`,
    neg: (a) => `(-${a})`,
    pow: (a, b) => `math.pow(${a}, ${b})`,
    fmod: (a, b) => `(${a} % ${b})`,
    atan2: (a, b) => `Math.atan2(${a}, ${b})`,
    abs: native('abs'),
    sign: ours('sign'),
    floor: native('floor'),
    ceil: native('ceil'),
    trunc: native('trunc'),
    round: ours('round'),
    sqrt: native('sqrt'),
    exp: native('exp'),
    expm1: native('expm1'),
    log: native('log'),
    log1p: native('log1p'),
    log2: native('log2'),
    log10: native('log10'),
    sin: native('sin'),
    cos: native('cos'),
    tan: native('tan'),
    asin: native('asin'),
    acos: native('acos'),
    atan: native('atan'),
    sinh: native('sinh'),
    cosh: native('cosh'),
    tanh: native('tanh'),
    asinh: native('asinh'),
    acosh: native('acosh'),
    atanh: native('atanh'),
    erf: ours('erf'),
    sigmoid: (a) => `(1 / (1 + Math.exp(-${a})))`,
    maximum: (a, b) => `Math.max(${a}, ${b})`,
    minimum: (a, b) => `Math.min(${a}, ${b})`,
    less: (a, b) => `(${a} < ${b} ? 1 : 0)`,
    lessEqual: (a, b) => `(${a} <= ${b} ? 1 : 0)`,
    equal: (a, b) => `(${a} === ${b} ? 1 : 0)`,
    not: (a) => `(${a} ? 0 : 1)`,
    and: (a, b) => `(${a} && ${b} ? 1 : 0)`,
    or: (a, b) => `(${a} || ${b} ? 1 : 0)`,
    select: (condition, a, b) => `(${condition} ? ${a} : ${b})`,
  };
}

/** Turns source into a function; undefined where a content security policy forbids it. */
export function compileSource(parameters: string, body: string): ((...values: never[]) => unknown) | undefined {
  try {
    const make = new Function('math', `'use strict'; return (${parameters}) => {\n${body}\n};`) as (
      math: ScalarMath<number>,
    ) => (...values: never[]) => unknown;
    return make(numbers);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
