import { describe, expect, test } from 'vitest';
import {
  crossEntropy,
  customGrad,
  detectAnomaly,
  fuse,
  GradtapeError,
  grad,
  maskedFill,
  softmax,
  type Tensor,
  tensor,
} from '../index.ts';

const leaf = (...entries: number[]): Tensor => tensor(entries, { requiresGrad: true });

/** What is thrown, without the calls: those lie inside this package, where none is told apart from the program's. */
function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(GradtapeError);
    const lines = (error as Error).message.split('\n');
    expect(lines.some((line) => /^ {9}called from .*:\d+:\d+\)?$/.test(line))).toBe(true);
    return lines.filter((line) => !/^ {9}( {6} |called )from /.test(line)).join('\n');
  }
  return 'no error';
}

describe('forwards', () => {
  test('0 / 0', () => {
    expect(message(() => detectAnomaly(() => leaf(0, 3).div(tensor([0, 2]))))).toMatchInlineSnapshot(`
      "detectAnomaly: div made NaN
        got:   input 0: [2] float32, from 0 to 3
               input 1: [2] float32, from 0 to 2
               result: [2] float32, all 1.5, 1 NaN
               first at [0]: div(0, 0)
        needs: finite numbers
        fix:   keep the inputs where its value is finite (clamp them, add a small number), or use a form that cannot overflow (crossEntropy of scores, logSumExp, softplus)"
    `);
  });

  test('log(-1)', () => {
    expect(
      message(() =>
        detectAnomaly(() =>
          tensor([
            [1, 2],
            [-1, 4],
          ])
            .log()
            .sum(),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "detectAnomaly: log made NaN
        got:   input 0: [2, 2] float32, from -1 to 4
               result: [2, 2] float32, from 0 to 1.3863, 1 NaN
               first at [1, 0]: log(-1)
        needs: finite numbers
        fix:   keep the inputs where its value is finite (clamp them, add a small number), or use a form that cannot overflow (crossEntropy of scores, logSumExp, softplus)"
    `);
  });

  test('exp overflows', () => {
    expect(message(() => detectAnomaly(() => tensor([1, 90]).exp()))).toMatchInlineSnapshot(`
      "detectAnomaly: exp made an infinity
        got:   input 0: [2] float32, from 1 to 90
               result: [2] float32, all 2.7183, 1 infinite
               first at [1]: exp(90)
        needs: finite numbers
        fix:   keep the inputs where its value is finite (clamp them, add a small number), or use a form that cannot overflow (crossEntropy of scores, logSumExp, softplus)"
    `);
  });

  test('a reduction overflows', () => {
    expect(message(() => detectAnomaly(() => tensor([3e38, 3e38]).sum()))).toMatchInlineSnapshot(`
      "detectAnomaly: sum made an infinity
        got:   input 0: [2] float32, all 3e+38
               result: [1] float32, no finite entry, 1 infinite
               first at [0]
        needs: finite numbers
        fix:   keep the inputs where its value is finite (clamp them, add a small number), or use a form that cannot overflow (crossEntropy of scores, logSumExp, softplus)"
    `);
  });

  test('an infinity that was there before', () => {
    expect(message(() => detectAnomaly(() => leaf(1, Infinity).mul(2)))).toMatchInlineSnapshot(`
      "detectAnomaly: mul was given an infinity as input 0
        got:   input 0: [2] float32, all 1, 1 infinite
               input 1: [2] float32, all 2
               result: [2] float32, all 2, 1 infinite
               first at [1]: mul(Infinity, 2)
        needs: finite numbers
        fix:   look where it comes from: the data, an initial value, or an update with too large a step; { infinities: false } lets through those that are meant, such as the -Infinity of a mask"
    `);
  });

  test('a NaN that was there before', () => {
    expect(message(() => detectAnomaly(() => tensor([Number.NaN]).matmul(tensor([1]))))).toMatchInlineSnapshot(`
      "detectAnomaly: reshape was given NaN as input 0
        got:   input 0: [1] float32, no finite entry, 1 NaN
               result: [1, 1] float32, no finite entry, 1 NaN
               first at [0, 0]
        needs: finite numbers
        fix:   look where it comes from: the data, an initial value, or an update with too large a step"
    `);
  });
});

describe('backwards', () => {
  test('the slope of sqrt at 0', () => {
    expect(message(() => detectAnomaly(() => leaf(4, 0).sqrt().sum().backward()))).toMatchInlineSnapshot(`
      "detectAnomaly: the derivative of sqrt made an infinity
        got:   input 0: [2] float32, from 0 to 4
               value: [2] float32, from 0 to 2
               cotangent: [2] float32, all 1
               cotangent of input 0: [2] float32, all 0.25, 1 infinite
               first at [1]: input 0 = 0, value = 0, cotangent = 1
        needs: finite numbers
        fix:   the value is finite here, the slope is not: keep the input away from this point (sqrt(x + 1e-12), clamp), before the operation and not after it"
    `);
  });

  test('a cotangent that was not finite before', () => {
    const run = () =>
      leaf(1, 2)
        .mul(3)
        .backward(tensor([1, Number.NaN]));
    expect(message(() => detectAnomaly(run))).toContain('the derivative of mul was given NaN as cotangent');
  });

  test('a sum of cotangents that overflows', () => {
    const x = leaf(1e-30);
    const sum = () => x.mul(3e38).add(x.mul(3e38)).sum();
    expect(detectAnomaly(() => sum().item())).toBeCloseTo(6e8, -3);
    expect(message(() => detectAnomaly(() => sum().backward()))).toContain('add made an infinity');
  });

  test('through a tape from before', () => {
    const y = leaf(0).sqrt().sum();
    expect(message(() => detectAnomaly(() => y.backward()))).toContain('the derivative of sqrt made an infinity');
  });

  test('the second derivative, where the first is finite', () => {
    const slope = (x: Tensor) => grad((z: Tensor) => z.pow(1.5).sum())(x).sum();
    expect(detectAnomaly(() => slope(tensor([0])).item())).toBe(0);
    expect(message(() => detectAnomaly(() => grad(slope)(tensor([0]))))).toContain('detectAnomaly: the derivative of ');
  });
});

describe('an operation is what was called', () => {
  const softplus = (backward: number) =>
    customGrad({
      name: 'naiveSoftplus',
      forward: (x) => x.exp().add(1).log().minimum(x.relu().add(1)),
      backward: (g) => [g.mul(backward)],
    });

  test('what it does inside may overflow', () => {
    expect(detectAnomaly(() => softplus(1)(tensor([100])).item())).toBe(101);
  });

  test('its derivative goes by its name', () => {
    const run = () => softplus(Infinity)(leaf(0)).sum().backward();
    expect(message(() => detectAnomaly(run))).toContain('the derivative of naiveSoftplus made an infinity');
  });

  test('what it makes for an input that nobody asked about does not count', () => {
    const product = customGrad({
      name: 'product',
      forward: (a, b) => a.mul(b),
      backward: (g, [, b]) => [g.mul(b), g.mul(Infinity)],
    });
    const x = leaf(2);
    detectAnomaly(() =>
      product(x, tensor([3]))
        .sum()
        .backward(),
    );
    expect(x.grad?.toArray()).toEqual([3]);
  });

  test('what is only tried out, to be fused, does not count', () => {
    const inverse = fuse((x) => [x.sub(1).log().reciprocal()]);
    expect(detectAnomaly(() => inverse(tensor([Math.E + 1]))[0].item())).toBeCloseTo(1);
  });
});

describe('what is not an anomaly', () => {
  test('a step of training gives what it gives without', () => {
    const labels = tensor([1, 0], { dtype: 'int32' });
    const gradient = () => {
      const scores = tensor(
        [
          [900, -900],
          [0.5, -0.5],
        ],
        { requiresGrad: true },
      );
      crossEntropy(scores, labels).backward();
      return scores.grad?.toArray();
    };
    expect(detectAnomaly(gradient)).toEqual(gradient());
  });

  test('infinities, where they are meant; NaN then still is', () => {
    const masked = (x: Tensor) => maskedFill(x, tensor([true, false, false]), -Infinity);
    const run = () => softmax(masked(tensor([1, 2, 2])), 0);
    expect(detectAnomaly(() => run().toArray(), { infinities: false })).toEqual([0, 0.5, 0.5]);
    expect(message(() => detectAnomaly(run))).toContain('where was given an infinity as input ');
    const difference = () => masked(tensor([1, 2, 2])).sub(masked(tensor([1, 2, 2])));
    expect(message(() => detectAnomaly(difference, { infinities: false }))).toContain('sub made NaN');
  });

  test('whole numbers and empty tensors', () => {
    expect(detectAnomaly(() => tensor([3, 4], { dtype: 'int32' }).sum().item())).toBe(7);
    expect(detectAnomaly(() => tensor([]).log().sum().item())).toBe(0);
  });

  test('anything, once it is over', () => {
    expect(() => detectAnomaly(() => tensor([0]).log())).toThrow(GradtapeError);
    expect(tensor([0]).log().item()).toBe(-Infinity);
  });
});

test('an asynchronous function', () => {
  expect(() => detectAnomaly(async () => 1)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: detectAnomaly: the function is asynchronous
      got:   a promise: it goes on after detectAnomaly has stopped looking
      needs: a function that returns when it is done
      fix:   put detectAnomaly around the forward and backward pass of one step, inside the asynchronous function]
  `);
});
