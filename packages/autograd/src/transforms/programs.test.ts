import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grad, hessian, hvp, jacobian, jvp, Parameter, type Tensor, valueAndGrad, vjp } from '../index.ts';
import { innerProduct, numbersOf } from '../verify/compare.ts';
import { differencesAlong } from '../verify/differences.ts';
import { drawBy } from '../verify/draw-samples.ts';

// Derivatives of whole programs, drawn: what holds for primitives must hold for what is put together of them.

/** One step of a program: from two tensors of shape [2, 3] to another. All keep numbers small, and smooth. */
type Step = (a: Tensor, b: Tensor) => Tensor;

const steps: Readonly<Record<string, Step>> = {
  sum: (a, b) => a.add(b).mul(0.5),
  product: (a, b) => a.mul(b).tanh(),
  quotient: (a, b) => a.div(b.square().add(2)),
  sine: (a) => a.mul(1.3).sin(),
  sigmoid: (a, b) => a.sub(b).sigmoid(),
  matmul: (a, b) => a.matmul(b.t()).matmul(a).tanh(),
  centred: (a) => a.sub(a.mean(1, { keepDim: true })),
  softmax: (a, b) =>
    a
      .sub(b)
      .exp()
      .div(a.sub(b).exp().sum(0, { keepDim: true })),
  turned: (a, b) => a.flip(1).mul(b.cumsum(0).tanh()),
  regrouped: (a, b) => a.reshape([3, 2]).t().add(b.select(0, 1)).sin(),
};

/** A program takes its operands among its two inputs and the results of earlier steps, and ends with the last one. */
interface Program {
  readonly lines: readonly (readonly [step: string, first: number, second: number])[];
}

const programs: fc.Arbitrary<Program> = fc.record({
  lines: fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(), fc.nat()), { minLength: 1, maxLength: 7 }),
});

function run({ lines }: Program, ...inputs: readonly Tensor[]): Tensor {
  const results = [...inputs];
  for (const [step, first, second] of lines) {
    results.push(steps[step](results[first % results.length], results[second % results.length]));
  }
  return results[results.length - 1];
}

interface Drawn {
  readonly f: (x: Tensor, y: Tensor) => Tensor;
  readonly inputs: [Tensor, Tensor];
  readonly directions: [Tensor, Tensor];
  /** A cotangent for the result. */
  readonly weights: Tensor;
}

function forAllPrograms(check: (drawn: Drawn) => void, runs = 60): void {
  fc.assert(
    fc.property(programs, fc.gen(), (program, choose) => {
      const draw = drawBy(choose, { dtype: 'float64' });
      const unit = (): Tensor => draw.tensor([2, 3], { low: -1, high: 1 });
      const f = (x: Tensor, y: Tensor): Tensor => run(program, x, y);
      check({ f, inputs: [unit(), unit()], directions: [unit(), unit()], weights: unit() });
    }),
    { numRuns: runs },
  );
}

const flat = (tensors: readonly Tensor[]): readonly number[] => tensors.flatMap(numbersOf);
const inner = (a: readonly Tensor[], b: readonly Tensor[]): number => innerProduct(flat(a), flat(b)).value;

function expectClose(got: readonly number[], expected: readonly number[], tolerance: number): void {
  const size = 1 + Math.max(0, ...expected.map(Math.abs));
  const worst = Math.max(0, ...got.map((value, i) => Math.abs(value - expected[i])));
  expect(got).toHaveLength(expected.length);
  expect(worst).toBeLessThanOrEqual(tolerance * size);
}

describe('of every program', () => {
  test('the gradient agrees with differences, and is what backward collects', () => {
    forAllPrograms(({ f, inputs, directions, weights }) => {
      const loss = (x: Tensor, y: Tensor): Tensor => f(x, y).mul(weights).sum();
      const [value, gradients] = valueAndGrad(loss)(...inputs);
      const { values } = differencesAlong((x, y) => [loss(x, y)], inputs, directions);
      expectClose([inner(gradients, directions)], values, 1e-8);

      const [x, y] = inputs.map((input) => new Parameter(input));
      const output = loss(x, y);
      output.backward();
      expect(output.item()).toBe(value.item());
      [x, y].forEach((parameter, i) => {
        expectClose(numbersOf(parameter.grad ?? gradients[i].mul(0)), numbersOf(gradients[i]), 1e-12);
      });
    });
  });

  test('forward mode is the transpose of reverse mode', () => {
    forAllPrograms(({ f, inputs, directions, weights }) => {
      const [, pull] = vjp(f, ...inputs);
      const [, tangent] = jvp(f, inputs, directions);
      expectClose([inner([weights], [tangent])], [inner(pull(weights), directions)], 1e-12);
    });
  });

  test('the Jacobian holds both: its rows are pullbacks, its columns tangents', () => {
    forAllPrograms(({ f, inputs, directions, weights }) => {
      const blocks = jacobian(f)(...inputs);
      const [value, pull] = vjp(f, ...inputs);
      const [, tangent] = jvp(f, inputs, directions);
      blocks.forEach((block) => {
        expect(block.shape).toEqual([...value.shape, 2, 3]);
      });
      const square = blocks.map((block) => block.reshape([6, 6]));
      const pushed = square.map((block, i) => block.matmul(directions[i].reshape([6, 1])));
      expectClose(numbersOf(pushed[0].add(pushed[1])), numbersOf(tangent), 1e-12);
      const pulled = square.map((block) => weights.reshape([1, 6]).matmul(block));
      expectClose(flat(pulled), flat(pull(weights)), 1e-12);
    }, 30);
  });

  test('the Hessian is symmetric, agrees with its products, and those with differences of the gradient', () => {
    forAllPrograms(({ f, inputs, directions, weights }) => {
      const loss = (x: Tensor, y: Tensor): Tensor => f(x, y).mul(weights).sum();
      const blocks = hessian(loss)(...inputs).map((row) => row.map((block) => block.reshape([6, 6])));
      blocks.forEach((row, i) => {
        row.forEach((block, j) => {
          expectClose(numbersOf(block), numbersOf(blocks[j][i].t()), 1e-11);
        });
      });
      const products = hvp(loss, inputs, directions);
      const byBlocks = blocks.map((row) =>
        row.map((block, j) => block.matmul(directions[j].reshape([6, 1]))).reduce((sum, term) => sum.add(term)),
      );
      expectClose(flat(products), flat(byBlocks), 1e-11);
      const { values } = differencesAlong((x, y) => grad(loss)(x, y), inputs, directions);
      expectClose(flat(products), values, 1e-7);
    }, 30);
  });

  test('the third derivative along a direction is the same in every mix of modes', () => {
    forAllPrograms(({ f, inputs: [x, y], directions: [v], weights }) => {
      const loss = (z: Tensor): Tensor => f(z, y).mul(weights).sum();
      const modes = [
        (g: (z: Tensor) => Tensor) => (z: Tensor) => grad(g)(z).mul(v).sum(),
        (g: (z: Tensor) => Tensor) => (z: Tensor) => jvp(g, [z], [v])[1],
      ];
      const mixes = modes.flatMap((a) => modes.flatMap((b) => modes.map((c) => c(b(a(loss)))(x).item())));
      for (const mix of mixes) expectClose([mix], [mixes[0]], 1e-10);
    }, 25);
  });
});

test('Jacobians of nothing, and by nothing, are empty', () => {
  forAllPrograms(({ inputs: [x] }) => {
    const none = (z: Tensor): Tensor => z.narrow(1, 0, 0);
    expect(jacobian(none)(x).shape).toEqual([2, 0, 2, 3]);
    expect(jacobian((z: Tensor) => z.sum(1))(x.narrow(1, 0, 0)).shape).toEqual([2, 2, 0]);
  }, 3);
});
