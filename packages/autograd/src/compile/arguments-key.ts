import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import { Parameter } from '../tape/leaf.ts';
import { isPlainObject, isValue, nameOf, type Structure } from './structure.ts';

let lastIdentity = 0;
const identities = new WeakMap<object, number>();

/** What of the arguments a program depends on: shapes, dtypes, and everything else that is no tensor's entry. */
export function argumentsKey(x: Structure): string {
  if (Array.isArray(x)) return `[${x.map(argumentsKey).join()}]`;
  if (isPlainObject(x)) {
    return `{${Object.entries(x).map(([name, part]) => `${JSON.stringify(name)}:${argumentsKey(part)}`)}}`;
  }
  return describeArgument(x);
}

/** The same for an argument, or a part of one, that is no array or plain object. */
export function describeArgument(x: unknown): string {
  if (isValue(x)) return `${x.dtype} ${showShape(x.shape)}`;
  if (x instanceof Parameter) return `parameter ${identityOf(x)}`;
  if (typeof x === 'function') return `function ${identityOf(x)}`;
  if (typeof x === 'string') return JSON.stringify(x);
  if (typeof x === 'object' && x !== null) failOnObject(x);
  return `${typeof x} ${Object.is(x, -0) ? '-0' : String(x)}`;
}

function identityOf(x: object): number {
  const known = identities.get(x) ?? ++lastIdentity;
  identities.set(x, known);
  return known;
}

function failOnObject(x: object): never {
  return fail('compile: an argument cannot be told from others', {
    got: nameOf(x),
    needs: 'tensors, parameters, numbers, strings, truth values, and arrays and plain objects of them',
    fix: 'let the function close over it: () => run(object)',
  });
}
