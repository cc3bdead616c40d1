import { GradtapeError, type Tensor } from '@gradtape/autograd';
import type { Optimizer, OptimizerOptions } from './optimizer.ts';

export interface LearningRateRangeOptions {
  /** The first rate. Default: 1e-6. */
  readonly from?: number;
  /** The last rate. Default: 10. */
  readonly to?: number;
  /** How many rates there are, evenly spaced on a logarithmic scale. Default: 100. */
  readonly count?: number;
  /** How slowly the running mean of the losses forgets, from 0 (not smoothed) to below 1. Default: 0.9. */
  readonly smoothing?: number;
  /** The test ends where the smoothed loss is so many times its lowest, or no number. Default: 4. */
  readonly divergence?: number;
  /**
   * An optimizer whose groups get each rate, and which is put back afterwards as it was: parameters, state and rates. Buffers of the model,
   * such as running statistics, are not its own.
   */
  readonly optimizer?: Optimizer<OptimizerOptions>;
}

/** The losses that training came to as its learning rate rose. */
export interface LearningRateRange {
  readonly rates: readonly number[];
  readonly losses: readonly number[];
  /** The running mean of the losses, freed of its bias towards zero. */
  readonly smoothed: readonly number[];
  /** The rate at which the smoothed loss falls fastest over the logarithm of the rate; undefined if it never falls. */
  readonly suggestion: number | undefined;
  /** Whether the test ended early because the loss grew. */
  readonly hasDiverged: boolean;
}

/**
 * The learning-rate range test (Smith, 2017): one step of training for each of rates that rise from tiny to huge. The loss stays,
 * falls, and then explodes; a good rate lies where it falls fastest.
 *
 * @param step Takes one step of training at this rate, on the next batch, and gives its loss.
 * @throws GradtapeError if the rates do not rise from above 0, or another option is out of range.
 * @example
 * const w = new Parameter(tensor([1]));
 * const optimizer = new SGD([w], { lr: 0.1 });
 * const { rates, hasDiverged } = learningRateRange(
 *   () => {
 *     optimizer.zeroGrad();
 *     const loss = w.square().sum();
 *     loss.backward();
 *     optimizer.step();
 *     return loss;
 *   },
 *   { optimizer, from: 0.001, to: 100, count: 51 },
 * );
 * rates[10]; // 0.01
 * hasDiverged; // true
 * w.toArray(); // [1]
 */
export function learningRateRange(
  step: (rate: number) => number | Tensor,
  options: LearningRateRangeOptions = {},
): LearningRateRange {
  const { from = 1e-6, to = 10, count = 100, smoothing = 0.9, divergence = 4, optimizer } = options;
  checkRange(from > 0 && to > from && to < Infinity, `from = ${from}, to = ${to}`, 'rates that rise from above 0');
  checkRange(Number.isInteger(count) && count >= 2, `count = ${count}`, 'a whole number, 2 or more');
  checkRange(smoothing >= 0 && smoothing < 1, `smoothing = ${smoothing}`, 'at least 0 and less than 1');
  checkRange(divergence > 1, `divergence = ${divergence}`, 'a number above 1');
  const spaced = Array.from({ length: count }, (_, k) => from * (to / from) ** (k / (count - 1)));
  const putBack = optimizer && remember(optimizer);
  try {
    return collect(spaced, smoothing, divergence, (rate) => {
      for (const group of optimizer?.paramGroups ?? []) group.lr = rate;
      const loss = step(rate);
      return typeof loss === 'number' ? loss : loss.item();
    });
  } finally {
    putBack?.();
  }
}

function collect(
  spaced: readonly number[],
  smoothing: number,
  divergence: number,
  lossAt: (rate: number) => number,
): LearningRateRange {
  const losses: number[] = [];
  const smoothed: number[] = [];
  let mean = 0;
  let lowest = Infinity;
  let hasDiverged = false;
  for (const rate of spaced) {
    const loss = lossAt(rate);
    losses.push(loss);
    mean = smoothing * mean + (1 - smoothing) * loss;
    const unbiased = mean / (1 - smoothing ** losses.length);
    smoothed.push(unbiased);
    lowest = Math.min(lowest, unbiased);
    // From a loss below zero there is no such factor.
    hasDiverged = !Number.isFinite(loss) || (lowest > 0 && unbiased > divergence * lowest);
    if (hasDiverged) break;
  }
  const rates = spaced.slice(0, losses.length);
  return { rates, losses, smoothed, suggestion: steepest(rates, smoothed), hasDiverged };
}

/** Where the smoothed loss falls fastest: the rates are evenly spaced in the logarithm, so differences tell. */
function steepest(rates: readonly number[], smoothed: readonly number[]): number | undefined {
  let best = 0;
  let suggestion: number | undefined;
  for (let k = 1; k < smoothed.length - 1; k++) {
    const slope = (smoothed[k + 1] as number) - (smoothed[k - 1] as number);
    if (slope < best) {
      best = slope;
      suggestion = rates[k];
    }
  }
  return suggestion;
}

/** Gives a function that puts everything back that an optimizer changes. */
function remember(optimizer: Optimizer<OptimizerOptions>): () => void {
  const state = optimizer.stateDict();
  const values = optimizer.paramGroups.flatMap(({ params }) =>
    params.map((parameter) => [parameter, parameter.value] as const),
  );
  return () => {
    for (const [parameter, value] of values) parameter.assign(value);
    optimizer.loadStateDict(state);
    optimizer.zeroGrad();
  };
}

function checkRange(holds: boolean, got: string, needs: string): void {
  if (holds) return;
  throw new GradtapeError('learningRateRange: an option is out of range', {
    got,
    needs,
    fix: 'the defaults fit most trainings: learningRateRange(step, { optimizer })',
  });
}
