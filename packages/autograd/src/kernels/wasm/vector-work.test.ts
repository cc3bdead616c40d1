import { afterEach, expect, test, vi } from 'vitest';
import { filled } from '../../core/allocate.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('without WebAssembly, formulas of many entries are loops of JavaScript, and short rows are copied by them', async () => {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', undefined);
  const { mapKernel } = await import('../map.ts');
  const { addInto } = await import('../place.ts');
  const x = filled([300, 30], 'float32', 2);
  const [y] = mapKernel((m, a) => [m.mul(a, a)], 1, 1)([x], ['float32']);
  expect(y.toTypedArray()).toEqual(new Float32Array(9000).fill(4));
  addInto(y, x);
  expect(y.toTypedArray()).toEqual(new Float32Array(9000).fill(6));
});
