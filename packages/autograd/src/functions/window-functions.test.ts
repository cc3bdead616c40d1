import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bartlettWindow,
  blackmanWindow,
  hammingWindow,
  hannWindow,
  kaiserWindow,
  type WindowOptions,
} from '../index.ts';

const windows: Readonly<Record<string, (length: number, options?: WindowOptions) => ReturnType<typeof hannWindow>>> = {
  hannWindow,
  hammingWindow,
  blackmanWindow,
  bartlettWindow,
  kaiserWindow,
};

describe.each(Object.entries(windows))('%s', (name, window) => {
  test('is symmetric, and periodic is one more without its last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), (length) => {
        const whole = [...window(length, { periodic: false, dtype: 'float64' }).toTypedArray()];
        for (const [i, entry] of whole.toReversed().entries()) expect(entry).toBeCloseTo(whole[i], 12);
        expect(Math.max(...whole)).toBeLessThanOrEqual(1);
        const next = window(length + 1, { periodic: false, dtype: 'float64' });
        expect(window(length, { dtype: 'float64' }).toArray()).toEqual(next.narrow(0, 0, length).toArray());
      }),
    );
  });

  test('of size none and one, of another dtype, and as a leaf', () => {
    expect([window(0).shape, window(1).toArray()]).toEqual([[0], [1]]);
    expect(window(3).dtype).toBe('float32');
    expect(window(3, { requiresGrad: true }).requiresGrad).toBe(true);
  });

  test('needs a length and fractions', () => {
    expect(() => window(2.5)).toThrow(`${name}: not a window`);
    expect(() => window(2, { dtype: 'int32' })).toThrow('dtype int32');
  });
});
