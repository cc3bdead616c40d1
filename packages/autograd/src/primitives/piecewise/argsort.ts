import type { Tensor } from '../../core/tensor.ts';
import { sortingOrder } from '../../kernels/sort.ts';
import { roomToSort, timeToSort, writeSortingOrder } from '../../kernels/sort-loops.ts';
import { orderOfRows } from '../../kernels/sort-rows.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant } from './degree.ts';

/** The indices that sort along a dim, equal entries in their order, NaN as the largest. dtype int32. */
export const argsortPrimitive: Primitive<{ dim: number; descending: boolean }> = locallyConstant('argsort', {
  value: ([x], { dim, descending }) => sortingOrder(x, dim, descending),
  kernel: {
    kind: 'block',
    inputDims: (_, { dim }) => [dim],
    outputDims: (_, { dim }) => [dim],
    room: ([[size]]) => roomToSort(size),
    cost: ([[size]]) => timeToSort(size),
    write: (w, work, { descending }) => writeSortingOrder(w, work, descending),
    placesAlong: ({ dim }) => dim,
  },
  latex: (m, [x], { params: { dim, descending } }) =>
    m.apply(`\\operatorname{argsort}_{${dim}}${descending ? '^{\\downarrow}' : ''}`, x),
  sample: (draw) => {
    const shape = draw.shape({ minimumRank: 1 });
    return {
      inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
      params: { dim: draw.integer(0, shape.length - 1), descending: draw.integer(0, 1) === 1 },
    };
  },
});

export function argsortAlong(x: Tensor, dim: number, descending: boolean): Tensor {
  return bind(argsortPrimitive, [x], { dim, descending });
}

/** The order in which the rows of a matrix rise, compared entry by entry; equal rows keep their order. dtype int32. */
export const argsortRowsPrimitive: Primitive<undefined> = locallyConstant('argsortRows', {
  value: ([matrix]) => orderOfRows(matrix),
  latex: (m, [x]) => m.apply('\\operatorname{argsort}', x),
  sample: (draw) => {
    const shape = [draw.integer(0, 4), draw.integer(1, 3)];
    return { inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })], params: undefined };
  },
});

export function argsortRows(matrix: Tensor): Tensor {
  return bind(argsortRowsPrimitive, [matrix], undefined);
}
