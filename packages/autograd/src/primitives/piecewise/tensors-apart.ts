import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Draw } from '../../tape/primitive.ts';
import { reshape } from '../linear/reshape.ts';
import { partOf } from '../linear/slice.ts';

/** Random tensors of which no two entries lie close together, within one or between them, nor close to zero. */
export function tensorsApart(draw: Draw, shapes: readonly Shape[]): Tensor[] {
  const lengths = shapes.map(entriesOf);
  const all = draw.tensor([lengths.reduce((sum, length) => sum + length, 0)], {
    low: -3,
    high: 3,
    kinks: [0],
    distinct: true,
  });
  let start = 0;
  return shapes.map((shape, i) => {
    const part = partOf(all, 0, start, lengths[i]);
    start += lengths[i];
    return reshape(part, shape);
  });
}
