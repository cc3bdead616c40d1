// Rules that are wrong: the checks must notice each of them.
import * as autograd from '@gradtape/autograd';
import { Tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowed, type Check, trials } from './checks/check.ts';
import { checks } from './checks/index.ts';
import * as rules from './every.ts';
import type { AnyRule, Rule } from './rule.ts';
import { readSignature } from './signature.ts';

const all = Object.values(checks).flat();

/** Whether a broken rule is caught in the place of the right one. */
function isCaught(check: Check, broken: (...args: never[]) => unknown, numRuns = 200): boolean {
  const judge = (error: number): void => {
    if (!(error <= allowed.float64)) throw new Error('caught');
  };
  return fc.check(trials(check, 'float64', judge, broken as AnyRule), { numRuns, endOnFailure: true }).failed;
}

/** Applies a change to every tensor and every number of a rule's result. */
function changed(value: unknown, change: (x: Tensor) => Tensor): unknown {
  if (typeof value === 'number') return change(autograd.tensor(value, { dtype: 'float64' })).item();
  if (value instanceof Tensor) return change(value);
  if (Array.isArray(value)) return value.map((part) => changed(part, change));
  return Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, changed(part, change)]));
}

const slips: readonly (readonly [string, (x: Tensor) => Tensor])[] = [
  ['doubled', (x) => x.mul(2)],
  ['with the wrong sign', (x) => x.neg()],
  ['off by a millionth', (x) => x.mul(1 + 1e-6)],
  ['shifted by a millionth', (x) => x.add(1e-6)],
  ['in the wrong precision', (x) => x.to('float32')],
];

describe.each(slips)('every rule that is %s is caught', (slip, change) => {
  // What is zero everywhere has no sign and no factor.
  const alike = (name: string): boolean =>
    name === 'heaviside.derivative' && ['doubled', 'with the wrong sign', 'off by a millionth'].includes(slip);
  // A plain number has no precision.
  const numbers = (check: Check): boolean => check.dtypes.length === 1 && slip === 'in the wrong precision';
  const cases = all.filter((check) => !alike(check.rule.name) && !numbers(check));

  test.each(cases.map((check) => [check.rule.name, check] as const))('%s', (_, check) => {
    const call = check.rule as unknown as (...args: unknown[]) => unknown;
    expect(isCaught(check, (...args: unknown[]) => changed(call(...args), change))).toBe(true);
  });
});

describe('each output of a rule that has several is held to it', () => {
  const outputs = all.flatMap((check) => {
    const { gives } = readSignature(check.rule.shapes);
    return gives.length < 2 ? [] : gives.map(({ name }) => [check.rule.name, name, check] as const);
  });
  // Of a list, of one tensor for each layer, the first or the last.
  const entries = [
    ['whole', () => true],
    ['first', (i: number) => i === 0],
    ['last', (i: number, length: number) => i === length - 1],
  ] as const;

  test.each(outputs)('%s: %s', (_rule, output, check) => {
    const call = check.rule as unknown as (...args: unknown[]) => Record<string, unknown>;
    for (const [said, isMeant] of entries) {
      const broken = (...args: unknown[]): unknown => {
        const right = call(...args);
        const value = right[output];
        const slipped = Array.isArray(value)
          ? value.map((part, i) => (isMeant(i, value.length) ? changed(part, slip) : part))
          : changed(value, slip);
        return { ...right, [output]: slipped };
      };
      expect(isCaught(check, broken), said).toBe(true);
    }
  });

  function slip(x: Tensor): Tensor {
    return x.add(1e-6);
  }
});

/** A rule with a mistake that people make. */
interface Mistake {
  readonly said: string;
  readonly rule: AnyRule;
  readonly broken: (...args: never[]) => unknown;
}

function mistake<Arguments extends readonly unknown[], Result>(
  said: string,
  rule: Rule<Arguments, Result>,
  broken: (...args: Arguments) => Result,
): Mistake {
  return { said, rule, broken: broken as Mistake['broken'] };
}

/** Entries in reading order of the transpose, under the shape of the original: what a missing `.t()` leaves. */
function unturned(x: Tensor): Tensor {
  return x.t().reshape(x.shape);
}

const { relu, leakyRelu, sigmoid, tanh, gelu, softmax, heaviside } = rules;

const mistakes: readonly Mistake[] = [
  mistake('outputs and inputs swapped', rules.denseWeightGradient, (delta, a) => unturned(autograd.outer(delta, a))),
  mistake('W in the place of its transpose', rules.denseInputGradient, (W, delta) => unturned(W).t().matmul(delta)),
  mistake('no bias', rules.dense, (W, a) => W.matmul(a)),
  mistake("no f'", rules.hiddenSensitivity, (W, delta) => W.t().matmul(delta)),
  mistake("f in the place of f'", rules.hiddenSensitivity, (W, delta, z, f) => W.t().matmul(delta).mul(f(z))),
  mistake("no f'", rules.activationSensitivity, (g) => g),
  mistake('no 1/m', rules.batchWeightGradient, (Delta, A) => Delta.matmul(A.t())),
  mistake('1/n in the place of 1/m', rules.batchWeightGradient, (Delta, A) =>
    Delta.matmul(A.t()).div(Math.max(1, Delta.shape[0])),
  ),
  mistake('no 1/m', rules.batchBiasGradient, (Delta) => Delta.sum(1)),
  mistake('the first sample alone', rules.batchBiasGradient, (Delta) =>
    Delta.shape[1] === 0 ? Delta.sum(1) : Delta.select(1, 0),
  ),
  mistake('1/m for the sum', rules.summedBiasGradient, rules.batchBiasGradient),
  mistake('1 at zero', relu.derivative, (z) => z.ge(0).to(z.dtype)),
  mistake('1 at zero', leakyRelu.derivative, (z) => z.ge(0).to(z.dtype).mul(0.99).add(0.01)),
  mistake('slopes swapped', leakyRelu.derivative, (z) => z.le(0).to(z.dtype).mul(0.99).add(0.01)),
  mistake('0 at zero', heaviside, (z) => z.gt(0).to(z.dtype)),
  mistake('z in the place of a', sigmoid.derivative, (z) => z.mul(z.neg().add(1))),
  mistake('a in the place of its square', tanh.derivative, (z) => z.tanh().neg().add(1)),
  mistake('the approximation with tanh', gelu, (z) => autograd.gelu(z, { approximate: 'tanh' })),
  mistake('the density forgotten', gelu.derivative, (z) => z.mul(Math.SQRT1_2).erf().add(1).div(2)),
  mistake('along the samples', softmax, (z) => autograd.softmax(z, 1)),
  mistake('the diagonal alone', softmax.jacobian, (z) => {
    const y = softmax(z);
    return autograd.eye(y.length, y.length, { dtype: y.dtype }).mul(y.mul(y.neg().add(1)));
  }),
  mistake('the diagonal alone', softmax.jacobianVectorProduct, (z, v) => {
    const y = softmax(z);
    return y.mul(y.neg().add(1)).mul(v);
  }),
  mistake('the denominator not shifted', rules.shiftedSoftmax, (u, c) =>
    u
      .sub(c.unsqueeze(0))
      .exp()
      .div(u.exp().sum(0, { keepDim: true })),
  ),
  mistake('not shifted at all', rules.exercise4, (u) => u.exp().div(u.exp().sum(0, { keepDim: true }))),
  mistake('no 1/2', rules.meanSquaredError.forward, (y, t) => y.sub(t).square().sum(0)),
  mistake('the mean over outputs', rules.meanSquaredError.forward, (y, t) =>
    y
      .sub(t)
      .square()
      .sum(0)
      .div(2 * y.shape[0]),
  ),
  mistake('target and output swapped', rules.crossEntropy.forward, (y, t, epsilon = 0) =>
    y
      .mul(t.add(epsilon + 1e-3).log())
      .sum(0)
      .neg(),
  ),
  mistake('no epsilon', rules.crossEntropy.backward, (y, t) => t.div(y).neg()),
  mistake('no 1 - t', rules.binaryCrossEntropy.backward, (y, t) => t.div(y).neg()),
  mistake("no f'", rules.mseSensitivity, (a, t) => a.sub(t)),
  mistake('that of the cross-entropy', rules.sigmoidMse.delta, (a, t) => a.sub(t)),
  mistake('that of the squared error', rules.sigmoidBce.delta, (a, t) => a.sub(t).mul(a).mul(a.neg().add(1))),
  mistake('through the derivative of softmax again', rules.softmaxCrossEntropy.delta, (y, t) =>
    y.sub(t).mul(y).mul(y.neg().add(1)),
  ),
  mistake('g from W itself', rules.linearSublayer.backward, (W, y, delta) => ({
    ...rules.linearSublayer.backward(W, y, delta),
    g: unturned(W).t().matmul(delta),
  })),
  mistake('fires above 0 only', rules.perceptronUpdate, (w, b, x, t, eta) => {
    const step = t.sub(w.matmul(x).add(b).gt(0).to(w.dtype)).mul(eta);
    return { w: w.add(x.mul(step)), b: b.add(step) };
  }),
  mistake('learns from the error, as ADALINE does', rules.perceptronUpdate, rules.lmsUpdate),
  mistake('learns from mistakes alone, as the perceptron does', rules.lmsUpdate, rules.perceptronUpdate),
  mistake('no 1/N', rules.adalineGradient, (w, b, X, t) => {
    const errors = w.matmul(X).add(b).sub(t);
    return { w: X.matmul(errors), b: errors.sum() };
  }),
  mistake('the bias not learned', rules.adalineUpdate, (w, b, X, t, eta) => ({
    ...rules.adalineUpdate(w, b, X, t, eta),
    b,
  })),
  mistake('decides above the threshold only', rules.decide, (z, theta) => z.gt(theta).to(z.dtype)),
  mistake('no epsilon', rules.standardize, (x, mu, sigma) => x.sub(mu.unsqueeze(1)).div(sigma.unsqueeze(1))),
  mistake('the old velocity', rules.momentumStep, (W, v, gradient, { eta, mu }) => ({
    W: W.sub(v.mul(eta)),
    v: v.mul(mu).add(gradient),
  })),
  mistake('the learning rate inside', rules.momentumStep, (W, v, gradient, { eta, mu }) => {
    const velocity = v.mul(mu).add(gradient.mul(eta));
    return { W: W.sub(velocity), v: velocity };
  }),
  mistake('a weighed gradient', rules.heavyBallStep, (theta, v, gradient, { gamma, alpha }) =>
    rules.heavyBallStep(theta, v, gradient, { gamma, alpha: alpha * (1 - gamma) }),
  ),
  mistake('no look ahead', rules.nesterovStep, (theta, v, gradientAt, rates) =>
    rules.heavyBallStep(theta, v, gradientAt(theta), rates),
  ),
  mistake('by fanOut', rules.heVariance, (fanIn) => 2 / (fanIn + 1)),
  mistake('the bound of He', rules.xavierBound, (fanIn) => Math.sqrt(6 / fanIn)),
  mistake('the sum in the place of the product', rules.convolutionFan, (kernelSize, channels) => kernelSize + channels),
  mistake('one side of the kernel', rules.convolutionFan, (kernelSize, channels) => Math.sqrt(kernelSize) * channels),
  mistake('R turned over', rules.orthogonalFactors, (G) => {
    const { Q, R } = rules.orthogonalFactors(G);
    return { Q, R: R.t() };
  }),
  mistake('columns of length 1, not made orthogonal', rules.orthogonalFactors, (G) => {
    const lengths = G.square().sum(0).sqrt();
    return { Q: G.div(lengths), R: autograd.eye(lengths.length, lengths.length, { dtype: G.dtype }).mul(lengths) };
  }),
  mistake('halved an epoch late', rules.halvedLearningRate, (alpha, t, s) =>
    rules.halvedLearningRate(alpha, Math.max(0, t - 1), s),
  ),
  mistake('no floor', rules.halvedLearningRate, (alpha, t, s) => alpha * 0.5 ** (t / s)),
  mistake('at the threshold, too', rules.plateauLearningRate, (alpha, before, after, threshold) =>
    Math.abs(after - before) <= threshold ? alpha / 2 : alpha,
  ),
  mistake('whatever falls', rules.plateauLearningRate, (alpha, before, after, threshold) =>
    after - before < threshold ? alpha / 2 : alpha,
  ),
  mistake('divided by k', rules.scaledLearningRate, (alpha, k) => alpha / k),
  mistake('OR', rules.andOfPerceptron, (x) => x.amax(0)),
  mistake('OR', rules.xorOfProductFeatures, (x) => x.amax(0)),
  mistake('no bias in the hidden layer', rules.xorOfTwoLayers, (x) => {
    const h = autograd.stack([x.sum(0), x.sum(0)], 0);
    return { h, y: h.select(0, 0).sub(h.select(0, 1).mul(2)).maximum(0) };
  }),
  mistake("no f'", rules.activationSublayer.backward, (g) => g),
  mistake('gradient and input swapped', rules.activationSublayer.backward, (g, u, f) => f.backward(u, g)),
  mistake('the derivative', rules.activationSublayer.forward, (u, f) => f.backward(autograd.onesLike(u), u)),
  mistake('b times t', rules.decayedLearningRate, (a, b, t) => a / (b * t)),
  mistake('Δ divided by m twice', rules.backpropagate, (network, X, T) => {
    const right = rules.backpropagate(network, X, T);
    return { ...right, Delta: right.Delta.map((delta) => delta.div(X.shape[1])) };
  }),
  mistake('dW from Z in the place of A', rules.backpropagate, (network, X, T) => {
    const right = rules.backpropagate(network, X, T);
    const inputs = [X, ...right.Z];
    return { ...right, dW: right.Delta.map((delta, l) => rules.batchWeightGradient(delta, inputs[l])) };
  }),
  mistake('the loss not divided by m', rules.backpropagate, (network, X, T) => {
    const right = rules.backpropagate(network, X, T);
    return { ...right, loss: right.loss.mul(X.shape[1]) };
  }),
  mistake("no f' in hidden layers", rules.backpropagate, (network, X, T) => {
    const hidden = network.hidden.map((layer) => ({
      ...layer,
      f: Object.assign((z: Tensor) => layer.f(z), { ...layer.f, backward: (g: Tensor) => g }),
    }));
    return rules.backpropagate({ ...network, hidden }, X, T);
  }),
  mistake('no indicator', rules.exercise3, (W1, b1, W2, b2, x, t) => {
    const right = rules.exercise3(W1, b1, W2, b2, x, t);
    const delta1 = W2.t().matmul(right.delta2);
    return { ...right, delta1, dW1: autograd.outer(delta1, x), db1: delta1 };
  }),
  mistake('the losses swapped', rules.exercise2, (u, t) => {
    const { mse, bce } = rules.exercise2(u, t);
    return { mse: bce, bce: mse };
  }),
  mistake('no 1/m', rules.exercise5, (W, nextDelta, Z, A, f) => {
    const right = rules.exercise5(W, nextDelta, Z, A, f);
    return { ...right, db: right.Delta.sum(1) };
  }),
];

describe('mistakes that people make are caught', () => {
  test.each(mistakes.map((made) => [made.rule.name, made.said, made] as const))(
    '%s: %s',
    (_name, _said, { rule, broken }) => {
      const check = all.find((candidate) => candidate.rule === rule) as Check;
      expect(isCaught(check, broken), rule.name).toBe(true);
    },
  );
});

test('a rule that is right is not caught', () => {
  for (const check of all) {
    const call = check.rule as unknown as (...args: unknown[]) => unknown;
    const unchanged = (...args: unknown[]): unknown => changed(call(...args), (x) => x.mul(1));
    expect(isCaught(check, unchanged, 20), check.rule.name).toBe(false);
  }
});
