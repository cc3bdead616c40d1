import { type Tensor, tensor, where, zerosLike } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activation } from './activations/activation.ts';
import { gelu } from './activations/gelu.ts';
import { identity } from './activations/identity.ts';
import { leakyRelu, leakyReluWith } from './activations/leaky-relu.ts';
import { relu } from './activations/relu.ts';
import { sigmoid } from './activations/sigmoid.ts';
import { shiftedSoftmax, softmax } from './activations/softmax.ts';
import { tanh } from './activations/tanh.ts';
import { backpropagate } from './backpropagate.ts';
import { allowed, errorOf } from './checks/check.ts';
import { type Draw, drawBy } from './checks/draw.ts';
import { binaryCrossEntropy, crossEntropy, type LossSublayer, meanSquaredError } from './losses.ts';
import { identityMse, type Pairing, pairedWithMse, sigmoidBce, sigmoidMse, softmaxCrossEntropy } from './pairings.ts';
import { activationSublayer, linearSublayer } from './sublayers.ts';

function property(check: (draw: Draw) => void): void {
  fc.assert(
    fc.property(fc.gen(), (choose) => check(drawBy(choose, 'float64'))),
    { numRuns: 100 },
  );
}

function expectClose(got: Tensor, want: Tensor, terms?: Tensor): void {
  expect(errorOf({ got, want, terms })).toBeLessThanOrEqual(allowed.float64);
}

interface Decomposed {
  readonly name: string;
  readonly pairing: Pairing;
  readonly loss: LossSublayer;
  readonly targets: (draw: Draw, shape: readonly number[]) => Tensor;
}

const decompositions: readonly Decomposed[] = [
  { name: 'identity and MSE', pairing: identityMse, loss: meanSquaredError, targets: (draw, s) => draw.tensor(s) },
  { name: 'sigmoid and MSE', pairing: sigmoidMse, loss: meanSquaredError, targets: (draw, s) => draw.binaryTargets(s) },
  { name: 'tanh and MSE', pairing: pairedWithMse(tanh), loss: meanSquaredError, targets: (draw, s) => draw.tensor(s) },
  {
    name: 'sigmoid and BCE',
    pairing: sigmoidBce,
    loss: binaryCrossEntropy,
    targets: (draw, s) => draw.binaryTargets(s),
  },
  {
    name: 'softmax and cross-entropy',
    pairing: softmaxCrossEntropy,
    loss: crossEntropy,
    targets: (draw, s) => draw.classTargets(s),
  },
];

describe.each(decompositions)('$name, taken apart', ({ pairing, loss, targets }) => {
  test('give the same loss and the same δ as the pairing', () => {
    property((draw) => {
      const z = draw.between(-3, 3, [draw.size(1), draw.size()]);
      const t = targets(draw, z.shape);
      const y = activationSublayer.forward(z, pairing.activation);
      expectClose(loss.forward(y, t), pairing.loss(z, t));
      const delta = activationSublayer.backward(loss.backward(y, t), z, pairing.activation);
      expectClose(delta, pairing.delta(y, t, z), y.abs().add(t.abs()));
    });
  });
});

test('a network taken apart into sublayers gives what backpropagation gives', () => {
  property((draw) => {
    const [k, h, n, m] = [draw.size(), draw.size(1), draw.size(1), draw.size(1)];
    const f = draw.among<Activation>([relu, leakyRelu, tanh, gelu, sigmoid, softmax, identity]);
    const [W1, b1] = [draw.between(-1, 1, [h, k]), draw.between(-1, 1, [h])];
    const [W2, b2] = [draw.between(-1, 1, [n, h]), draw.between(-1, 1, [n])];
    const [X, T] = [draw.between(-2, 2, [k, m]), draw.classTargets([n, m])];

    const u1 = linearSublayer.forward(W1, X, b1);
    const y1 = activationSublayer.forward(u1, f);
    const u2 = linearSublayer.forward(W2, y1, b2);
    const y2 = activationSublayer.forward(u2, softmax);
    const delta2 = activationSublayer.backward(crossEntropy.backward(y2, T), u2, softmax);
    const second = linearSublayer.backward(W2, y1, delta2);
    const first = linearSublayer.backward(W1, X, activationSublayer.backward(second.g, u1, f));

    const network = { hidden: [{ W: W1, b: b1, f }], output: { W: W2, b: b2, pairing: softmaxCrossEntropy } };
    const whole = backpropagate(network, X, T);
    const one = (x: Tensor): Tensor => x.mul(0).add(10);
    [first, second].forEach(({ dW, db }, l) => {
      expectClose(dW, whole.dW[l], one(dW));
      expectClose(db, whole.db[l], one(db));
    });
    expectClose(crossEntropy.forward(y2, T).mean(), whole.loss);
  });
});

describe('losses of saturated outputs, of exactly 0 or 1', () => {
  test('do not count the classes that are not in the target: the cross-entropy and its gradient stay finite', () => {
    property((draw) => {
      const t = draw.classTargets([draw.size(1), draw.size()]);
      const y = where(t.eq(0), 0, draw.between(0, 1, t.shape));
      const known = t.ne(0);
      const [inside, terms] = [where(known, y, 1), where(known, t, 0)];
      expectClose(crossEntropy.forward(y, t), inside.log().mul(terms).sum(0).neg());
      expectClose(crossEntropy.backward(y, t), terms.div(inside).neg());
    });
  });

  test('are 0 or infinite with the binary cross-entropy, and its gradient ±1 or infinite', () => {
    property((draw) => {
      const flags = (): Tensor =>
        tensor(
          Array.from({ length: 2 }, () => draw.integer(0, 1)),
          { dtype: 'float64' },
        );
      const [y, t] = [flags(), flags()];
      const wrong = y.ne(t);
      expectClose(binaryCrossEntropy.forward(y, t), where(wrong, Infinity, zerosLike(y)).sum(0));
      const sign = t.mul(-2).add(1);
      expectClose(binaryCrossEntropy.backward(y, t), where(wrong, sign.mul(Infinity), sign));
    });
  });
});

describe('what the document says of activations', () => {
  const zero = tensor([0], { dtype: 'float64' });

  test("σ' is at most 1/4, and there at 0; tanh' at most 1", () => {
    property((draw) => {
      const z = draw.tensor([draw.size(1)]);
      expect(sigmoid.derivative(z).amax().item()).toBeLessThanOrEqual(0.25);
      expect(tanh.derivative(z).amax().item()).toBeLessThanOrEqual(1);
    });
    expect(sigmoid.derivative(zero).item()).toBe(0.25);
  });

  test('with the squared error a saturated sigmoid passes on nearly nothing, with the cross-entropy all of the error', () => {
    const z = zero.sub(20);
    const t = zero.add(1);
    expect(Math.abs(sigmoidMse.delta(sigmoid(z), t).item())).toBeLessThan(1e-8);
    expect(sigmoidBce.delta(sigmoid(z), t).item()).toBeCloseTo(-1, 8);
  });

  test('softmax is the same for every shift', () => {
    property((draw) => {
      const u = draw.between(-3, 3, [draw.size(1), draw.size()]);
      const c = draw.between(-20, 20, [u.shape[1]]);
      expectClose(shiftedSoftmax(u, c), softmax(u));
    });
  });

  test('leaky ReLU takes no slope for which max(αz, z) is not what its derivative says', () => {
    for (const alpha of [1.01, 2, Number.NaN]) expect(() => leakyReluWith(alpha)).toThrow('at most 1');
  });

  test('leaky ReLU has the slope that it is given', () => {
    property((draw) => {
      const alpha = draw.integer(-1000, 1000) / 1000;
      const z = draw.tensor([draw.size()]);
      const entries = [...z.toTypedArray()];
      const each = (g: (entry: number) => number): Tensor => tensor(entries.map(g), { dtype: 'float64' });
      const f = leakyReluWith(alpha);
      expectClose(
        f(z),
        each((entry) => (entry > 0 ? entry : alpha * entry)),
      );
      expectClose(
        f.derivative(z),
        each((entry) => (entry > 0 ? 1 : alpha)),
      );
    });
  });
});
