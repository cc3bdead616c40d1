import type { MemoryImports } from './wasm/work-memory.ts';
import { mayWait, startWorker } from './workers.ts';

/**
 * Threads that help with calls of WebAssembly functions on a shared memory. Where helpers cannot start, or are late, the
 * caller does the work.
 */

/** What a team is made for. */
export interface TeamWork<Name extends string> {
  /** Exports the functions. */
  readonly module: WebAssembly.Module;
  /** A shared memory. */
  readonly imports: MemoryImports;
  /**
   * How many numbers each function is called with, beside that of the thread, which is the last. It must be harmless to make
   * a call twice.
   */
  readonly functions: Readonly<Record<Name, number>>;
}

/** Calls that one round can hold. */
const MOST_CALLS = 1024;
/** For each thread so many groups of calls, where there are as many calls: one that comes late takes fewer. */
const GROUPS_PER_THREAD = 4;
/** And so many parts of work that has to be cut for it: each part packs its operands anew. */
const PARTS_PER_THREAD = 2;
/** How often a thread looks for work, or for its end, before it sleeps: waking costs some 40 µs, looking 2 to 6. */
const LOOKS = 2000;

/**
 * Shared counters, and behind them the calls of this round. Groups of calls are taken from the last to the first, by
 * whoever counts `remaining` down to their number. Below zero there is nothing to take, so a late helper does no harm.
 */
const place = {
  ...{ remaining: 0, finished: 1, round: 2 },
  ...{ function: 3, calls: 4, groupSize: 5, failed: 6, firstCall: 7 },
} as const;

/** What a helper runs, as text: a bundler need not know of it. */
const helperSource = `({ module, imports, functions, control, thread }) => {
  const counters = new Int32Array(control);
  const { exports } = new WebAssembly.Instance(module, imports);
  const runGroup = (group) => {
    const [name, callLength] = Object.entries(functions)[counters[${place.function}]];
    const run = exports[name];
    const size = counters[${place.groupSize}];
    const end = Math.min((group + 1) * size, counters[${place.calls}]);
    for (let call = group * size; call < end; call++) {
      const start = ${place.firstCall} + call * callLength;
      run(...counters.subarray(start, start + callLength), thread);
    }
  };
  for (;;) {
    const round = Atomics.load(counters, ${place.round});
    for (let group; (group = Atomics.sub(counters, ${place.remaining}, 1) - 1) >= 0; ) {
      try {
        runGroup(group);
      } catch {
        Atomics.store(counters, ${place.failed}, 1);
      }
      Atomics.add(counters, ${place.finished}, 1);
      Atomics.notify(counters, ${place.finished});
    }
    for (let look = 0; look < ${LOOKS} && Atomics.load(counters, ${place.round}) === round; look++);
    Atomics.wait(counters, ${place.round}, round);
  }
}`;

type Call = readonly number[];
type Exports = Readonly<Record<string, (...values: number[]) => void>>;

/** The calling thread, with the number 0, and its helpers, from 1 on. */
export class Team<Name extends string> {
  /** Parts that work is best cut into. */
  readonly parts: number;
  readonly #mostGroups: number;
  readonly #functions: Readonly<Record<Name, number>>;
  readonly #exports: Exports;
  readonly #counters: Int32Array;
  readonly #mayWait: boolean;
  #startHelpers: (() => void) | undefined;

  /** The helpers start when there is work for them. */
  constructor(work: TeamWork<Name>, threads: number) {
    const longestCall = Math.max(...Object.values<number>(work.functions));
    const control = new SharedArrayBuffer((place.firstCall + MOST_CALLS * longestCall) * Int32Array.BYTES_PER_ELEMENT);
    this.#functions = work.functions;
    this.#exports = new WebAssembly.Instance(work.module, work.imports).exports as Exports;
    this.#counters = new Int32Array(control);
    this.parts = PARTS_PER_THREAD * threads;
    this.#mostGroups = GROUPS_PER_THREAD * threads;
    this.#mayWait = mayWait();
    this.#startHelpers = () => {
      for (let thread = 1; thread < threads; thread++) startWorker(helperSource)?.send({ ...work, control, thread });
    };
  }

  /** Makes all calls of a function, in any order. They must not depend on each other. */
  run(name: Name, calls: readonly Call[]): void {
    this.#startHelpers?.();
    this.#startHelpers = undefined;
    for (let start = 0; start < calls.length; start += MOST_CALLS)
      this.#round(name, calls.slice(start, start + MOST_CALLS));
  }

  #round(name: Name, calls: readonly Call[]): void {
    const counters = this.#counters;
    const callLength = this.#functions[name];
    const run = this.#exports[name];
    const size = Math.ceil(calls.length / this.#mostGroups);
    const groups = Math.ceil(calls.length / size);
    calls.forEach((call, i) => {
      counters.set(call, place.firstCall + i * callLength);
    });
    counters[place.function] = Object.keys(this.#functions).indexOf(name);
    counters[place.calls] = calls.length;
    counters[place.groupSize] = size;
    Atomics.store(counters, place.failed, 0);
    Atomics.store(counters, place.finished, 0);
    Atomics.store(counters, place.remaining, groups);
    Atomics.add(counters, place.round, 1);
    Atomics.notify(counters, place.round);

    for (let group = this.#next(); group >= 0; group = this.#next()) {
      for (const call of calls.slice(group * size, (group + 1) * size)) run(...call, 0);
      Atomics.add(counters, place.finished, 1);
    }
    this.#waitUntilFinished(groups);
    if (Atomics.load(counters, place.failed)) for (const call of calls) run(...call, 0);
  }

  #next(): number {
    return Atomics.sub(this.#counters, place.remaining, 1) - 1;
  }

  #waitUntilFinished(groups: number): void {
    for (let look = 0; ; look++) {
      const finished = Atomics.load(this.#counters, place.finished);
      if (finished === groups) return;
      if (look >= LOOKS && this.#mayWait) Atomics.wait(this.#counters, place.finished, finished);
    }
  }
}
