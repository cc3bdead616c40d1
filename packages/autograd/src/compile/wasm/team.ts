import { fail } from '../../core/errors.ts';
import { mayWait, type StartedWorker, startWorker } from '../../kernels/workers.ts';
import {
  CHUNK_BITS,
  CHUNKS_LEFT,
  type HelperMessage,
  type HelperProgram,
  helperSource,
  LOOKS,
  MOST_THREADS,
  WORDS,
  word,
} from './helper.ts';
import type { WrittenKernel } from './write-program.ts';

/** A wait of so many milliseconds is looked after. Counting such waits, not time, makes a program that was stopped no loss. */
const WAIT = 250;
/** A helper is lost if none has finished anything for so many waits, and so many times what a chunk should take. */
const PATIENCE = { waits: 8, times: 20 } as const;

/** A helper is late if the caller waits this many milliseconds more for it than it has worked itself: its core is busy. */
const LATE = 0.02;
/** Whoever is late is not asked for so many times as long, so that waiting never costs more than a tenth. */
const REST = 10;

const operation = 'running a compiled program';

export interface TeamOptions {
  readonly start?: (receive: string) => StartedWorker | undefined;
  /** Waits until a helper is given up. */
  readonly waits?: number;
  readonly mayWait?: boolean;
  /** A clock, in milliseconds. */
  readonly now?: () => number;
}

/** A kernel whose units threads share. */
export interface SharedKernel extends Pick<WrittenKernel, 'chunks' | 'nanoseconds'> {
  readonly program: number;
  readonly kernel: number;
  /** How many threads have room to work in. */
  readonly threads: number;
  run(from: number, to: number, thread: number): void;
}

/**
 * The calling thread, with the number 0, and its helpers, from 1 on. Each takes chunks of a kernel until none is open, and
 * the caller waits only for those that were taken: a helper that sleeps, is late, never started or died costs time and
 * nothing else. Kernels may change what they read, so a chunk that a helper has begun is done by nobody else; if it dies
 * there, the step is lost.
 */
export class Team {
  readonly #control: SharedArrayBuffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT);
  readonly #words: Int32Array = new Int32Array(this.#control);
  /** When each helper is asked again. */
  readonly #restsUntil: Float64Array = new Float64Array(MOST_THREADS);
  readonly #start: (receive: string) => StartedWorker | undefined;
  readonly #waits: number;
  readonly #mayWait: boolean;
  readonly #now: () => number;
  readonly #programs: Map<number, HelperProgram> = new Map();
  #helpers: StartedWorker[] = [];
  #nextProgram = 1;
  #mayStart = true;
  #round = 0;
  /** Helpers that may still write somewhere, after one of them was lost. */
  #ending = 0;

  constructor(options: TeamOptions = {}) {
    this.#start = options.start ?? startWorker;
    this.#waits = options.waits ?? PATIENCE.waits;
    this.#mayWait = options.mayWait ?? mayWait();
    this.#now = options.now ?? (() => performance.now());
  }

  /** Makes a program known to so many threads, starting those that are missing. Its number. */
  add(program: Omit<HelperProgram, 'program'>, threads: number): number {
    const added = { ...program, program: this.#nextProgram++ };
    this.#programs.set(added.program, added);
    for (const helper of this.#helpers) tell(helper, added);
    while (this.#mayStart && this.#helpers.length < Math.min(threads, MOST_THREADS) - 1) this.#startHelper();
    return added.program;
  }

  forget(program: number): void {
    if (this.#programs.delete(program)) for (const helper of this.#helpers) tell(helper, { forget: program });
  }

  /** Throws while a helper that was lost may still write where the next program computes. */
  check(): void {
    if (this.#ending > 0) {
      fail(operation, {
        got: 'a thread that was lost in an earlier step and is not known to have ended',
        needs: 'the memory of programs to itself',
        fix: 'await something (`await new Promise((done) => setTimeout(done, 100))`), restore the parameters, and run again; on a page, reload it',
      });
    }
  }

  /** Runs a kernel. All that was written before is seen by every thread, all that it writes by the caller. */
  run(shared: SharedKernel): void {
    const { chunks, nanoseconds, run } = shared;
    const start = this.#now();
    const asked = this.#whomToAsk(shared.threads, start);
    if (asked === 0) {
      run(0, chunks[chunks.length - 1][1], 0);
      return;
    }
    const first = chunks.length - 1;
    this.#open(shared, asked, first);
    let taken = 0;
    try {
      for (let chunk = first; chunk >= 0; chunk = this.#take()) {
        taken++;
        run(chunks[chunk][0], chunks[chunk][1], 0);
      }
    } finally {
      while (this.#take() >= 0) taken++;
      this.#waitFor(chunks.length - taken, start, nanoseconds / 1e6);
    }
    this.#checkFailures();
  }

  /** A bit for each helper that does not rest. */
  #whomToAsk(threads: number, now: number): number {
    let asked = 0;
    for (let thread = 1; thread < threads && thread <= this.#helpers.length; thread++) {
      if (now >= this.#restsUntil[thread]) asked |= 1 << thread;
    }
    return asked;
  }

  /** Opens so many chunks. */
  #open({ program, kernel }: SharedKernel, asked: number, chunks: number): void {
    this.#words[word.program] = program;
    this.#words[word.kernel] = kernel;
    this.#words[word.asked] = asked;
    this.#words[word.finished] = 0;
    this.#round++;
    Atomics.store(this.#words, word.open, (this.#round << CHUNK_BITS) | chunks);
    Atomics.notify(this.#words, word.open);
  }

  /** Takes a chunk that is open; -1 if none is. */
  #take(): number {
    for (;;) {
      const open = Atomics.load(this.#words, word.open);
      const left = open & CHUNKS_LEFT;
      if (left === 0 || Atomics.compareExchange(this.#words, word.open, open, open - 1) === open) return left - 1;
    }
  }

  /** Waits until helpers have finished so many chunks, each of which should take about `expected` milliseconds. */
  #waitFor(chunks: number, start: number, expected: number): void {
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(this.#words, word.finished) === chunks) return;
    const before = this.#now();
    const mostWaits = this.#waits + (PATIENCE.times * expected) / WAIT;
    for (let waits = 0; ; ) {
      const seen = Atomics.load(this.#words, word.finished);
      if (seen === chunks) break;
      if (waits >= mostWaits) this.#lose();
      waits = this.#wait(word.finished, seen) ? 0 : waits + 1;
    }
    const end = this.#now();
    const waited = end - before;
    if (waited > before - start + LATE) this.#restsUntil[this.#words[word.last]] = end + REST * waited;
  }

  /** Waits for a moment, or until a word is no longer what was seen; whether it is not. */
  #wait(index: number, seen: number): boolean {
    if (this.#mayWait) {
      Atomics.wait(this.#words, index, seen, WAIT);
    } else {
      const end = performance.now() + WAIT;
      while (Atomics.load(this.#words, index) === seen && performance.now() < end);
    }
    return Atomics.load(this.#words, index) !== seen;
  }

  #lose(): never {
    this.#ending = this.#helpers.length;
    this.#endHelpers(() => {
      this.#ending--;
    });
    return fail(operation, {
      got: 'no answer from a thread that had begun a part of the step',
      needs: 'every thread to finish its part: the step is lost, and the arrays that it changes hold anything',
      fix: 'restore the parameters from a copy; later steps run on one thread',
    });
  }

  #checkFailures(): void {
    if (this.#words[word.failed] === 0) return;
    this.#endHelpers(() => {});
    fail(operation, {
      got: 'an error in one of the threads',
      needs: 'every thread to finish its part: the step is lost, and the arrays that it changes hold anything',
      fix: 'restore the parameters from a copy and run again: on one thread, the error shows itself',
    });
  }

  /** From now on the caller is alone. */
  #endHelpers(ended: () => void): void {
    this.#mayStart = false;
    for (const helper of this.#helpers) helper.end(ended);
    this.#helpers = [];
  }

  #startHelper(): void {
    const helper = this.#start(helperSource);
    if (helper === undefined) {
      this.#mayStart = false;
      return;
    }
    const thread = this.#helpers.push(helper);
    tell(helper, { control: this.#control, thread });
    for (const program of this.#programs.values()) tell(helper, program);
  }
}

function tell(helper: StartedWorker, message: HelperMessage): void {
  helper.send(message);
}

let team: Team | undefined;

/** The team of all programs here; made when it is first needed. */
export function sharedTeam(): Team {
  team ??= new Team();
  return team;
}
