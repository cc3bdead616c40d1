// Convolution as a map that is linear in x and in the weight, with its two transposes: each is the derivative of the others.
import { allocateUnfilled } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { FloatArray } from '../kernels/contract.ts';
import { type ConvolutionSizes, convolve, convolveBack, convolveWeight } from '../kernels/convolve.ts';
import { inReadingOrder } from '../kernels/copy.ts';
import { bilinear } from '../primitives/bilinear/degree.ts';
import { bind, withRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import { isTracing } from '../tape/observer.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { convolvedBackByProducts, convolvedByProducts, convolvedWeightByProducts } from './convolution-by-products.ts';

/** A convolution of these sizes, under the name that it has on the tape. */
export interface Convolution {
  readonly name: string;
  readonly sizes: ConvolutionSizes;
}

/** The output of a convolution, `[batch, groups · filters, …positions]`. */
export function convolved(x: Tensor, weight: Tensor, form: Convolution): Tensor {
  const { batch, groups, filters, dims } = form.sizes;
  return bound(x, weight, form, {
    shape: [batch, groups * filters, ...dims.map(({ positions }) => positions)],
    byProducts: convolvedByProducts,
    fill: (y, x, weight) => convolve(form.sizes, { x, weight, y }),
    transposes: [(g, weight) => convolvedBack(g, weight, form), (g, x) => convolvedWeight(x, g, form)],
  });
}

/** The transpose in x, `[batch, groups · channels, …size]`: what a transposed convolution computes, too. */
export function convolvedBack(y: Tensor, weight: Tensor, form: Convolution): Tensor {
  const { batch, groups, channels, dims } = form.sizes;
  return bound(y, weight, form, {
    shape: [batch, groups * channels, ...dims.map(({ size }) => size)],
    byProducts: convolvedBackByProducts,
    fill: (x, y, weight) => convolveBack(form.sizes, { x, weight, y }),
    transposes: [(g, weight) => convolved(g, weight, form), (g, y) => convolvedWeight(g, y, form)],
  });
}

/** The transpose in the weight, `[groups · filters, channels, …kernel]`. */
function convolvedWeight(x: Tensor, y: Tensor, form: Convolution): Tensor {
  const { groups, filters, channels, dims } = form.sizes;
  return bound(x, y, form, {
    shape: [groups * filters, channels, ...dims.map(({ kernel }) => kernel)],
    byProducts: convolvedWeightByProducts,
    fill: (weight, x, y) => convolveWeight(form.sizes, { x, weight, y }),
    transposes: [(g, y) => convolvedBack(y, g, form), (g, x) => convolved(x, g, form)],
  });
}

interface BilinearMap {
  readonly shape: Shape;
  readonly byProducts: (first: Tensor, second: Tensor, sizes: ConvolutionSizes) => Tensor;
  /** Fills the result; false if it cannot. */
  readonly fill: (result: FloatArray, first: FloatArray, second: FloatArray) => boolean;
  readonly transposes: readonly [
    (cotangent: Tensor, second: Tensor) => Tensor,
    (cotangent: Tensor, first: Tensor) => Tensor,
  ];
}

/** Eager code has kernels of its own for what a program makes of windows and products. */
function bound(first: Tensor, second: Tensor, { name, sizes }: Convolution, map: BilinearMap): Tensor {
  const { shape, byProducts, fill, transposes } = map;
  if (isByDefinition()) return byProducts(first, second, sizes);
  const primitive = bilinear(name, {
    value: ([a, b]) => {
      const isEmpty = entriesOf([...shape, a.length, b.length]) === 0;
      if (!isEmpty && !isTracing()) {
        const out = allocateUnfilled(shape, a.dtype);
        if (fill(entriesIn(out), entriesIn(a), entriesIn(b))) return out;
      }
      return detach(withRecording(false, () => byProducts(a, b, sizes)));
    },
    transposes,
    isComposite: true,
    sample: () => fail(name, { got: 'a law', needs: 'a primitive of the registry', fix: 'use checkGradients' }),
  });
  return bind(primitive, [first, second], undefined);
}

/** The entries in reading order. */
function entriesIn(x: Tensor): FloatArray {
  const { storage, offset, length } = inReadingOrder(x);
  return storage.subarray(offset, offset + length) as FloatArray;
}
