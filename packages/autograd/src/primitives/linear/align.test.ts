import { describe, expect, test } from 'vitest';
import { adopt, filled } from '../../core/allocate.ts';
import type { DType } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mul } from '../bilinear/mul.ts';
import { clampBetween } from '../piecewise/kinked.ts';
import { div } from '../smooth/division.ts';
import { exp } from '../smooth/exponential.ts';
import { align } from './align.ts';
import { add } from './arithmetic.ts';

const vector = (dtype: DType): Tensor => filled([2], dtype, 1);
const scalar = (dtype: DType): Tensor => filled([], dtype, 1);

// What dtype two tensors are promoted to is for `promote`; here are numbers, and more than two operands.
describe('dtypes', () => {
  test('a number takes the dtype of the tensor, or float32 where that could not hold it', () => {
    expect(add(vector('float64'), 0.1).toArray()).toEqual([1.1, 1.1]);
    expect(add(vector('float32'), 1).dtype).toBe('float32');
    expect(add(vector('int32'), 2)).toMatchObject({ dtype: 'int32' });
    expect(add(vector('int32'), 0.5)).toMatchObject({ dtype: 'float32' });
    expect(add(vector('bool'), 1)).toMatchObject({ dtype: 'int32' });
    expect(mul(0.5, vector('bool'))).toMatchObject({ dtype: 'float32' });
    expect(add(2, 3)).toMatchObject({ dtype: 'float32', shape: [] });
  });

  test('what is defined for floating numbers turns others into float32', () => {
    expect(exp(vector('int32')).dtype).toBe('float32');
    expect(div(vector('int32'), vector('bool')).dtype).toBe('float32');
    expect(div(vector('int32'), 2).dtype).toBe('float32');
    expect(exp(vector('float64')).dtype).toBe('float64');
  });

  test('tensors without dims do not decide together with those with dims', () => {
    const three = (...dtypes: readonly [Tensor, Tensor, Tensor]): DType => clampBetween(...dtypes).dtype;
    expect(three(vector('float32'), scalar('float64'), vector('int32'))).toBe('float32');
    expect(three(vector('int32'), scalar('float64'), vector('float32'))).toBe('float32');
    expect(three(scalar('float64'), vector('int32'), vector('float32'))).toBe('float32');
    expect(three(vector('int32'), scalar('float64'), scalar('float32'))).toBe('float64');
    expect(three(scalar('int32'), scalar('float64'), scalar('float32'))).toBe('float64');
  });

  test('true and true is true, also added', () => {
    const both = add(vector('bool'), vector('bool'));
    expect([...both.toTypedArray()]).toEqual([1, 1]);
    expect(both.dtype).toBe('bool');
  });
});

describe('shapes', () => {
  test('are broadcast without copying', () => {
    const x = adopt(Float32Array.of(1, 2, 3), [3, 1]);
    const [a, b] = align('add', [x, vector('float32')]);
    expect([a.shape, b.shape]).toEqual([
      [3, 2],
      [3, 2],
    ]);
    expect(a.storage).toBe(x.storage);
    expect(add(x, vector('float32')).toArray()).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    expect(add(filled([0], 'float32', 1), filled([2, 1], 'float32', 1)).shape).toEqual([2, 0]);
  });

  test('that do not fit, and what is no tensor, are refused by name', () => {
    expect(() => add(vector('float32') as Tensor, filled([3], 'float32', 1) as Tensor)).toThrow(
      /add(.|\n)*\[2\] with \[3\]/,
    );
    const wrong: unknown[] = [[1, 2], null, undefined, '3', {}];
    for (const operand of wrong) expect(() => add(vector('float32'), operand as number)).toThrow(/add: operand 1/);
  });
});
