import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contract, type Matrices } from './contract.ts';
import { contractWith } from './product/contract-with.ts';
import { type Contraction, folded } from './product/contraction.ts';
import { drawTask, sizes } from './product/draw-task.ts';
import { expectProduct } from './product/expect-product.ts';
import { withCopiesNear } from './test-near.ts';

const batch = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const run = ({ out, outOffset, batch, m, n, k, a, b }: Contraction): void =>
  contract(out, outOffset, batch, m, n, k, a, b);

const matrix = (data: Float64Array, rows: number, columns: number): Matrices => ({
  data,
  offset: 0,
  batchStrides: [],
  rowStride: columns,
  columnStride: rows === 0 ? 0 : 1,
});

describe('contract', () => {
  test('is the product by its definition, for small sizes and none', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(0, 12), batch }), (task) => expectProduct(task, run)),
      { numRuns: 200 },
    );
  });

  test('is the product by its definition, for large sizes', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(0, 300), batch }), (task) => expectProduct(task, run)),
      { numRuns: 40 },
    );
  });

  test('reads operands that lie near, and writes there', () => {
    const places = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(drawTask({ sizes: sizes(0, 300), batch }), places, (task, [isANear, isBNear, isOutNear]) => {
        expectProduct(task, ({ out, a, b, ...task }) =>
          withCopiesNear((copyNear) => {
            const result = isOutNear ? copyNear(out) : out;
            const placed = (x: Matrices, isNear: boolean): Matrices => (isNear ? { ...x, data: copyNear(x.data) } : x);
            run({ ...task, out: result, a: placed(a, isANear), b: placed(b, isBNear) });
            out.set(result);
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('a product worked out on paper', () => {
    const out = new Float64Array(4);
    const a = matrix(Float64Array.of(1, 2, 3, 4, 5, 6), 2, 3);
    const b = matrix(Float64Array.of(7, 8, 9, 10, 11, 12), 3, 2);
    contract(out, 0, [], 2, 2, 3, a, b);
    expect([...out]).toEqual([58, 64, 139, 154]);
  });

  test('0 × Infinity is NaN, and stays in its row and column', () => {
    const size = 37;
    const a = new Float64Array(size * size).fill(1);
    const b = new Float64Array(size * size).fill(1);
    a[5 * size + 36] = Number.POSITIVE_INFINITY;
    b[36 * size + 36] = 0;
    const out = new Float64Array(size * size);
    contract(out, 0, [], size, size, size, matrix(a, size, size), matrix(b, size, size));
    const expected = new Float64Array(size * size).fill(size);
    for (let i = 0; i < size; i++) expected[i * size + 36] = size - 1;
    expected.fill(Number.POSITIVE_INFINITY, 5 * size, 5 * size + 36);
    expected[5 * size + 36] = Number.NaN;
    expect(out).toEqual(expected);
  });

  test('nothing to sum gives zeros', () => {
    const out = new Float64Array(5).fill(7);
    contract(out, 1, [], 1, 3, 0, matrix(new Float64Array(0), 1, 0), matrix(new Float64Array(0), 0, 3));
    expect([...out]).toEqual([7, 0, 0, 0, 7]);
  });
});

test('a batch of matrices that follow one another and meet one matrix is one product', () => {
  const data = new Float32Array(0);
  const a: Matrices = { data, offset: 2, batchStrides: [60, 12], rowStride: 4, columnStride: 1 };
  const b: Matrices = { data, offset: 0, batchStrides: [0, 0], rowStride: 6, columnStride: 1 };
  const task: Contraction = { out: data, outOffset: 0, outRowStride: 6, batch: [2, 5], m: 3, n: 6, k: 4, a, b };
  expect(folded(task)).toEqual({
    ...task,
    batch: [],
    m: 30,
    a: { ...a, batchStrides: [] },
    b: { ...b, batchStrides: [] },
  });
  const apart = { ...task, a: { ...a, batchStrides: [61, 12] } };
  expect(folded(apart)).toMatchObject({ batch: [2], m: 15 });
});

test('without an engine, or with one that never has room, the plain loop does it', () => {
  const engines = [undefined, { run: () => false }];
  fc.assert(
    fc.property(drawTask({ sizes: sizes(0, 20), batch }), fc.constantFrom(...engines), (task, engine) =>
      expectProduct(task, () => contractWith(engine, task)),
    ),
  );
});
