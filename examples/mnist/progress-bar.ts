import type { DataLoader } from '@gradtape/data';
import { Presets, SingleBar } from 'cli-progress';

/** Where a bar is drawn: a terminal, or not. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What stands beside a bar. */
interface Numbers {
  readonly title: string;
  readonly rate: string;
  readonly postfix: string;
}

/**
 * The batches of a loader, with a bar that shows how far they are, at what rate and how long it will take; where the
 * output is no terminal, a line at the end instead.
 */
export class ProgressBar<Sample, Batch> implements Iterable<Batch> {
  readonly #loader: DataLoader<Sample, Batch>;
  readonly #title: string;
  readonly #output: Output;
  #postfix = '';

  constructor(loader: DataLoader<Sample, Batch>, title: string, output: Output = process.stdout) {
    this.#loader = loader;
    this.#title = title;
    this.#output = output;
  }

  /** What is shown beside the bar. */
  setPostfix(values: Readonly<Record<string, string>>): void {
    this.#postfix = Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
  }

  *[Symbol.iterator](): Iterator<Batch> {
    const start = performance.now();
    const { length } = this.#loader;
    const bar = this.#output.isTTY ? startBar(length, this.#numbers(0, start), this.#output) : undefined;
    let batches = 0;
    try {
      for (const batch of this.#loader) {
        yield batch;
        batches++;
        bar?.update(batches, this.#numbers(batches, start));
      }
    } finally {
      bar?.stop();
    }
    const { title, rate, postfix } = this.#numbers(batches, start);
    if (bar === undefined) this.#output.write(`${title}: ${length} batches, ${rate}, ${postfix}\n`);
  }

  #numbers(batches: number, start: number): Numbers {
    const seconds = (performance.now() - start) / 1000;
    const images = Math.min(batches * this.#loader.batchSize, this.#loader.dataset.length);
    const rate = `${Math.round(images / seconds || 0).toLocaleString('en-US')} images/s`;
    return { title: this.#title, rate, postfix: this.#postfix };
  }
}

function startBar(length: number, numbers: Numbers, stream: Output): SingleBar {
  const format = '{title} {bar} {value}/{total} | {postfix} | {rate} | {eta_formatted} left';
  // Training never lets the event loop run. So the bar must not wait for timers, nor catch Ctrl-C, which would be lost.
  const options = { format, stream, barsize: 24, linewrap: true, gracefulExit: false, etaBuffer: 100 };
  const bar = new SingleBar(options, Presets.shades_classic);
  bar.start(length, 0, numbers);
  return bar;
}
