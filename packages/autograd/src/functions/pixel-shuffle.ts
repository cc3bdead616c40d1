import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';

/**
 * Channels turned into pixels: `[…, C r², H, W]` becomes `[…, C, H r, W r]`, where every group of r² channels fills a
 * square. Shi et al., 2016.
 *
 * @throws GradtapeError if the channels do not fall into squares of `upscaleFactor`.
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const r = checkFactor('pixelShuffle', 'upscaleFactor', x, upscaleFactor);
  const [channels, height, width] = x.shape.slice(-3);
  if (channels % (r * r) !== 0) failOnSizes('pixelShuffle', x, `a number of channels that ${r * r} divides`);
  const lead = x.shape.slice(0, -3);
  const apart = reshape(x, [...lead, channels / (r * r), r, r, height, width]);
  const n = lead.length;
  return reshape(permuteDims(apart, [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2]), [
    ...lead,
    channels / (r * r),
    height * r,
    width * r,
  ]);
}

/**
 * Pixels turned into channels, the way back from {@link pixelShuffle}: `[…, C, H r, W r]` becomes `[…, C r², H, W]`.
 *
 * @throws GradtapeError if height or width do not fall into squares of `downscaleFactor`.
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const r = checkFactor('pixelUnshuffle', 'downscaleFactor', x, downscaleFactor);
  const [channels, height, width] = x.shape.slice(-3);
  if (height % r !== 0 || width % r !== 0) failOnSizes('pixelUnshuffle', x, `height and width that ${r} divides`);
  const lead = x.shape.slice(0, -3);
  const apart = reshape(x, [...lead, channels, height / r, r, width / r, r]);
  const n = lead.length;
  return reshape(permuteDims(apart, [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3]), [
    ...lead,
    channels * r * r,
    height / r,
    width / r,
  ]);
}

function checkFactor(operation: string, name: string, x: Tensor, factor: number): number {
  if (x.rank < 3) failOnSizes(operation, x, 'at least three dims: channels, height and width');
  if (Number.isInteger(factor) && factor >= 1) return factor;
  return fail(`${operation}: not a factor`, {
    got: `${name} ${factor}`,
    needs: 'a whole number from 1',
    fix: `${operation}(x, 2)`,
  });
}

function failOnSizes(operation: string, x: Tensor, needs: string): never {
  return fail(`${operation}: the sizes do not fit`, {
    got: `shape ${showShape(x.shape)}`,
    needs,
    fix: 'check the factor, or the layer before',
  });
}
