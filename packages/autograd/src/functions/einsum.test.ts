import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { ones, tensor, zeros } from './creation.ts';
import { byEntry, drawTensor, entryAt, placesOf } from './draw-tensor.ts';
import { einsum } from './einsum.ts';
import { expectLinear, expectSame } from './expect-linear.ts';

/** The sum over all letters, one by one. A letter's size is its largest; an operand of size one repeats. */
function naive(inputs: readonly string[], output: string, operands: readonly Tensor[]): Tensor {
  const sizes = new Map<string, number>();
  inputs.forEach((text, i) => {
    [...text].forEach((letter, d) => {
      const size = operands[i].shape[d];
      if ((sizes.get(letter) ?? 1) === 1) sizes.set(letter, size);
    });
  });
  const summed = [...sizes.keys()].filter((letter) => !output.includes(letter));
  const shapeOf = (letters: Iterable<string>): number[] => Array.from(letters, (letter) => sizes.get(letter) as number);
  return byEntry(shapeOf(output), (place) =>
    placesOf(shapeOf(summed)).reduce((sum, other) => {
      const at = new Map([...[...output].entries()].map(([d, letter]) => [letter, place[d]]));
      summed.forEach((letter, d) => {
        at.set(letter, other[d]);
      });
      return (
        sum +
        operands.reduce((product, x, i) => {
          const where = Array.from(inputs[i], (letter, d) => (x.shape[d] === 1 ? 0 : (at.get(letter) as number)));
          return product * entryAt(x, where);
        }, 1)
      );
    }, 0),
  );
}

const sizes: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, l: 1, m: 2, B: 0 };
const letters = 'ijklm';

const equations = fc
  .array(fc.string({ unit: fc.constantFrom(...letters), minLength: 0, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  .chain((inputs) => {
    const all = [...new Set(inputs.join(''))];
    return fc.record({
      inputs: fc.constant(inputs),
      output: fc.shuffledSubarray(all).map((chosen) => chosen.join('')),
      // A letter that stands more than once in an operand keeps its size there.
      units: fc.tuple(...inputs.map(() => fc.constantFrom('', ...letters))),
    });
  })
  .chain(({ inputs, output, units }) =>
    fc.record({
      inputs: fc.constant(inputs),
      output: fc.constant(output),
      operands: fc.tuple(
        ...inputs.map((text, i) => drawTensor(Array.from(text, (letter) => (letter === units[i] ? 1 : sizes[letter])))),
      ),
    }),
  );

describe('einsum', () => {
  it('is the sum over the letters that the result does not have', () => {
    fc.assert(
      fc.property(equations, ({ inputs, output, operands }) => {
        const equation = `${inputs.join(', ')} -> ${output}`;
        const expected = naive(inputs, output, operands);
        expectSame(einsum(equation, ...operands), expected);
        operands.forEach((x, i) => {
          expectLinear((y) => einsum(equation, ...operands.with(i, y)), x);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('has, without an arrow, the letters that occur once, in alphabetical order', () => {
    const [a, b] = [ones([2, 3]), ones([3, 4])];
    expect(einsum('kj,ji', a, b).shape).toEqual([4, 2]);
    expect(einsum('ii', ones([3, 3])).shape).toEqual([]);
    expect(einsum('ba', a).shape).toEqual([3, 2]);
    expect(einsum('bA', a).shape).toEqual([3, 2]);
    expect(einsum('...ba', ones([5, 2, 3])).shape).toEqual([5, 3, 2]);
  });

  it('broadcasts the dims of an ellipsis, from the last', () => {
    const a = byEntry([2, 1, 3, 4], ([i, , j, k]) => 100 * i + 10 * j + k);
    const b = byEntry([5, 4, 2], ([i, j, k]) => i - j + k);
    expectSame(einsum('...ij,...jk->...ik', a, b), naive(['abij', 'bjk'], 'abik', [a, b]));
    const c = byEntry([3, 2, 4], ([i, j, k]) => i + j * k);
    const d = byEntry([4, 2], ([i, j]) => i - j);
    expectSame(einsum('i...j,...jk->ki...', c, d), naive(['iaj', 'jk'], 'kia', [c, d]));
    expectSame(einsum('...k->...', a), naive(['abik'], 'abi', [a]));
    expectSame(einsum('...k->k', a), naive(['abik'], 'k', [a]));
    expect(einsum('...,...', ones([2, 3]), ones([3])).shape).toEqual([2, 3]);
    expect(einsum('...', ones([])).shape).toEqual([]);
  });

  it('takes empty dims, whole numbers and operands without dims', () => {
    expect(einsum('ij,jk->ik', zeros([2, 0]), zeros([0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(einsum('ij,jk->ik', zeros([2, 1]), zeros([0, 3])).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const counts = tensor([[2, 3]], { dtype: 'int32' });
    expect(einsum('ij,ij->', counts, counts)).toMatchObject({ dtype: 'int32' });
    expect(einsum('ij,ij->', counts, counts).item()).toBe(13);
    expect(einsum(',i->i', tensor(3), tensor([1, 2])).toArray()).toEqual([3, 6]);
  });

  it('multiplies the cheapest pair first', () => {
    // From left to right there would be a tensor of 10¹² entries on the way.
    const [column, row] = [ones([1000000, 1]), ones([1, 1000000])];
    expect(einsum('ia,aj,jb->ib', column, row, column).shape).toEqual([1000000, 1]);
  });

  it('says what is wrong', () => {
    const x = ones([2, 3]);
    expect(() => einsum('ij,jk->ik', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: not as many operands as the equation has
        got:   1 operands for 'ij,jk->ik'
        needs: 2: one for each part between commas
        fix:   add the missing operand or the missing part]
    `);
    expect(() => einsum('ij,jk->ik', x, x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the sizes of 'j' differ
        got:   3 and 2, in operand 0 and operand 1
        needs: one size under one letter
        fix:   use another letter for another dim, or check the order of the letters]
    `);
    expect(() => einsum('ii->i', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the sizes of 'i' differ
        got:   2 and 3, in dims 0 and 1 of operand 0
        needs: one size under one letter
        fix:   use another letter for another dim, or check the order of the letters]
    `);
    expect(() => einsum('ij->ik', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the result cannot have 'k'
        got:   'ik' in 'ij->ik'
        needs: letters of the operands, each at most once: ij
        fix:   check the letter; expand adds a dim]
    `);
    expect(() => einsum('ij->ii', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the result cannot have 'i' twice
        got:   'ii' in 'ij->ii'
        needs: letters of the operands, each at most once: ij
        fix:   use diag(…) to put entries on a diagonal]
    `);
    expect(() => einsum('ijk->i', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: an operand has not as many dims as letters
        got:   operand 0 of shape [2, 3] for 'ijk'
        needs: 3 dims
        fix:   leave out a letter, or add a dim]
    `);
    expect(() => einsum('i->i', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: an operand has not as many dims as letters
        got:   operand 0 of shape [2, 3] for 'i'
        needs: 1 dims
        fix:   name every dim, or write '...' for those that are not named]
    `);
    expect(() => einsum('...ijk->i', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: an operand has not as many dims as letters
        got:   operand 0 of shape [2, 3] for '...ijk'
        needs: at least 3 dims
        fix:   leave out a letter, or add a dim]
    `);
    expect(() => einsum('i1->i', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the equation cannot be read
        got:   '1' in 'i1', in 'i1->i'
        needs: letters, one for each dim, commas between operands, at most one ... in each, and one ->
        fix:   write it as in 'bij,bjk->bik']
    `);
    expect(() => einsum('i->j->k', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the equation cannot be read
        got:   more than one ->, in 'i->j->k'
        needs: letters, one for each dim, commas between operands, at most one ... in each, and one ->
        fix:   write it as in 'bij,bjk->bik']
    `);
    expect(() => einsum('......->', x)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the equation cannot be read
        got:   '.' in '......', in '......->'
        needs: letters, one for each dim, commas between operands, at most one ... in each, and one ->
        fix:   write it as in 'bij,bjk->bik']
    `);
    expect(() => einsum('i...,i...->...', x, ones([2, 4]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the sizes of dim -1 of '...' differ
        got:   3 and 4, in operand 0 and operand 1
        needs: one size under one letter
        fix:   use another letter for another dim, or check the order of the letters]
    `);
    expect(() => einsum('ij,ij->', x, ones([2, 3], { dtype: 'float64' }))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: einsum: the dtypes differ
        got:   float32, float64
        needs: one dtype
        fix:   convert operands: x.to('float32')]
    `);
  });
});
