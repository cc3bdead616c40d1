import type { Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';

/** A run this long is copied by the platform rather than by a loop. */
const LONG_RUN = 32;

/** Writes the entries of `x` into the places that `target` views; both have one shape. Only for storage nobody else has seen. */
export function copyInto(target: Tensor, x: Tensor): void {
  place(target, x, (y, yAt, yStep, from, at, step, count) => {
    if (yStep === 1 && step === 1 && count >= LONG_RUN && y.constructor === from.constructor) {
      y.set(from.subarray(at, at + count), yAt);
      return;
    }
    for (let i = 0; i < count; i++) y[yAt + i * yStep] = from[at + i * step] as number;
  });
}

/** Adds the entries of `x` to the places that `target` views, which may overlap. */
export function addInto(target: Tensor, x: Tensor): void {
  place(target, x, (y, yAt, yStep, from, at, step, count) => {
    for (let i = 0; i < count; i++) {
      const place = yAt + i * yStep;
      y[place] = (y[place] as number) + (from[at + i * step] as number);
    }
  });
}

type Run = (y: Storage, yAt: number, yStep: number, x: Storage, at: number, step: number, count: number) => void;

function place(target: Tensor, x: Tensor, run: Run): void {
  if (x.length === 0) return;
  const nest = loopNest(x.shape, [target.strides, x.strides]);
  const last = nest.sizes.length - 1;
  const count = nest.sizes[last] ?? 1;
  const [yStep, step] = [nest.strides[0]?.[last] ?? 1, nest.strides[1]?.[last] ?? 1];
  visitOuter(nest, Math.max(last, 0), [target.offset, x.offset], ([yAt, at]) => {
    run(target.storage, yAt as number, yStep, x.storage, at as number, step, count);
  });
}
