import { execFileSync } from 'node:child_process';
import { type BuildOptions, buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { Team } from './threads.ts';
import { WorkMemory } from './wasm/work-memory.ts';
import { WasmWriter } from './wasm/write-wasm.ts';

const size = 4;
/** Thread t finds its number at `numbers + t`. */
const numbers = 0;
/** For each call a vector that counts how often it was made, and the number of the thread that made it last. */
const record = (call: number): number => size * (16 + 8 * call);

/** A team whose calls take so many steps, and write down who made them. */
function recordingTeam(
  steps: number,
  nest: 'record' | 'trap in helpers',
): { team: Team<'record'>; view: Float32Array } {
  const memory = new WorkMemory({ shared: true, largestPages: 2 });
  memory.reserve(65536);
  const view = memory.viewLike(new Float32Array()) as Float32Array;
  view.set([10, 11, 12, 13], numbers);
  const writer = new WasmWriter({ elementType: 'float32', relaxed: false, sharedMemory: true });
  writer.procedure('record', 2, (at, thread) => {
    const beyondMemory = 2 * 65536;
    if (nest === 'trap in helpers') writer.copy(writer.times(thread, beyondMemory), writer.index(numbers));
    const one = writer.index(numbers + 8 * size);
    const count = writer.keep(writer.load(at));
    writer.loop(writer.index(steps), [], () => writer.store(at, count.get()));
    writer.store(at, writer.multiplyAdd(writer.splat(one), writer.splat(one), count.get()));
    writer.copy(writer.plus(at, 4 * size), writer.plus(writer.times(thread, size), numbers));
  });
  view[numbers + 8] = 1;
  const module = new WebAssembly.Module(writer.module());
  const team = new Team({ module, imports: memory.imports, functions: { record: 1 } }, 2);
  return { team, view };
}

const calls = (count: number): number[][] => Array.from({ length: count }, (_, call) => [record(call)]);
const counts = (view: Float32Array, count: number): number[] => calls(count).map(([at]) => view[at / size]);
const makers = (view: Float32Array, count: number): Set<number> =>
  new Set(calls(count).map(([at]) => view[at / size + 4]));

describe('a team', () => {
  test('makes every call once, and wakes the helper to make some', async () => {
    const { team, view } = recordingTeam(1000, 'record');
    let rounds = 0;
    let roundsWithHelper = 0;
    while (roundsWithHelper < 3) {
      team.run('record', calls(1500));
      rounds++;
      expect(new Set(counts(view, 1500))).toEqual(new Set([rounds]));
      if (makers(view, 1500).has(11)) roundsWithHelper++;
      await new Promise((asleep) => setTimeout(asleep, 5));
    }
  });

  test.each([1, 2, 3, 4, 5, 9, 1023, 1024, 1025])('%i calls in a round', (count) => {
    const { team, view } = recordingTeam(1, 'record');
    for (let rounds = 1; rounds <= 20; rounds++) {
      team.run('record', calls(count));
      expect(new Set(counts(view, count))).toEqual(new Set([rounds]));
      expect(counts(view, count + 1).at(-1)).toBe(0);
    }
  });

  test('does by itself what a helper fails to do', async () => {
    const { team, view } = recordingTeam(10_000, 'trap in helpers');
    let rounds = 0;
    const madeTwice = (): boolean => Math.max(...counts(view, 100)) > rounds;
    while (!madeTwice()) {
      team.run('record', calls(100));
      rounds++;
      expect(Math.min(...counts(view, 100))).toBeGreaterThanOrEqual(rounds);
      await new Promise((asleep) => setTimeout(asleep, 5));
    }
    expect(makers(view, 100)).toEqual(new Set([10]));
  });

  test('bundled, does not keep the program from ending', () => {
    const program = `
      import { contract } from './contract.ts';
      const data = new Float32Array(40_000).fill(1);
      const matrix = { data, offset: 0, batchStrides: [], rowStride: 200, columnStride: 1 };
      const out = new Float32Array(40_000);
      for (let i = 0; i < 100; i++) contract(out, 0, [], 200, 200, 200, matrix, matrix);
      console.log(out.every((value) => value === 200));
    `;
    const options: BuildOptions = { bundle: true, format: 'esm', minify: true, write: false };
    const stdin = { contents: program, resolveDir: import.meta.dirname, loader: 'ts' as const };
    const [bundle] = buildSync({ ...options, stdin }).outputFiles ?? [];
    const run = () => execFileSync(process.execPath, ['--input-type=module'], { input: bundle.text, timeout: 20_000 });
    expect(run().toString()).toBe('true\n');
  });
});
