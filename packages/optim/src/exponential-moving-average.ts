import { checkSetting, fromZeroToOne, withDefaults } from './settings.ts';
import { type Averaged, WeightAverage } from './weight-average.ts';

export interface ExponentialMovingAverageOptions {
  /** How much of the average each update keeps, from 0 to 1. Default: 0.999. */
  readonly decay?: number;
}

/**
 * The exponential moving average of weights (Polyak averaging with a memory that fades): `a ← d a + (1-d) w`. PyTorch's
 * `AveragedModel` with `get_ema_avg_fn(decay)`.
 *
 * @example
 * const w = new Parameter(tensor([0]));
 * const average = new ExponentialMovingAverage([w], { decay: 0.75 });
 * average.update();
 * w.assign(tensor([4]));
 * average.update();
 * average.averages()[0]; // [1]
 * average.swapIn();
 * w.toArray(); // [1]
 * average.restore();
 * w.toArray(); // [4]
 */
export class ExponentialMovingAverage extends WeightAverage {
  readonly decay: number;

  /** @throws GradtapeError if there is nothing to average, or `decay` is out of range. */
  constructor(averaged: Iterable<Averaged>, options: ExponentialMovingAverageOptions = {}) {
    super(averaged);
    const { decay } = withDefaults<Required<ExponentialMovingAverageOptions>>(this, { decay: 0.999 }, options);
    checkSetting(this, 'decay', decay, fromZeroToOne);
    this.decay = decay;
  }

  protected weights(): readonly [number, number] {
    return [this.decay, 1 - this.decay];
  }
}
