// What the poolings have in common: the entries of every window side by side, as last dims `[…positions, …entries]`.
import { adopt } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { type Shape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { type Window, windowsOf } from '../primitives/linear/windows.ts';

/** The windows along one dim of space. */
export interface Pooling {
  /** For every position the indices that its window sees; at least one each. */
  readonly seen: readonly (readonly number[])[];
  /** The same as a window that moves, where all of it lies inside. */
  readonly window: Window | undefined;
}

/** The windows of a kernel along a dim of a size; what lies outside is not seen. */
export function movingWindows(size: number, window: Window, padding: number, positions: number): Pooling {
  const seen = Array.from({ length: positions }, (_, at) =>
    Array.from({ length: window.size }, (_, k) => at * window.stride + k * window.dilation - padding).filter(
      (i) => i >= 0 && i < size,
    ),
  );
  return { seen, window: seen.every(({ length }) => length === window.size) ? window : undefined };
}

/** Windows that share a dim evenly among `positions`: from ⌊i size / positions⌋ to ⌈(i + 1) size / positions⌉. */
export function evenWindows(size: number, positions: number): Pooling {
  const seen = Array.from({ length: positions }, (_, at) => {
    const start = Math.floor((at * size) / positions);
    const end = Math.ceil(((at + 1) * size) / positions);
    return Array.from({ length: end - start }, (_, k) => start + k);
  });
  const share = size / positions;
  return { seen, window: Number.isInteger(share) ? { size: share, stride: share, dilation: 1 } : undefined };
}

/** How many entries of a window there is room for. */
function roomOf({ seen }: Pooling): number {
  return Math.max(0, ...seen.map(({ length }) => length));
}

/** The k-th index that a window sees; where it sees fewer, its last one. */
function atOrLast(list: readonly number[], k: number): number {
  return list[Math.min(k, list.length - 1)];
}

/**
 * The entries of every window, `[…, …positions, …entries]`. A window that sees fewer than there is room for repeats its
 * last ones.
 */
export function windowEntries(x: Tensor, poolings: readonly Pooling[]): Tensor {
  const windows = poolings.flatMap(({ window }) => window ?? []);
  if (windows.length === poolings.length) return windowsOf(x, windows);
  const leading = x.shape.slice(0, -poolings.length);
  const taken = poolings.reduce(takeWindows, x);
  const apart = reshape(taken, [...leading, ...poolings.flatMap((pooling) => [pooling.seen.length, roomOf(pooling)])]);
  const every = (k: number): number[] => poolings.map((_, i) => leading.length + 2 * i + k);
  return permuteDims(apart, [...leading.keys(), ...every(0), ...every(1)]);
}

/** Along one dim, every window's entries one after the other. */
function takeWindows(x: Tensor, pooling: Pooling, i: number, poolings: readonly Pooling[]): Tensor {
  const room = roomOf(pooling);
  const indices = pooling.seen.flatMap((list) => Array.from({ length: room }, (_, k) => atOrLast(list, k)));
  return takeAlong(x, x.rank - poolings.length + i, adopt(Int32Array.from(indices), [indices.length]));
}

/** Which of the entries are seen and no repetitions: `[…positions, …entries]`, dtype bool; undefined if all are. */
export function maskOf(poolings: readonly Pooling[]): Tensor | undefined {
  if (poolings.every((pooling) => pooling.seen.every(({ length }) => length === roomOf(pooling)))) return undefined;
  const { shape, numbers } = tabulate(poolings, (lists, k) => Number(lists.every((list, i) => k[i] < list.length)));
  return adopt(Uint8Array.from(numbers), shape);
}

/** Where each of the entries lies in the flattened space: `[…positions, …entries]`, dtype int32. */
export function placesOf(poolings: readonly Pooling[], space: Shape): Tensor {
  const { shape, numbers } = tabulate(poolings, (lists, k) =>
    lists.reduce((place, list, i) => place * space[i] + atOrLast(list, k[i]), 0),
  );
  return adopt(Int32Array.from(numbers), shape);
}

/** A number for each entry of each window, from what the window sees in each dim and the place of the entry in it. */
function tabulate(
  poolings: readonly Pooling[],
  number: (lists: readonly (readonly number[])[], k: readonly number[]) => number,
): { shape: Shape; numbers: readonly number[] } {
  const windows = combinations(poolings.map(({ seen }) => seen));
  const entries = combinations(poolings.map((pooling) => [...Array(roomOf(pooling)).keys()]));
  return {
    shape: [...poolings.map(({ seen }) => seen.length), ...poolings.map(roomOf)],
    numbers: windows.flatMap((lists) => entries.map((k) => number(lists, k))),
  };
}

/** One of each list, in every way, the last list varying fastest. */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((made, list) => made.flatMap((head) => list.map((each) => [...head, each])), [[]]);
}

/** Throws unless there is a window, and every window sees an entry. */
export function checkPooled(operation: string, space: Shape, poolings: readonly Pooling[]): void {
  if (poolings.every(({ seen }) => seen.length > 0 && seen.every(({ length }) => length > 0))) return;
  fail(`${operation}: there is nothing to pool`, {
    got: `a space of ${showShape(space)} for ${showShape(poolings.map(({ seen }) => seen.length))} windows`,
    needs: 'at least one window, and an entry in each',
    fix: 'take a smaller kernel or less dilation, pad more, or check that the last dims are the space',
  });
}
