import { expect, test } from 'vitest';
import type { Kernel } from '../../kernels/kernel.ts';
import { chunksOfSegment } from './chunks.ts';

function kernel(units: number, cost: number): Kernel {
  return { name: 'kernel', elementType: 'float32', units, cost, write: () => () => {} };
}

test('a segment is shared if that is worth waking a thread', () => {
  const small = kernel(100, 200);
  const large = kernel(100, 600);
  const counts = (segment: Kernel[]): number[] => chunksOfSegment(segment, 2).map(({ length }) => length);
  expect(counts([])).toEqual([]);
  expect(counts([large, small, small, small])).toEqual([1, 1, 1, 1]);
  expect(counts([large, small, large])).toEqual([2, 1, 2]);
});
