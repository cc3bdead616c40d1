import { type Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type NeuronParameters, netInput } from './neuron.ts';
import { perceptronUpdate } from './perceptron.ts';

const vector = (entries: readonly number[]): Tensor => tensor([...entries], { dtype: 'float64' });
const scalar = (entry: number): Tensor => tensor(entry, { dtype: 'float64' });

interface Sample {
  readonly x: readonly number[];
  readonly t: 0 | 1;
}

const corners = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/** A truth table of two inputs, in the order of the corners. */
function truthTable(targets: readonly (0 | 1)[]): readonly Sample[] {
  return corners.map((x, i) => ({ x, t: targets[i] }));
}

const and = truthTable([0, 0, 0, 1]);
const xor = truthTable([0, 1, 1, 0]);

function answer({ w, b }: NeuronParameters, { x }: Sample): number {
  return decide(netInput(w, b, vector(x)), 0).item();
}

/** One round through the samples, and how many of them were answered wrongly. */
function epoch(
  start: NeuronParameters,
  samples: readonly Sample[],
  eta: number,
): { neuron: NeuronParameters; mistakes: number } {
  let neuron = start;
  let mistakes = 0;
  for (const sample of samples) {
    if (answer(neuron, sample) !== sample.t) mistakes++;
    neuron = perceptronUpdate(neuron.w, neuron.b, vector(sample.x), scalar(sample.t), eta);
  }
  return { neuron, mistakes };
}

const numbersOf = ({ w, b }: NeuronParameters): string => JSON.stringify([w.toArray(), b.item()]);

describe('AND', () => {
  test('is separated by w = (1, 1), b = -1.5, with the net inputs of the document', () => {
    const X = vector(corners.flat()).reshape([4, 2]).t();
    const z = netInput(vector([1, 1]), scalar(-1.5), X);
    expect(z.toArray()).toEqual([-1.5, -0.5, -0.5, 0.5]);
    expect(decide(z, 0).toArray()).toEqual(and.map(({ t }) => t));
  });

  test('is learned from any start, and then nothing changes', () => {
    const start = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -8, max: 8 }).map((n) => n / 4)));
    fc.assert(
      fc.property(start, fc.constantFrom(0.25, 0.5, 1), ([w1, w2, b], eta) => {
        let found = { neuron: { w: vector([w1, w2]), b: scalar(b) } as NeuronParameters, mistakes: 1 };
        for (let round = 0; round < 200 && found.mistakes > 0; round++) found = epoch(found.neuron, and, eta);
        expect(found.mistakes).toBe(0);
        expect(numbersOf(epoch(found.neuron, and, eta).neuron)).toBe(numbersOf(found.neuron));
      }),
      { numRuns: 30 },
    );
  });
});

test('a right answer changes nothing, a wrong one moves the net input by η (‖x‖² + 1) to the right side', () => {
  const eighths = fc.integer({ min: -16, max: 16 }).map((n) => n / 8);
  const sample = fc.tuple(fc.array(eighths, { minLength: 3, maxLength: 3 }), fc.constantFrom(0 as const, 1 as const));
  fc.assert(
    fc.property(fc.array(eighths, { minLength: 3, maxLength: 3 }), eighths, sample, (w, b, [x, t]) => {
      const neuron = { w: vector(w), b: scalar(b) };
      const after = perceptronUpdate(neuron.w, neuron.b, vector(x), scalar(t), 0.5);
      const y = answer(neuron, { x, t });
      // Eighths are added and multiplied without rounding.
      const moved = netInput(after.w, after.b, vector(x)).item() - netInput(neuron.w, neuron.b, vector(x)).item();
      expect(moved).toBe(0.5 * (t - y) * (x.reduce((sum, entry) => sum + entry ** 2, 0) + 1));
      if (y === t) expect(numbersOf(after)).toBe(numbersOf(neuron));
    }),
  );
});

describe('separable samples', () => {
  // Seen as points (x, 1), separated through the origin by u = (w, b) / ‖(w, b)‖ with margin γ, within a ball of radius R.
  const coordinate = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000);
  const problem = fc.integer({ min: 1, max: 4 }).chain((k) =>
    fc.record({
      u: fc.array(coordinate, { minLength: k + 1, maxLength: k + 1 }).filter((u) => Math.hypot(...u) > 0.1),
      points: fc.array(fc.array(coordinate, { minLength: k, maxLength: k }), { minLength: 1, maxLength: 12 }),
      eta: fc.constantFrom(0.1, 0.5, 1, 3),
    }),
  );

  test('cost at most (R/γ)² wrong answers (Novikoff), in any order', () => {
    fc.assert(
      fc.property(problem, ({ u, points, eta }) => {
        const side = (x: readonly number[]): number =>
          [...x, 1].reduce((sum, entry, i) => sum + entry * u[i], 0) / Math.hypot(...u);
        const clear = points.filter((x) => Math.abs(side(x)) > 0.1);
        const samples = clear.map((x): Sample => ({ x, t: side(x) > 0 ? 1 : 0 }));
        const margin = Math.min(...clear.map((x) => Math.abs(side(x))));
        const radius = Math.max(...clear.map((x) => Math.hypot(...x, 1)));
        const bound = samples.length === 0 ? 0 : (radius / margin) ** 2;

        let neuron: NeuronParameters = { w: vector(u.slice(1).map(() => 0)), b: scalar(0) };
        let [total, mistakes] = [0, 1];
        while (mistakes > 0 && total <= bound) {
          ({ neuron, mistakes } = epoch(neuron, samples, eta));
          total += mistakes;
        }
        expect(mistakes).toBe(0);
        expect(total).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 100 },
    );
  });
});

describe('XOR', () => {
  test('is the answer of no neuron: z(0,0) + z(1,1) = z(0,1) + z(1,0), but XOR has the one below 0 and the other not', () => {
    // Multiples of 2⁻¹⁰ below 2²⁰ are added without rounding, and the equation holds for every w and b.
    const dyadic = fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((n) => n / 1024);
    fc.assert(
      fc.property(dyadic, dyadic, dyadic, (w1, w2, b) => {
        const z = corners.map((x) => netInput(vector([w1, w2]), scalar(b), vector(x)).item());
        expect(z[0] + z[3]).toBe(z[1] + z[2]);
        expect(corners.map((x) => answer({ w: vector([w1, w2]), b: scalar(b) }, { x, t: 0 }))).not.toEqual([
          0, 1, 1, 0,
        ]);
      }),
    );
  });

  test('and its opposite are the only two of 16 truth tables that no neuron has', () => {
    const halves = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
    const X = vector(corners.flat()).reshape([4, 2]).t();
    const reached = new Set<string>();
    for (const w1 of halves) {
      for (const w2 of halves) {
        for (const b of halves) reached.add(`${decide(netInput(vector([w1, w2]), scalar(b), X), 0).toArray()}`);
      }
    }
    const tables = Array.from({ length: 16 }, (_, code) => `${[8, 4, 2, 1].map((bit) => ((code & bit) > 0 ? 1 : 0))}`);
    expect(tables.filter((table) => !reached.has(table))).toEqual(['0,1,1,0', '1,0,0,1']);
  });

  test('makes the rule go round for ever: it comes back to parameters that it had, never without a mistake', () => {
    const whole = fc.integer({ min: -3, max: 3 });
    const order = fc.shuffledSubarray([...xor], { minLength: 4 });
    fc.assert(
      fc.property(whole, whole, whole, order, (w1, w2, b, samples) => {
        let neuron: NeuronParameters = { w: vector([w1, w2]), b: scalar(b) };
        const met = new Set<string>();
        while (!met.has(numbersOf(neuron))) {
          met.add(numbersOf(neuron));
          const round = epoch(neuron, samples, 1);
          expect(round.mistakes).toBeGreaterThan(0);
          neuron = round.neuron;
          expect(met.size).toBeLessThan(100);
        }
      }),
      { numRuns: 30 },
    );
  });
});
