import { fromArray, ones, type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padCollate } from './pad-collate.ts';

test('every sequence stands in its row with its length, the rest is padding and in the mask', () => {
  const side = fc.constantFrom('left' as const, 'right' as const);
  const value = fc.constantFrom(0, -1, Number.NaN, Infinity);
  const shape = fc.tuple(fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }), fc.array(fc.nat(2), { maxLength: 2 }));
  fc.assert(
    fc.property(shape, side, value, ([lengths, rest], paddingSide, paddingValue) => {
      const width = rest.reduce((product, size) => product * size, 1);
      const sequences = lengths.map((length, i) =>
        fromArray(
          Float64Array.from({ length: length * width }, (_, k) => 100 * i + k),
          [length, ...rest],
        ),
      );
      const padded = padCollate({ paddingSide, paddingValue })(sequences as Tensor[]);
      const longest = Math.max(...lengths);
      expect([padded.values.shape, padded.values.dtype]).toEqual([[lengths.length, longest, ...rest], 'float64']);
      expect(padded.lengths.toArray()).toEqual(lengths);
      lengths.forEach((length, i) => {
        const begin = paddingSide === 'left' ? longest - length : 0;
        const row = padded.values.select(0, i);
        expect(row.narrow(0, begin, length).toArray()).toEqual(sequences[i].toArray());
        const mask = Array.from({ length: longest }, (_, t) => t < begin || t >= begin + length);
        expect(padded.paddingMask.select(0, i).toArray()).toEqual(mask);
        const padding = mask.flatMap((outside, t) => (outside ? [...row.select(0, t).toTypedArray()] : []));
        expect(padding.every((entry) => Object.is(entry, paddingValue))).toBe(true);
      });
    }),
  );
});

test('sequences may be views and of any dtype; what is no tensor is joined as ever', () => {
  const table = tensor(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    { dtype: 'int32' },
  );
  const batch = padCollate({ paddingValue: -1 })([
    { tokens: table.transpose(0, 1), label: 3, name: 'a' },
    { tokens: table.transpose(0, 1).narrow(0, 0, 1), label: 4, name: 'b' },
  ]);
  expect(batch.tokens.values.dtype).toBe('int32');
  expect(batch.tokens.values.toArray()).toEqual([
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
    [
      [1, 4],
      [-1, -1],
      [-1, -1],
    ],
  ]);
  expect([batch.label.toArray(), batch.name]).toEqual([
    [3, 4],
    ['a', 'b'],
  ]);
});

test('sequences that fit into no common tensor are told', () => {
  const pad = padCollate();
  expect(() => pad([ones([2, 3]), ones([2, 4])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padCollate: the sequences cannot be padded to one shape
      got:   [2, 3] float32 and [2, 4] float32 in sample
      needs: tensors of one dtype, whose shapes differ in the first size only
      fix:   put the dim that varies first: x.transpose(0, 1)]
  `);
  expect(() => pad([{ x: ones([2]) }, { x: ones([2], { dtype: 'int32' }) }])).toThrow('[2] int32 in sample.x');
  expect(() =>
    pad([
      [ones([2]), tensor(1)],
      [ones([2]), tensor(1)],
    ]),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padCollate: the sequences cannot be padded to one shape
      got:   a tensor without dims in sample[1]
      needs: tensors of one dtype, whose shapes differ in the first size only
      fix:   return labels as numbers, or of shape [1]]
  `);
  expect(() => pad([])).toThrow('collate: there is nothing to join');
  const paddingSide = 'top' as 'left';
  expect(() => padCollate({ paddingSide })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padCollate: no such side
      got:   paddingSide 'top'
      needs: 'left' or 'right'
      fix:   leave it out for 'right']
  `);
});
