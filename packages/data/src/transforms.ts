import { fromArray, fuse, GradtapeError, isFloating, type Tensor, tensor } from '@gradtape/autograd';

/** Grey images as files hold them, each pixel a byte from 0 (black) to 255: shape […, height, width], in reading order. */
export interface GreyImages {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
}

/** One transform after the other, from left to right. */
export function compose<A, B>(first: (x: A) => B): (x: A) => B;
export function compose<A, B, C>(first: (x: A) => B, second: (x: B) => C): (x: A) => C;
export function compose<A, B, C, D>(first: (x: A) => B, second: (x: B) => C, third: (x: C) => D): (x: A) => D;
export function compose(...transforms: readonly ((x: unknown) => unknown)[]): (x: unknown) => unknown {
  return (x) => transforms.reduce((changed, transform) => transform(changed), x);
}

// Data sets are large, and new memory costs more than arithmetic: shades are made in place, and normalized in one pass.
const quotient = fuse((x, divisor) => [x.div(divisor)]);
const standardized = fuse((x, mean, std) => [x.sub(mean).div(std)]);

/**
 * Grey images as a tensor: [height, width] to [1, height, width], and any dims before them stay, so [n, height, width]
 * becomes [n, 1, height, width]. float32, from 0 (black) to 1.
 *
 * @throws GradtapeError if the data are not bytes, or do not fill the shape.
 * @example
 * toTensor({ data: Uint8Array.of(0, 51, 102, 255), shape: [2, 2] }).shape; // [1, 2, 2]
 */
export function toTensor({ data, shape }: GreyImages): Tensor {
  if (!(data instanceof Uint8Array) || shape.length < 2) {
    throw new GradtapeError('toTensor: not grey images', {
      got: `${data?.constructor.name} of shape [${shape.join(', ')}]`,
      needs: 'a Uint8Array of shape [..., height, width]',
      fix: 'make tensors of other numbers with fromArray(data, shape)',
    });
  }
  const bytes = fromArray(new Float32Array(data), [...shape.slice(0, -2), 1, ...shape.slice(-2)]);
  return quotient.into([bytes], bytes, 255)[0];
}

/**
 * A transform of images: `(x - mean) / std`. Lists hold one number for each channel of images of shape
 * […, channels, height, width]; numbers stand for all channels.
 *
 * @throws GradtapeError if a std is not positive, a number is not finite, the lists are not equally long, or the images
 * have another number of channels.
 * @example
 * const transform = compose(toTensor, normalize(0.1307, 0.3081));
 * transform({ data: Uint8Array.of(0, 255), shape: [1, 2] }).shape; // [1, 1, 2]
 */
export function normalize(
  mean: number | readonly number[],
  std: number | readonly number[],
): (images: Tensor) => Tensor {
  const [means, stds] = [[mean].flat(), [std].flat()];
  const usable = means.every(Number.isFinite) && stds.every((s) => Number.isFinite(s) && s > 0);
  if (!usable || means.length !== stds.length || means.length === 0) {
    throw new GradtapeError('normalize: not means and standard deviations', {
      got: `mean [${means.join(', ')}] and std [${stds.join(', ')}]`,
      needs: 'finite numbers, std above 0; as many of one as of the other',
      fix: 'give one number each, or one for each channel; leave out channels that are constant',
    });
  }
  const operand = (values: readonly number[], { dtype }: Tensor): Tensor | number =>
    values.length === 1 ? values[0] : tensor(values, { dtype }).reshape([values.length, 1, 1]);
  return (images) => {
    if (means.length > 1 && images.shape.at(-3) !== means.length) failOnChannels(images.shape, means.length);
    const x = isFloating(images.dtype) ? images : images.to('float32');
    return standardized(x, operand(means, x), operand(stds, x))[0];
  };
}

function failOnChannels(shape: readonly number[], channels: number): never {
  throw new GradtapeError('normalize: the images have other channels', {
    got: `images [${shape.join(', ')}] and ${channels} means`,
    needs: `shape [..., ${channels}, height, width]`,
    fix: 'give one mean and std for each channel, or one number for all',
  });
}
