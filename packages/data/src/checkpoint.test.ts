import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultGenerator, Generator, manualSeed, Tensor, tensor, zeros } from '@gradtape/autograd';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCheckpoint, readCheckpoint, type Stateful, saveCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { readSafetensors, writeSafetensors } from './formats/safetensors.ts';
import { DataLoader } from './loader.ts';
import type { State } from './state.ts';
import { TensorDataset } from './tensor-dataset.ts';

/** Keeps whatever state it is given, but for one that is called wrong; then it has changed already. */
class Part implements Stateful {
  state: State;

  constructor(state: State) {
    this.state = state;
  }

  stateDict(): State {
    return this.state;
  }

  loadStateDict(state: State): void {
    const before = this.state;
    this.state = state;
    if (state === 'wrong' && before !== 'wrong') throw new Error('not the state of this part');
  }
}

const nested: State = {
  weight: tensor([
    [1, Number.NaN],
    [-0, Infinity],
  ]),
  steps: [1, Number.NaN, -Infinity, -0, { done: false, name: 'a.b', none: null }],
  groups: [{ betas: [0.9, 0.999], moment: tensor(3, { dtype: 'int32' }) }],
  // Places that are spelled alike.
  a: { 'b.c': tensor([1]), b: { c: tensor([2]) }, 'b.c#2': tensor([3]) },
};

test('what was saved is put back, with the same bits: states, values, generators, and the default generator', () => {
  const generator = new Generator(5);
  generator.uniform(new Float32Array(9));
  manualSeed(6).uniform(new Float32Array(30));
  const before = [generator.state, defaultGenerator().state];
  const bytes = writeCheckpoint({ part: new Part(nested), generator, epoch: 7, nested });

  generator.uniform(new Float32Array(9));
  manualSeed(8);
  const part = new Part(null);
  const checkpoint = readCheckpoint(bytes);
  checkpoint.restore({ part, generator });
  expect([generator.state, defaultGenerator().state]).toEqual(before);
  const contentOf = (state: State): unknown =>
    JSON.parse(
      JSON.stringify(state, (_, value) =>
        value instanceof Tensor
          ? `${value.dtype} ${value}`
          : Object.is(value, -0) || Number.isNaN(value) || Math.abs(value) === Infinity
            ? `number ${Object.is(value, -0) ? '-0' : value}`
            : value,
      ),
    );
  expect(contentOf(part.state)).toEqual(contentOf(nested));
  expect(contentOf(checkpoint.values.nested)).toEqual(contentOf(nested));
  expect(checkpoint.values.epoch).toBe(7);
});

test('any library finds the tensors in it, by the names of their places', () => {
  const { tensors } = readSafetensors(
    writeCheckpoint({ model: new Part({ 'fc1.weight': zeros([2, 3]) }), best: zeros([1]) }),
  );
  expect(Object.keys(tensors)).toEqual(['best', 'model.fc1.weight']);
});

test('without random, the default generator goes on as it was', () => {
  const bytes = writeCheckpoint({});
  const { state } = manualSeed(11);
  readCheckpoint(bytes).restore({}, { random: false });
  expect(defaultGenerator().state).toEqual(state);
});

describe('all of it, or nothing', () => {
  test('a part that refuses its state leaves every part as it was', () => {
    const [first, second, generator] = [new Part('first'), new Part('second'), new Generator(1)];
    const loader = new DataLoader(new TensorDataset(zeros([4])), { shuffle: true });
    manualSeed(3);
    for (const _ of loader) break;
    const checkpoint = readCheckpoint(
      writeCheckpoint({ first: 'other', generator: new Generator(2), loader, second: 'wrong' }),
    );
    manualSeed(4);
    const before = [loader.stateDict(), defaultGenerator().state];
    expect(() => checkpoint.restore({ first, generator, loader, second })).toThrow('not the state of this part');
    expect([first.state, second.state, generator.seed]).toEqual(['first', 'second', 1]);
    expect([loader.stateDict(), defaultGenerator().state]).toEqual(before);
  });

  test('a part that was not saved is told before anything is changed', () => {
    const first = new Part('first');
    const checkpoint = readCheckpoint(writeCheckpoint({ first: 'other', epoch: 1 }));
    expect(() => checkpoint.restore({ first, schedule: new Part(null) })).toThrowErrorMatchingInlineSnapshot(`
      [GradtapeError: restore: the checkpoint has no such part; nothing was changed
        got:   schedule
        needs: among first, epoch
        fix:   use the names with which it was saved; what is new since then begins anew, without restore]
    `);
    expect(first.state).toBe('first');
  });
});

test('files that are no checkpoints, and states that cannot be saved, are told', async () => {
  expect(() =>
    readCheckpoint(writeSafetensors({ x: zeros([1]) }), 'x.safetensors'),
  ).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCheckpoint: x.safetensors is no checkpoint
      got:   a safetensors file without the rest of a checkpoint
      needs: a file that saveCheckpoint wrote, version 1
      fix:   read tensors alone with readSafetensors, and give them to model.loadStateDict]
  `);
  const saved = (text: string): Uint8Array => writeSafetensors({}, { metadata: { 'gradtape.checkpoint': text } });
  expect(() => readCheckpoint(saved('{"version":2,"parts":{}}'))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCheckpoint: the file is no checkpoint
      got:   version 2
      needs: a file that saveCheckpoint wrote, version 1
      fix:   read tensors alone with readSafetensors, and give them to model.loadStateDict]
  `);
  expect(() => readCheckpoint(saved('{'))).toThrow('readCheckpoint: the file is no checkpoint');
  const dangling = '{"version":1,"parts":{"w":{"$tensor":"w"}},"random":null}';
  expect(() => readCheckpoint(saved(dangling))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCheckpoint: a tensor is missing
      got:   no "w" for w
      needs: every tensor that the checkpoint names
      fix:   take a checkpoint that nothing else has changed since it was saved]
  `);
  const schedule = { lambda: (epoch: number): number => epoch } as unknown as State;
  expect(() => writeCheckpoint({ schedule })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: writeCheckpoint: this is no state that can be saved
      got:   function as schedule.lambda
      needs: tensors, numbers, texts, booleans, null, and arrays and plain objects of them
      fix:   save what stateDict() gives; turn a Map into Object.fromEntries(map), a Set into [...set]]
  `);
  expect(() => readCheckpoint(writeCheckpoint({ x: 1 })).restore({ x: new Generator(1) })).toThrow(
    'not the state of a generator',
  );
  await expect(loadCheckpoint('none')).rejects.toThrow("loadCheckpoint: 'none' cannot be read");
});

describe('the file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('holds what was when it was saved, whatever happens afterwards, and nothing else is left', async () => {
    const path = join(folder, 'run.safetensors');
    await saveCheckpoint(path, { epoch: 1 });
    const part = new Part('now');
    const saving = saveCheckpoint(path, { part });
    part.state = 'later';
    await saving;
    expect((await loadCheckpoint(path)).values).toEqual({ part: 'now' });
    expect(await readdir(folder)).toEqual(['run.safetensors']);
  });

  test('is the old one if the new one cannot be written', async () => {
    const path = join(folder, 'run.safetensors');
    await saveCheckpoint(path, { epoch: 1 });
    await expect(saveCheckpoint(path, { epoch: Symbol.iterator as unknown as State })).rejects.toThrow('no state');
    await expect(saveCheckpoint(folder, { epoch: 2 })).rejects.toThrow('cannot be written');
    expect((await loadCheckpoint(path)).values).toEqual({ epoch: 1 });
    expect(await readdir(folder)).toEqual(['run.safetensors']);
  });

  test('is whole, the old one or the new one, at whatever moment the process is killed', async () => {
    // Bundled once, so that the processes start at once.
    const script = join(folder, 'save-in-loop.mjs');
    const source = fileURLToPath(new URL('files-for-tests/save-in-loop.ts', import.meta.url));
    const conditions = ['@gradtape/source'];
    await build({ entryPoints: [source], outfile: script, bundle: true, platform: 'node', format: 'esm', conditions });
    const moments = new Generator(7).uniform(new Float64Array(6), 0, 60);
    const ends = Array.from(moments, async (moment, i) => {
      const path = join(folder, `killed-${i}.safetensors`);
      await killedAfter(moment, script, path);
      const { model, n } = (await loadCheckpoint(path)).values as { model: Record<string, Tensor>; n: number };
      const { weight, bias } = model;
      expect([weight.length, bias.length]).toEqual([1000 * (1 + (n % 40)), 7]);
      for (const x of [weight, bias]) expect(new Set(x.toTypedArray())).toEqual(new Set([n]));
      return n;
    });
    expect(Math.max(...(await Promise.all(ends)))).toBeGreaterThanOrEqual(1);
  });
});

/** Has a process save in a loop, and kills it so many milliseconds after it has saved for the first time. */
function killedAfter(milliseconds: number, script: string, path: string): Promise<void> {
  const child = spawn(process.execPath, [script, path]);
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
  return new Promise((resolve, reject) => {
    child.on('exit', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(errors))));
  });
}
