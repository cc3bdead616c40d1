import { Tensor } from '../core/tensor.ts';

/** What a function takes or gives: tensors, and arrays and plain objects of them, with anything else between. */
export type Structure = unknown;

function isPlainObject(x: unknown): x is Record<string, unknown> {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}

/** The tensors of a structure, in order; with the path to each, as one writes it in JavaScript. */
export function tensorsIn(x: Structure, path = ''): { path: string; tensor: Tensor }[] {
  if (x instanceof Tensor) return [{ path, tensor: x }];
  if (Array.isArray(x)) return x.flatMap((part: unknown, i) => tensorsIn(part, `${path}[${i}]`));
  if (isPlainObject(x)) return Object.entries(x).flatMap(([name, part]) => tensorsIn(part, `${path}.${name}`));
  return [];
}

/** The same structure with other tensors, which are taken from a list in order. */
export function withTensors(x: Structure, tensors: Iterator<Tensor>): Structure {
  if (x instanceof Tensor) return tensors.next().value;
  if (Array.isArray(x)) return x.map((part: unknown) => withTensors(part, tensors));
  if (isPlainObject(x)) {
    return Object.fromEntries(Object.entries(x).map(([name, part]) => [name, withTensors(part, tensors)]));
  }
  return x;
}

/** What of a structure is no tensor, with the path to each. */
export function constantsIn(x: Structure, path = ''): { path: string; constant: unknown }[] {
  if (x instanceof Tensor) return [];
  if (Array.isArray(x)) return x.flatMap((part: unknown, i) => constantsIn(part, `${path}[${i}]`));
  if (isPlainObject(x)) return Object.entries(x).flatMap(([name, part]) => constantsIn(part, `${path}.${name}`));
  return [{ path, constant: x }];
}
