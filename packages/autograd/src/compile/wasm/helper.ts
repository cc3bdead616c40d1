import type { ExportedFunction } from './write-program.ts';

/**
 * What a helping thread runs. The caller offers it a share of a kernel; it claims the share if it comes before the caller
 * itself does, and says when it has finished. All of this goes by a few shared words, a slot for each helper.
 */

/** Words of a slot. A slot is a line of the processor's cache. */
export const SLOT_WORDS = 16;

/**
 * `offer` counts up: odd while a share is on offer, even once somebody has claimed it. `finished` is the even number of the
 * last share that the helper has finished; `failed` is 1 if an error came between. The others say what the share is.
 */
export const word = { offer: 0, finished: 1, failed: 2, program: 3, kernel: 4, from: 5, to: 6 } as const;

/** How often a thread looks before it sleeps. Waking takes some 40 µs, looking 2 to 6; a core that looks does nothing else. */
export const LOOKS = 2000;

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
  readonly kernels: readonly ExportedFunction[];
}

/** A program that is no longer run. */
export interface HelperForgets {
  readonly forget: number;
}

export type HelperMessage = HelperStart | HelperProgram | HelperForgets;

/**
 * The function of messages, as text. A helper that is offered a share of a program that it does not know yet goes back
 * for its messages: a program is sent before any share of it is offered.
 */
export const helperSource: string = `(() => {
  const programs = new Map();
  let words, thread, slot;

  const take = (message) => {
    if ('control' in message) {
      words = new Int32Array(message.control);
      thread = message.thread;
      slot = ${SLOT_WORDS} * thread;
    } else if ('forget' in message) {
      programs.delete(message.forget);
    } else {
      const instances = message.modules.map((module) => module && new WebAssembly.Instance(module, message.imports));
      programs.set(message.program, message.kernels.map(({ module, name }) => instances[module]?.exports[name]));
    }
  };

  const nextOffer = () => {
    for (;;) {
      for (let look = 0; look < ${LOOKS}; look++) {
        const offer = Atomics.load(words, slot + ${word.offer});
        if (offer & 1) return offer;
      }
      const claimed = Atomics.load(words, slot + ${word.offer});
      if (!(claimed & 1)) Atomics.wait(words, slot + ${word.offer}, claimed);
    }
  };

  const work = () => {
    for (;;) {
      const offer = nextOffer();
      const kernels = programs.get(words[slot + ${word.program}]);
      if (!kernels) return;
      const claimed = (offer + 1) | 0;
      if (Atomics.compareExchange(words, slot + ${word.offer}, offer, claimed) !== offer) continue;
      try {
        kernels[words[slot + ${word.kernel}]](words[slot + ${word.from}], words[slot + ${word.to}], thread);
      } catch {
        words[slot + ${word.failed}] = 1;
      }
      Atomics.store(words, slot + ${word.finished}, claimed);
      Atomics.notify(words, slot + ${word.finished});
    }
  };

  return (message) => {
    take(message);
    work();
  };
})()`;
