import { describe, expect, test } from 'vitest';
import { compile } from '../compile/index.ts';
import { tensor, vjp } from '../index.ts';
import { checkGradients } from '../verify/index.ts';
import { addcdiv, addcmul, lerp } from './fused-arithmetic.ts';

const double = { dtype: 'float64' } as const;
const [x, a, b] = [
  tensor([[1], [2]], double),
  tensor([3, -4, 5], double),
  tensor(
    [
      [2, 4, 8],
      [1, 2, -4],
    ],
    double,
  ),
];

describe('addcmul and addcdiv', () => {
  test('broadcast, with a factor', () => {
    expect(addcmul(x, a, b, { value: 0.5 }).toArray()).toEqual([
      [4, -7, 21],
      [3.5, -2, -8],
    ]);
    expect(addcdiv(x, a, b, { value: 2 }).toArray()).toEqual([
      [4, -1, 2.25],
      [8, -2, -0.5],
    ]);
    expect(x.addcmul(a, 2).toArray()).toEqual(addcmul(x, a, tensor(2, double)).toArray());
  });

  test('have derivatives by all three, to second order', () => {
    for (const f of [addcmul, addcdiv]) {
      expect(checkGradients((p, q, r) => f(p, q, r, { value: -0.7 }).sum(), [x, a, b]).passed).toBe(true);
    }
  });

  test('of whole numbers', () => {
    const whole = tensor([7, 2], { dtype: 'int32' });
    expect(addcmul(whole, whole, whole).toArray()).toEqual([56, 6]);
    expect(addcmul(whole, whole, whole).dtype).toBe('int32');
    expect(addcdiv(whole, whole, 2).toArray()).toEqual([10.5, 3]);
  });

  test('compile', () => {
    const compiled = compile((p: typeof x, q: typeof a, r: typeof b) => addcdiv(addcmul(p, q, r), q, r));
    const inputs = [x, a, b].map((each) => each.to('float32')) as [typeof x, typeof a, typeof b];
    compiled(...inputs);
    const expected = addcdiv(addcmul(...inputs), inputs[1], inputs[2]);
    expect(compiled(...inputs).toArray()).toEqual(expected.toArray());
    expect(compiled.statistics.runs).toBeGreaterThan(0);
  });
});

describe('lerp', () => {
  test('goes from start to end, exactly', () => {
    expect(lerp(tensor([0.1]), tensor([0.7]), 1).toArray()).toEqual(tensor([0.7]).toArray());
    expect(lerp(tensor([0.1]), tensor([0.7]), 0).toArray()).toEqual(tensor([0.1]).toArray());
    expect(
      tensor([0, 10])
        .lerp(tensor([4, 20]), tensor([0.25, 1.5]))
        .toArray(),
    ).toEqual([1, 25]);
  });

  test('has derivatives by start, end and weight', () => {
    const ones = tensor([1, 1], double);
    const inputs = [tensor([0, 1], double), tensor([2, 5], double), tensor([0.25, 0.75], double)] as const;
    const [, pull] = vjp((start, end, weight) => lerp(start, end, weight), ...inputs);
    expect(pull(ones).map((g) => g.toArray())).toEqual([
      [0.75, 0.25],
      [0.25, 0.75],
      [2, 4],
    ]);
  });
});
