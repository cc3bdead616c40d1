import { manualSeed, randint, randn, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { expect, test } from 'vitest';
import * as metrics from './index.ts';

const makers: Readonly<Record<string, () => metrics.Metric & { update(output: Tensor, target: Tensor): void }>> = {
  Accuracy: () => new metrics.Accuracy({ ignoreIndex: 0 }),
  TopKAccuracy: () => new metrics.TopKAccuracy(2),
  ConfusionMatrix: () => new metrics.ConfusionMatrix({ numClasses: 3 }),
  Precision: () => new metrics.Precision({ numClasses: 3, average: 'macro' }),
  Recall: () => new metrics.Recall({ numClasses: 3, average: 'weighted' }),
  F1Score: () => new metrics.F1Score({ numClasses: 3, average: 'none' }),
  Mean: () => new metrics.Mean(),
  MeanSquaredError: () => new metrics.MeanSquaredError(),
  MeanAbsoluteError: () => new metrics.MeanAbsoluteError(),
  R2Score: () => new metrics.R2Score({ numOutputs: 3 }),
};
const keepEverything = ['ROC', 'AUROC'];

test('every metric is here', () => {
  expect([...Object.keys(makers), ...keepEverything].sort()).toEqual(Object.keys(metrics).sort());
});

test.each(Object.entries(makers))('%s gathers the same within a compiled step, also after a reset', (name, make) => {
  const [eager, compiled] = [make(), make()];
  const run = (metric: typeof eager) => (x: Tensor, t: Tensor) => {
    const takesValues = /Error|R2/.test(name);
    metric.update(x, takesValues ? x.mul(0.5).add(t.to('float32').unsqueeze(1)) : name === 'Mean' ? x.abs() : t);
    return x.sum();
  };
  const step = compile(run(compiled));
  manualSeed(3);
  for (let epoch = 0; epoch < 2; epoch++) {
    for (const metric of [eager, compiled]) metric.reset();
    for (let batch = 0; batch < 4; batch++) {
      const [x, t] = [randn([6, 3]), randint(0, 3, [6])];
      run(eager)(x, t);
      step(x, t);
    }
    // Sums may be added up in another order.
    const error = compiled.compute().sub(eager.compute()).abs().amax().item();
    expect(error).toBeLessThan(1e-12);
  }
  expect(step.statistics.runs).toBe(7);
  expect(step.statistics.programs).toBe(1);
});
