import { adopt, allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { mapKernel } from '../kernels/map.ts';
import { copyInto } from '../kernels/place.ts';
import { matmulPrimitive, multiplyMatrices } from '../primitives/bilinear/matmul.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../primitives/linear/arithmetic.ts';
import { convert, convertPrimitive } from '../primitives/linear/convert.ts';
import { cumsumPrimitive, runningSumAlong } from '../primitives/linear/cumsum.ts';
import { gatherPrimitive } from '../primitives/linear/gather.ts';
import { permuteDims, permutePrimitive } from '../primitives/linear/permute.ts';
import { reshapePrimitive } from '../primitives/linear/reshape.ts';
import { embed, slicePrimitive } from '../primitives/linear/slice.ts';
import { broadcastPrimitive, broadcastTo, sumPrimitive } from '../primitives/linear/sum.ts';
import { le, lt } from '../primitives/piecewise/comparison.ts';
import { abs, relu } from '../primitives/piecewise/kinked.ts';
import { floor } from '../primitives/piecewise/rounding.ts';
import { smooth } from '../primitives/smooth/degree.ts';
import { reciprocal } from '../primitives/smooth/division.ts';
import { positive, reals } from '../primitives/smooth/domains.ts';
import { exp } from '../primitives/smooth/exponential.ts';
import { tanh } from '../primitives/smooth/hyperbolic.ts';
import { square } from '../primitives/smooth/powers.ts';
import { atan2, cos, sin } from '../primitives/smooth/trigonometric.ts';
import type { Floor } from '../registry.ts';
import { bind, isRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import type { Primitive } from '../tape/primitive.ts';

/** A primitive that is wrong on purpose, and the law that must notice. */
export interface Beast {
  readonly wrong: string;
  readonly floor: Floor;
  readonly primitive: Primitive;
  readonly caughtBy: string;
}

/** A right primitive with something else in the place of what it does. */
function altered<P>(primitive: Primitive<P>, changes: Partial<Primitive<P>>): Primitive {
  return { ...primitive, ...changes } as Primitive;
}

/** A right elementwise primitive without its formula, of which only the value is asked. */
function withoutFormula<P>({ formula: _, ...rest }: Primitive<P>): Primitive<P> {
  return rest;
}

/** The entries as they follow on each other in memory, whatever the strides. */
function blindToStrides(x: Tensor): Tensor {
  const storage = x.storage.slice(0, x.length);
  storage.set(x.storage.subarray(x.offset, x.offset + x.length));
  return adopt(storage, x.shape);
}

const signs: readonly Beast[] = [
  {
    wrong: 'log, with a sign',
    floor: 'smooth',
    primitive: smooth('log', { value: (m, x) => m.log(x), partials: (x) => [neg(reciprocal(x))], domain: positive }),
    caughtBy: 'reverseMatchesDifferences',
  },
  {
    wrong: 'square, without the factor 2',
    floor: 'smooth',
    primitive: smooth('square', { value: (m, x) => m.mul(x, x), partials: (x) => [x], domain: reals }),
    caughtBy: 'forwardMatchesDifferences',
  },
  {
    wrong: 'tanh, without the square',
    floor: 'smooth',
    primitive: smooth('tanh', { value: (m, x) => m.tanh(x), partials: (_, y) => [sub(1, y)], domain: reals }),
    caughtBy: 'reverseMatchesDifferences',
  },
  {
    wrong: 'atan2, with its partial derivatives swapped',
    floor: 'smooth',
    primitive: altered(atan2.primitive, {
      pullback: (g, line) => [...atan2.primitive.pullback(g, line)].reverse(),
    }),
    caughtBy: 'forwardMatchesReverse',
  },
  {
    wrong: 'relu, with the mask inverted',
    floor: 'piecewise',
    primitive: altered(relu.primitive, { pullback: (g, { output }) => [mul(g, convert(le(output, 0), g.dtype))] }),
    caughtBy: 'reverseMatchesDifferences',
  },
];

const shapesAndPlaces: readonly Beast[] = [
  {
    wrong: 'matmul of square matrices, with nothing transposed',
    floor: 'bilinear',
    primitive: altered(matmulPrimitive, {
      pullback: (g, { inputs: [a, b] }) => [multiplyMatrices(g, b), multiplyMatrices(a, g)],
      sample: (draw) => {
        const size = draw.integer(0, 4);
        return { inputs: [draw.tensor([size, size]), draw.tensor([size, size])], params: undefined };
      },
    }),
    caughtBy: 'reverseMatchesDifferences',
  },
  {
    wrong: 'broadcastTo, whose cotangent is not summed',
    floor: 'linear',
    primitive: altered(broadcastPrimitive, { pullback: (g) => [g] }),
    caughtBy: 'derivativesFit',
  },
  {
    wrong: 'sum, with the mean for a derivative',
    floor: 'linear',
    primitive: altered(sumPrimitive, {
      pullback: (g, { inputs: [x] }) => [mul(broadcastTo(g, x.shape), g.length / Math.max(1, x.length))],
    }),
    caughtBy: 'reverseMatchesDifferences',
  },
  {
    wrong: 'slice, whose transpose is off by one',
    floor: 'linear',
    primitive: altered(slicePrimitive, {
      pullback: (g, { inputs: [x], params: { ranges } }) => [
        embed(
          g,
          x.shape,
          ranges.map((range, d) => {
            const last = Math.max(range.start, range.start + (range.size - 1) * range.step);
            return { ...range, start: last + 1 < x.shape[d] ? range.start + 1 : range.start };
          }),
        ),
      ],
    }),
    caughtBy: 'forwardMatchesReverse',
  },
  {
    wrong: 'permute, whose transpose is the same permutation',
    floor: 'linear',
    primitive: altered(permutePrimitive, {
      pullback: (g, { params: { order } }) => [permuteDims(g, order)],
      sample: (draw) => {
        const size = draw.integer(0, 3);
        return { inputs: [draw.tensor([size, size, size])], params: { order: [1, 2, 0] } };
      },
    }),
    caughtBy: 'forwardMatchesReverse',
  },
  {
    wrong: 'cumsum, whose transpose runs the same way',
    floor: 'linear',
    primitive: altered(cumsumPrimitive, {
      pullback: (g, { params: { dim, reverse } }) => [runningSumAlong(g, dim, reverse)],
    }),
    caughtBy: 'forwardMatchesReverse',
  },
  {
    wrong: 'gather, of whose cotangents only the last counts where an index is met twice',
    floor: 'linear',
    primitive: altered(gatherPrimitive, {
      pullback: (g, { inputs: [x, index] }) => {
        const out = allocate(x.shape, g.dtype);
        [...index.toTypedArray()].forEach((place, i) => {
          out.storage[out.offset + place] = g.toTypedArray()[i];
        });
        return [out];
      },
      sample: (draw) => {
        const [size, count] = [draw.integer(1, 4), draw.integer(0, 8)];
        return { inputs: [draw.tensor([size]), draw.indices([count], size)], params: { dim: 0 } };
      },
    }),
    caughtBy: 'reverseMatchesDifferences',
  },
];

const modes: readonly Beast[] = [
  {
    wrong: 'sin, right forwards and wrong in reverse',
    floor: 'smooth',
    primitive: altered(sin.primitive, { pullback: (g, { inputs: [x] }) => [mul(g, sin(x))] }),
    caughtBy: 'reverseMatchesDifferences',
  },
  {
    wrong: 'sin, right in reverse and wrong forwards',
    floor: 'smooth',
    primitive: altered(sin.primitive, { pushforward: ([v], { inputs: [x] }) => v && mul(v, sin(x)) }),
    caughtBy: 'forwardMatchesDifferences',
  },
  {
    wrong: 'exp, right once and wrong twice: the value is not differentiated again',
    floor: 'smooth',
    primitive: altered(exp.primitive, { pullback: (g, { output }) => [mul(g, detach(output))] }),
    caughtBy: 'reverseCanBeDifferentiated',
  },
  {
    wrong: 'exp, right once and wrong twice in forward mode',
    floor: 'smooth',
    primitive: altered(exp.primitive, { pushforward: ([v], { output }) => v && mul(v, detach(output)) }),
    caughtBy: 'forwardCanBeDifferentiated',
  },
  {
    wrong: 'neg, whose cotangent is taken off the tape',
    floor: 'linear',
    primitive: altered(neg.primitive, { pullback: (g) => [neg(detach(g))] }),
    caughtBy: 'reverseCanBeDifferentiated',
  },
  {
    wrong: 'square, whose derivative is a primitive that is wrong in reverse',
    floor: 'smooth',
    primitive: altered(square.primitive, {
      pullback: (g, { inputs: [x] }) => [bind(twiceTheProduct, [g, x], undefined)],
    }),
    caughtBy: 'secondOrdersMatch',
  },
  {
    wrong: 'tanh, with another derivative where nothing is recorded',
    floor: 'smooth',
    primitive: altered(tanh.primitive, {
      pullback: (g, line) => {
        const [part] = tanh.primitive.pullback(g, line);
        return [part && (isRecording() ? part : add(part, g))];
      },
    }),
    caughtBy: 'cotangentsDependOnNothingElse',
  },
  {
    wrong: 'mul, whose one cotangent goes astray if the other is not asked for',
    floor: 'bilinear',
    primitive: altered(mul.primitive, {
      pullback: (g, { inputs: [a, b] }) => (a.node === undefined ? [undefined, mul(g, b)] : [mul(g, b), mul(g, a)]),
    }),
    caughtBy: 'cotangentsDependOnNothingElse',
  },
];

/** `2ab`, right but for the cotangents. */
const twiceTheProduct: Primitive<undefined> = {
  ...withoutFormula(mul.primitive),
  name: 'twiceTheProduct',
  evaluate: ([a, b]) => mul(mul(detach(a), detach(b)), 2),
  pullback: (g, { inputs: [a, b] }) => [mul(mul(g, b), 2), mul(g, a)],
  pushforward: ([v, w], { inputs: [a, b] }) => mul(add(v ? mul(v, b) : 0, w ? mul(a, w) : mul(a, 0)), 2),
};

const manners: readonly Beast[] = [
  {
    wrong: 'neg, reading past the strides of its input',
    floor: 'linear',
    primitive: altered(withoutFormula(neg.primitive), { evaluate: ([x]) => neg(blindToStrides(x)) }),
    caughtBy: 'layoutDoesNotMatter',
  },
  {
    wrong: 'square, whose derivative reads past the strides of its input',
    floor: 'smooth',
    primitive: altered(square.primitive, {
      pullback: (g, { inputs: [x] }) => [mul(g, mul(blindToStrides(x), 2))],
    }),
    caughtBy: 'layoutDoesNotMatter',
  },
  {
    wrong: 'abs, writing into its input',
    floor: 'piecewise',
    primitive: altered(abs.primitive, {
      evaluate: ([x]) => {
        copyInto(x, abs(detach(x)));
        return detach(x);
      },
    }),
    caughtBy: 'nothingIsWritten',
  },
  {
    wrong: 'neg, writing into the cotangent',
    floor: 'linear',
    primitive: altered(neg.primitive, {
      pullback: (g) => {
        copyInto(g, neg(detach(g)));
        return [g];
      },
    }),
    caughtBy: 'nothingIsWritten',
  },
  {
    wrong: 'exp, whose derivative writes into the value',
    floor: 'smooth',
    primitive: altered(exp.primitive, {
      pullback: (g, { output }) => {
        copyInto(output, mul(g, detach(output)));
        return [output];
      },
    }),
    caughtBy: 'nothingIsWritten',
  },
  {
    wrong: 'reshape, returning its input',
    floor: 'linear',
    primitive: altered(reshapePrimitive, {
      evaluate: ([x]) => x,
      sample: (draw) => {
        const shape = draw.shape();
        return { inputs: [draw.tensor(shape)], params: { shape } };
      },
    }),
    caughtBy: 'valueIsNew',
  },
  {
    wrong: 'convert, whose cotangent keeps the dtype of the value',
    floor: 'linear',
    primitive: altered(convertPrimitive, { pullback: (g) => [g] }),
    caughtBy: 'derivativesFit',
  },
  {
    wrong: 'less than, with a cotangent',
    floor: 'piecewise',
    primitive: altered(lt.primitive, { pullback: (g, { inputs: [a] }) => [convert(g, a.dtype), undefined] }),
    caughtBy: 'derivativesFit',
  },
  {
    wrong: 'sum, adding up in ten bits',
    floor: 'linear',
    primitive: altered(sumPrimitive, {
      evaluate: (inputs, params) => {
        const exact = sumPrimitive.evaluate(inputs, params);
        return exact.dtype === 'float32' ? tenBits([exact], ['float32'])[0] : exact;
      },
    }),
    caughtBy: 'singleAgreesWithDouble',
  },
  {
    wrong: 'cos, whose value is not that of its formula',
    floor: 'smooth',
    primitive: altered(cos.primitive, { evaluate: ([x]) => sub(1, mul(square(detach(x)), 0.5)) }),
    caughtBy: 'valueFollowsFormula',
  },
];

const tenBits = mapKernel((m, x) => [m.div(m.round(m.mul(x, m.constant(1024))), m.constant(1024))], 1, 1);

const degrees: readonly Beast[] = [
  {
    wrong: 'x + 1, declared linear',
    floor: 'linear',
    primitive: altered(withoutFormula(neg.primitive), {
      evaluate: ([x]) => add(detach(x), 1),
      pullback: (g) => [g],
      pushforward: ([v]) => v,
    }),
    caughtBy: 'isLinear',
  },
  {
    wrong: 'ab², declared bilinear',
    floor: 'bilinear',
    primitive: smooth('product', {
      value: (m, a, b) => m.mul(a, m.mul(b, b)),
      partials: (a, b) => [square(b), mul(mul(a, b), 2)],
      domain: reals,
    }) as Primitive,
    caughtBy: 'isLinearInEachInput',
  },
  {
    wrong: 'neg, whose derivative moves with its input',
    floor: 'linear',
    primitive: altered(neg.primitive, {
      pullback: (g, { inputs: [x] }) => [neg(mul(g, add(sub(x, detach(x)), 1)))],
    }),
    caughtBy: 'hasNoSecondDerivative',
  },
  {
    wrong: 'floor, with derivative 1',
    floor: 'piecewise',
    primitive: altered(floor.primitive, { pullback: (g) => [g], pushforward: ([v]) => v }),
    caughtBy: 'whatIsConstantHasNoDerivative',
  },
];

/** Wrong on purpose, one way each: a law that catches none of them is too weak. */
export const bestiary: readonly Beast[] = [...signs, ...shapesAndPlaces, ...modes, ...manners, ...degrees];
