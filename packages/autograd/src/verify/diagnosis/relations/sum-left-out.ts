import { entriesOf, showShape } from '../../../core/shape.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { sumKept } from '../../../primitives/linear/sum.ts';
import type { Repair, Repairing } from '../relation.ts';

/** Dims too many, which a sum (or a mean) must remove. */
export const sumLeftOut: Repairing = ({ claimed, expected, sizes }) => {
  const [{ shape, rank }, { shape: needed, length }] = [claimed[0], expected[0]];
  if (claimed[0].length <= length) return [];
  return choices(rank).flatMap((dims) => {
    const count = entriesOf(dims.map((d) => shape[d]));
    if (count < 2 || entriesOf(shape) !== length * count) return [];
    const size = sizes.find((one) => one.size === count);
    const known = size && (size.letter === 'm' ? 'the batch' : size.says);
    const over = `dim${dims.length > 1 ? 's' : ''} ${dims.join(' and ')}${known ? ` (${known})` : ''}`;
    return (['sum', 'mean'] as const).map(
      (what): Repair => ({
        cause: 'sum left out',
        says: `_has_ shape ${showShape(shape)}, not ${showShape(needed)}: the ${what} over ${over} is left out`,
        claimed: claimed.map((x) => mul(reshape(sumKept(x, dims), needed), what === 'sum' ? 1 : 1 / count)),
      }),
    );
  });
};

/** Dims that may be summed over: one, or two. */
function choices(rank: number): readonly (readonly number[])[] {
  const dims = Array.from({ length: rank }, (_, d) => d);
  return [...dims.map((d) => [d]), ...dims.flatMap((a) => dims.filter((b) => b > a).map((b) => [a, b]))];
}
