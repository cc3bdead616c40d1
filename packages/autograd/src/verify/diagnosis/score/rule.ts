import { adopt } from '../../../core/allocate.ts';
import { Generator } from '../../../core/random/generator.ts';
import { entriesOf, type Shape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import type { Student } from './student.ts';

/** A function, and how its gradients are derived by hand. */
export interface DerivedRule {
  readonly name: string;
  /** Inputs by name, of drawn sizes. */
  inputs(draw: DrawInputs): Readonly<Record<string, Tensor>>;
  f(...inputs: Tensor[]): Tensor;
  derive(student: Student, ...inputs: Tensor[]): Readonly<Record<string, Tensor>>;
}

/** Draws inputs in float64. */
export class DrawInputs {
  readonly #generator: Generator;

  constructor(seed: number) {
    this.#generator = new Generator(seed);
  }

  /** A whole number, both ends included. */
  size(low: number, high: number): number {
    return this.#generator.integers(new Int32Array(1), low, high + 1)[0];
  }

  normal(shape: Shape): Tensor {
    return adopt(this.#generator.normal(new Float64Array(entriesOf(shape))), shape);
  }

  /** Numbers from low to high. */
  between(low: number, high: number, shape: Shape): Tensor {
    return adopt(this.#generator.uniform(new Float64Array(entriesOf(shape)), low, high), shape);
  }

  /** Whole numbers from -2 to 2, so that sums of products are often zero. */
  whole(shape: Shape): Tensor {
    return adopt(Float64Array.from(this.#generator.integers(new Int32Array(entriesOf(shape)), -2, 3)), shape);
  }

  /** Each 1 or -1. */
  signs(shape: Shape): Tensor {
    const drawn = this.#generator.integers(new Int32Array(entriesOf(shape)), 0, 2);
    return adopt(
      Float64Array.from(drawn, (bit) => 2 * bit - 1),
      shape,
    );
  }

  /** Class numbers, dtype int32, each class among them. */
  labels(count: number, classes: number): Tensor {
    const drawn = this.#generator.integers(new Int32Array(count), 0, classes);
    return adopt(
      drawn.map((label, i) => (i < classes ? i : label)),
      [count],
      'int32',
    );
  }

  /** Rows that are one-hot. */
  oneHot(count: number, classes: number): Tensor {
    const labels = this.labels(count, classes).toTypedArray();
    return adopt(
      Float64Array.from({ length: count * classes }, (_, i) => Number(labels[Math.floor(i / classes)] === i % classes)),
      [count, classes],
    );
  }
}
