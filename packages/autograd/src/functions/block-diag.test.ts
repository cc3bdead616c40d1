import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randn, tensor, zeros } from '../index.ts';
import { blockDiag } from './block-diag.ts';

test('each matrix stands in its rows and columns, and zeros elsewhere', () => {
  const size = fc.nat(3);
  fc.assert(
    fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 4 }), (shapes) => {
      const blocks = shapes.map((shape) => randn(shape));
      const result = blockDiag(blocks);
      let [row, column] = [0, 0];
      for (const block of blocks) {
        const [rows, columns] = block.shape;
        expect(result.narrow(0, row, rows).narrow(1, column, columns).toArray()).toEqual(block.toArray());
        [row, column] = [row + rows, column + columns];
      }
      expect(result.shape).toEqual([row, column]);
      expect(result.square().sum().item()).toBeCloseTo(
        blocks.reduce((sum, x) => sum + x.square().sum().item(), 0),
        4,
      );
    }),
  );
});

test('a vector is a row, a number an entry, and nothing an empty row', () => {
  const whole = { dtype: 'int32' } as const;
  expect(blockDiag([tensor([1, 2], whole), tensor(3, whole)]).toArray()).toEqual([
    [1, 2, 0],
    [0, 0, 3],
  ]);
  expect(blockDiag([]).shape).toEqual([1, 0]);
});

test('needs matrices of one dtype', () => {
  expect(() => blockDiag([zeros([1, 1]), zeros([2, 1, 1])])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: blockDiag: not matrices of one dtype
      got:   [2, 1, 1] float32
      needs: at most two dims, and dtype float32
      fix:   convert them first; for the matrices of a batch, unbind it]
  `);
  expect(() => blockDiag([zeros([1]), zeros([1], { dtype: 'float64' })])).toThrow(/float64/);
});
