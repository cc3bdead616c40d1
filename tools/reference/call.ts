import { Tensor, tensor } from '@gradtape/autograd';
import { find } from './names.ts';
import { type Arguments, arrange } from './signatures.ts';

/** Calls gradtape's function of PyTorch's name; what it gives, in order. */
export function call(operation: string, args: Arguments): Tensor[] {
  const implementation = find(operation);
  if (typeof implementation !== 'function') throw new Error(`absent: ${operation}`);
  const { index } = args;
  const read = Array.isArray(index) ? { ...args, index: index.map(readIndex) } : args;
  return tensorsIn(implementation(...arrange(operation, read)));
}

/** One index of Python's `x[…]` as gradtape's `index` takes it. */
function readIndex(written: unknown): unknown {
  if (written === 'Ellipsis') return '...';
  if (typeof written !== 'object' || written === null) return written;
  const { slice, index } = written as { slice?: (number | null)[]; index?: number[] };
  if (slice === undefined) return index;
  const [start, stop, step] = slice;
  return { start, stop, step };
}

/** Makes an instance of gradtape's class of PyTorch's name. */
export function construct(operation: string, args: Arguments, ...first: unknown[]): unknown {
  const implementation = find(operation);
  if (typeof implementation !== 'function') throw new Error(`absent: ${operation}`);
  return Reflect.construct(implementation, [...first, ...arrange(operation, args)]);
}

/** One tensor, or all in an array or object, in order; what PyTorch gives as a truth value of Python, as a tensor. */
export function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (typeof result === 'boolean') return [tensor(result)];
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(tensorsIn) : [];
}

/** `tensors.0, tensors.1, …` as one list `tensors`; other names stay. */
export function gatherLists<T>(named: Readonly<Record<string, T>>): Record<string, T | T[]> {
  const gathered: Record<string, T | T[]> = {};
  for (const [name, value] of Object.entries(named)) {
    const [, list] = /^(.*)\.\d+$/.exec(name) ?? [];
    if (list === undefined) gathered[name] = value;
    else gathered[list] = [...((gathered[list] ?? []) as T[]), value];
  }
  return gathered;
}
