import { noGrad } from '@gradtape/autograd';
import { checkArguments, readSignature } from './signature.ts';

/** What a rule says of itself. */
export interface RuleDescription {
  /** The name that it is exported by; of a property, as it is written: `sigmoid.derivative`. */
  readonly name: string;
  /** What it states, in LaTeX. */
  readonly statement: string;
  /** Where the document states it: the part, and the heading of the section. */
  readonly place: string;
  /** What it takes and gives: `delta [n], a [k] -> [n, k]`. See `readSignature`. */
  readonly shapes: string;
}

/** A statement of the document as a function, which carries what it states. */
export interface Rule<Arguments extends readonly unknown[], Result> extends RuleDescription {
  (...args: Arguments): Result;
}

/** A rule of whatever arguments and result. */
export type AnyRule = Rule<readonly never[], unknown>;

/**
 * Makes a rule of a function. It computes without the tape, whatever its arguments require, so that it can be held
 * against the tape; and it checks the shapes of its arguments first.
 */
export function rule<Arguments extends readonly unknown[], Result>(
  description: RuleDescription,
  compute: (...args: Arguments) => Result,
): Rule<Arguments, Result> {
  const signature = readSignature(description.shapes);
  const call = (...args: Arguments): Result => {
    checkArguments(description.name, signature, args);
    return noGrad(() => compute(...args));
  };
  const properties = Object.entries(description).map(([key, value]) => [key, { value, enumerable: true }]);
  return Object.defineProperties(call, Object.fromEntries(properties)) as Rule<Arguments, Result>;
}

export function isRule(value: unknown): value is AnyRule {
  return typeof value === 'function' && 'statement' in value;
}

/** Text in which a backslash is a backslash. */
export const latex: typeof String.raw = String.raw;
