import type { Tensor } from '../../core/tensor.ts';
import { searchLines } from '../../kernels/search.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { gatherAlong } from '../linear/gather.ts';
import { argsortAlong } from './argsort.ts';
import { locallyConstant } from './degree.ts';
import { tensorsApart } from './tensors-apart.ts';

/**
 * How many numbers of the same line of the first input, which rise along the last dim, are smaller than each entry of the
 * second or, from the right, not larger. dtype int32.
 */
export const searchsortedPrimitive: Primitive<{ right: boolean }> = locallyConstant('searchsorted', {
  value: ([sorted, values], { right }) => searchLines(sorted, values, right),
  latex: (m, [sorted, values]) => m.apply('\\operatorname{searchsorted}', sorted, values),
  sample: (draw) => {
    const lead = draw.shape({ maximumRank: 2 });
    const lines = draw.integer(0, 1) === 1 ? lead : [];
    const shapes = [
      [...lines, draw.integer(0, 4)],
      [...lead, draw.integer(0, 4)],
    ];
    const [entries, values] = tensorsApart(draw, shapes);
    const last = lines.length;
    const sorted = gatherAlong(entries, last, argsortAlong(entries, last, false));
    return { inputs: [sorted, values], params: { right: draw.integer(0, 1) === 1 } };
  },
});

export function placesInSorted(sorted: Tensor, values: Tensor, right: boolean): Tensor {
  return bind(searchsortedPrimitive, [sorted, values], { right });
}
