import fc from 'fast-check';
import { adopt } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { evenly } from '../verify/evenly.ts';

export interface MatrixOptions {
  /** Default: 1 to 5. */
  readonly rows?: number;
  /** Default: as many as rows. */
  readonly columns?: number;
  /** The largest singular value, which is 1, over the smallest. Default: 10. */
  readonly condition?: number;
}

/**
 * Matrices `[rows, columns]` of dtype float64 and a stated condition number: a diagonal of singular values from 1 to
 * `1 / condition`, between two rotations. They shrink to the diagonal. A single row or column has condition number 1.
 *
 * @throws GradtapeError if a condition number below 1 is asked for.
 */
export function matrices({ rows, columns, condition = 10 }: MatrixOptions = {}): fc.Arbitrary<Tensor> {
  const sizes = rows === undefined ? fc.integer({ min: 1, max: 5 }) : fc.constant(rows);
  if (!(condition >= 1)) failOnCondition(condition);
  return sizes.chain((m) => matricesOfSize(m, columns ?? m, condition));
}

function matricesOfSize(m: number, n: number, condition: number): fc.Arbitrary<Tensor> {
  const count = Math.min(m, n);
  const between = fc.array(evenly(0, 1), { minLength: Math.max(0, count - 2), maxLength: Math.max(0, count - 2) });
  const angles = (size: number) => {
    const pairs = (size * (size - 1)) / 2;
    return fc.array(evenly(0, 2 * Math.PI), { minLength: pairs, maxLength: pairs });
  };
  return fc.tuple(between, angles(m), angles(n)).map(([exponents, ofRows, ofColumns]) => {
    const entries = new Float64Array(m * n);
    const singular = [1, ...exponents.map((exponent) => condition ** -exponent), 1 / condition];
    for (let i = 0; i < count; i++) entries[i * n + i] = singular[i];
    rotate(ofRows, m, (i, j, turn) => {
      for (let k = 0; k < n; k++) turn(entries, i * n + k, j * n + k);
    });
    rotate(ofColumns, n, (i, j, turn) => {
      for (let k = 0; k < m; k++) turn(entries, k * n + i, k * n + j);
    });
    return adopt(entries, [m, n]);
  });
}

type Turn = (entries: Float64Array, a: number, b: number) => void;

/** A rotation in the plane of every two dims, one after the other: any rotation is such a product. */
function rotate(angles: readonly number[], size: number, apply: (i: number, j: number, turn: Turn) => void): void {
  let next = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const [cosine, sine] = [Math.cos(angles[next]), Math.sin(angles[next])];
      next++;
      apply(i, j, (entries, a, b) => {
        [entries[a], entries[b]] = [cosine * entries[a] - sine * entries[b], sine * entries[a] + cosine * entries[b]];
      });
    }
  }
}

function failOnCondition(condition: number): never {
  return fail('matrices: no such condition number', {
    got: `${condition}`,
    needs: '1 or more: it is the largest singular value over the smallest',
    fix: 'pass 1 for orthogonal matrices',
  });
}
