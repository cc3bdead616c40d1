import type { Tensor } from '../core/tensor.ts';
import type { ShapeOf } from '../core/typed-tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';

/** Radians of degrees. Any shape; whole numbers are taken as float32. */
export function deg2rad<T extends Tensor>(x: T): Tensor<ShapeOf<T>> {
  return mul<Tensor, number>(x, Math.PI / 180) as Tensor<ShapeOf<T>>;
}

/** Degrees of radians. Any shape; whole numbers are taken as float32. */
export function rad2deg<T extends Tensor>(x: T): Tensor<ShapeOf<T>> {
  return mul<Tensor, number>(x, 180 / Math.PI) as Tensor<ShapeOf<T>>;
}
