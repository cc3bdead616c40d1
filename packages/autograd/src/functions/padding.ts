import { adopt, constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { where } from '../primitives/linear/where.ts';
import { padZeros } from './movement.ts';

export interface PadOptions {
  /**
   * What the new entries are: one value; the tensor mirrored at its edge, which is not repeated; its edge; or its other
   * end. Default: 'constant'.
   */
  readonly mode?: 'constant' | 'reflect' | 'replicate' | 'circular';
  /** The one value of mode 'constant'. Default: 0. */
  readonly value?: number;
}

/**
 * Entries added before and after the last dims: `[before last, after last, before second to last, …]`, as PyTorch orders
 * them. Negative numbers cut off.
 *
 * @throws GradtapeError if `margins` does not come in pairs, has more pairs than the tensor dims, cuts off more than
 *   there is, or (mode reflect, circular) adds more than there is.
 * @example
 * pad(tensor([1, 2, 3]), [1, 2]); // [0, 1, 2, 3, 0, 0]
 * pad(tensor([1, 2, 3]), [2, 0], { mode: 'reflect' }); // [3, 2, 1, 2, 3]
 */
export function pad(x: Tensor, margins: readonly number[], { mode = 'constant', value = 0 }: PadOptions = {}): Tensor {
  const byDim = marginsByDim(x, margins);
  if (mode === 'constant') return padConstant(x, byDim, value);
  return byDim.reduce((padded: Tensor, [before, after], dim) => {
    if (before === 0 && after === 0) return padded;
    return takeAlong(padded, dim, sources(mode, x, dim, before, after));
  }, x);
}

type Margins = readonly [before: number, after: number];

/** The margins of each dim, from the first. */
function marginsByDim(x: Tensor, margins: readonly number[]): Margins[] {
  const pairs = margins.length / 2;
  if (!Number.isInteger(pairs) || pairs > x.rank || !margins.every(Number.isInteger)) {
    fail('pad: the margins do not fit the tensor', {
      got: `${showShape(margins)} for a tensor of shape ${showShape(x.shape)}`,
      needs: `whole numbers, two for each dim from the last one: at most ${2 * x.rank}`,
      fix: '[before, after] pads the last dim, [left, right, top, bottom] the last two',
    });
  }
  return x.shape.map((size, d): Margins => {
    const place = 2 * (x.rank - 1 - d);
    const [before, after] = [margins[place] ?? 0, margins[place + 1] ?? 0];
    if (size + Math.min(before, 0) + Math.min(after, 0) < 0) failOnCut(x, d, before, after);
    return [before, after];
  });
}

function failOnCut(x: Tensor, dim: number, before: number, after: number): never {
  return fail('pad: more is cut off than there is', {
    got: `margins ${before} and ${after} for dim ${dim}, which has size ${x.shape[dim]}`,
    needs: `at most ${x.shape[dim]} cut off`,
    fix: 'check the order: the first two margins belong to the last dim',
  });
}

function padConstant(x: Tensor, margins: readonly Margins[], value: number): Tensor {
  const padded = padZeros(x, margins);
  if (value === 0) return padded;
  const inside = padZeros(constant(1, x.shape, 'bool'), margins);
  return where(inside, padded, value);
}

/** Which index of a dim each index of the padded dim shows. */
function sources(
  mode: 'reflect' | 'replicate' | 'circular',
  { shape, rank }: Tensor,
  dim: number,
  before: number,
  after: number,
): Tensor {
  const size = shape[dim];
  const largest = { reflect: size - 1, replicate: size === 0 ? 0 : Infinity, circular: size }[mode];
  if (Math.max(before, after) > largest) {
    fail(`pad: mode ${mode} has not enough entries to show`, {
      got: `margins ${before} and ${after} for dim ${dim} of ${rank} dims, which has size ${size}`,
      needs: `at most ${Math.max(largest, 0)}`,
      fix: "pad less, or use mode 'constant'",
    });
  }
  const shown = {
    reflect: (i: number) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i),
    replicate: (i: number) => Math.min(Math.max(i, 0), size - 1),
    circular: (i: number) => (i + size) % size,
  }[mode];
  const length = Math.max(0, before + size + after);
  return adopt(
    Int32Array.from({ length }, (_, i) => shown(i - before)),
    [length],
  );
}
