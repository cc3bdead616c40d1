import type { Tensor } from '../../core/tensor.ts';
import { runningExtremePlaces } from '../../kernels/scan.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant } from './degree.ts';

/**
 * The place of the largest (`sign` 1) or smallest (-1) entry so far along a dim: the last among equals, and the last NaN
 * from the first one on. dtype int32.
 */
export const runningExtremePrimitive: Primitive<{ dim: number; sign: 1 | -1 }> = locallyConstant('cummaxPlace', {
  value: ([x], { dim, sign }) => runningExtremePlaces(x, dim, sign),
  kernel: {
    kind: 'scan',
    initial: [0, Number.NaN],
    next:
      ({ sign }) =>
      (m, entry, place, [best, extreme]) => {
        const isNoWorse = sign === 1 ? m.lessEqual(extreme, entry) : m.lessEqual(entry, extreme);
        const isNoNumber = m.not(m.equal(entry, entry));
        const isFirst = m.equal(place, m.constant(0));
        const isBetter = m.share(m.or(isFirst, m.or(isNoWorse, isNoNumber)));
        return [m.select(isBetter, place, best), m.select(isBetter, entry, extreme)];
      },
    along: ({ dim }) => ({ dim, reverse: false }),
    placesAlong: ({ dim }) => dim,
  },
  latex: (m, [x], { params: { dim, sign } }) =>
    m.apply(`\\operatorname{${sign === 1 ? 'argcummax' : 'argcummin'}}_{${dim}}`, x),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1 });
    return {
      inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
      params: { dim: draw.integer(0, shape.length - 1), sign: draw.integer(0, 1) === 1 ? 1 : -1 },
    };
  },
});

export function placesOfRunningExtreme(x: Tensor, dim: number, sign: 1 | -1): Tensor {
  return bind(runningExtremePrimitive, [x], { dim, sign });
}
