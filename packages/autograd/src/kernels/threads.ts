import type { MemoryImports } from './wasm/work-memory.ts';
import { mayWait, startWorker } from './workers.ts';

/**
 * Threads that help with calls of a WebAssembly function on a shared memory. Where helpers cannot start, or are late, the
 * caller does the work.
 */

/** What a team is made for. */
export interface TeamWork {
  /** Exports the function. */
  readonly module: WebAssembly.Module;
  /** A shared memory. */
  readonly imports: MemoryImports;
  /** Called with the numbers of a call and that of the thread. It must be harmless to make a call twice. */
  readonly functionName: string;
  readonly callLength: number;
}

/** Calls that one round can hold. */
const MOST_CALLS = 1024;
/** For each thread so many groups of calls, so that one that comes late takes fewer. */
const GROUPS_PER_THREAD = 2;
/** How often a thread looks for work, or for its end, before it sleeps: waking costs some 40 µs, looking 2 to 6. */
const LOOKS = 2000;

/**
 * Shared counters, and behind them the calls of this round. Groups of calls are taken from the last to the first, by
 * whoever counts `remaining` down to their number. Below zero there is nothing to take, so a late helper does no harm.
 */
const place = { remaining: 0, finished: 1, round: 2, calls: 3, groupSize: 4, failed: 5, firstCall: 6 } as const;

/** What a helper runs, as text: a bundler need not know of it. */
const helperSource = `({ module, imports, functionName, callLength, control, thread }) => {
  const counters = new Int32Array(control);
  const run = new WebAssembly.Instance(module, imports).exports[functionName];
  const runGroup = (group) => {
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

/** The calling thread, with the number 0, and its helpers, from 1 on. */
export class Team {
  /** Parts that work is best cut into. */
  readonly groups: number;
  readonly #callLength: number;
  readonly #counters: Int32Array;
  readonly #run: (...values: number[]) => void;
  readonly #mayWait: boolean;

  constructor(work: TeamWork, threads: number) {
    const control = new SharedArrayBuffer(
      (place.firstCall + MOST_CALLS * work.callLength) * Int32Array.BYTES_PER_ELEMENT,
    );
    this.#callLength = work.callLength;
    this.#counters = new Int32Array(control);
    this.#run = new WebAssembly.Instance(work.module, work.imports).exports[work.functionName] as (
      ...values: number[]
    ) => void;
    this.groups = GROUPS_PER_THREAD * threads;
    this.#mayWait = mayWait();
    for (let thread = 1; thread < threads; thread++) startWorker(helperSource)?.send({ ...work, control, thread });
  }

  /** Makes all calls, in any order. They must not depend on each other. */
  run(calls: readonly Call[]): void {
    for (let start = 0; start < calls.length; start += MOST_CALLS) this.#round(calls.slice(start, start + MOST_CALLS));
  }

  #round(calls: readonly Call[]): void {
    const counters = this.#counters;
    const size = Math.ceil(calls.length / this.groups);
    const groups = Math.ceil(calls.length / size);
    calls.forEach((call, i) => {
      counters.set(call, place.firstCall + i * this.#callLength);
    });
    counters[place.calls] = calls.length;
    counters[place.groupSize] = size;
    Atomics.store(counters, place.failed, 0);
    Atomics.store(counters, place.finished, 0);
    Atomics.store(counters, place.remaining, groups);
    Atomics.add(counters, place.round, 1);
    Atomics.notify(counters, place.round);

    for (let group = this.#next(); group >= 0; group = this.#next()) {
      for (const call of calls.slice(group * size, (group + 1) * size)) this.#run(...call, 0);
      Atomics.add(counters, place.finished, 1);
    }
    this.#waitUntilFinished(groups);
    if (Atomics.load(counters, place.failed)) for (const call of calls) this.#run(...call, 0);
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
