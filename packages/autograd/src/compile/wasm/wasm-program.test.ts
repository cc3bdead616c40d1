import { execFileSync } from 'node:child_process';
import { type BuildOptions, buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ElementType } from '../../kernels/vector-math.ts';
import { ProgramMemory } from '../memory/program-memory.ts';
import { countingKernel } from './counting-kernel.ts';
import {
  arrayLength,
  dataLength,
  dear,
  firstData,
  interpreted,
  type KernelPlan,
  kernelsOf,
  programPlan,
} from './draw-program.ts';
import { buildWasm, type WasmProgram } from './wasm-program.ts';

interface Running {
  readonly program: WasmProgram;
  data(): Record<ElementType, number[]>;
}

const memories = {
  shared: new ProgramMemory({ largestPages: 16 }),
  own: new ProgramMemory({ largestPages: 16, shared: false }),
};

function start(plan: readonly (readonly KernelPlan[])[], threads: number, memory: ProgramMemory): Running {
  const float32 = memory.allocate(4 * dataLength);
  const float64 = memory.allocate(8 * dataLength);
  const views = (): Record<ElementType, Float32Array | Float64Array> => ({
    float32: memory.view(Float32Array, float32, dataLength),
    float64: memory.view(Float64Array, float64, dataLength),
  });
  views().float32.set(firstData);
  views().float64.set(firstData);
  const program = buildWasm(kernelsOf(plan, { float32: float32 / 4, float64: float64 / 8 }), memory, threads);
  return { program, data: () => ({ float32: [...views().float32], float64: [...views().float64] }) };
}

const adding: KernelPlan = {
  action: 'add of another unit',
  elementType: 'float32',
  to: 0,
  from: 1,
  shift: 13,
  units: arrayLength,
  cost: dear,
  grain: 1,
};

describe('programs do what the interpreter does', () => {
  test.each([
    ['one thread', 1, memories.shared],
    ['two threads', 2, memories.shared],
    ['three threads', 3, memories.shared],
    ['a memory that is not shared', 3, memories.own],
  ] as const)('%s', (_, threads, memory) => {
    const order = fc.array(fc.nat(), { maxLength: 5 });
    fc.assert(
      fc.property(programPlan, order, (plan, drawn) => {
        const order = drawn.map((number) => number % plan.length);
        const { program, data } = start(plan, threads, memory);
        for (const segment of order) program.run(segment);
        expect(data()).toEqual(interpreted(plan, order));
        program.dispose();
      }),
    );
  });

  test('a kernel alone', () => {
    const plan = [[{ ...adding, to: 2 }], [adding, { ...adding, to: 1, from: 2, elementType: 'float64' as const }]];
    const { program, data } = start(plan, 2, memories.shared);
    program.runKernel(2);
    const alone = [[{ ...adding, to: 1, from: 2, elementType: 'float64' as const }]];
    expect(data()).toEqual(interpreted(alone, [0]));
    expect(program.bytes).toBeGreaterThan(0);
  });
});

test('10,000 runs of two kernels, each of which reads what the other has written at other units', () => {
  const square = { ...adding, action: 'square of its number' as const };
  const plan = [[square, { ...adding, to: 1, from: 0 }]];
  const { program, data } = start(plan, 3, memories.shared);
  for (let run = 0; run < 10_000; run++) program.run(0);
  const squares = Array.from({ length: arrayLength }, (_, unit) => unit * unit);
  const sums = squares.map((_, unit) => arrayLength + unit + 1 + 10_000 * squares[(unit + 13) % arrayLength]);
  const { float32 } = data();
  expect(float32.slice(0, arrayLength)).toEqual(squares);
  expect(float32.slice(arrayLength, 2 * arrayLength)).toEqual(sums);
});

describe('kernels', () => {
  test('are done by helpers, too', async () => {
    const { kernel, counts, threads } = countingKernel(memories.shared);
    const program = buildWasm([[kernel]], memories.shared, 2);
    for (let helped = 0, runs = 1; helped < 3; runs++) {
      program.run(0);
      expect(new Set(counts())).toEqual(new Set([runs]));
      if (threads().has(1)) helped++;
      await new Promise((asleep) => setTimeout(asleep, 1));
    }
  });

  test('that call the library are done by the calling thread', () => {
    const { kernel, counts, threads } = countingKernel(memories.shared, { elementType: 'float64', library: true });
    const program = buildWasm([[kernel]], memories.shared, 2);
    for (let runs = 0; runs < 20; runs++) program.run(0);
    expect(new Set(counts())).toEqual(new Set([20]));
    expect(threads()).toEqual(new Set([0]));
  });
});

test('bundled, helpers do not keep the program from ending', () => {
  const program = `
    import { buildWasm } from './wasm-program.ts';
    import { ProgramMemory } from '../memory/program-memory.ts';
    import { arrayLength, dear, kernelsOf } from './draw-program.ts';
    const memory = new ProgramMemory();
    const address = memory.allocate(4096);
    const plan = { action: 'square of its number', elementType: 'float32', to: 0, from: 1, shift: 0 };
    const kernels = kernelsOf([[{ ...plan, units: arrayLength, cost: dear, grain: 1 }]], { float32: address / 4, float64: 0 });
    const built = buildWasm(kernels, memory, 3);
    for (let i = 0; i < 1000; i++) built.run(0);
    console.log(memory.view(Float32Array, address, arrayLength).every((value, unit) => value === unit * unit));
  `;
  const options: BuildOptions = { bundle: true, format: 'esm', platform: 'node', minify: true, write: false };
  const stdin = { contents: program, resolveDir: import.meta.dirname, loader: 'ts' as const };
  const [bundle] = buildSync({ ...options, stdin }).outputFiles ?? [];
  const run = () => execFileSync(process.execPath, ['--input-type=module'], { input: bundle.text, timeout: 20_000 });
  expect(run().toString()).toBe('true\n');
});
