import { adopt } from '../../core/allocate.ts';
import type { Generator } from '../../core/random/generator.ts';
import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { numbersOf, placeOf } from '../compare.ts';

/** A way to move an input, in float64, and what reports call it. */
export interface Direction {
  readonly name: string;
  readonly tensor: Tensor;
}

/** One entry moves, the others stay. */
export function alongEntry(shape: Shape, entries: number, place: number): Direction {
  const direction = new Float64Array(entries);
  direction[place] = 1;
  const tensor = adopt(direction, shape);
  return { name: placeOf(place, tensor), tensor };
}

/**
 * All entries move by random amounts: each in proportion to its size, so that none leaves a domain at zero; those that are
 * zero as far as the others. By as much in all as one entry would.
 */
export function alongAll(x: Tensor, generator: Generator, name: string): Direction {
  const sizes = numbersOf(x).map(Math.abs);
  const typical = Math.sqrt(sizes.reduce((sum, size) => sum + size * size, 0) / x.length) || 1;
  const drawn = generator.normal(new Float64Array(x.length), 0, 1 / Math.sqrt(x.length));
  const direction = drawn.map((entry, i) => entry * (sizes[i] / typical || 1));
  return { name, tensor: adopt(direction, x.shape) };
}

/** Any direction at all, for what is linear: nothing is moved so far that it would leave a domain. */
export function anyDirection(shape: Shape, generator: Generator): Tensor {
  return adopt(generator.normal(new Float64Array(entriesOf(shape))), shape);
}

/** A direction, restricted to the entries from one place up to another. */
export function restricted({ tensor, name }: Direction, from: number, to: number): Direction {
  const part = tensor.toTypedArray().map((entry, i) => (from <= i && i < to ? entry : 0));
  return { name, tensor: adopt(part, tensor.shape) };
}
