import { describe, expect, test } from 'vitest';
import { type Tensor, tensor } from '../index.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { lift, liftUnary } from '../primitives/linear/align.ts';
import { add, sub } from '../primitives/linear/arithmetic.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { gt } from '../primitives/piecewise/comparison.ts';
import { exp } from '../primitives/smooth/exponential.ts';
import { tanh } from '../primitives/smooth/hyperbolic.ts';
import { fuse } from '../tape/fuse.ts';
import type { Draw, Sample } from '../tape/primitive.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';
import { laws } from '../verify/laws.ts';
import { composed } from './composed.ts';
import { grad } from './grad.ts';
import { jvp, vjp } from './vjp.ts';

const bump = (x: Tensor, width: Tensor, height: Tensor): Tensor => mul(height, tanh(mul(mul(x, x), width)));
const primitive = composed('bump', (x, width, height) => bump(x, width, height));
const twice = composed('twice', (x) => liftUnary<(y: Tensor) => Tensor>(composed('once', (y) => exp(tanh(y))))(x));

describe.each(Object.entries(laws('smooth')))('%s', (_, law) => {
  test('of several inputs', () => {
    const sample = (draw: Draw): Sample<undefined> => {
      const shape = draw.shape();
      return { inputs: [draw.tensor(shape), draw.tensor(shape), draw.tensor(shape)], params: undefined };
    };
    hold(law, { ...primitive, sample }, { runs: 25 });
  });

  test('composed of another composed one', () => {
    const sample = (draw: Draw): Sample<undefined> => ({ inputs: [draw.tensor(draw.shape())], params: undefined });
    hold(law, { ...twice, sample }, { runs: 25 });
  });
});

test('its derivatives are those of the composition, in both modes and to the third order', () => {
  const call = lift<typeof bump>(primitive);
  const x = tensor([0.3, -1.2, 0], { dtype: 'float64' });
  const w = tensor([0.5, 2, -1], { dtype: 'float64' });
  const h = tensor([1, -0.7, 3], { dtype: 'float64' });
  const third = (f: typeof bump) => {
    const along = (g: (y: Tensor) => Tensor) => (y: Tensor) => grad((z: Tensor) => g(z).sum())(y);
    return along(along(along((y) => f(y, w, h))))(x);
  };
  expect([...third(call).toTypedArray()]).toEqual(
    [...third(bump).toTypedArray()].map((entry) => expect.closeTo(entry, 12)),
  );
  const inputs: [Tensor, Tensor, Tensor] = [x, w, h];
  const [, pull] = vjp(call, ...inputs);
  const [, expected] = vjp(bump, ...inputs);
  expect(pull(h).map((g) => g.toArray())).toEqual(expected(h).map((g) => g.toArray()));
  expect(jvp(call, inputs, [w, h, x])[1].toArray()).toEqual(jvp(bump, inputs, [w, h, x])[1].toArray());
});

test('few entries are not rounded to float32 between the steps', () => {
  const cancel = liftUnary<(x: Tensor) => Tensor>(composed('cancel', (x) => sub(add(x, 1e-9), x)));
  expect(cancel(tensor([1, 1000])).toArray()).toEqual([1, 1000].map((x) => Math.fround(x + 1e-9 - x)));
});

test('other interpreters can read its formula', () => {
  const run = fuse((x) => [add(liftUnary<(y: Tensor) => Tensor>(twice)(x), 1)], 1);
  const [y] = run?.([tensor([0.5])], ['float64']) ?? [];
  expect(y?.item()).toBeCloseTo(Math.exp(Math.tanh(0.5)) + 1, 15);
});

test('what is not elementwise is refused', () => {
  const wrong = liftUnary<(x: Tensor) => Tensor>(composed('wrong', (x) => sumKept(x, [])));
  expect(() => wrong(tensor([1, 2]))).toThrow(
    'wrong: every operation of a composed primitive must work entry by entry',
  );
});

test('a branch that is not chosen gives no derivative, also where it overflows', () => {
  const safe = liftUnary<(x: Tensor) => Tensor>(
    composed('safe', (x) => where(gt(x, 0), x, exp(where(gt(x, 0), 0, x)))),
  );
  expect(grad((x: Tensor) => safe(x).sum())(tensor([1000, -1])).toArray()).toEqual([1, Math.fround(Math.exp(-1))]);
});

test('functions can be held to the laws as if they were primitives', () => {
  const bumped = asPrimitive('bump', bump, (draw) => {
    const shape = draw.shape();
    return [draw.tensor(shape), draw.tensor(shape), draw.tensor(shape)];
  });
  for (const [, law] of lawsOfFunctions) hold(law, bumped, { runs: 5 });
});
