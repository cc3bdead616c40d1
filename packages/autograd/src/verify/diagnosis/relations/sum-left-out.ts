import { showShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { reshape } from '../../../primitives/linear/reshape.ts';
import { sumKept } from '../../../primitives/linear/sum.ts';
import { allAlike } from '../alike.ts';
import type { Recognize } from '../relation.ts';

/** Dims too many, over which a sum (or a mean) gives the right gradient. */
export const sumLeftOut: Recognize = ({ claimed, expected, tolerance, sizes }) => {
  const [first] = claimed;
  const { shape, length } = expected[0];
  if (first.length <= length) return undefined;
  for (const dims of choices(first.rank)) {
    const rest = first.shape.filter((_, d) => !dims.includes(d));
    const count =
      first.length /
      Math.max(
        1,
        rest.reduce((product, size) => product * size, 1),
      );
    if (rest.reduce((product, size) => product * size, 1) !== length) continue;
    const summed = (scale: number): readonly Tensor[] =>
      claimed.map((x) => mul(reshape(sumKept(x, dims), shape), scale));
    for (const [what, scale] of [
      ['sum', 1],
      ['mean', 1 / count],
    ] as const) {
      if (!allAlike(summed(scale), expected, tolerance)) continue;
      const is = sizes.find(({ size }) => size === count);
      const over = `dim${dims.length > 1 ? 's' : ''} ${dims.join(' and ')}${is ? ` (${is.says})` : ''}`;
      const says = `_has_ shape ${showShape(first.shape)}, not ${showShape(shape)}: the ${what} over ${over} is left out`;
      return { cause: 'sum left out', says, telling: true };
    }
  }
  return undefined;
};

/** Dims that may be summed over: one, or two. */
function choices(rank: number): readonly (readonly number[])[] {
  const dims = Array.from({ length: rank }, (_, d) => d);
  return [...dims.map((d) => [d]), ...dims.flatMap((a) => dims.filter((b) => b > a).map((b) => [a, b]))];
}
