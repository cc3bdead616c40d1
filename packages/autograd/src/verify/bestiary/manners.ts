import { adopt, allocate } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { mapKernel } from '../../kernels/map.ts';
import { addInto, copyInto } from '../../kernels/place.ts';
import { mul } from '../../primitives/bilinear/mul.ts';
import { neg, sub } from '../../primitives/linear/arithmetic.ts';
import { convert, convertPrimitive } from '../../primitives/linear/convert.ts';
import { reshapePrimitive } from '../../primitives/linear/reshape.ts';
import { sumPrimitive } from '../../primitives/linear/sum.ts';
import { lt } from '../../primitives/piecewise/comparison.ts';
import { abs } from '../../primitives/piecewise/kinked.ts';
import { exp } from '../../primitives/smooth/exponential.ts';
import { square } from '../../primitives/smooth/powers.ts';
import { cos } from '../../primitives/smooth/trigonometric.ts';
import { detach } from '../../tape/leaf.ts';
import { type Beast, beast, withoutFormula } from './beast.ts';

/** The entries as they follow on each other in memory, whatever the strides. */
function blindToStrides(x: Tensor): Tensor {
  const storage = x.storage.slice(0, x.length);
  storage.set(x.storage.subarray(x.offset, x.offset + x.length));
  return adopt(storage, x.shape);
}

const tenBits = mapKernel((m, x) => [m.div(m.round(m.mul(x, m.constant(1024))), m.constant(1024))], 1, 1);

/** Memory that is kept from one backward pass to the next, by shape and dtype. */
const kept = new Map<string, Tensor>();

function addedToWhatWasThere(g: Tensor): Tensor {
  const key = `${g.shape} ${g.dtype}`;
  const target = kept.get(key) ?? allocate(g.shape, g.dtype);
  kept.set(key, target);
  addInto(target, neg(detach(g)));
  return neg(neg(target));
}

/** Right numbers, come by or left in the wrong way. */
export const manners: readonly Beast[] = [
  beast({
    wrong: 'neg, reading past the strides of its input',
    degree: 'linear',
    right: withoutFormula(neg.primitive),
    changes: { evaluate: ([x]) => neg(blindToStrides(x)) },
    caughtBy: 'layoutDoesNotMatter',
  }),
  beast({
    wrong: 'square, whose derivative reads past the strides of its input',
    right: square.primitive,
    changes: { pullback: (g, { inputs: [x] }) => [mul(g, mul(blindToStrides(x), 2))] },
    caughtBy: 'layoutDoesNotMatter',
  }),
  beast({
    wrong: 'neg, whose derivative reads past the strides of the cotangent',
    degree: 'linear',
    right: neg.primitive,
    changes: { pullback: (g) => [neg(blindToStrides(g))] },
    caughtBy: 'layoutDoesNotMatter',
    seenIn: 'torch/cunn#199',
  }),
  beast({
    wrong: 'neg, whose cotangent is added to that of the pass before',
    degree: 'linear',
    right: neg.primitive,
    changes: { pullback: (g) => [addedToWhatWasThere(g)] },
    caughtBy: 'cotangentsDependOnNothingElse',
    seenIn: 'pytorch/executorch#21687',
  }),
  beast({
    wrong: 'abs, writing into its input',
    degree: 'piecewise',
    right: abs.primitive,
    changes: {
      evaluate: ([x]) => {
        copyInto(x, abs(detach(x)));
        return detach(x);
      },
    },
    caughtBy: 'nothingIsWritten',
  }),
  beast({
    wrong: 'neg, writing into the cotangent',
    degree: 'linear',
    right: neg.primitive,
    changes: {
      pullback: (g) => {
        copyInto(g, neg(detach(g)));
        return [g];
      },
    },
    caughtBy: 'nothingIsWritten',
  }),
  beast({
    wrong: 'exp, whose derivative writes into the value',
    right: exp.primitive,
    changes: {
      pullback: (g, { output }) => {
        copyInto(output, mul(g, detach(output)));
        return [output];
      },
    },
    caughtBy: 'nothingIsWritten',
  }),
  beast({
    wrong: 'reshape, returning its input',
    degree: 'linear',
    right: reshapePrimitive,
    changes: {
      evaluate: ([x]) => x,
      sample: (draw) => {
        const shape = draw.shape();
        return { inputs: [draw.tensor(shape)], params: { shape } };
      },
    },
    caughtBy: 'valueIsNew',
  }),
  beast({
    wrong: 'convert, whose cotangent keeps the dtype of the value',
    degree: 'linear',
    right: convertPrimitive,
    changes: { pullback: (g) => [g] },
    caughtBy: 'derivativesFit',
  }),
  beast({
    wrong: 'less than, with a cotangent',
    degree: 'piecewise',
    right: lt.primitive,
    changes: { pullback: (g, { inputs: [a] }) => [convert(g, a.dtype), undefined] },
    caughtBy: 'derivativesFit',
  }),
  beast({
    wrong: 'sum, adding up in ten bits',
    degree: 'linear',
    right: sumPrimitive,
    changes: {
      evaluate: (inputs, params) => {
        const exact = sumPrimitive.evaluate(inputs, params);
        return exact.dtype === 'float32' ? tenBits([exact], ['float32'])[0] : exact;
      },
    },
    caughtBy: 'singleAgreesWithDouble',
  }),
  beast({
    wrong: 'cos, whose value is not that of its formula',
    right: cos.primitive,
    changes: { evaluate: ([x]) => sub(1, mul(square(detach(x)), 0.5)) },
    caughtBy: 'valueFollowsFormula',
  }),
];
