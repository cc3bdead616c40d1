import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { Parameter } from '../tape/leaf.ts';

/**
 * What a function takes or gives: tensors, and arrays and plain objects of them, with anything else between. A parameter
 * counts as something else: it is a place, not a value.
 */
export type Structure = unknown;

export function isPlainObject(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

export function isValue(x: unknown): x is Tensor {
  return x instanceof Tensor && !(x instanceof Parameter);
}

/** The parts of a structure that are no arrays or plain objects, with the path to each, as one writes it in JavaScript. */
export function partsOf(x: Structure, path = ''): { path: string; part: unknown }[] {
  if (Array.isArray(x)) return x.flatMap((part: unknown, i) => partsOf(part, `${path}[${i}]`));
  if (isPlainObject(x)) return Object.entries(x).flatMap(([name, part]) => partsOf(part, `${path}.${name}`));
  return [{ path, part: x }];
}

/** The tensors of a structure, in order. */
export function tensorsIn(x: Structure): Tensor[] {
  const found: Tensor[] = [];
  const visit = (part: unknown): void => {
    if (isValue(part)) found.push(part);
    else if (Array.isArray(part)) for (const each of part) visit(each);
    else if (isPlainObject(part)) for (const each of Object.values(part)) visit(each);
  };
  visit(x);
  return found;
}

/** The same structure with other tensors, which are taken from a list in order. */
export function withTensors(x: Structure, tensors: Iterator<Tensor>): Structure {
  if (isValue(x)) return tensors.next().value;
  if (Array.isArray(x)) return x.map((part: unknown) => withTensors(part, tensors));
  if (isPlainObject(x)) {
    return Object.fromEntries(Object.entries(x).map(([name, part]) => [name, withTensors(part, tensors)]));
  }
  return x;
}

/** What of a structure is no tensor, with the path to each. */
function constantsIn(x: Structure): { path: string; constant: unknown }[] {
  return partsOf(x).flatMap(({ path, part }) => (isValue(part) ? [] : [{ path, constant: part }]));
}

/** Throws if a function gives what a program cannot give anew in each run. */
export function checkResult(result: Structure): void {
  if (result instanceof Promise || (isPlainObject(result) && typeof result.then === 'function')) {
    Promise.resolve(result).catch(() => {});
    fail('compile: the function is asynchronous', {
      got: 'a Promise as its result',
      needs: 'a function that computes at once: what happens after an await is not seen',
      fix: 'await data before the call, and compile only what computes with it',
    });
  }
  for (const { path, constant } of constantsIn(result)) {
    if (constant instanceof Parameter) continue;
    if (typeof constant !== 'function' && (typeof constant !== 'object' || constant === null)) continue;
    fail('compile: the function gives something that would be the same in every run', {
      got: `${nameOf(constant)} as result${path}`,
      needs: 'tensors, numbers, strings, truth values, and arrays and plain objects of them',
      fix: 'return the tensors in it, and make the rest of them outside',
    });
  }
}

export function nameOf(x: object): string {
  return typeof x === 'function' ? 'a function' : `an object of class ${x.constructor?.name ?? 'unknown'}`;
}
