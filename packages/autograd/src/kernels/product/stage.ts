import { contiguousStrides } from '../../core/shape.ts';
import { placeInMemory } from '../wasm/work-memory.ts';
import type { FloatArray, Matrices } from './contraction.ts';

/**
 * How an operand is brought into the engine's memory: as the piece of its array that it spans, in one copy, with the
 * strides it has; or, where it is thinly spread over that piece, element by element.
 */
export interface Stage {
  /** Elements that it needs in the engine's memory. */
  readonly length: number;
  /** Copies the elements to `memory[at]` and following, and returns the matrices there. */
  copy(memory: FloatArray, at: number): Matrices;
}

/** Copying a span is so many times faster than copying element by element. */
const SPAN_ADVANTAGE = 4;

export function stage(matrices: Matrices, batch: readonly number[], rows: number, columns: number): Stage {
  const sizes = [...batch, rows, columns];
  const strides = [...matrices.batchStrides, matrices.rowStride, matrices.columnStride];
  let lowest = matrices.offset;
  let highest = matrices.offset;
  let elements = 1;
  sizes.forEach((size, axis) => {
    const reach = (size - 1) * strides[axis];
    if (reach < 0) lowest += reach;
    else highest += reach;
    if (strides[axis] !== 0) elements *= size;
  });
  const length = highest - lowest + 1;
  return length <= SPAN_ADVANTAGE * elements
    ? stageSpan(matrices, lowest, length)
    : stageElements(matrices, sizes, strides, elements);
}

/** An operand that lies there. */
export function stageNothing(matrices: Matrices): Stage {
  return {
    length: 0,
    copy: (memory) => ({ ...matrices, data: memory, offset: placeInMemory(matrices.data, matrices.offset) }),
  };
}

function stageSpan(matrices: Matrices, start: number, length: number): Stage {
  return {
    length,
    copy(memory, at) {
      memory.set(matrices.data.subarray(start, start + length), at);
      return { ...matrices, data: memory, offset: matrices.offset - start + at };
    },
  };
}

function stageElements(
  { data, offset }: Matrices,
  sizes: readonly number[],
  strides: readonly number[],
  length: number,
): Stage {
  return {
    length,
    copy(memory, at) {
      const distinct = sizes.map((size, axis) => (strides[axis] === 0 ? 1 : size));
      let target = at;
      const walk = (axis: number, from: number): void => {
        const innermost = axis === sizes.length - 1;
        for (let i = 0, at = from; i < distinct[axis]; i++, at += strides[axis]) {
          if (innermost) memory[target++] = data[at];
          else walk(axis + 1, at);
        }
      };
      walk(0, offset);
      const dense = contiguousStrides(distinct).map((stride, axis) => (strides[axis] === 0 ? 0 : stride));
      return {
        data: memory,
        offset: at,
        batchStrides: dense.slice(0, -2),
        rowStride: dense[dense.length - 2],
        columnStride: dense[dense.length - 1],
      };
    },
  };
}
