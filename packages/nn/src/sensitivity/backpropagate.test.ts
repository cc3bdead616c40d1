import { Generator, GradtapeError, noGrad, Parameter, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relu } from './activations/relu.ts';
import { tanh } from './activations/tanh.ts';
import { backpropagate, type Network } from './backpropagate.ts';
import { batchWeightGradient } from './batch.ts';
import { compareWithTape, type Trial } from './checks/backpropagate.ts';
import { errorOf } from './checks/check.ts';
import { pairingsOnTape } from './checks/pairings.ts';
import { denseWeightGradient } from './dense.ts';
import { nesterovStep } from './descent.ts';
import { exercise3, exercise5 } from './exercises.ts';
import { heVariance } from './initialization.ts';
import { identityMse, type Pairing, softmaxCrossEntropy } from './pairings.ts';

/** A network of the widths given, of ReLU and softmax with cross-entropy, with a batch, both drawn. */
function drawnTrial(widths: readonly number[], m: number, seed: number, dtype: 'float32' | 'float64'): Trial {
  const generator = new Generator(seed);
  const draw = (shape: readonly number[]): Tensor => randn(shape, { dtype, generator });
  const layers = widths.slice(1).map((n, l) => ({
    W: draw([n, widths[l]]).mul(Math.sqrt(heVariance(widths[l]))),
    b: draw([n]).mul(0.1),
    f: relu,
  }));
  const { W, b } = layers[layers.length - 1];
  const pairing: Pairing = softmaxCrossEntropy;
  const { loss } = pairingsOnTape.find((known) => known.pairing === pairing) as (typeof pairingsOnTape)[number];
  return {
    network: { hidden: layers.slice(0, -1), output: { W, b, pairing } },
    X: draw([widths[0], m]),
    T: draw([W.shape[0], m]).mul(10).softmax(0),
    loss,
  };
}

function largest(x: Tensor): number {
  return x.abs().amax().item();
}

describe('backpropagation', () => {
  test.each([
    ['float64', 1e-14],
    ['float32', 1e-6],
  ] as const)(
    'of the network 784-256-128-10 is what the tape finds, each tensor by its own largest entry, in %s',
    (dtype, bound) => {
      for (const { got, want } of compareWithTape(backpropagate, drawnTrial([784, 256, 128, 10], 64, 1, dtype))) {
        expect(errorOf({ got, want, terms: want.mul(0).add(largest(want)) })).toBeLessThan(bound);
      }
    },
  );

  test('of many layers, too', () => {
    const widths = [3, ...new Array<number>(30).fill(8), 4];
    for (const { got, want } of compareWithTape(backpropagate, drawnTrial(widths, 5, 2, 'float64'))) {
      expect(errorOf({ got, want, terms: want.mul(0).add(largest(want)) })).toBeLessThan(1e-14);
    }
  });

  test('of a batch is the mean of those of its samples', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat(), (m, seed) => {
        const { network, X, T } = drawnTrial([3, 4, 2], m, seed, 'float64');
        const whole = backpropagate(network, X, T);
        const each = Array.from({ length: m }, (_, i) => backpropagate(network, X.narrow(1, i, 1), T.narrow(1, i, 1)));
        [0, 1].forEach((l) => {
          const mean = each
            .reduce((sum, { dW }) => sum.add(dW[l]), zeros(whole.dW[l].shape, { dtype: 'float64' }))
            .div(m);
          expect(largest(whole.dW[l].sub(mean))).toBeLessThan(1e-13);
        });
        expect(whole.loss.item()).toBeCloseTo(each.reduce((sum, { loss }) => sum + loss.item(), 0) / m, 12);
      }),
      { numRuns: 20 },
    );
  });

  test('is what the exercises answer for their networks', () => {
    const { network, X, T } = drawnTrial([3, 5, 4], 1, 7, 'float64');
    const whole = backpropagate(network, X, T);
    const [{ W: W1, b: b1 }] = network.hidden;
    const { W: W2, b: b2 } = network.output;
    const answer = exercise3(W1, b1, W2, b2, X.squeeze(1), T.squeeze(1));
    expect(largest(answer.dW1.sub(whole.dW[0]))).toBeLessThan(1e-15);
    expect(largest(answer.dW2.sub(whole.dW[1]))).toBeLessThan(1e-15);
    expect(exercise5(W2, whole.Delta[1], whole.Z[0], X, relu).dW.toArray()).toEqual(whole.dW[0].toArray());
  });

  test('of no samples gives gradients of zeros, and a loss that is no number', () => {
    const { network, X, T } = drawnTrial([3, 4, 2], 0, 1, 'float64');
    const { dW, db, loss } = backpropagate(network, X, T);
    for (const gradient of [...dW, ...db]) expect(largest(gradient)).toBe(0);
    expect(loss.item()).toBeNaN();
  });

  test('gives the values at the time, not slots that change later', () => {
    const W = new Parameter(tensor([[2]]));
    const X = new Parameter(tensor([[3]]));
    const network: Network = { hidden: [], output: { W, b: tensor([0]), pairing: identityMse } };
    const { A } = backpropagate(network, X, tensor([[1]]));
    X.assign(tensor([[5]]));
    expect(A[0].toArray()).toEqual([[3]]);
  });
});

describe('errors', () => {
  const network: Network = {
    hidden: [
      {
        W: tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        b: tensor([0, 0, 0]),
        f: tanh,
      },
    ],
    output: { W: tensor([[1, 2, 3]]), b: tensor([0]), pairing: identityMse },
  };
  const told = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof GradtapeError) return error.message;
      throw error;
    }
    return 'nothing';
  };

  test('say which shapes met and which belong together', () => {
    expect(told(() => denseWeightGradient(tensor([1, 2]), tensor([[1], [2]])))).toMatchInlineSnapshot(`
      "denseWeightGradient: the shapes do not belong together
        got:   delta [2], a [2, 1]
        needs: delta [n], a [k]
        fix:   a column is a sample: [features, samples]; a batch of rows is transposed first, with .t()"
    `);
    expect(told(() => batchWeightGradient(tensor([[1, 2]]), tensor([[1, 2, 3]])))).toMatchInlineSnapshot(`
      "batchWeightGradient: the shapes do not belong together
        got:   Delta [1, 2], A [1, 3]
        needs: Delta [n, m], A [k, m]
        fix:   a column is a sample: [features, samples]; a batch of rows is transposed first, with .t()"
    `);
  });

  test('tell of a batch of rows', () => {
    expect(
      told(() =>
        backpropagate(
          network,
          tensor([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
          tensor([[1, 2, 3]]),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "backpropagate: the shapes do not belong together
        got:   X [3, 2], T [1, 3]
        needs: X [k, m], T [n, m]
        fix:   a column is a sample: [features, samples]; a batch of rows is transposed first, with .t()"
    `);
    expect(
      told(() =>
        backpropagate(
          network,
          tensor([
            [1, 2, 3],
            [4, 5, 6],
          ]),
          tensor([[1], [2], [3]]),
        ),
      ),
    ).toMatchInlineSnapshot(`
      "backpropagate: the shapes do not belong together
        got:   X [2, 3], T [3, 1]
        needs: X [k, m], T [n, m]
        fix:   a column is a sample: [features, samples]; a batch of rows is transposed first, with .t()"
    `);
  });

  test('of a network name the layer that does not fit, or the targets', () => {
    const X = zeros([2, 4]);
    const T = zeros([1, 4]);
    const [{ W, b }] = network.hidden;
    const hiddenOf = (layer: { W: Tensor; b: Tensor }): Network => ({ ...network, hidden: [{ ...layer, f: tanh }] });
    expect(told(() => backpropagate(hiddenOf({ W: W.t(), b }), X, T))).toMatchInlineSnapshot(`
      "backpropagate: layer 1 does not fit onto the input
        got:   W [2, 3], b [3], after X [2, 4]
        needs: W [n, 2], b [n]
        fix:   W is [outputs, inputs], b [outputs]; in X a column is a sample: a batch of rows is transposed first, with .t()"
    `);
    expect(told(() => backpropagate(hiddenOf({ W, b: b.unsqueeze(1) }), X, T))).toMatchInlineSnapshot(`
      "backpropagate: layer 1 does not fit onto the input
        got:   W [3, 2], b [3, 1], after X [2, 4]
        needs: W [n, 2], b [n]
        fix:   W is [outputs, inputs], b [outputs]; in X a column is a sample: a batch of rows is transposed first, with .t()"
    `);
    const output = { ...network.output, W: zeros([1, 5]) };
    expect(told(() => backpropagate({ ...network, output }, X, T))).toMatchInlineSnapshot(`
      "backpropagate: layer 2 does not fit onto layer 1
        got:   W [1, 5], b [1], after W [3, 2]
        needs: W [n, 3], b [n]
        fix:   W is [outputs, inputs], b [outputs]; in X a column is a sample: a batch of rows is transposed first, with .t()"
    `);
    expect(told(() => backpropagate(network, X, zeros([2, 4])))).toMatchInlineSnapshot(`
      "backpropagate: the targets are not as many as the outputs
        got:   T [2, 4], for the output of W [1, 3]
        needs: T [1, 4]
        fix:   in T a column holds the targets of a sample, one for each output: for classes, 1 for the right one and 0 for the others"
    `);
  });

  test('are thrown where something would broadcast unnoticed', () => {
    expect(
      told(() =>
        softmaxCrossEntropy.delta(
          tensor([
            [1, 2],
            [3, 4],
          ]),
          tensor([1, 0]),
        ),
      ),
    ).toContain('do not belong');
    expect(told(() => relu.backward(tensor([1]), tensor([1, 2])))).toContain('do not belong');
  });
});

test("Nesterov's step takes the gradient however it is computed, though it records nothing itself", () => {
  const ofTape = (theta: Tensor): Tensor => {
    const point = new Parameter(theta);
    point.square().sum().backward();
    return point.grad as Tensor;
  };
  const step = (): unknown => nesterovStep(tensor([1]), tensor([2]), ofTape, { gamma: 0.5, alpha: 0.25 }).v.toArray();
  expect(step()).toEqual([0]);
  expect(noGrad(step)).toEqual([0]);
});
