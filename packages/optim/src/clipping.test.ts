import { Parameter, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clipGradNorm, clipGradsWithNorm, clipGradValue, getTotalNorm } from './index.ts';

function withGradient(entries: readonly number[]): Parameter {
  const parameter = new Parameter(tensor([...entries], { dtype: 'float64' }));
  parameter.grad = tensor([...entries], { dtype: 'float64' });
  return parameter;
}

test('clipping by norm keeps the direction, and never lengthens', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 20 }),
      fc.double({ min: 0.01, max: 5, noNaN: true }),
      (entries, most) => {
        const parameter = withGradient(entries);
        const before = clipGradNorm([parameter], most).item();
        expect(before).toBeCloseTo(Math.hypot(...entries), 9);
        const clipped = [...(parameter.grad?.toTypedArray() ?? [])];
        expect(Math.hypot(...clipped)).toBeLessThanOrEqual(Math.max(most, 0) * (1 + 1e-9));
        const factor = Math.min(1, most / (before + 1e-6));
        for (const [i, entry] of clipped.entries()) expect(entry).toBeCloseTo((entries[i] as number) * factor, 9);
      },
    ),
  );
});

test('the parts of clipping are the whole', () => {
  const [one, other] = [withGradient([3, -4]), withGradient([3, -4])];
  const total = getTotalNorm([one.grad as NonNullable<typeof one.grad>], { normType: 1 });
  clipGradsWithNorm([one], 2, total);
  expect(clipGradNorm([other], 2, { normType: 1 }).item()).toBe(total.item());
  expect(one.grad?.toArray()).toEqual(other.grad?.toArray());
});

test('clipping by value', () => {
  const parameter = withGradient([-3, 0.5, 3, Number.NaN, Infinity]);
  clipGradValue([parameter], 1);
  expect(parameter.grad?.toArray()).toEqual([-1, 0.5, 1, Number.NaN, 1]);
});

test('without gradients there is nothing to clip', () => {
  const parameter = new Parameter(tensor([1]));
  expect(clipGradNorm([parameter], 1).item()).toBe(0);
  clipGradValue([parameter], 1);
  expect(parameter.grad).toBeNull();
});

test('a norm that is not finite throws where that is asked for, and leaves the gradients alone', () => {
  const parameter = withGradient([1, Infinity]);
  expect(() => clipGradNorm([parameter], 1, { errorIfNonfinite: true })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: getTotalNorm: the norm is not finite
      got:   a 2-norm of Infinity, from norms of Infinity
      needs: gradients that are finite numbers
      fix:   detectAnomaly(…) finds the operation that made them; a smaller learning rate often helps]
  `);
  expect(parameter.grad?.toArray()).toEqual([1, Infinity]);
  clipGradNorm([parameter], 1);
  expect(parameter.grad?.toArray()).toEqual([0, Number.NaN]);
});

test('in a compiled function the norm cannot be read', () => {
  const parameter = withGradient([1, 2]);
  const clip = compile(() => clipGradNorm([parameter], 1, { errorIfNonfinite: true }));
  expect(clip).toThrow('a value is read while the program is made');
});

test('numbers out of range are named', () => {
  const params = [withGradient([1])];
  expect(() => clipGradNorm(params, -1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: clipGradNorm: maxNorm is out of range
      got:   maxNorm = -1
      needs: a number, 0 or more
      fix:   usual is 1]
  `);
  expect(() => clipGradNorm(params, 1, { normType: Number.NaN })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: getTotalNorm: normType is out of range
      got:   normType = NaN
      needs: a number
      fix:   2, 1 or Infinity]
  `);
  expect(() => clipGradValue(params, -0.5)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: clipGradValue: clipValue is out of range
      got:   clipValue = -0.5
      needs: a number, 0 or more
      fix:   usual is 1]
  `);
  expect(params[0]?.grad?.toArray()).toEqual([1]);
});
