import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { multiplyMatrices } from '../primitives/bilinear/matmul.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { convert } from '../primitives/linear/convert.ts';
import { permuteDims } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { diagonal } from './diagonals.ts';
import { type Equation, parseEquation } from './einsum-equation.ts';

/**
 * Sums of products, written with a letter for each dim: letters that operands share are multiplied along, letters that
 * the result does not have are summed over. A letter twice in one operand walks down its diagonal; `...` stands for any
 * dims, which broadcast; without `->` the result has the letters that occur once, in alphabetical order. As in PyTorch,
 * a size of one broadcasts under a letter, too.
 *
 * Two operands at a time become one matrix product, the cheapest pair first.
 *
 * @param equation Such as `'bij,bjk->bik'`; spaces do not count.
 * @param operands Tensors of one dtype, one for each part of the equation.
 * @throws GradtapeError if the equation cannot be read, does not fit the operands, or the sizes under a letter differ.
 * @example
 * const [a, b] = [tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 2]])];
 * einsum('ij,jk->ik', a, b); // [[1, 4], [3, 8]]
 * einsum('ii->', a); // 5
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const parsed = parseEquation(equation, operands);
  const { dtype } = operands[0];
  checkDTypes(operands);
  if (isFloating(dtype)) return evaluate(parsed, operands);
  return convert(
    evaluate(
      parsed,
      operands.map((x) => convert(x, 'float64')),
    ),
    dtype,
  );
}

function checkDTypes(operands: readonly Tensor[]): void {
  if (operands.every((x) => x.dtype === operands[0].dtype)) return;
  fail('einsum: the dtypes differ', {
    got: operands.map((x) => x.dtype).join(', '),
    needs: 'one dtype',
    fix: "convert operands: x.to('float32')",
  });
}

/** A tensor with a label for each dim, all different. */
interface Term {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

function evaluate({ inputs, output, sizes }: Equation, operands: readonly Tensor[]): Tensor {
  let terms = operands.map((x, i) => withoutUnits(takeDiagonals({ x, labels: inputs[i] }), sizes));
  while (terms.length > 1) {
    const [i, j] = cheapestPair(terms, sizes);
    const others = terms.filter((_, k) => k !== i && k !== j);
    const kept = new Set([...output, ...others.flatMap((term) => term.labels)]);
    const a = sumOut(terms[i], [...kept, ...terms[j].labels]);
    const b = sumOut(terms[j], [...kept, ...terms[i].labels]);
    terms = [contract(a, b, kept), ...others];
  }
  return inOrder(sumOut(terms[0], output), output);
}

/** The pair of terms whose product takes the fewest multiplications. */
function cheapestPair(terms: readonly Term[], sizes: ReadonlyMap<string, number>): [number, number] {
  let best: [number, number] = [0, 1];
  let lowest = Infinity;
  for (let i = 0; i < terms.length; i++) {
    for (let j = i + 1; j < terms.length; j++) {
      const labels = new Set([...terms[i].labels, ...terms[j].labels]);
      const cost = entriesOf([...labels].map((label) => sizes.get(label) ?? 1));
      if (cost >= lowest) continue;
      lowest = cost;
      best = [i, j];
    }
  }
  return best;
}

/** Every label once: two dims of one label become their diagonal. */
function takeDiagonals({ x, labels }: Term): Term {
  const dim2 = labels.findIndex((label, d) => labels.indexOf(label) < d);
  if (dim2 < 0) return { x, labels };
  const dim1 = labels.indexOf(labels[dim2]);
  const others = labels.filter((_, d) => d !== dim1 && d !== dim2);
  return takeDiagonals({ x: diagonal(x, { dim1, dim2 }), labels: [...others, labels[dim2]] });
}

/** Without the dims of size one that broadcast against a larger size of their label. */
function withoutUnits({ x, labels }: Term, sizes: ReadonlyMap<string, number>): Term {
  const stays = (_: unknown, d: number): boolean => x.shape[d] === sizes.get(labels[d]);
  return { x: reshape(x, x.shape.filter(stays)), labels: labels.filter(stays) };
}

/** Summed over the dims whose labels are not kept. */
function sumOut({ x, labels }: Term, kept: readonly string[]): Term {
  const stays = (_: unknown, d: number): boolean => kept.includes(labels[d]);
  const summed = labels.flatMap((label, d) => (kept.includes(label) ? [] : [d]));
  if (summed.length === 0) return { x, labels };
  const sums = sumKept(x, summed);
  return { x: reshape(sums, sums.shape.filter(stays)), labels: labels.filter(stays) };
}

/** The dims in the order of labels. */
function inOrder({ x, labels }: Term, order: readonly string[]): Tensor {
  if (order.every((label, d) => label === labels[d])) return x;
  return permuteDims(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}

/** The product of two terms, summed over the labels that both have and that are not kept. */
function contract(a: Term, b: Term, kept: ReadonlySet<string>): Term {
  const [larger, smaller] = a.x.length >= b.x.length ? [a, b] : [b, a];
  // In the order in which the larger operand has them, which then need not be copied to become a matrix.
  const shared = larger.labels.filter((label) => smaller.labels.includes(label));
  const batch = shared.filter((label) => kept.has(label));
  const summed = shared.filter((label) => !kept.has(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const labels = [...batch, ...rows, ...columns];
  const shapeOf = ({ x, labels: own }: Term, some: readonly string[]) =>
    some.map((label) => x.shape[own.indexOf(label)]);
  const shape = [...shapeOf(a, batch), ...shapeOf(a, rows), ...shapeOf(b, columns)];

  const grouped = (term: Term, first: readonly string[], second: readonly string[]): Tensor =>
    reshape(inOrder(term, [...batch, ...first, ...second]), [
      ...shapeOf(term, batch),
      entriesOf(shapeOf(term, first)),
      entriesOf(shapeOf(term, second)),
    ]);
  const left = grouped(a, rows, summed);
  // Without a sum, or with one number for each of a batch, a matrix product would be a slow way to multiply.
  if (summed.length === 0) return { x: reshape(mul(left, grouped(b, summed, columns)), shape), labels };
  if (rows.length + columns.length === 0 && batch.length > 0) {
    const products = mul(left, grouped(b, columns, summed));
    return { x: reshape(sumKept(products, [products.rank - 1]), shape), labels };
  }
  return { x: reshape(multiplyMatrices(left, grouped(b, summed, columns)), shape), labels };
}
