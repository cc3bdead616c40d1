import { expect, test } from 'vitest';
import { tensor } from '../../functions/creation.ts';
import { vjp } from '../../transforms/vjp.ts';
import { rsqrt } from './powers.ts';

test('the derivative of 1/√x at a zero has the sign of that zero, as its value has', () => {
  const zeros = tensor([0, -0], { dtype: 'float64' });
  const [y, pull] = vjp((x) => rsqrt(x), zeros);
  expect(y.toArray()).toEqual([Infinity, -Infinity]);
  expect(pull(tensor([1, 1], { dtype: 'float64' }))[0].toArray()).toEqual([-Infinity, Infinity]);
});
