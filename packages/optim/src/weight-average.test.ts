import { Parameter, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Averaged, ExponentialMovingAverage, StochasticWeightAverage, type WeightAverage } from './index.ts';

const number = fc.double({ min: -10, max: 10, noNaN: true });
const vector = (entries: readonly number[]) => tensor([...entries], { dtype: 'float64' });

const kinds = {
  ExponentialMovingAverage: {
    make: (averaged: Iterable<Averaged>): WeightAverage => new ExponentialMovingAverage(averaged, { decay: 0.7 }),
    expected: (values: readonly number[]) => values.reduce((average, value) => 0.7 * average + 0.3 * value),
  },
  StochasticWeightAverage: {
    make: (averaged: Iterable<Averaged>): WeightAverage => new StochasticWeightAverage(averaged),
    expected: (values: readonly number[]) => values.reduce((sum, value) => sum + value) / values.length,
  },
};

describe.each(Object.entries(kinds))('%s', (_, { make, expected }) => {
  test('averages what the parameters were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 10 }), (values) => {
        const w = new Parameter(vector([100, 100]));
        const average = make([w]);
        for (const value of values) {
          w.assign(vector(value));
          average.update();
        }
        expect(average.nAveraged).toBe(values.length);
        const found = average.averages()[0]?.toArray() as number[];
        expect(found[0]).toBeCloseTo(expected(values.map(([x]) => x)), 9);
        expect(found[1]).toBeCloseTo(expected(values.map(([, y]) => y)), 9);
      }),
    );
  });

  test('stands in a compiled step', () => {
    const [w, eager] = [new Parameter(vector([1])), new Parameter(vector([1]))];
    const [average, eagerAverage] = [make([w]), make([eager])];
    const step = compile(() => {
      w.assign(w.detach().mul(1.5).sub(1));
      average.update();
    });
    for (let k = 0; k < 6; k++) {
      step();
      eager.assign(eager.detach().mul(1.5).sub(1));
      eagerAverage.update();
      expect(average.averages()[0]?.item()).toBeCloseTo(eagerAverage.averages()[0]?.item() ?? 0, 9);
    }
    expect(average.nAveraged).toBe(6);
    expect(step.statistics).toMatchObject({ programs: 1, runs: 5 });
  });

  test('swaps in and out, and goes on from a saved state', () => {
    const w = new Parameter(vector([1]));
    const average = make([w]);
    for (const value of [1, 2, 4]) {
      w.assign(vector([value]));
      average.update();
    }
    const before = average.averages()[0]?.item();
    average.swapIn();
    expect(w.item()).toBe(before);
    w.assign(vector([50])); // what happens to the parameters in between is lost, and the averages stay
    average.restore();
    expect([w.item(), average.averages()[0]?.item()]).toEqual([4, before]);
    const other = make([w]);
    other.loadStateDict(average.stateDict());
    for (const each of [average, other]) {
      w.assign(vector([8]));
      each.update();
    }
    expect(other.averages()[0]?.item()).toBe(average.averages()[0]?.item());
  });
});

test('of whole numbers the latest is kept', () => {
  let held = tensor([1], { dtype: 'int32' });
  const counter: Averaged = {
    get value() {
      return held;
    },
    assign: (next) => {
      held = next as typeof held;
    },
  };
  const average = new ExponentialMovingAverage([counter]);
  for (const count of [2, 5]) {
    counter.assign(tensor([count], { dtype: 'int32' }));
    average.update();
  }
  expect(average.averages()[0]?.toArray()).toEqual([5]);
});

test('misuse is named', () => {
  const w = new Parameter(vector([1, 2]));
  const average = new ExponentialMovingAverage([w]);
  expect(() => average.restore()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ExponentialMovingAverage: nothing was put aside
      got:   restore() without swapIn()
      needs: swapIn() before
      fix:   swapIn() first]
  `);
  average.swapIn();
  expect(() => average.swapIn()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ExponentialMovingAverage: the averages are in place already
      got:   swapIn() twice
      needs: restore() between
      fix:   restore() first]
  `);
  expect(() => average.update()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ExponentialMovingAverage: an update of averages that are in place
      got:   update() after swapIn()
      needs: the parameters in their place
      fix:   restore() first]
  `);
  expect(() => average.loadStateDict({ nAveraged: 1, averages: [vector([1])] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ExponentialMovingAverage: the state is of other parameters
      got:   [1] float64
      needs: [2] float64
      fix:   make the average over the same parameters, in the same order]
  `);
  expect(() => new StochasticWeightAverage([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: StochasticWeightAverage: there is nothing to average
      got:   no parameters
      needs: at least one
      fix:   pass model.parameters()]
  `);
  expect(() => new ExponentialMovingAverage([w], { decay: 1.5 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: ExponentialMovingAverage: decay is out of range
      got:   decay = 1.5
      needs: a number from 0 to 1
      fix:   usual is 0.999; less for short trainings]
  `);
});
