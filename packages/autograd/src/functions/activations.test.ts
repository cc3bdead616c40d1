import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  celu,
  elu,
  fromArray,
  Generator,
  gelu,
  glu,
  grad,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  heaviside,
  leakyRelu,
  logsigmoid,
  mish,
  ones,
  prelu,
  relu,
  relu6,
  rrelu,
  selu,
  sigmoid,
  silu,
  softplus,
  softshrink,
  softsign,
  type Tensor,
  tanhshrink,
  tensor,
  threshold,
  zeros,
} from '../index.ts';
import type { Domain } from '../tape/primitive.ts';
import { evenly } from '../verify/evenly.ts';
import { hold } from '../verify/expect-laws.ts';
import { asPrimitive, lawsOfFunctions } from '../verify/function-primitive.ts';

/** Marsaglia, "Evaluating the normal distribution" (2004): the density times x + x³/3 + x⁵/(3·5) + …, and one half. */
function normalCumulative(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

const bounded = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

interface Activation {
  readonly f: (x: Tensor) => Tensor;
  /** Its definition, for one number. */
  readonly definition: (x: number) => number;
  readonly kinks?: readonly number[];
  /** Value and derivative at kinks, infinities and NaN, as PyTorch has them. */
  readonly specials: readonly (readonly [x: number, value: number, derivative: number])[];
}

const table: Readonly<Record<string, Activation>> = {
  threshold: {
    f: (x) => threshold(x, 0.5, -2),
    definition: (x) => (x > 0.5 ? x : -2),
    kinks: [0.5],
    specials: [
      [0.5, -2, 0],
      [Infinity, Infinity, 1],
      [-Infinity, -2, 0],
      [NaN, NaN, 1],
    ],
  },
  rrelu: {
    f: (x) => rrelu(x, { lower: 0.25, upper: 0.75 }),
    definition: (x) => (x > 0 ? x : x / 2),
    kinks: [0],
    specials: [
      [0, 0, 0.5],
      [Infinity, Infinity, 1],
      [-Infinity, -Infinity, 0.5],
    ],
  },
  sigmoid: {
    f: sigmoid,
    definition: (x) => 1 / (1 + Math.exp(-x)),
    specials: [
      [0, 0.5, 0.25],
      [Infinity, 1, 0],
      [-Infinity, 0, 0],
      [NaN, NaN, NaN],
    ],
  },
  relu: {
    f: relu,
    definition: (x) => Math.max(x, 0),
    kinks: [0],
    specials: [
      [0, 0, 0],
      [-Infinity, 0, 0],
      [Infinity, Infinity, 1],
    ],
  },
  relu6: {
    f: relu6,
    definition: (x) => bounded(x, 0, 6),
    kinks: [0, 6],
    specials: [
      [0, 0, 0],
      [6, 6, 0],
      [Infinity, 6, 0],
      [-Infinity, 0, 0],
      [NaN, NaN, 1],
    ],
  },
  leakyRelu: {
    f: (x) => leakyRelu(x),
    definition: (x) => (x > 0 ? x : 0.01 * x),
    kinks: [0],
    specials: [
      [0, 0, 0.01],
      [Infinity, Infinity, 1],
      [-Infinity, -Infinity, 0.01],
      [NaN, NaN, 0.01],
    ],
  },
  'leakyRelu 0.2': { f: (x) => leakyRelu(x, 0.2), definition: (x) => (x > 0 ? x : 0.2 * x), kinks: [0], specials: [] },
  elu: {
    f: (x) => elu(x),
    definition: (x) => (x > 0 ? x : Math.exp(x) - 1),
    kinks: [0],
    specials: [
      [0, 0, 1],
      [Infinity, Infinity, 1],
      [-Infinity, -1, 0],
      [NaN, NaN, 1],
      [1000, 1000, 1],
    ],
  },
  'elu 0.7': {
    f: (x) => elu(x, { alpha: 0.7 }),
    definition: (x) => (x > 0 ? x : 0.7 * (Math.exp(x) - 1)),
    kinks: [0],
    specials: [[0, 0, 0.7]],
  },
  selu: {
    f: selu,
    definition: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
    kinks: [0],
    specials: [
      [0, 0, 1.0507009873554805 * 1.6732632423543772],
      [Infinity, Infinity, 1.0507009873554805],
    ],
  },
  celu: {
    f: (x) => celu(x),
    definition: (x) => (x > 0 ? x : Math.exp(x) - 1),
    kinks: [0],
    specials: [
      [0, 0, 1],
      [Infinity, Infinity, 1],
      [-Infinity, -1, 0],
      [1000, 1000, 1],
    ],
  },
  'celu 0.5': {
    f: (x) => celu(x, 0.5),
    definition: (x) => (x > 0 ? x : 0.5 * (Math.exp(2 * x) - 1)),
    kinks: [0],
    specials: [],
  },
  gelu: {
    f: (x) => gelu(x),
    definition: (x) => x * normalCumulative(x),
    specials: [
      [0, 0, 0.5],
      [Infinity, Infinity, NaN],
      [-Infinity, NaN, NaN],
    ],
  },
  'gelu tanh': {
    f: (x) => gelu(x, { approximate: 'tanh' }),
    definition: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    specials: [
      [0, 0, 0.5],
      [Infinity, Infinity, NaN],
      [-Infinity, NaN, NaN],
    ],
  },
  silu: { f: silu, definition: (x) => x / (1 + Math.exp(-x)), specials: [[Infinity, Infinity, NaN]] },
  mish: {
    f: mish,
    definition: (x) => x * Math.tanh(Math.log(1 + Math.exp(x))),
    specials: [[-Infinity, NaN, NaN]],
  },
  logsigmoid: {
    f: logsigmoid,
    definition: (x) => -Math.log(1 + Math.exp(-x)),
    specials: [
      [-1000, -1000, 1],
      [Infinity, 0, 0],
      [-Infinity, -Infinity, 1],
      [NaN, NaN, NaN],
    ],
  },
  softplus: {
    f: (x) => softplus(x),
    definition: (x) => Math.log(1 + Math.exp(x)),
    specials: [
      [1000, 1000, 1],
      [20.001, 20.001, 1],
      [Infinity, Infinity, 1],
      [-Infinity, 0, 0],
      [NaN, NaN, NaN],
    ],
  },
  'softplus 2, 5': {
    f: (x) => softplus(x, { beta: 2, threshold: 5 }),
    definition: (x) => (2 * x > 5 ? x : Math.log(1 + Math.exp(2 * x)) / 2),
    kinks: [2.5],
    specials: [[2.5, Math.log(1 + Math.exp(5)) / 2, 1 / (1 + Math.exp(-5))]],
  },
  softsign: {
    f: softsign,
    definition: (x) => x / (1 + Math.abs(x)),
    kinks: [0],
    specials: [
      [0, 0, 1],
      [Infinity, NaN, NaN],
    ],
  },
  tanhshrink: {
    f: tanhshrink,
    definition: (x) => x - Math.tanh(x),
    specials: [
      [Infinity, Infinity, 1],
      [NaN, NaN, NaN],
    ],
  },
  softshrink: {
    f: (x) => softshrink(x),
    definition: (x) => (x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0),
    kinks: [-0.5, 0.5],
    specials: [
      [0.5, 0, 0],
      [-0.5, 0, 0],
      [Infinity, Infinity, 1],
      [NaN, NaN, 1],
    ],
  },
  hardshrink: {
    f: (x) => hardshrink(x, { lambd: 1 }),
    definition: (x) => (Math.abs(x) > 1 ? x : 0),
    kinks: [-1, 1],
    specials: [
      [1, 0, 0],
      [-1, 0, 0],
      [-Infinity, -Infinity, 1],
      [NaN, NaN, 1],
    ],
  },
  hardtanh: {
    f: (x) => hardtanh(x, { minVal: -2, maxVal: 0.5 }),
    definition: (x) => bounded(x, -2, 0.5),
    kinks: [-2, 0.5],
    specials: [
      [-2, -2, 0],
      [0.5, 0.5, 0],
      [Infinity, 0.5, 0],
      [-Infinity, -2, 0],
      [NaN, NaN, 1],
    ],
  },
  hardswish: {
    f: hardswish,
    definition: (x) => (x * bounded(x + 3, 0, 6)) / 6,
    kinks: [-3, 3],
    specials: [
      [-3, 0, 0],
      [3, 3, 1],
      [Infinity, Infinity, 1],
      [-Infinity, NaN, 0],
      [NaN, NaN, 1],
    ],
  },
  hardsigmoid: {
    f: hardsigmoid,
    definition: (x) => bounded(x + 3, 0, 6) / 6,
    kinks: [-3, 3],
    specials: [
      [-3, 0, 0],
      [3, 1, 0],
      [Infinity, 1, 0],
      [-Infinity, 0, 0],
      [NaN, NaN, 0],
    ],
  },
  heaviside: {
    f: (x) => heaviside(x),
    definition: (x) => (x >= 0 ? 1 : 0),
    kinks: [0],
    specials: [
      [0, 1, 0],
      [-0, 1, 0],
      [Infinity, 1, 0],
      [NaN, 0, 0],
    ],
  },
};

const cases = Object.entries(table);
/** Their derivatives are PyTorch's, with a constant rounded to float32. */
const rounded = ['celu', 'celu 0.5', 'hardsigmoid'];

/** A finite number up to rounding, any other exactly. */
function near(x: number): unknown {
  return Number.isFinite(x) ? expect.closeTo(x, 12) : x;
}

function float64(entries: readonly number[]): Tensor {
  return tensor(entries, { dtype: 'float64' });
}

describe.each(cases)('%s', (name, { f, definition, kinks, specials }) => {
  test('follows its definition', () => {
    fc.assert(
      fc.property(fc.oneof(evenly(-8, 8), evenly(-30, 30)), (x) => {
        const expected = definition(x);
        // The definitions lose digits by cancellation, gradtape does not.
        expect(Math.abs(f(float64([x])).toTypedArray()[0] - expected)).toBeLessThanOrEqual(
          2e-9 * Math.abs(expected) + 1e-11,
        );
      }),
    );
  });

  test.each(specials)('at %d is %d with derivative %d', (x, value, derivative) => {
    const at = float64([x]);
    expect(f(at).toArray()).toEqual([near(value)]);
    expect(grad((y: Tensor) => f(y).sum())(at).toArray()).toEqual([near(derivative)]);
  });

  test('in float32 is the float64 result rounded once', () => {
    fc.assert(
      fc.property(fc.array(evenly(-50, 50)), (entries) => {
        const numbers = Float32Array.from(entries);
        const single = f(fromArray(numbers, [numbers.length]));
        const double = f(fromArray(Float64Array.from(numbers), [numbers.length]));
        expect(single.dtype).toBe('float32');
        // A parameter such as 0.01 is a float32 beside float32 tensors: one more rounding of it.
        [...double.toTypedArray()].forEach((expected, i) => {
          const got = single.toTypedArray()[i];
          expect(Math.abs(got - expected)).toBeLessThanOrEqual(2.5 * 2 ** -24 * Math.abs(expected) + 2 ** -50);
        });
      }),
    );
  });

  const domain: Domain = { low: -7, high: 7, ...(kinks && { kinks }) };
  const held = rounded.includes(name) ? [] : lawsOfFunctions;
  test.each(held)('%s', (_, law) => {
    hold(
      law,
      asPrimitive(name, f, (draw) => [draw.tensor(draw.shape(), domain)]),
      { runs: 20 },
    );
  });

  test('keeps shapes, also without entries or dims, and takes whole numbers', () => {
    expect(f(zeros([0, 3])).shape).toEqual([0, 3]);
    expect(f(tensor(0.5)).shape).toEqual([]);
    expect(f(tensor([1, -1], { dtype: 'int32' })).toArray()).toEqual(
      [1, -1].map((x) => expect.closeTo(definition(x), 6)),
    );
  });
});

test.each([
  ['celu', (x: Tensor): Tensor => celu(x), (x: number) => (x > 0 ? 1 : Math.exp(x))],
  ['celu 0.7', (x: Tensor): Tensor => celu(x, 0.7), (x: number) => (x > 0 ? 1 : Math.exp(x / 0.7))],
  ['hardsigmoid', hardsigmoid, (x: number) => (Math.abs(x) < 3 ? 1 / 6 : 0)],
])('%s has its derivative up to the rounding of a constant to float32', (_, f, derivative) => {
  const points = [-4, -2.5, -1, -0.1, 0.1, 2, 3.5];
  const got = grad((x: Tensor) => f(x).sum())(float64(points)).toTypedArray();
  points.forEach((x, i) => {
    expect(Math.abs(got[i] - derivative(x))).toBeLessThanOrEqual(1e-6 * derivative(x));
  });
});

describe('prelu', () => {
  const ofWeight = (shape: (channels: number) => readonly number[]) =>
    asPrimitive('prelu', prelu, (draw) => {
      const [n, channels] = [draw.integer(0, 3), draw.integer(1, 3)];
      const kink: Domain = { low: -3, high: 3, kinks: [0] };
      return [draw.tensor([n, channels, 2], kink), draw.tensor(shape(channels))];
    });
  test.each(lawsOfFunctions)('%s, a slope for each channel', (_, law) => {
    hold(
      law,
      ofWeight((channels) => [channels]),
      { runs: 20 },
    );
  });
  test.each(lawsOfFunctions)('%s, one slope', (_, law) => {
    hold(
      law,
      ofWeight(() => [1]),
      { runs: 20 },
    );
  });

  test('channels are dim 1', () => {
    const x = tensor([
      [-1, -1],
      [2, -4],
    ]);
    expect(prelu(x, tensor([0.5, 0.25])).toArray()).toEqual([
      [-0.5, -0.25],
      [2, -1],
    ]);
    expect(prelu(tensor([-2, 2]), tensor([0.5])).toArray()).toEqual([-1, 2]);
    expect(prelu(tensor(-2), tensor([0.5])).shape).toEqual([]);
  });

  test('an infinite entry gives the slope no derivative', () => {
    const slope = grad((w: Tensor) => prelu(tensor([Infinity, 3]), w).sum())(tensor([0.5]));
    expect(slope.toArray()).toEqual([0]);
  });

  test('a weight that fits no channel', () => {
    expect(() => prelu(zeros([2, 3]), tensor([1, 2]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: prelu: the weight does not fit the channels
        got:   weight [2] for input [2, 3]
        needs: a weight of one entry, or [3]: one for each channel
        fix:   the channels are dim 1 of the input; make the weight as long as it is]
    `);
    expect(() => prelu(zeros([3]), tensor([1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: prelu: the weight does not fit the channels
        got:   weight [3] for input [3]
        needs: a weight of one entry
        fix:   the channels are dim 1 of the input; make the weight as long as it is]
    `);
  });
});

describe('glu', () => {
  test.each(lawsOfFunctions)('%s', (_, law) => {
    const sample = asPrimitive(
      'glu',
      (x) => glu(x, 1),
      (draw) => [draw.tensor([draw.integer(0, 3), 2 * draw.integer(0, 3), 2])],
    );
    hold(law, sample, { runs: 20 });
  });

  test('the first half times the sigmoid of the second', () => {
    const x = float64([3, -2, 0, Math.log(3)]);
    expect(glu(x).toArray()).toEqual([1.5, expect.closeTo(-1.5, 12)]);
    expect(glu(zeros([4, 3]), 0).shape).toEqual([2, 3]);
    expect(glu(zeros([0, 2])).shape).toEqual([0, 1]);
  });

  test('an odd size', () => {
    expect(() => glu(zeros([2, 3]))).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: glu: the dim cannot be halved
        got:   size 3 of dim -1
        needs: an even size
        fix:   let the layer before it give twice the outputs: one half passes, the other opens the gate]
    `);
    expect(() => glu(tensor(1), 0)).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: glu: the dim cannot be halved
        got:   a tensor without dims
        needs: an even size
        fix:   let the layer before it give twice the outputs: one half passes, the other opens the gate]
    `);
  });
});

test('heaviside takes its value at zero from the second argument', () => {
  expect(heaviside(tensor([-1, 0, -0, 2]), 0.5).toArray()).toEqual([0, 0.5, 0.5, 1]);
  expect(heaviside(tensor([0, 0]), tensor([3, -1])).toArray()).toEqual([3, -1]);
});

test('one number may stand by itself', () => {
  const x = tensor([-2, -0.3, 0.7]);
  expect(leakyRelu(x, 0.2).toArray()).toEqual(leakyRelu(x, { negativeSlope: 0.2 }).toArray());
  expect(elu(x, 0.2).toArray()).toEqual(elu(x, { alpha: 0.2 }).toArray());
  expect(celu(x, 0.2).toArray()).toEqual(celu(x, { alpha: 0.2 }).toArray());
  expect(softshrink(x, 0.2).toArray()).toEqual(softshrink(x, { lambd: 0.2 }).toArray());
  expect(hardshrink(x, 0.2).toArray()).toEqual(hardshrink(x, { lambd: 0.2 }).toArray());
});

test('parameters that make no sense', () => {
  const x = tensor([1]);
  expect(() => gelu(x, { approximate: 'erf' as 'tanh' })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: gelu: no such approximation
      got:   approximate 'erf'
      needs: 'none' or 'tanh'
      fix:   leave it out for the exact function, or pass { approximate: 'tanh' }]
  `);
  expect(() => celu(x, 0)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: celu: division by alpha
      got:   alpha 0
      needs: a number that is not 0
      fix:   use relu]
  `);
  expect(() => softshrink(x, -1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: softshrink: not a distance
      got:   lambd -1
      needs: 0 or more
      fix:   leave out the sign]
  `);
  expect(() => hardtanh(x, { minVal: 1, maxVal: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: hardtanh: the bounds are in the wrong order
      got:   minVal 1 and maxVal 0
      needs: minVal at most maxVal
      fix:   swap them]
  `);
});

test('rrelu draws a slope for each entry while training, and derivatives are those slopes', () => {
  const n = 20_000;
  const draw = (x: Tensor): Tensor => rrelu(x, { lower: 0.1, upper: 0.4, training: true, generator: new Generator(2) });
  const slopes = draw(ones([n]).neg()).neg();
  expect(slopes.amin().item()).toBeGreaterThanOrEqual(0.1);
  expect(slopes.amax().item()).toBeLessThanOrEqual(0.4);
  expect(Math.abs(slopes.mean().item() - 0.25)).toBeLessThan((5 * 0.3) / Math.sqrt(12 * n));
  expect(grad((x: Tensor) => draw(x).sum())(ones([n]).neg()).toArray()).toEqual(slopes.toArray());
  expect(draw(ones([3])).toArray()).toEqual([1, 1, 1]);
  expect(draw(tensor([-1], { dtype: 'float64' })).dtype).toBe('float64');
});

test('rrelu refuses bounds that are none', () => {
  expect(() => rrelu(ones([2]), { lower: 1, upper: 0.5 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rrelu: no such range of slopes
      got:   lower 1, upper 0.5
      needs: finite numbers, lower at most upper
      fix:   swap them; for one slope use leakyRelu]
  `);
  expect(() => rrelu(ones([2]), { upper: Infinity })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: rrelu: no such range of slopes
      got:   lower 0.125, upper Infinity
      needs: finite numbers, lower at most upper
      fix:   swap them; for one slope use leakyRelu]
  `);
});
