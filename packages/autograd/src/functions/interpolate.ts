import { adopt } from '../core/allocate.ts';
import { newStorage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { takeAlong } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { adaptiveAverage } from './adaptive-pooling.ts';
import { checkFloating } from './check-dtype.ts';
import type { PerDim } from './spatial.ts';

export interface InterpolateOptions {
  /** The new sizes of the space; or else `scaleFactor`. */
  readonly size?: PerDim | null;
  /** What the sizes are multiplied by, rounded down. */
  readonly scaleFactor?: PerDim | null;
  /**
   * The nearest entry; the straight line between two, in one, two or three dims; a cubic curve through four, in two; or the
   * mean of what a new entry covers, as `adaptiveAvgPool2d` has it. Default: 'nearest'.
   */
  readonly mode?: 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'trilinear' | 'bicubic' | 'area';
  /**
   * Whether the first and the last entries stay where they are, rather than the edges of the image; for lines and curves
   * only. Default: false.
   */
  readonly alignCorners?: boolean | null;
  /**
   * Whether the distance of new entries follows from the sizes, rather than from `scaleFactor`, which may not lead to whole
   * ones. Default: false.
   */
  readonly recomputeScaleFactor?: boolean | null;
}

/** How one dim is resampled. */
interface Resampling {
  readonly size: number;
  readonly newSize: number;
  /** How far apart, in old entries, new ones lie. */
  readonly step: number;
  readonly alignCorners: boolean;
}

/** An entry that a new one is made of: for each new one its index, and its weight. */
interface Tap {
  readonly indices: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Images made larger or smaller, by PyTorch's rules.
 *
 * @param x `[batch, channels, …space]`, with one to three dims of space.
 * @throws GradtapeError if not exactly one of `size` and `scaleFactor` is given, or mode or sizes do not fit.
 * @example
 * interpolate(tensor([[[1, 3]]]), { scaleFactor: 2 }); // [[[1, 1, 3, 3]]]
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const { mode = 'nearest' } = options;
  checkFloating('interpolate', x);
  checkMode(x, options);
  const resamplings = resamplingsOf(x, options);
  if (mode === 'area') {
    const sizes = resamplings.map(({ newSize }) => newSize);
    return adaptiveAverage('interpolate', sizes.length, x, sizes);
  }
  return resamplings.reduce((image, resampling, i) => resampled(image, 2 + i, tapsOf(mode, resampling)), x);
}

/** How many dims of space a mode is for; 0 for any. */
const spaceOfMode: Readonly<Record<string, number>> = {
  nearest: 0,
  'nearest-exact': 0,
  area: 0,
  linear: 1,
  bilinear: 2,
  trilinear: 3,
  bicubic: 2,
};

function checkMode(x: Tensor, { mode = 'nearest', alignCorners }: InterpolateOptions): void {
  const dims = x.rank - 2;
  const needed = spaceOfMode[mode];
  if (needed === undefined) {
    fail('interpolate: no such mode', {
      got: `'${mode}'`,
      needs: Object.keys(spaceOfMode).join(', '),
      fix: "'bilinear' for images, 'linear' for lines",
    });
  }
  if (needed === 0 && alignCorners) {
    fail(`interpolate: mode ${mode} has no corners to align`, {
      got: 'alignCorners true',
      needs: "mode 'linear', 'bilinear', 'trilinear' or 'bicubic'",
      fix: 'leave alignCorners out',
    });
  }
  if (dims >= 1 && dims <= 3 && (needed === 0 || needed === dims)) return;
  fail(`interpolate: mode ${mode} does not fit the input`, {
    got: `shape ${showShape(x.shape)}`,
    needs: `[batch, channels, …], then ${needed === 0 ? 'one to three' : needed} dims of space`,
    fix: "'linear', 'bilinear' and 'trilinear' are for one, two and three dims of space",
  });
}

function resamplingsOf(
  x: Tensor,
  { size = null, scaleFactor = null, alignCorners, recomputeScaleFactor }: InterpolateOptions,
): Resampling[] {
  const space = x.shape.slice(2);
  if ((size === null) === (scaleFactor === null)) {
    fail('interpolate: not exactly one of size and scaleFactor', {
      got: size === null ? 'neither' : 'both',
      needs: 'one of them',
      fix: 'interpolate(x, { size: [32, 32] }) or interpolate(x, { scaleFactor: 2 })',
    });
  }
  if (size !== null && recomputeScaleFactor) {
    fail('interpolate: there is no scale factor to compute anew', {
      got: 'size and recomputeScaleFactor',
      needs: 'scaleFactor, or size alone',
      fix: 'leave recomputeScaleFactor out',
    });
  }
  const bySize = size !== null || recomputeScaleFactor === true;
  const given = (size ?? scaleFactor) as PerDim;
  const list = typeof given === 'number' ? space.map(() => given) : given;
  return space.map((length, i) => {
    const newSize = size === null ? Math.floor(length * list[i]) : list[i];
    if (list.length !== space.length || !Number.isInteger(newSize) || newSize < 1 || length === 0) {
      fail('interpolate: the sizes do not fit', {
        got: `${size === null ? 'scaleFactor' : 'size'} ${showShape(list)} for a space of ${showShape(space)}`,
        needs: `sizes from 1: one number for all, or ${space.length}`,
        fix: 'check the numbers, and that the first two dims are batch and channels',
      });
    }
    return {
      size: length,
      newSize,
      step: bySize ? length / newSize : 1 / list[i],
      alignCorners: alignCorners === true,
    };
  });
}

function resampled(x: Tensor, dim: number, taps: readonly Tap[]): Tensor {
  const parts = taps.map(({ indices, weights }) => {
    const taken = takeAlong(x, dim, adopt(Int32Array.from(indices), [indices.length]));
    if (taps.length === 1) return taken;
    const factors = newStorage(x.dtype, weights.length);
    factors.set(weights);
    const shape = x.shape.map((_, d) => (d === dim ? weights.length : 1));
    return mul(taken, reshape(adopt(factors, [weights.length]), shape));
  });
  return parts.reduce((sum, part) => add(sum, part));
}

function tapsOf(mode: string, resampling: Resampling): Tap[] {
  const places = Array.from({ length: resampling.newSize }, (_, i) => i);
  if (mode.startsWith('nearest')) {
    const half = mode === 'nearest' ? 0 : 0.5;
    return [tap(resampling, places, (i) => [Math.floor((i + half) * resampling.step), 1])];
  }
  const cubic = mode === 'bicubic';
  return (cubic ? [-1, 0, 1, 2] : [0, 1]).map((offset) =>
    tap(resampling, places, (i) => {
      const at = source(resampling, i);
      const first = Math.floor(at);
      const distance = Math.abs(at - first - offset);
      return [first + offset, cubic ? cubicWeight(distance) : 1 - distance];
    }),
  );
}

function tap({ size }: Resampling, places: readonly number[], entry: (i: number) => readonly [number, number]): Tap {
  const entries = places.map(entry);
  return {
    indices: entries.map(([index]) => Math.min(Math.max(index, 0), size - 1)),
    weights: entries.map(([, weight]) => weight),
  };
}

/** Where a new entry lies among the old ones: entries are the middles of pixels, unless corners are aligned. */
function source({ size, newSize, step, alignCorners }: Resampling, i: number): number {
  if (alignCorners) return newSize === 1 ? 0 : (i * (size - 1)) / (newSize - 1);
  return (i + 0.5) * step - 0.5;
}

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -0.75 as PyTorch has it. */
function cubicWeight(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
}
