import type { Shape } from '../core/shape.ts';

/** A loop nest over several operands: its sizes, and each operand's step in each of its dims. */
export interface LoopNest {
  readonly sizes: number[];
  readonly strides: number[][];
}

/** The fewest loops that visit a shape in reading order: dims that follow on from each other in every operand are one. */
export function loopNest(shape: Shape, operands: readonly (readonly number[])[]): LoopNest {
  const sizes: number[] = [];
  const strides: number[][] = operands.map(() => []);
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d] as number;
    if (size === 1) continue;
    const outer = sizes.length - 1;
    const joins = outer >= 0 && operands.every((steps, k) => strides[k]?.[outer] === (steps[d] as number) * size);
    if (joins) {
      sizes[outer] = (sizes[outer] as number) * size;
      operands.forEach((steps, k) => {
        (strides[k] as number[])[outer] = steps[d] as number;
      });
    } else {
      sizes.push(size);
      operands.forEach((steps, k) => {
        (strides[k] as number[]).push(steps[d] as number);
      });
    }
  }
  return { sizes, strides };
}

/** Runs `visit` for every index of the nest's dims before `inner`, with each operand's place. */
export function visitOuter(
  nest: LoopNest,
  inner: number,
  starts: readonly number[],
  visit: (places: readonly number[]) => void,
): void {
  const places = [...starts];
  const step = (dim: number): void => {
    if (dim === inner) {
      visit(places);
      return;
    }
    const size = nest.sizes[dim] as number;
    for (let i = 0; i < size; i++) {
      step(dim + 1);
      for (let k = 0; k < places.length; k++) places[k] = (places[k] as number) + (nest.strides[k]?.[dim] as number);
    }
    for (let k = 0; k < places.length; k++)
      places[k] = (places[k] as number) - size * (nest.strides[k]?.[dim] as number);
  };
  step(0);
}
