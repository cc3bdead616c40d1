import type { StepResult } from './step.ts';

/** The means of numbers over batches, each weighted by its samples. */
export class BatchMeans {
  readonly #sums = new Map<string, { total: number; samples: number }>();

  add({ numbers, samples }: StepResult): void {
    for (const [name, value] of Object.entries(numbers)) {
      const { total, samples: before } = this.#sums.get(name) ?? { total: 0, samples: 0 };
      this.#sums.set(name, { total: total + value * samples, samples: before + samples });
    }
  }

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  compute(): Record<string, number> {
    return Object.fromEntries(Array.from(this.#sums, ([name, { total, samples }]) => [name, total / samples]));
  }
}
