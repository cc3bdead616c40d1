import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Contraction, Matrices } from './contraction.ts';
import { drawTask, newFloats, sizes } from './draw-task.ts';
import { stage } from './stage.ts';

const batch = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });

test('an operand arrives whole, takes no more room than it says, and not much more than its elements', () => {
  fc.assert(
    fc.property(drawTask({ sizes: sizes(1, 20), batch }), fc.nat({ max: 5 }), (task, at) => {
      const { batch, m, k, a } = task;
      const staged = stage(a, batch, m, k);
      const memory = newFloats(a.data instanceof Float32Array ? 'float32' : 'float64', at + staged.length + 4).fill(7);
      const copy = staged.copy(memory, at);
      expect(elements(copy, task)).toEqual(elements(a, task));
      expect([...memory.subarray(0, at), ...memory.subarray(at + staged.length)]).toEqual(Array(at + 4).fill(7));
      expect(staged.length).toBeLessThanOrEqual(4 * new Set(places(a, task)).size);
    }),
    { numRuns: 300 },
  );
});

test('what lies together is copied with the strides it has, what is scattered is gathered', () => {
  const data = new Float32Array(1000);
  const view = (rowStride: number, columnStride: number): Matrices => {
    return { data, offset: 10, batchStrides: [0], rowStride, columnStride };
  };
  expect(stage(view(1, 5), [6], 5, 3).length).toBe(15);
  expect(stage(view(3, 1), [6], 4, 2).length).toBe(11);
  expect(stage(view(100, 1), [6], 4, 2).length).toBe(8);
  expect(stage(view(100, 0), [6], 4, 2).length).toBe(4);
});

function places({ offset, batchStrides, rowStride, columnStride }: Matrices, { batch, m, k }: Contraction): number[] {
  const sizes = [...batch, m, k];
  const strides = [...batchStrides, rowStride, columnStride];
  return sizes.reduce(
    (starts, size, axis) =>
      starts.flatMap((start) => Array.from({ length: size }, (_, i) => start + i * strides[axis])),
    [offset],
  );
}

function elements(matrices: Matrices, task: Contraction): number[] {
  return places(matrices, task).map((place) => matrices.data[place]);
}
