// The cell of Elman, "Finding structure in time", 1990: PyTorch's RNN.
import type { Tensor } from '../../core/tensor.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { where } from '../../primitives/linear/where.ts';
import { gt } from '../../primitives/piecewise/comparison.ts';
import { relu } from '../../primitives/piecewise/kinked.ts';
import { tanh } from '../../primitives/smooth/hyperbolic.ts';
import { fuse } from '../fuse.ts';
import { beforeTanh } from './before-activation.ts';
import type { Cell } from './cell.ts';

/** `h' = f(x + r)`, with a derivative that follows from `h'`. */
function elman(f: (x: Tensor) => Tensor, pullBack: (cotangent: Tensor, y: Tensor) => Tensor): Cell {
  const advance = fuse((x, r) => [f(add(x, r))]);
  const retreat = fuse((ofShown, fromLater, y) => [pullBack(add(ofShown, fromLater), y)]);
  return {
    gates: 1,
    states: 1,
    hasOneBias: true,
    advance: ({ input: [x], recurrent: [r] }, _, place) => {
      const next = advance.into([place], x, r);
      return { next, saved: next };
    },
    retreat: (ofStates, [y], _, places) => {
      const cotangents = retreat.into(places?.input ?? [], ...ofStates, y);
      return { input: cotangents, previous: [undefined] };
    },
  };
}

/** `h' = tanh(x + r)`. */
export const elmanTanh: Cell = elman(tanh, beforeTanh);

/** `h' = relu(x + r)`. */
export const elmanRelu: Cell = elman(relu, (g, y) => where(gt(y, 0), g, 0));
