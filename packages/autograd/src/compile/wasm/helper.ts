import type { WrittenKernel } from './write-program.ts';

/**
 * What a helping thread runs. A kernel's chunks are taken from the last to the first by whoever counts `open` down, the
 * caller or a helper, and helpers count those that they have finished. All of this goes by a few shared words.
 */

/** The calling thread and helpers that there can be. */
export const MOST_THREADS = 32;

/** So many bits of `open` say how many chunks are left, the others which round it is: nobody takes a chunk of another. */
export const CHUNK_BITS = 8;
export const CHUNKS_LEFT: number = 2 ** CHUNK_BITS - 1;

/**
 * `finished` counts the chunks that helpers have finished, and `last` is the thread that was the last to finish one;
 * `failed` counts errors. The others say what the round is about: they change only while no chunk is open or taken. `asked`
 * has a bit for each thread that may take a chunk. What is counted has a line of the processor's cache for itself.
 */
export const word = { open: 0, finished: 16, last: 17, failed: 18, program: 32, kernel: 33, asked: 34 } as const;
export const WORDS = 48;

/**
 * How often a thread looks before it sleeps: for some 45 µs, about as long as waking takes, and longer than most of what a
 * program does between two kernels that are shared. A core that looks does nothing else.
 */
export const LOOKS = 5000;

/** What a helper is told first. */
export interface HelperStart {
  readonly control: SharedArrayBuffer;
  /** The number of its thread; the calling one is 0. */
  readonly thread: number;
}

/** A program that is new; its number is higher than that of all before. */
export interface HelperProgram {
  readonly program: number;
  /** Nothing for one of which no kernel is shared. */
  readonly modules: readonly (WebAssembly.Module | undefined)[];
  readonly imports: WebAssembly.Imports;
  readonly kernels: readonly WrittenKernel[];
}

/** A program that is no longer run. */
export interface HelperForgets {
  readonly forget: number;
}

export type HelperMessage = HelperStart | HelperProgram | HelperForgets;

/**
 * The function of messages, as text. A helper that finds open chunks of a program that it does not know yet goes back for
 * its messages: a program is sent before any chunk of it is open.
 */
export const helperSource: string = `(() => {
  const programs = new Map();
  let words, thread;

  const take = (message) => {
    if ('control' in message) {
      words = new Int32Array(message.control);
      thread = message.thread;
    } else if ('forget' in message) {
      programs.delete(message.forget);
    } else {
      const instances = message.modules.map((module) => module && new WebAssembly.Instance(module, message.imports));
      const kernel = ({ module, name, chunks }) => ({ run: instances[module]?.exports[name], chunks });
      programs.set(message.program, message.kernels.map(kernel));
    }
  };

  const nextOpen = () => {
    for (;;) {
      let open;
      for (let look = 0; look < ${LOOKS}; look++) {
        open = Atomics.load(words, ${word.open});
        if (open & ${CHUNKS_LEFT} && words[${word.asked}] & (1 << thread)) return open;
      }
      Atomics.wait(words, ${word.open}, open);
    }
  };

  const work = () => {
    for (;;) {
      const open = nextOpen();
      const kernels = programs.get(words[${word.program}]);
      if (!kernels) return;
      if (Atomics.compareExchange(words, ${word.open}, open, open - 1) !== open) continue;
      try {
        const { run, chunks } = kernels[words[${word.kernel}]];
        const [from, to] = chunks[(open & ${CHUNKS_LEFT}) - 1];
        run(from, to, thread);
      } catch {
        Atomics.add(words, ${word.failed}, 1);
      }
      words[${word.last}] = thread;
      Atomics.add(words, ${word.finished}, 1);
      Atomics.notify(words, ${word.finished});
    }
  };

  return (message) => {
    take(message);
    work();
  };
})()`;
