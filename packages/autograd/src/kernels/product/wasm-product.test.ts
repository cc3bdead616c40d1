import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vectorSupport } from '../wasm/vector-support.ts';
import { WorkMemory } from '../wasm/work-memory.ts';
import { contractWith } from './contract-with.ts';
import type { Contraction, Matrices } from './contraction.ts';
import { drawTask, type FloatType, newFloats, sizes } from './draw-task.ts';
import { expectProduct } from './expect-product.ts';
import { WasmProduct, wasmProduct } from './wasm-product.ts';

const batch = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });
const oneMatrix = fc.constant<number[]>([]);

test('this runtime has the engine', () => {
  expect(vectorSupport()).not.toBe('none');
  expect(wasmProduct('float32')).toBeInstanceOf(WasmProduct);
  expect(wasmProduct('float64')).toBe(wasmProduct('float64'));
});

const kinds = vectorSupport() === 'relaxed' ? (['plain', 'relaxed'] as const) : (['plain'] as const);
describe.each(kinds)('the product in WebAssembly, %s', (kind) => {
  const memory = new WorkMemory();
  const engines: Record<FloatType, WasmProduct> = {
    float32: new WasmProduct({ elementType: 'float32', relaxed: kind === 'relaxed' }, memory),
    float64: new WasmProduct({ elementType: 'float64', relaxed: kind === 'relaxed' }, memory),
  };
  const run = (task: Contraction): void => {
    expect(engines[task.out instanceof Float32Array ? 'float32' : 'float64'].run(task)).toBe(true);
  };

  test('any shape, layout, batch and specials', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => expectProduct(task, run)),
      { numRuns: 150 },
    );
  });

  test('wide, tall and deep', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 1100), batch: oneMatrix }), (task) => expectProduct(task, run)),
      { numRuns: 60 },
    );
  });

  test('every sum is the same to the last bit, whatever rows and columns are around it', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 300), batch: oneMatrix }), fc.nat(), fc.nat(), (task, i, j) => {
        const row = i % task.m;
        const column = j % task.n;
        run(task);
        const one = newFloats(task.out instanceof Float32Array ? 'float32' : 'float64', 1);
        const alone = (matrices: Matrices, step: number): Matrices => ({ ...matrices, offset: matrices.offset + step });
        run({
          ...task,
          m: 1,
          n: 1,
          out: one,
          outOffset: 0,
          outRowStride: 1,
          a: alone(task.a, row * task.a.rowStride),
          b: alone(task.b, column * task.b.columnStride),
        });
        expect(one[0]).toBe(task.out[task.outOffset + row * task.n + column]);
      }),
      { numRuns: 60 },
    );
  });

  test('in parts, where the memory is too small', () => {
    const pagesBeyondWorkspace = 2;
    const small = (elementType: FloatType): WasmProduct => {
      const pages = (elementType === 'float32' ? 18 : 36) + pagesBeyondWorkspace;
      return new WasmProduct({ elementType, relaxed: kind === 'relaxed' }, new WorkMemory(pages));
    };
    const limited: Record<FloatType, WasmProduct> = { float32: small('float32'), float64: small('float64') };
    let refused = 0;
    let done = 0;
    const counting = {
      run: (task: Contraction): boolean => {
        const accepted = limited[task.out instanceof Float32Array ? 'float32' : 'float64'].run(task);
        if (accepted) done++;
        else refused++;
        return accepted;
      },
    };
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) =>
        expectProduct(task, () => contractWith(counting, task)),
      ),
      { numRuns: 60 },
    );
    expect(refused).toBeGreaterThan(10);
    expect(done).toBeGreaterThan(refused);
  });
});
