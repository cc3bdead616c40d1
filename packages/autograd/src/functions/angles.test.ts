import { expect, test } from 'vitest';
import { grad, tensor } from '../index.ts';
import { deg2rad, rad2deg } from './angles.ts';

test('degrees and radians', () => {
  const right = tensor([90, -180], { dtype: 'float64' });
  expect(deg2rad(right).toArray()).toEqual([Math.PI / 2, -Math.PI]);
  expect(rad2deg(deg2rad(right)).toArray()).toEqual([90, -180]);
  expect(deg2rad(tensor([180], { dtype: 'int32' })).dtype).toBe('float32');
  expect(grad((x) => rad2deg(x).sum())(tensor([1], { dtype: 'float64' })).item()).toBe(180 / Math.PI);
});
