import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adopt } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../primitives/linear/arithmetic.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { gt } from '../primitives/piecewise/comparison.ts';
import { maximum } from '../primitives/piecewise/kinked.ts';
import { exp } from '../primitives/smooth/exponential.ts';
import { tanh } from '../primitives/smooth/hyperbolic.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { withRecording } from './bind.ts';
import { fuse, fuseHandingThrough } from './fuse.ts';
import { watch } from './leaf.ts';

type Compute = (a: Tensor, b: Tensor) => readonly Tensor[];

const functions: Readonly<Record<string, Compute>> = {
  'several steps, with a result that is used again': (a, b) => {
    const inner = tanh(add(mul(a, b), 0.5));
    return [mul(inner, inner), sub(exp(inner), a)];
  },
  'an input that is not used': (_, b) => [exp(neg(b))],
  'an input as a result': (a, b) => [b, a, b],
  'a constant as a result': (a) => [sub(a, a), adopt(Float64Array.of(3), [])],
  'truth values on the way': (a, b) => [where(gt(a, b), mul(a, 2), maximum(b, 0))],
  'a tensor of its own, captured': (a, b) => [add(mul(a, adopt(Float32Array.of(1.5), [])), b)],
};

describe.each(Object.entries(functions))('a fused function with %s', (_, compute) => {
  test('gives what its operations give one by one', () => {
    const fused = fuse((a, b) => compute(a, b), 2);
    fc.assert(
      fc.property(fc.gen(), (choose) => {
        const draw = drawBy(choose, { dtype: 'float64', entries: 'special' });
        const shape = draw.shape({ minimumRank: 1 });
        const inputs = [draw.tensor(shape), draw.tensor(shape)] as const;
        const expected = compute(...inputs);
        const results =
          fused?.(
            [...inputs],
            expected.map(() => 'float64' as const),
          ) ?? [];
        expect(results).toHaveLength(expected.length);
        results.forEach((y, k) => {
          const entries =
            expected[k].rank === 0 ? new Float64Array(y.length).fill(expected[k].item()) : expected[k].toTypedArray();
          expect(y.toTypedArray()).toEqual(entries);
          expect(inputs).not.toContain(y);
        });
      }),
    );
  });
});

test('what a function hands through is handed through on demand, and the rest is computed', () => {
  const compute = (a: Tensor, b: Tensor): readonly Tensor[] => [b, mul(a, b), a, b];
  const [a, b] = [adopt(Float64Array.of(2, 3), [2]), adopt(Float64Array.of(5, 7), [2])];
  const [first, product, second, third] =
    fuseHandingThrough(compute, 2)?.([a, b], ['float64', 'float64', 'float64', 'float64']) ?? [];
  expect([first, second, third]).toEqual([b, a, b]);
  expect(first).toBe(b);
  expect(second).toBe(a);
  expect(product.toArray()).toEqual([10, 21]);
  expect(fuseHandingThrough((x) => [x], 1)?.([a], ['float64'])).toEqual([a]);
  expect(fuseHandingThrough((x) => [sumKept(x, [])], 1)).toBeUndefined();
});

test('a fused function records nothing, and is the same in the midst of a tape', () => {
  const fused = fuse((a, b) => [mul(a, b)], 2);
  const x = watch(adopt(Float64Array.of(2, 3), [2]));
  for (const recording of [true, false]) {
    const [y] = withRecording(recording, () => fused?.([x, x], ['float64']) ?? []);
    expect(y.toArray()).toEqual([4, 9]);
    expect(y.node).toBeUndefined();
  }
});

test('between its steps nothing is rounded to float32', () => {
  const fused = fuse((a) => [sub(add(a, 1e8), 1e8)], 1);
  const x = adopt(Float32Array.of(0.5), [1]);
  expect(fused?.([x], ['float32'])[0].item()).toBe(0.5);
  expect(sub(add(x, 1e8), 1e8).item()).toBe(0);
});

test('what does not work entry by entry cannot be fused', () => {
  expect(fuse((a) => [mul(sumKept(a, []), a)], 1)).toBeUndefined();
  expect(fuse(() => [], 1)?.([adopt(Float64Array.of(1), [1])], [])).toEqual([]);
});
