import { type Tensor, tensor } from '@gradtape/autograd';
import { describe, expect, test } from 'vitest';
import { relu } from './activations/relu.ts';
import { adalineLoss, adalineUpdate, lmsUpdate, productFeatures } from './adaline.ts';
import { backpropagate } from './backpropagate.ts';
import { dense } from './dense.ts';
import { decide, netInput } from './neuron.ts';
import { pairedWithMse } from './pairings.ts';
import { standardize } from './standardize.ts';

const f64 = { dtype: 'float64' } as const;
const X = tensor(
  [
    [0, 0, 1, 1],
    [0, 1, 0, 1],
  ],
  f64,
);
const xor = tensor([0, 1, 1, 0], f64);

describe('ADALINE', () => {
  test('takes the step of the document: from 0 to w = (0.1, 0.1), b = 0.1', () => {
    const [w, b, x, t] = [tensor([0, 0], f64), tensor(0, f64), tensor([1, 1], f64), tensor(1, f64)];
    expect(netInput(w, b, x).item()).toBe(0);
    const after = lmsUpdate(w, b, x, t, 0.1);
    expect([after.w.toArray(), after.b.item()]).toEqual([[0.1, 0.1], 0.1]);
    const batched = adalineUpdate(w, b, x.unsqueeze(1), t.unsqueeze(0), 0.1);
    expect([batched.w.toArray(), batched.b.item()]).toEqual([[0.1, 0.1], 0.1]);
  });

  test('separates XOR with x₁x₂ beside x₁ and x₂: w = (1, 1, -2), b = 0', () => {
    const z = netInput(tensor([1, 1, -2], f64), tensor(0, f64), productFeatures(X));
    expect(z.toArray()).toEqual([0, 1, 1, 0]);
    expect(decide(z, 0.5).toArray()).toEqual([0, 1, 1, 0]);
  });

  test('learns these very parameters, sample by sample and in batches', () => {
    const phi = productFeatures(X);
    let online = { w: tensor([0.3, -0.2, 0.1], f64) as Tensor, b: tensor(-0.4, f64) as Tensor };
    let batch = online;
    for (let epoch = 0; epoch < 600; epoch++) {
      for (let i = 0; i < 4; i++) online = lmsUpdate(online.w, online.b, phi.select(1, i), xor.select(0, i), 0.3);
      batch = adalineUpdate(batch.w, batch.b, phi, xor, 0.9);
    }
    for (const { w, b } of [online, batch]) {
      const found = [...w.toTypedArray(), b.item()];
      [1, 1, -2, 0].forEach((entry, i) => {
        expect(found[i]).toBeCloseTo(entry, 6);
      });
      expect(adalineLoss(w, b, phi, xor).item()).toBeLessThan(1e-12);
    }
  });

  test('on x₁ and x₂ alone gets no further than answering 1/2 everywhere', () => {
    let neuron = { w: tensor([0.7, -0.3], f64) as Tensor, b: tensor(0.2, f64) as Tensor };
    for (let epoch = 0; epoch < 500; epoch++) neuron = adalineUpdate(neuron.w, neuron.b, X, xor, 0.5);
    for (const z of netInput(neuron.w, neuron.b, X).toTypedArray()) expect(z).toBeCloseTo(0.5, 12);
    expect(adalineLoss(neuron.w, neuron.b, X, xor).item()).toBeCloseTo(1 / 8, 12);
  });
});

describe('two layers of ReLU', () => {
  const V = tensor(
    [
      [1, 1],
      [1, 1],
    ],
    f64,
  );
  const c = tensor([0, -1], f64);
  const w = tensor([[1, -2]], f64);
  const b = tensor([0], f64);

  test('give XOR with V = [[1, 1], [1, 1]], c = (0, -1), w = (1, -2), b = 0, through the hidden values of the document', () => {
    const h = relu(dense(V, X, c));
    expect(h.t().toArray()).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [2, 1],
    ]);
    expect(relu(dense(w, h, b)).toArray()).toEqual([[0, 1, 1, 0]]);
  });

  test('need nothing learned there: the loss and all gradients are zero', () => {
    const network = { hidden: [{ W: V, b: c, f: relu }], output: { W: w, b, pairing: pairedWithMse(relu) } };
    const { loss, dW, db } = backpropagate(network, X, xor.unsqueeze(0));
    expect(loss.item()).toBe(0);
    for (const gradient of [...dW, ...db]) expect(gradient.abs().sum().item()).toBe(0);
  });
});

test('standardised inputs have mean 0 and standard deviation σ / (σ + ε)', () => {
  const x = tensor(
    [
      [1, 2, 6],
      [-3, 0, 3],
      [4, 4, 4],
    ],
    f64,
  );
  const sigma = x.std(1, { correction: 0 });
  const made = standardize(x, x.mean(1), sigma, 0.5);
  const deviations = made.std(1, { correction: 0 }).toTypedArray();
  made
    .mean(1)
    .toTypedArray()
    .forEach((mean, i) => {
      const s = sigma.toTypedArray()[i];
      expect(mean).toBeCloseTo(0, 14);
      expect(deviations[i]).toBeCloseTo(s / (s + 0.5), 14);
    });
});
