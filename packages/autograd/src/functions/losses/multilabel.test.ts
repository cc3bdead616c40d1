import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledResults, disagreement } from '../../compile/test-agreement.ts';
import { multilabelMarginLoss, multilabelSoftMarginLoss, type Tensor, tensor, vjp, zeros } from '../../index.ts';
import { evenly } from '../../verify/evenly.ts';

const CLASSES = 4;
const rowOf = <T>(entry: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(entry, { minLength: CLASSES, maxLength: CLASSES });
const samplesOf = <T>(target: fc.Arbitrary<T>) =>
  fc.array(fc.record({ scores: rowOf(evenly(-3, 3)), target: rowOf(target) }), { minLength: 1, maxLength: 3 });

const float64 = { dtype: 'float64' } as const;
const closeTo = (numbers: readonly number[]): unknown[] => numbers.map((x) => expect.closeTo(x, 10));

test('margins: each label against each class that is none, up to the first negative label', () => {
  fc.assert(
    fc.property(samplesOf(fc.integer({ min: -1, max: CLASSES - 1 })), (samples) => {
      const wanted = samples.map(({ scores, target }) => {
        const end = target.findIndex((label) => label < 0);
        const labels = target.slice(0, end < 0 ? CLASSES : end);
        const others = scores.filter((_, k) => !labels.includes(k));
        const terms = labels.flatMap((label) => others.map((other) => Math.max(0, 1 - (scores[label] - other))));
        return terms.reduce((a, b) => a + b, 0) / CLASSES;
      });
      const input = tensor(
        samples.map(({ scores }) => scores),
        float64,
      );
      const target = tensor(
        samples.map((sample) => sample.target),
        { dtype: 'int32' },
      );
      expect(multilabelMarginLoss(input, target, { reduction: 'none' }).toArray()).toEqual(closeTo(wanted));
      const mean = wanted.reduce((a, b) => a + b, 0) / wanted.length;
      expect(multilabelMarginLoss(input, target).item()).toBeCloseTo(mean, 10);
      const alone = multilabelMarginLoss(input.select(0, 0), target.select(0, 0), { reduction: 'none' });
      expect([alone.item()]).toEqual(closeTo(wanted.slice(0, 1)));
    }),
  );
});

test('soft margins: the mean over classes of binary cross-entropies, weighted', () => {
  const weight = [0.5, 2, 1, 0];
  fc.assert(
    fc.property(samplesOf(evenly(0, 1)), (samples) => {
      const wanted = samples.map(({ scores, target }) => {
        const terms = scores.map((x, k) => {
          const p = 1 / (1 + Math.exp(-x));
          return -weight[k] * (target[k] * Math.log(p) + (1 - target[k]) * Math.log(1 - p));
        });
        return terms.reduce((a, b) => a + b, 0) / CLASSES;
      });
      const input = tensor(
        samples.map(({ scores }) => scores),
        float64,
      );
      const target = tensor(
        samples.map((sample) => sample.target),
        float64,
      );
      const options = { weight: tensor(weight, float64), reduction: 'none' } as const;
      expect(multilabelSoftMarginLoss(input, target, options).toArray()).toEqual(closeTo(wanted));
    }),
  );
});

test('margins: a class that does not count may have any score, exactly enough has derivative 0, and nothing is nothing', () => {
  const label = tensor([[1, -1, 0]], { dtype: 'int32' });
  const loss = (x: Tensor): Tensor => multilabelMarginLoss(x, label, { reduction: 'sum' });
  const [value, pull] = vjp(loss, tensor([[-Infinity, 2, 1]]));
  expect(value.item()).toBe(0);
  expect(pull(tensor(1))[0].toArray()).toEqual([[0, 0, 0]]);
  const none = multilabelMarginLoss(zeros([0, 3]), zeros([0, 3], { dtype: 'int32' }), { reduction: 'none' });
  expect(none.shape).toEqual([0]);
});

test('margins compile', () => {
  const run = (x: Tensor, target: Tensor): readonly Tensor[] => {
    const [value, pull] = vjp((y: Tensor) => multilabelMarginLoss(y, target), x);
    return [value, ...pull(value)];
  };
  const target = tensor(
    [
      [2, 1, -1],
      [0, 1, -1],
    ],
    { dtype: 'int32' },
  );
  const given = [
    tensor([
      [0.1, -2, 0.5],
      [1.3, 0.4, 3],
    ]),
    target,
  ];
  const calculation = { run: run as (...x: readonly Tensor[]) => readonly Tensor[], given };
  expect(disagreement(calculation, compiledResults(calculation, 'wasm'))).toBeUndefined();
});
