import { Generator, Parameter, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  packPaddedSequence,
  packSequence,
  padPackedSequence,
  padSequence,
  unpackSequence,
  unpadSequence,
} from './packed-sequence.ts';

const lengthsOfSome: fc.Arbitrary<number[]> = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

/** Sequences of these lengths with entries that all differ. */
function sequencesOf(lengths: readonly number[], features: readonly number[] = [2]): Tensor[] {
  const generator = new Generator(0);
  return lengths.map((length) => randn([length, ...features], { dtype: 'float64', generator }));
}

const arraysOf = (tensors: readonly Tensor[]): unknown[] => tensors.map((x) => x.toArray());

test('what was padded or packed comes out again', () => {
  fc.assert(
    fc.property(lengthsOfSome, fc.boolean(), fc.constantFrom([], [2], [2, 1]), (lengths, batchFirst, features) => {
      const sequences = sequencesOf(lengths, features);
      const padded = padSequence(sequences, { batchFirst, paddingValue: 7 });
      const longest = Math.max(...lengths);
      const sizes = batchFirst ? [lengths.length, longest] : [longest, lengths.length];
      expect(padded.shape).toEqual([...sizes, ...features]);
      expect(arraysOf(unpadSequence(padded, lengths, { batchFirst }))).toEqual(arraysOf(sequences));
      const packed = packPaddedSequence(padded, lengths, { batchFirst, enforceSorted: false });
      expect(packed.data.shape[0]).toBe(lengths.reduce((a, b) => a + b, 0));
      const direct = packSequence(sequences, { enforceSorted: false });
      expect({ ...packed, data: packed.data.toArray() }).toEqual({ ...direct, data: direct.data.toArray() });
      const [again, sizesAgain] = padPackedSequence(packed, { batchFirst, paddingValue: 7 });
      expect(again.toArray()).toEqual(padded.toArray());
      expect(sizesAgain).toEqual(lengths);
      expect(arraysOf(unpackSequence(packed))).toEqual(arraysOf(sequences));
    }),
  );
});

test('derivatives pass to entries, and not to padding', () => {
  const leaf = new Parameter(zeros([3, 2, 1]));
  const [padded] = padPackedSequence(packPaddedSequence(leaf, [3, 1]), { totalLength: 4 });
  padded
    .mul(
      tensor([
        [[1], [2]],
        [[3], [4]],
        [[5], [6]],
        [[7], [8]],
      ]),
    )
    .sum()
    .backward();
  expect(leaf.grad?.toArray()).toEqual([
    [[1], [2]],
    [[3], [0]],
    [[5], [0]],
  ]);
});

test('as PyTorch packs: time by time, the longest first', () => {
  const packed = packSequence([tensor([1, 2]), tensor([3, 4, 5])], { enforceSorted: false });
  expect(packed.data.toArray()).toEqual([3, 1, 4, 2, 5]);
  expect(packed).toMatchObject({ batchSizes: [2, 2, 1], sortedIndices: [1, 0], unsortedIndices: [1, 0] });
  const sorted = packPaddedSequence(
    tensor([
      [1, 4],
      [2, 5],
      [3, 0],
    ]),
    tensor([3, 2], { dtype: 'int32' }),
  );
  expect(sorted.data.toArray()).toEqual([1, 4, 2, 5, 3]);
  expect(sorted).toMatchObject({ batchSizes: [2, 2, 1], sortedIndices: null, unsortedIndices: null });
});

test('padding on the left, and for more times than there are', () => {
  const options = { batchFirst: true, paddingValue: 9, paddingSide: 'left' } as const;
  expect(padSequence([tensor([1, 2, 3]), tensor([4])], options).toArray()).toEqual([
    [1, 2, 3],
    [9, 9, 4],
  ]);
  const packed = packSequence([tensor([1, 2])]);
  expect(padPackedSequence(packed, { batchFirst: true, totalLength: 4 })[0].toArray()).toEqual([[1, 2, 0, 0]]);
  const whole = [tensor([1], { dtype: 'int32' }), tensor([2, 3], { dtype: 'int32' })];
  expect(padSequence(whole).dtype).toBe('int32');
});

test('errors', () => {
  const x = zeros([3, 2, 1]);
  expect(() => packPaddedSequence(x, [2, 3])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: packPaddedSequence: the sequences do not come by falling length
      got:   lengths [2, 3]
      needs: the longest first
      fix:   { enforceSorted: false } sorts them, and sorts results back]
  `);
  expect(() => packPaddedSequence(x, [3, 2, 1])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: packPaddedSequence: the lengths do not fit the sequences
      got:   lengths [3, 2, 1] for 2 sequences of 3 times
      needs: 2 whole numbers from 1 to 3
      fix:   check batchFirst: without it the time is dim 0 and the batch dim 1]
  `);
  expect(() => packPaddedSequence(x, [3, 0])).toThrow('needs: 2 whole numbers from 1 to 3');
  expect(() => unpadSequence(x, [4, 1])).toThrow('unpadSequence: the lengths do not fit');
  expect(() => packPaddedSequence(zeros([3]), [3])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: packPaddedSequence: not padded sequences
      got:   shape [3]
      needs: [time, batch, …], or [batch, time, …] with { batchFirst: true }
      fix:   one sequence alone needs no padding; unsqueeze adds a batch]
  `);
  expect(() =>
    padPackedSequence(packPaddedSequence(x, [3, 1]), { totalLength: 2 }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padPackedSequence: totalLength is too short
      got:   totalLength 2 for sequences of up to 3
      needs: a whole number from 3
      fix:   leave it out for the length of the longest]
  `);
  expect(() => padSequence([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padSequence: these are not sequences that differ in their lengths alone
      got:   none
      needs: one or more of shape [length, …]
      fix:   the time is dim 0 of each sequence]
  `);
  expect(() => packSequence([zeros([2, 1]), zeros([1, 2])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: packSequence: these are not sequences that differ in their lengths alone
      got:   [2, 1], [1, 2]
      needs: one or more of shape [length, …]
      fix:   the time is dim 0 of each sequence]
  `);
  expect(() => padSequence([zeros([2])], { paddingSide: 'top' as 'left' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: padSequence: no such side
      got:   paddingSide 'top'
      needs: 'right' or 'left'
      fix:   leave it out for 'right']
  `);
});
