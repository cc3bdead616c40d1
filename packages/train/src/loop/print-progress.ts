import type { Callback, Run } from './callback.ts';

export interface PrintProgressOptions {
  /** After every so many epochs, and after the last. Default: 1. */
  readonly every?: number;
  /** Where a line goes. Default: `console.log`. */
  readonly write?: (line: string) => void;
}

/**
 * Prints a line after each epoch. For a bar within epochs, give `onBatchEnd` to a library such as `cli-progress`:
 * `{ onBatchEnd: ({ batch }) => bar.update(batch) }`.
 *
 * @example
 * const lines: string[] = [];
 * const progress = new PrintProgress({ write: (line) => lines.push(line) });
 * await fit((loss: number) => ({ loss }), [[0.25]], { epochs: 2, callbacks: [progress] });
 * lines; // ['epoch 1/2: loss 0.25', 'epoch 2/2: loss 0.25']
 */
export class PrintProgress implements Callback {
  readonly #every: number;
  readonly #write: (line: string) => void;
  #printed = 0;

  constructor({ every = 1, write = (line) => console.log(line) }: PrintProgressOptions = {}) {
    this.#every = every;
    this.#write = write;
  }

  onEpochEnd(run: Run): void {
    if (run.epoch % this.#every === 0) this.#print(run);
  }

  onFitEnd(run: Run): void {
    if (run.epoch > 0 && this.#printed !== run.epoch) this.#print(run);
  }

  #print({ epoch, epochs, history: { train, validation } }: Run): void {
    const texts = [...latest(train, epoch), ...latest(validation, epoch).map((text) => `validation ${text}`)];
    this.#write(`epoch ${epoch}/${epochs}: ${texts.join(', ')}`);
    this.#printed = epoch;
  }
}

/** The numbers of an epoch, in four digits. */
function latest(series: Readonly<Record<string, readonly number[]>>, epoch: number): string[] {
  return Object.entries(series).flatMap(([name, values]) => {
    const value = values[epoch - 1];
    return value === undefined ? [] : [`${name} ${Number(value.toPrecision(4))}`];
  });
}
