import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addbmm,
  addmm,
  addmv,
  addr,
  baddbmm,
  bmm,
  cross,
  einsum,
  inner,
  kron,
  matmul,
  matrixPower,
  mm,
  multiDot,
  mv,
  type Tensor,
  tensor,
  tensordot,
  vdot,
  zeros,
} from '../index.ts';
import { assertGradients } from '../verify/index.ts';
import { byEntry, drawShape, drawTensor, entryAt } from './draw-tensor.ts';
import { expectSame } from './expect-linear.ts';

const floats = (data: number | readonly number[] | readonly (readonly number[])[]): Tensor =>
  tensor(data, { dtype: 'float64' });
const matrix = floats([
  [1, -2],
  [0.5, 3],
]);

test('mm, mv, bmm and vdot take what they are for, and nothing else', () => {
  const batch = byEntry([2, 2, 3], ([b, i, j]) => b + i * j);
  expectSame(mm(matrix, matrix), matmul(matrix, matrix));
  expectSame(mv(matrix, floats([1, 2])), matmul(matrix, floats([1, 2])));
  expectSame(bmm(batch, batch.transpose(1, 2)), matmul(batch, batch.transpose(1, 2)));
  expect(vdot(floats([1, 2]), floats([3, 4])).item()).toBe(11);
  expect(() => mm(matrix, floats([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: mm: a factor has not the right number of dims
      got:   [2, 2] times [2]
      needs: 2 and 2 dims
      fix:   matmul takes factors of any number of dims]
  `);
  expect(() => mv(matrix, matrix)).toThrow('2 and 1 dims');
  expect(() => bmm(batch, zeros([3, 3, 2], { dtype: 'float64' }))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: bmm: the batches differ
      got:   [2, 2, 3] times [3, 3, 2]
      needs: as many matrices in the one as in the other
      fix:   matmul broadcasts a batch of one]
  `);
  expect(() => mm(matrix, floats([[1, 2]]))).toThrow('the inner sizes differ');
});

describe('tensordot', () => {
  test('sums over the dims that meet', () => {
    const drawn = drawShape(1, 3, { min: 1, max: 3 }).chain((shared) =>
      fc.record({
        a: drawShape(0, 2, { max: 3 }).chain((rest) => drawTensor([...rest, ...shared])),
        b: drawShape(0, 2, { max: 3 }).chain((rest) => drawTensor([...shared, ...rest])),
        count: fc.constant(shared.length),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ a, b, count }) => {
        const letters = 'abcdefghij';
        const left = letters.slice(0, a.rank);
        const right = letters.slice(a.rank - count, a.rank - count + b.rank);
        const result = left.slice(0, -count) + right.slice(count);
        const expected = einsum(`${left},${right}->${result}`, a, b);
        expectSame(tensordot(a, b, count), expected);
        const dims = Array.from({ length: count }, (_, i) => i).reverse();
        expectSame(tensordot(a, b, [dims.map((i) => i - count), dims]), expected);
      }),
    );
  });

  test('has derivatives to second order', () => {
    const other = floats([
      [1, 0.3],
      [-1, 2],
    ]);
    assertGradients((a, b) => tensordot(a, b, [[0], [1]]), [matrix, other], { order: 2 });
  });

  test('says what does not pair up', () => {
    expect(() => tensordot(matrix, matrix, 3)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: tensordot: not a number of dims that both have
        got:   3, for shapes [2, 2] and [2, 2]
        needs: a whole number from 0 to 2
        fix:   name the dims of each: [[-1], [0]]]
    `);
    expect(() => tensordot(matrix, matrix, [[0], [0, 1]])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: tensordot: the dims do not pair up
        got:   [0] and [0, 1]
        needs: as many of the one as of the other, each once
        fix:   name the dims that meet in pairs: [[0, 1], [1, 0]]]
    `);
    expect(() => tensordot(matrix, floats([[1, 2, 3]]), [[0], [1]])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: tensordot: the sizes of the dims that meet differ
        got:   [2, 2] over dims [0], [1, 3] over dims [1]
        needs: equal sizes, pair by pair
        fix:   check the order of the dims]
    `);
    expect(() => tensordot(matrix, matrix, [[2], [0]])).toThrow('dim out of range');
  });
});

test('inner sums over the last dims', () => {
  expectSame(inner(matrix, floats([[1, 1]])), floats([[-1], [3.5]]));
  expect(inner(floats(3), matrix).toArray()).toEqual([
    [3, -6],
    [1.5, 9],
  ]);
  expect(() => inner(matrix, floats([1]))).toThrow('the sizes of the dims that meet differ');
});

test('kron puts a tensor in the place of each entry of another', () => {
  fc.assert(
    fc.property(
      drawShape(0, 3, { max: 3 }).chain(drawTensor),
      drawShape(0, 3, { max: 3 }).chain(drawTensor),
      (a, b) => {
        const rank = Math.max(a.rank, b.rank);
        const sizes = (x: Tensor): number[] => [...new Array<number>(rank - x.rank).fill(1), ...x.shape];
        const [outer, within] = [sizes(a), sizes(b)];
        const expected = byEntry(
          outer.map((size, d) => size * within[d]),
          (place) =>
            entryAt(
              a.reshape(outer),
              place.map((i, d) => Math.floor(i / within[d])),
            ) *
            entryAt(
              b.reshape(within),
              place.map((i, d) => i % within[d]),
            ),
        );
        expectSame(kron(a, b), expected);
      },
    ),
  );
  assertGradients((a, b) => kron(a, b), [matrix, floats([2, -1])], { order: 2 });
});

describe('products added to something', () => {
  const options = { beta: 0.5, alpha: -2 };
  const batch = byEntry([3, 2, 2], ([b, i, j]) => b - i + 2 * j);

  test('are beta times it and alpha times the product', () => {
    const combined = (x: Tensor, product: Tensor): Tensor => x.mul(0.5).add(product.mul(-2));
    const [row, v] = [floats([1, 2]), floats([3, -1])];
    expectSame(addmm(row, matrix, matrix, options), combined(row, matmul(matrix, matrix)));
    expectSame(addmv(floats(4), matrix, v, options), combined(floats(4), matmul(matrix, v)));
    expectSame(addr(row, v, row, options), combined(row, v.outer(row)));
    expectSame(baddbmm(row, batch, batch, options), combined(row, matmul(batch, batch)));
    expectSame(addbmm(row, batch, batch, options), combined(row, matmul(batch, batch).sum(0)));
    expectSame(addmm(matrix, matrix, matrix), matrix.add(matmul(matrix, matrix)));
  });

  test('do not count what beta 0 leaves out', () => {
    expect(addmv(floats([NaN, Infinity]), matrix, floats([1, 1]), { beta: 0 }).toArray()).toEqual([-1, 3.5]);
  });

  test('have derivatives to second order', () => {
    assertGradients((x, a, b) => addmm(x, a, b, options), [floats([1, 2]), matrix, matrix.mul(2)], { order: 2 });
    assertGradients((x, a) => addbmm(x, a, a, options), [matrix, batch]);
  });

  test('say what does not fit', () => {
    expect(() => addmm(floats([1, 2, 3]), matrix, matrix)).toThrow('the shapes do not broadcast');
    expect(() => addmm(zeros([1, 2, 2], { dtype: 'float64' }), matrix, matrix)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: addmm: what is added to does not fit the product
        got:   [1, 2, 2]
        needs: a shape that broadcasts to [2, 2]
        fix:   the product comes second: the first argument is added to it]
    `);
    expect(() => addmv(matrix, matrix, matrix)).toThrow('addmv: a factor has not the right number of dims');
    expect(() => baddbmm(matrix, batch, batch.narrow(0, 0, 2))).toThrow('baddbmm: the batches differ');
  });
});

describe('multiDot', () => {
  test('multiplies chains in any order', () => {
    const drawn = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 6 })
      .chain((sizes) => fc.tuple(...sizes.slice(1).map((size, i) => drawTensor([sizes[i], size]))));
    fc.assert(
      fc.property(drawn, (chain) => {
        expectSame(
          multiDot(chain),
          chain.reduce((product, x) => matmul(product, x)),
        );
      }),
    );
  });

  test('takes the cheapest order', () => {
    // From the left there would be 10¹² entries in between, for which there is no room.
    const [column, row] = [zeros([1_000_000, 1]), zeros([1, 1_000_000])];
    expect(multiDot([column, row, column]).shape).toEqual([1_000_000, 1]);
  });

  test('takes vectors at its ends', () => {
    const [row, wide, column] = [
      floats([1, 2]),
      floats([
        [1, 0, 1],
        [0, 1, 1],
      ]),
      floats([1, 1, 2]),
    ];
    expect(multiDot([row, wide, column]).item()).toBe(9);
    expect(multiDot([row, wide]).toArray()).toEqual([1, 2, 3]);
    expect(multiDot([wide, column]).toArray()).toEqual([3, 3]);
  });

  test('says what is no chain', () => {
    expect(() => multiDot([matrix])).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: multiDot: not a chain of matrices
        got:   [2, 2]
        needs: two or more matrices; the first and the last may be vectors
        fix:   matmul multiplies batches of matrices]
    `);
    expect(() => multiDot([matrix, floats([1, 2]), matrix])).toThrow('not a chain of matrices');
  });
});

test('matrixPower multiplies as often', () => {
  let expected = matrix.mul(0).add(
    floats([
      [1, 0],
      [0, 1],
    ]),
  );
  for (let n = 0; n < 8; n++) {
    expectSame(matrixPower(matrix, n), expected);
    expected = matmul(expected, matrix);
  }
  const batch = byEntry([2, 2, 2], ([b, i, j]) => b + i - j);
  expectSame(matrixPower(batch, 3), matmul(matmul(batch, batch), batch));
  expectSame(
    matrixPower(
      floats([
        [2, 1],
        [0, 1],
      ]),
      -2,
    ),
    floats([
      [0.25, -0.75],
      [0, 1],
    ]),
  );
  expectSame(
    matrixPower(batch, 0),
    byEntry([2, 2, 2], ([, i, j]) => Number(i === j)),
  );
  assertGradients((x) => matrixPower(x, 5), [matrix.mul(0.5)], { order: 2 });
  expect(() => matrixPower(floats([[1, 2]]), 2)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: matrixPower: not a power of a square matrix
      got:   power 2 of shape [1, 2]
      needs: square matrices, and a whole number
      fix:   pow(x, n) raises each entry; eigh gives other powers of symmetric matrices]
  `);
  expect(() => matrixPower(matrix, 0.5)).toThrow('power 0.5');
});

test('cross multiplies triples along a dim', () => {
  const drawn = fc.record({ a: drawTensor([2, 3]), b: drawTensor([1, 3]) });
  fc.assert(
    fc.property(drawn, ({ a, b }) => {
      const expected = byEntry([2, 3], ([n, i]) => {
        const [j, k] = [(i + 1) % 3, (i + 2) % 3];
        return entryAt(a, [n, j]) * entryAt(b, [0, k]) - entryAt(a, [n, k]) * entryAt(b, [0, j]);
      });
      expectSame(cross(a, b), expected);
      expectSame(cross(a.t(), b.t(), -2), expected.t());
    }),
  );
  assertGradients((a, b) => cross(a, b), [floats([1, 2, 3]), floats([0.5, -1, 2])], { order: 2 });
  expect(() => cross(matrix, matrix)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: cross: there is no dim of triples
      got:   shapes [2, 2] and [2, 2], dim null
      needs: a dim of size 3
      fix:   append a zero to vectors of a plane: pad(x, [0, 1])]
  `);
  expect(() => cross(floats([[1, 2, 3]]), floats([1, 2, 3]), 0)).toThrow('no dim of triples');
});
