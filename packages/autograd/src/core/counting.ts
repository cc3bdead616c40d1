import type { Tensor } from './tensor.ts';

const dims = new WeakMap<Tensor, number>();

/** Says of a tensor that it counts 0, 1, 2, … along a dim, so that explanations write it as an index: `k`. */
export function counting(x: Tensor, dim: number): Tensor {
  dims.set(x, dim);
  return x;
}

/** The dim along which a tensor was said to count. Others may hold the same numbers and mean something else by them. */
export function countingDim(x: Tensor): number | undefined {
  return dims.get(x);
}
