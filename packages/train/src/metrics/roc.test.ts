import { tensor, trapezoid } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AUROC, ROC } from './index.ts';

/** Scores with many ties, and classes. */
const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 1, maxLength: 20 });

test('each threshold has the rates of its definition; what is left out lies on straight lines', () => {
  fc.assert(
    fc.property(scored, (given) => {
      const [all, corners] = [new ROC({ dropIntermediate: false }), new ROC()];
      for (const roc of [all, corners]) {
        roc.update(tensor(given.map(([score]) => score)), tensor(given.map(([, isPositive]) => isPositive)));
      }
      const rateOf = (positive: boolean, threshold: number): number => {
        const ofClass = given.filter(([, isPositive]) => isPositive === positive);
        return ofClass.filter(([score]) => score >= threshold).length / ofClass.length;
      };
      const { thresholds, falsePositiveRate, truePositiveRate } = all.compute();
      const occurring = [...new Set(given.map(([score]) => score))].sort((a, b) => b - a);
      expect(thresholds.toArray()).toEqual([Infinity, ...occurring]);
      const rates = (positive: boolean): number[] => Array.from(thresholds.toTypedArray(), (t) => rateOf(positive, t));
      expect(falsePositiveRate.toArray()).toEqual(rates(false));
      expect(truePositiveRate.toArray()).toEqual(rates(true));
      const kept = corners.compute();
      expect(kept.thresholds.length).toBeLessThanOrEqual(thresholds.length);
      if (new Set(given.map(([, isPositive]) => isPositive)).size < 2) return;
      const area = ({ falsePositiveRate: x, truePositiveRate: y }: typeof kept): number => trapezoid(y, x).item();
      expect(area(kept)).toBeCloseTo(area(all.compute()), 12);
    }),
  );
});

test('the area is the share of pairs in the right order, ties counting half; in whatever batches', () => {
  fc.assert(
    fc.property(scored, fc.nat(20), (given, cut) => {
      const area = new AUROC();
      for (const part of [given.slice(0, cut), given.slice(cut)]) {
        area.update(tensor(part.map(([score]) => score)), tensor(part.map(([, isPositive]) => Number(isPositive))));
      }
      const [positive, negative] = [true, false].map((wanted) =>
        given.filter(([, isPositive]) => isPositive === wanted),
      );
      const wins = positive.flatMap(([p]) => negative.map(([n]) => (p > n ? 1 : p === n ? 0.5 : 0) as number));
      const expected = wins.reduce((sum, win) => sum + win, 0) / wins.length;
      if (Number.isNaN(expected)) expect(area.compute().item()).toBeNaN();
      else expect(area.compute().item()).toBeCloseTo(expected, 12);
    }),
  );
});

test('infinite scores have their place, and a reset forgets', () => {
  const area = new AUROC();
  area.update(tensor([Infinity, -Infinity, 0]), tensor([1, 0, 0]));
  expect(area.compute().item()).toBe(1);
  area.reset();
  expect(area.compute().item()).toBeNaN();
});

test('what it cannot take is named', () => {
  const area = new AUROC();
  expect(() => area.update(tensor([1, 2]), tensor([0, 2]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: AUROC: a target is neither 0 nor 1
      got:   target 2
      needs: two classes, 0 and 1
      fix:   of more classes take one against the rest: update(scores.select(1, k), target.eq(k))]
  `);
  expect(() => area.update(tensor([1, Number.NaN]), tensor([0, 1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: AUROC: a score is not a number
      got:   NaN
      needs: scores that can be ordered
      fix:   find where it came from with detectAnomaly(…)]
  `);
  expect(() => area.update(tensor([[1, 2]]), tensor([0]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: AUROC: scores and targets do not belong together
      got:   scores [1, 2] float32, targets [1] float32
      needs: the same shape
      fix:   of scores [N, 2] take those of class 1: scores.select(1, 1)]
  `);
  const step = compile((scores: Parameters<AUROC['update']>[0]) => {
    area.update(scores, scores.gt(0));
    return scores;
  });
  expect(() => step(tensor([1]))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: AUROC: it keeps every score, which a compiled step cannot
      got:   update within a function that is being compiled
      needs: update outside
      fix:   return the scores from the step, and call update with them]
  `);
});
