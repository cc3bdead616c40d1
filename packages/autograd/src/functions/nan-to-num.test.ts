import { expect, test } from 'vitest';
import { grad, tensor } from '../index.ts';
import { nanToNum } from './nan-to-num.ts';

const entries = [Number.NaN, Infinity, -Infinity, 2, -0];

test('puts the largest numbers of the dtype in place of infinities, 0 in place of NaN', () => {
  const largest = Math.fround(3.4028234663852886e38);
  expect(nanToNum(tensor(entries)).toArray()).toEqual([0, largest, -largest, 2, -0]);
  const inDouble = nanToNum(tensor(entries, { dtype: 'float64' })).toArray();
  expect(inDouble).toEqual([0, Number.MAX_VALUE, -Number.MAX_VALUE, 2, -0]);
});

test('or what is given', () => {
  expect(tensor(entries).nanToNum({ nan: 7, posinf: 8, neginf: 9 }).toArray()).toEqual([7, 8, 9, 2, -0]);
  expect(nanToNum(tensor([Infinity]), { posinf: null }).item()).toBe(Math.fround(3.4028234663852886e38));
});

test('has derivative 0 there and 1 elsewhere', () => {
  expect(grad((x) => nanToNum(x).sum())(tensor(entries)).toArray()).toEqual([0, 0, 0, 1, 1]);
});

test('leaves whole numbers and truth values', () => {
  const x = tensor([1, -2], { dtype: 'int32' });
  expect(nanToNum(x)).toBe(x);
  expect(nanToNum(tensor([true])).toArray()).toEqual([true]);
});
