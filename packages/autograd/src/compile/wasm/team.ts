import { fail } from '../../core/errors.ts';
import { mayWait, type StartedWorker, startWorker } from '../../kernels/workers.ts';
import { type HelperMessage, type HelperProgram, helperSource, LOOKS, SLOT_WORDS, word } from './helper.ts';
import type { Share } from './shares.ts';
import type { SharedStep } from './write-program.ts';

/** Helpers that a team can have. */
const MOST_HELPERS = 63;
/** A wait of so many milliseconds is looked after. Counting such waits, not time, makes a program that was stopped no loss. */
const WAIT = 250;
/** A helper is lost that has not finished after so many waits, and so many times what its share should take. */
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
export interface SharedKernel extends SharedStep {
  readonly program: number;
  run(from: number, to: number, thread: number): void;
}

/**
 * The calling thread, with the number 0, and its helpers, from 1 on. A share on offer that no helper has claimed when the
 * caller is through with its own is done by the caller: one that sleeps, is late, never started or died costs time and
 * nothing else. Kernels may change what they read, so a share that a helper has begun is done by nobody else; if it dies
 * there, the step is lost.
 */
export class Team {
  readonly #control: SharedArrayBuffer = new SharedArrayBuffer(
    (1 + MOST_HELPERS) * SLOT_WORDS * Int32Array.BYTES_PER_ELEMENT,
  );
  readonly #words: Int32Array = new Int32Array(this.#control);
  /** The last offer to each thread: an odd number. */
  readonly #offers: Int32Array = new Int32Array(1 + MOST_HELPERS).fill(-1);
  /** Which threads were offered a share of the kernel that runs. */
  readonly #asked: boolean[] = [false];
  /** When each helper is asked again. */
  readonly #restsUntil: Float64Array = new Float64Array(1 + MOST_HELPERS);
  readonly #start: (receive: string) => StartedWorker | undefined;
  readonly #waits: number;
  readonly #mayWait: boolean;
  readonly #now: () => number;
  readonly #programs: Map<number, HelperProgram> = new Map();
  #helpers: StartedWorker[] = [];
  #nextProgram = 1;
  #mayStart = true;
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
    while (this.#mayStart && this.#helpers.length < Math.min(threads - 1, MOST_HELPERS)) this.#startHelper();
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
  run({ program, kernel, shares, nanoseconds, run }: SharedKernel): void {
    const start = this.#now();
    for (let thread = 1; thread < shares.length; thread++) {
      const asked = thread <= this.#helpers.length && start >= this.#restsUntil[thread];
      this.#asked[thread] = asked;
      if (asked) this.#offer(thread, program, kernel, shares[thread]);
    }
    try {
      for (let thread = 0; thread < shares.length; thread++) {
        if (!this.#asked[thread] || this.#claim(thread)) run(shares[thread][0], shares[thread][1], 0);
      }
    } finally {
      const worked = this.#now() - start;
      for (let thread = 1; thread < shares.length; thread++) if (this.#asked[thread]) this.#claim(thread);
      for (let thread = 1; thread < shares.length; thread++) {
        if (this.#asked[thread]) this.#waitFor(thread, worked, nanoseconds / 1e6);
      }
    }
    this.#checkFailures();
  }

  #offer(thread: number, program: number, kernel: number, [from, to]: Share): void {
    const slot = SLOT_WORDS * thread;
    this.#words[slot + word.program] = program;
    this.#words[slot + word.kernel] = kernel;
    this.#words[slot + word.from] = from;
    this.#words[slot + word.to] = to;
    this.#offers[thread] += 2;
    Atomics.store(this.#words, slot + word.offer, this.#offers[thread]);
    Atomics.notify(this.#words, slot + word.offer);
  }

  /** Takes a share that no helper has claimed; whether there was one. */
  #claim(thread: number): boolean {
    const slot = SLOT_WORDS * thread;
    const offer = this.#offers[thread];
    const claimed = claimedNumber(offer);
    if (Atomics.compareExchange(this.#words, slot + word.offer, offer, claimed) !== offer) return false;
    Atomics.store(this.#words, slot + word.finished, claimed);
    return true;
  }

  /** Waits for a helper after so many milliseconds of work; its share should take about `expected`. */
  #waitFor(thread: number, worked: number, expected: number): void {
    const finished = SLOT_WORDS * thread + word.finished;
    const claimed = claimedNumber(this.#offers[thread]);
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(this.#words, finished) === claimed) return;
    const start = this.#now();
    const waits = this.#waits + (PATIENCE.times * expected) / WAIT;
    for (let wait = 0; ; wait++) {
      const seen = Atomics.load(this.#words, finished);
      if (seen === claimed) break;
      if (wait >= waits) this.#lose(thread);
      this.#wait(finished, seen);
    }
    const end = this.#now();
    const waited = end - start;
    if (waited > worked + LATE) this.#restsUntil[thread] = end + REST * waited;
  }

  /** Waits for a moment, or until a word is no longer what was seen. */
  #wait(index: number, seen: number): void {
    if (this.#mayWait) {
      Atomics.wait(this.#words, index, seen, WAIT);
      return;
    }
    const end = performance.now() + WAIT;
    while (Atomics.load(this.#words, index) === seen && performance.now() < end);
  }

  #lose(thread: number): never {
    this.#ending = this.#helpers.length;
    this.#endHelpers(() => {
      this.#ending--;
    });
    return fail(operation, {
      got: `no answer from thread ${thread}, which had begun a part of the step`,
      needs: 'every thread to finish its part: the step is lost, and the arrays that it changes hold anything',
      fix: 'restore the parameters from a copy; later steps run on one thread',
    });
  }

  #checkFailures(): void {
    let failures = 0;
    for (let thread = 1; thread <= this.#helpers.length; thread++)
      failures += this.#words[SLOT_WORDS * thread + word.failed];
    if (failures === 0) return;
    this.#endHelpers(() => {});
    fail(operation, {
      got: `an error in ${failures} of the threads`,
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

/** What an offer becomes when somebody claims it: the next number of 32 bits. */
function claimedNumber(offer: number): number {
  return (offer + 1) | 0;
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
