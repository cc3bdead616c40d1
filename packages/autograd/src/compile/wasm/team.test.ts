import { describe, expect, test, vi } from 'vitest';
import { GradtapeError } from '../../core/errors.ts';
import { type StartedWorker, startWorker } from '../../kernels/workers.ts';
import { ProgramMemory } from '../memory/program-memory.ts';
import { type CountingKernel, countingKernel } from './counting-kernel.ts';
import { Team } from './team.ts';
import { buildWasm, type WasmProgram } from './wasm-program.ts';

const memory = new ProgramMemory({ largestPages: 16 });

interface Counting extends CountingKernel {
  readonly program: WasmProgram;
}

function counting(team: Team, threads = 2): Counting {
  const kernel = countingKernel(memory);
  return { ...kernel, program: buildWasm([[kernel.kernel]], memory, threads, () => team) };
}

const aMoment = (): Promise<void> => new Promise((done) => setTimeout(done, 1));

function expectCounts({ counts }: Counting, runs: number): void {
  expect(new Set(counts())).toEqual(new Set([runs]));
}

type Start = (receive: string) => StartedWorker | undefined;

/** Starts helpers after something was done to what they use. */
function prepared(preparation: string): Start {
  return (receive) => startWorker(`((receive) => { ${preparation} return receive; })(${receive})`);
}

/** Starts helpers that do something else instead of running kernels. */
function sabotage(deed: string): Start {
  return prepared(`WebAssembly.Instance = class {
    exports = new Proxy({}, { get: () => () => { ${deed} } });
  };`);
}

/** Runs until a helper has taken a chunk, and fails in it. */
async function errorOf({ program }: Counting): Promise<unknown> {
  for (;;) {
    try {
      program.run(0);
    } catch (error) {
      return error;
    }
    await aMoment();
  }
}

describe('the caller does what helpers do not begin', () => {
  test.each([
    ['that may not be started', () => undefined],
    ['that never start', () => ({ send: () => {}, end: () => {} })],
    ['that end at once', () => startWorker('() => process.exit()')],
  ])('helpers %s', (_, start) => {
    const program = counting(new Team({ start }), 3);
    for (let run = 0; run < 20; run++) program.program.run(0);
    expectCounts(program, 20);
    expect(program.threads()).toEqual(new Set([0]));
  });

  test('a helper that ended between two runs', async () => {
    const workers: StartedWorker[] = [];
    const start: Start = (receive) => {
      const worker = startWorker(receive);
      if (worker) workers.push(worker);
      return worker;
    };
    const program = counting(new Team({ start }));
    const runs = await runsUntilHelped(program);
    await new Promise<void>((ended) => workers[0].end(ended));
    for (let run = 0; run < 20; run++) program.program.run(0);
    expectCounts(program, runs + 20);
    expect(program.threads()).toEqual(new Set([0]));
  });
});

/** Runs until every thread up to this one has done something; how many runs it took. */
async function runsUntilHelped({ program, threads }: Counting, thread = 1): Promise<number> {
  for (let runs = 1; ; runs++) {
    program.run(0);
    if (threads().has(thread)) return runs;
    await aMoment();
  }
}

test('helpers know the programs that were there before them, and those that came later; not what was disposed of', async () => {
  const team = new Team();
  const first = counting(team, 3);
  const firstRuns = await runsUntilHelped(first, 1);
  const second = counting(team, 4);
  const third = counting(team, 4);
  expectCounts(third, await runsUntilHelped(third, 3));
  second.program.dispose();
  expectCounts(first, firstRuns + (await runsUntilHelped(first, 2)));
  expectCounts(counting(team), 0);
});

test('a helper that looked at one program and comes late takes nothing of the next, which it does not know', () => {
  const start = prepared(`
    const compareExchange = Atomics.compareExchange;
    Atomics.compareExchange = (...values) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      return compareExchange(...values);
    };
  `);
  const team = new Team({ start });
  for (let programs = 0; programs < 60; programs++) {
    const program = counting(team);
    for (let run = 0; run < 4; run++) program.program.run(0);
    expectCounts(program, 4);
    program.program.dispose();
  }
});

test('a program is helped by as many threads as it has room for', async () => {
  const team = new Team();
  await runsUntilHelped(counting(team, 4), 3);
  const program = counting(team, 2);
  const seen = new Set<number>();
  for (let run = 0; run < 50; run++) {
    program.program.run(0);
    for (const thread of program.threads()) seen.add(thread);
    await aMoment();
  }
  expect(seen).toEqual(new Set([0, 1]));
});

test('a helper that is late is not asked for ten times as long as the caller had to wait', async () => {
  let time = 0;
  let calls = 0;
  /** Leaps when the caller asks how long it has waited for a helper. */
  const now = (): number => {
    calls++;
    if (calls === 3) time += 1000;
    return time;
  };
  const sleeps = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)';
  const { program } = counting(new Team({ start: sabotage(sleeps), now }));
  const run = async (): Promise<void> => {
    calls = 0;
    program.run(0);
    await aMoment();
  };
  while (time === 0) await run();
  const asksAgain = time + 10 * 1000;
  time = asksAgain - 1;
  for (let runs = 0; runs < 30; runs++) await run();
  expect(time).toBe(asksAgain - 1);
  time = asksAgain;
  while (time === asksAgain) await run();
});

describe('an error in the middle of a kernel', () => {
  test.each([true, false])(
    'a helper that dies: the step is lost, then one thread works (may wait: %s)',
    async (mayWait) => {
      const team = new Team({ start: sabotage('process.exit()'), waits: 1, mayWait });
      const program = counting(team);
      const error = await errorOf(program);
      expect(error).toBeInstanceOf(GradtapeError);
      expect(String(error)).toContain('no answer from a thread');
      expect(() => program.program.run(0)).toThrow('not known to have ended');
      await vi.waitFor(() => team.check(), 20_000);
      const after = counting(team);
      for (let run = 0; run < 20; run++) after.program.run(0);
      expectCounts(after, 20);
      expect(after.threads()).toEqual(new Set([0]));
    },
  );

  test('a helper that throws: the step is lost, then one thread works', async () => {
    const team = new Team({ start: sabotage('throw new Error()') });
    const program = counting(team);
    expect(String(await errorOf(program))).toContain('an error in one of the threads');
    const after = counting(team);
    after.program.run(0);
    expectCounts(after, 1);
  });

  test('the caller throws: no helper works any more when it does', async () => {
    const team = new Team();
    const trapping = countingKernel(memory, { trapIn: 0 });
    const program = buildWasm([[trapping.kernel]], memory, 2, () => team);
    const counts: number[][] = [];
    while (!trapping.counts().includes(3)) {
      expect(() => program.run(0)).toThrow(WebAssembly.RuntimeError);
      counts.push(trapping.counts());
      await aMoment();
      expect(trapping.counts()).toEqual(counts.at(-1));
    }
    const after = counting(team);
    expectCounts(after, await runsUntilHelped(after));
  });

  test('the caller throws: it waits for no chunk that nobody has taken', () => {
    const team = new Team({ start: () => ({ send: () => {}, end: () => {} }), waits: 1 });
    const trapping = countingKernel(memory, { trapIn: 0 });
    const program = buildWasm([[trapping.kernel]], memory, 2, () => team);
    expect(() => program.run(0)).toThrow(WebAssembly.RuntimeError);
    const after = counting(team);
    after.program.run(0);
    expectCounts(after, 1);
  });
});
