import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Kernel } from '../../kernels/kernel.ts';
import { NativeFailure } from './failure.ts';
import { buildNative, findNativeEngine, type NativeEngine } from './native-engine.ts';
import type { Surroundings } from './surroundings.ts';
import { expectBuilt, testSurroundings, withEngine } from './test-surroundings.ts';

const anyMachine = { vectorBytes: 16, tile: { rows: 4, vectors: 2 } };

/** Adds one to every unit's number, and one to the count of the thread's calls behind the units. */
function counting(name: string, units: number, cost: number, grain = 1, start = 0): Kernel {
  return {
    name,
    elementType: 'float32',
    units,
    cost,
    start,
    grain,
    write: (w, library) => {
      const addOne = library.procedure('addOne', () =>
        w.procedure('addOne', 1, (address) => {
          w.storeElement(address, w.add(w.splat(address), w.constant(1)));
        }),
      );
      return w.procedure(`count_${name}`, 3, (first, end, thread) => {
        w.loop(w.minus(end, first), [[w.times(first, 4), 4]], (address) => addOne(address));
        addOne(w.plus(w.times(thread, 4), units * 4));
      });
    },
  };
}

function newMemory(): Float32Array {
  return new Float32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
}

function bytesOf({ buffer }: Float32Array): Uint8Array {
  return new Uint8Array(buffer);
}

/** Counts by a program built here and now. */
function countsTo3(surroundings: Surroundings): void {
  const memory = newMemory();
  const kernels = [counting('a', 3, 1), counting('b', 3, 1), counting('c', 3, 1)];
  withEngine(surroundings, anyMachine, (engine) => {
    expectBuilt(engine.build([kernels], () => bytesOf(memory), 1)).run(0);
    expect([...memory.subarray(0, 5)]).toEqual([3, 3, 3, 3, 0]);
  });
}

test.each([1, 2, 3])('entries are copied whole, and nothing beside them, by %i threads', (threads) => {
  withEngine(testSurroundings(), anyMachine, (engine) => {
    const copy = expectBuilt(engine.copying(threads));
    const source = Float64Array.from({ length: 70_000 }, (_, i) => i + 1);
    const target = new Float64Array(new SharedArrayBuffer(source.byteLength + 24));
    for (const length of [0, 1, 7, 8192, 24_576, 24_577, 69_999]) {
      target.fill(-1);
      copy(target.subarray(2, 2 + length), source.subarray(1, 1 + length));
      expect([...target.subarray(0, 2), ...target.subarray(2 + length)].every((entry) => entry === -1)).toBe(true);
      expect(target.subarray(2, 2 + length).every((entry, i) => entry === i + 2)).toBe(true);
    }
  });
});

test.runIf(existsSync('/proc/self/maps'))('the code that helpers run stays, whoever forgets the library', async () => {
  const surroundings = testSurroundings();
  const isLoaded = (): boolean => readFileSync('/proc/self/maps', 'utf8').includes(surroundings.cache);
  const copyOnce = (): void => {
    withEngine(surroundings, anyMachine, (engine) => {
      const source = new Float64Array(70_000).fill(2);
      const target = new Float64Array(source.length);
      expectBuilt(engine.copying(2))(target, source);
      expect(target).toEqual(source);
    });
  };
  copyOnce();
  const wasLoaded = isLoaded();
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isLoaded()).toBe(wasLoaded);
});

test('segments run their kernels in order, and every kernel runs alone', () => {
  const memory = newMemory();
  withEngine(testSurroundings(), anyMachine, (engine) => {
    const segments = [[counting('a', 1, 1), counting('b', 2, 1)], [], [counting('c', 3, 1)]];
    const program = expectBuilt(engine.build(segments, () => bytesOf(memory), 1));
    const after = (run: () => void): number[] => {
      memory.fill(0);
      run();
      return [...memory.subarray(0, 4)];
    };
    expect(after(() => program.run(0))).toEqual([2, 2, 1, 0]);
    expect(after(() => program.run(1))).toEqual([0, 0, 0, 0]);
    expect(after(() => program.run(2))).toEqual([1, 1, 1, 1]);
    expect(after(() => program.runKernel(1))).toEqual([1, 1, 1, 0]);
  });
});

test('float32 and float64 in one program', () => {
  const memory = new Float64Array(64);
  const double = (name: string, elementType: 'float32' | 'float64', at: number): Kernel => ({
    name,
    elementType,
    units: 1,
    cost: 1,
    write: (w) =>
      w.procedure('double', 3, () => {
        const address = w.index(at);
        w.storeElement(address, w.add(w.splat(address), w.splat(address)));
      }),
  });
  withEngine(testSurroundings(), anyMachine, (engine) => {
    const kernels = [double('narrow', 'float32', 0), double('wide', 'float64', 8)];
    const program = expectBuilt(engine.build([kernels], () => new Uint8Array(memory.buffer), 1));
    new Float32Array(memory.buffer)[0] = 1.5;
    memory[1] = 0.1;
    program.run(0);
    expect(new Float32Array(memory.buffer)[0]).toBe(3);
    expect(memory[1]).toBe(0.2);
  });
});

test('every unit is done once, by as many threads as there are and no more; of a kernel alone, by one', () => {
  const surroundings = testSurroundings();
  const units = 1000;
  const runs = 200;
  const countWith = (engine: NativeEngine, threads: number, grain: number): void => {
    const memory = newMemory();
    const kernels = ['one', 'other'].map((name) => counting(name, units, 1e4, grain));
    const program = expectBuilt(engine.build([kernels], () => bytesOf(memory), threads));
    for (let i = 0; i < runs; i++) program.run(0);
    expect(memory.subarray(0, units).every((count) => count === 2 * runs)).toBe(true);
    const calls = [...memory.subarray(units, units + 8)];
    expect(calls.slice(threads).every((count) => count === 0)).toBe(true);
    const chunks = threads === 1 ? 1 : Math.min(8 * threads, Math.ceil(units / grain));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(2 * runs * chunks);
    memory.fill(0);
    program.runKernel(1);
    expect([...memory.subarray(units - 1, units + 2)]).toEqual([1, 1, 0]);
  };
  withEngine(surroundings, anyMachine, (engine) => {
    countWith(engine, 1, 1);
    countWith(engine, 4, 1);
    countWith(engine, 2, 300);
    countWith(engine, 2, 1000);
    countWith(engine, 3, 7);
  });
});

test('the longer what is done for each chunk takes, the fewer there are, but one for each thread', () => {
  withEngine(testSurroundings(), anyMachine, (engine) => {
    const callsWith = (start: number): number => {
      const memory = newMemory();
      const program = expectBuilt(engine.build([[counting('one', 1000, 1e3, 1, start)]], () => bytesOf(memory), 2));
      program.run(0);
      return memory[1000] + memory[1001];
    };
    expect([0, 1e4, 1e5, 1e9].map(callsWith)).toEqual([16, 10, 4, 2]);
  });
});

test('small kernels stay on one thread', () => {
  const memory = newMemory();
  withEngine(testSurroundings(), anyMachine, (engine) => {
    const program = expectBuilt(engine.build([[counting('small', 1000, 20)]], () => bytesOf(memory), 2));
    for (let i = 0; i < 100; i++) program.run(0);
    expect([...memory.subarray(1000, 1002)]).toEqual([100, 0]);
  });
});

test('what was built is kept, for this user only, and loaded again', () => {
  const surroundings = testSurroundings();
  countsTo3(surroundings);
  withEngine(surroundings, anyMachine, () => {
    const files = readdirSync(surroundings.cache).map((file) => join(surroundings.cache, file));
    expect(files).toHaveLength(4); // The program and the pool of threads, each with its hash.
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(surroundings.cache).mode & 0o777).toBe(0o700);
    const before = files.map((file) => statSync(file).ino);
    countsTo3({ ...surroundings });
    expect(files.map((file) => statSync(file).ino)).toEqual(before);
  });
});

/** Replaces a file, which may be loaded, by another one. */
function replace(file: string, content: string | Uint8Array): void {
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
}

function replaceByLink(file: string): void {
  renameSync(file, `${file}.elsewhere`);
  symlinkSync(`${file}.elsewhere`, file);
}

test.each<[string, (library: string) => void]>([
  ['is not what was built', (library) => replace(library, 'not a library')],
  ['has no hash', (library) => rmSync(`${library}.sha256`)],
  ['has another hash', (library) => replace(`${library}.sha256`, '0'.repeat(64))],
  ['is writable by a group', (library) => chmodSync(library, 0o620)],
  ['has a hash that all may write', (library) => chmodSync(`${library}.sha256`, 0o602)],
  ['is a link', replaceByLink],
])('a library that %s is built again', (_, spoil) => {
  const surroundings = testSurroundings();
  countsTo3(surroundings);
  withEngine(surroundings, anyMachine, () => {
    const libraries = readdirSync(surroundings.cache)
      .filter((file) => !file.endsWith('.sha256'))
      .map((file) => join(surroundings.cache, file));
    const content = libraries.map((library) => readFileSync(library));
    libraries.forEach(spoil);
    countsTo3({ ...surroundings });
    libraries.forEach((library, i) => {
      expect(readFileSync(library).equals(content[i])).toBe(true);
      expect(lstatSync(library).mode & 0o777).toBe(0o600);
    });
  });
});

test('files of another user are not loaded, and nothing is written beside them', () => {
  const surroundings = testSurroundings();
  countsTo3(surroundings);
  withEngine(surroundings, anyMachine, () => {
    const before = readdirSync(surroundings.cache);
    for (const file of before) replace(join(surroundings.cache, file), 'foreign');
    countsTo3({ ...surroundings, user: 12345 });
    expect(readdirSync(surroundings.cache)).toEqual(before);
    for (const file of before) expect(readFileSync(join(surroundings.cache, file), 'utf8')).toBe('foreign');
  });
});

test('what nobody used for long is removed when something is built', () => {
  const surroundings = testSurroundings();
  countsTo3(surroundings);
  withEngine(surroundings, anyMachine, (engine) => {
    const libraries = readdirSync(surroundings.cache);
    const long = new Date('2001-01-01');
    for (const file of libraries) utimesSync(join(surroundings.cache, file), long, long);
    countsTo3({ ...surroundings });
    expect(readdirSync(surroundings.cache)).toEqual(libraries);
    writeFileSync(join(surroundings.cache, 'old'), '');
    utimesSync(join(surroundings.cache, 'old'), long, long);
    engine.build([[counting('another', 1, 1)]], () => new Uint8Array(64), 1);
    const kept = readdirSync(surroundings.cache);
    expect(kept).toEqual(expect.arrayContaining(libraries));
    expect(kept).toHaveLength(libraries.length + 2);
  });
});

test('a cache that others may enter is closed', () => {
  const surroundings = testSurroundings();
  mkdirSync(surroundings.cache);
  chmodSync(surroundings.cache, 0o777);
  countsTo3(surroundings);
  withEngine(surroundings, anyMachine, () => expect(statSync(surroundings.cache).mode & 0o777).toBe(0o700));
});

test('without a folder for the cache, programs are built each time', () => {
  const surroundings = testSurroundings();
  writeFileSync(surroundings.cache, 'a file where the folder should be');
  countsTo3(surroundings);
  expect(readFileSync(surroundings.cache, 'utf8')).toBe('a file where the folder should be');
});

function expectFailure(surroundings: Surroundings): NativeFailure {
  const result = buildNative([], () => new Uint8Array(8), 1, surroundings);
  if (!(result instanceof NativeFailure)) return expect.fail('it was built');
  return result;
}

test('no compiler: the message says what was tried', () => {
  const surroundings = testSurroundings();
  const environment = { ...surroundings.environment, CC: '/nonexistent' };
  const failure = expectFailure({ ...surroundings, environment });
  expect(failure.reason).toBe('no compiler');
  expect(failure.message).toBe(
    'compile (native)\n' +
      '  got:   no C compiler that runs (tried /nonexistent)\n' +
      '  needs: GCC or Clang\n' +
      '  fix:   let the environment variable CC name a compiler that runs, or unset it',
  );
  const nothing = expectFailure({ ...surroundings, environment: { PATH: '/nonexistent' } });
  expect(nothing.message).toContain('(tried cc, gcc, clang)');
  expect(nothing.message).toContain('install a C compiler');
});

test('no koffi: the message says how to get it', () => {
  const loadKoffi = (): never => {
    throw new Error("Cannot find module 'koffi'\nRequire stack: …");
  };
  const failure = expectFailure({ ...testSurroundings(), loadKoffi });
  expect(failure.reason).toBe('no koffi');
  expect(failure.message).toContain("got:   no package koffi (Cannot find module 'koffi')");
  expect(failure.message).toContain('npm install koffi');
});

test('no Node', () => {
  expect(expectFailure({ ...testSurroundings(), node: undefined }).reason).toBe('not Node');
});

test('a build that fails: the message has the first lines of the compiler', () => {
  const surroundings = testSurroundings();
  const wrong: Kernel = {
    ...counting('wrong', 1, 1),
    write: (w) => w.procedure('wrong', 3, () => w.storeIndex(w.index(Number.NaN), w.index(0))),
  };
  withEngine(surroundings, anyMachine, (engine) => {
    const failure = engine.build([[wrong]], () => new Uint8Array(8), 1);
    if (!(failure instanceof NativeFailure)) return expect.fail('it was built');
    expect(failure.reason).toBe('build failed');
    expect(failure.message).toContain('NaN');
    expect(failure.message.split('\n').length).toBeLessThan(15);
    expect(readdirSync(surroundings.cache).filter((file) => file.includes('-'))).toEqual([]);
  });
});

test('the engine of this machine says what its vectors hold', () => {
  const engine = findNativeEngine(testSurroundings());
  if (engine instanceof NativeFailure) {
    expect(engine.message).toContain('no C compiler that runs');
    return;
  }
  expect([4, 8, 16]).toContain(engine.lanes('float32'));
  expect(engine.lanes('float64')).toBe(engine.lanes('float32') / 2);
  expect([4, 6, 8]).toContain(engine.tile.rows);
});
