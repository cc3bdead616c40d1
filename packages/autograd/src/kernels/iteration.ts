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
    const joins = sizes.length > 0 && followOn(strides, operands, d, size);
    const dim = joins ? sizes.length - 1 : sizes.length;
    sizes[dim] = joins ? (sizes[dim] as number) * size : size;
    for (let k = 0; k < operands.length; k++) (strides[k] as number[])[dim] = operands[k]?.[d] as number;
  }
  return { sizes, strides };
}

/** Whether dim `d` follows on from the innermost loop so far in every operand. */
function followOn(
  strides: readonly (readonly number[])[],
  operands: readonly (readonly number[])[],
  d: number,
  size: number,
): boolean {
  for (let k = 0; k < operands.length; k++) {
    if (strides[k]?.at(-1) !== (operands[k]?.[d] as number) * size) return false;
  }
  return true;
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
