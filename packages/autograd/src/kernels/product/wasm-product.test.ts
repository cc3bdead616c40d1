import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contiguousStrides, entriesOf } from '../../core/shape.ts';
import { vectorSupport } from '../wasm/vector-support.ts';
import { WorkMemory } from '../wasm/work-memory.ts';
import { threadCount } from '../workers.ts';
import { contractWith } from './contract-with.ts';
import type { Contraction, Matrices } from './contraction.ts';
import { drawTask, type FloatType, newFloats, sizes } from './draw-task.ts';
import { engineFor } from './engines.ts';
import { expectProduct } from './expect-product.ts';
import { WasmEngine, type WasmEngineOptions } from './wasm-engine.ts';
import { WasmProduct } from './wasm-product.ts';

const batch = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 });
const productOf = (options: WasmEngineOptions, memory: WorkMemory): WasmProduct =>
  new WasmProduct(new WasmEngine(options, memory));
const oneMatrix = fc.constant<number[]>([]);

test('this runtime has the engine, and another for large products', () => {
  const engineOf = (type: FloatType, m: number): WasmProduct | undefined => {
    const data = newFloats(type, 0);
    const matrices: Matrices = { data, offset: 0, batchStrides: [], rowStride: 1, columnStride: 1 };
    const sizes = { batch: [], m, n: 100, k: 100 };
    return engineFor({ ...sizes, out: data, outOffset: 0, outRowStride: 100, a: matrices, b: matrices });
  };
  expect(vectorSupport()).toBeDefined();
  expect(engineOf('float32', 10)).toBeInstanceOf(WasmProduct);
  expect(engineOf('float32', 10)).toBe(engineOf('float32', 20));
  expect(engineOf('float32', 10)).not.toBe(engineOf('float64', 10));
  expect(engineOf('float32', 10) === engineOf('float32', 1000)).toBe(threadCount() === 1);
});

const kinds = [false, ...(vectorSupport()?.relaxed ? [true] : [])].flatMap((relaxed) => [
  { relaxed, wide: false },
  { relaxed, wide: true },
]);
describe.each(kinds)('the product in WebAssembly: %o', (kind) => {
  const memory = new WorkMemory();
  const engines: Record<FloatType, WasmProduct> = {
    float32: productOf({ elementType: 'float32', ...kind }, memory),
    float64: productOf({ elementType: 'float64', ...kind }, memory),
  };
  const run = (task: Contraction): void => {
    expect(engines[task.out instanceof Float32Array ? 'float32' : 'float64'].run(task)).toBe(true);
  };

  test('any shape, layout, batch and specials', () => {
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => expectProduct(task, run)),
      { numRuns: 80 },
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

  test('threads give the same bits as one', () => {
    const shared = new WorkMemory({ shared: true });
    const options = { ...kind, threads: 3 };
    const together: Record<FloatType, WasmProduct> = {
      float32: productOf({ elementType: 'float32', ...options }, shared),
      float64: productOf({ elementType: 'float64', ...options }, shared),
    };
    fc.assert(
      fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => {
        run(task);
        const alone = task.out.slice();
        task.out.fill(7);
        expect(together[alone instanceof Float32Array ? 'float32' : 'float64'].run(task)).toBe(true);
        expect(task.out).toEqual(alone);
      }),
      { numRuns: 100 },
    );
  });

  describe('in parts, where the memory is too small', () => {
    // As many pages as the packed blocks need, and two more.
    const small = (elementType: FloatType, pages: number): WasmProduct =>
      productOf({ elementType, ...kind }, new WorkMemory({ largestPages: pages + 2 }));
    const limited: Record<FloatType, WasmProduct> = { float32: small('float32', 18), float64: small('float64', 36) };
    const runInParts = (task: Contraction): { refused: number; done: number } => {
      const count = { refused: 0, done: 0 };
      const counting = (part: Contraction): boolean => {
        const accepted = limited[task.out instanceof Float32Array ? 'float32' : 'float64'].run(part);
        count[accepted ? 'done' : 'refused']++;
        return accepted;
      };
      contractWith({ run: counting }, task);
      return count;
    };

    test('any shape', () => {
      fc.assert(
        fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => expectProduct(task, runInParts)),
        { numRuns: 60 },
      );
    });

    test.each([
      { cut: 'the batch', batch: [1, 4, 3], m: 40, n: 50, k: 60 },
      { cut: 'rows', batch: [], m: 400, n: 3, k: 150 },
      { cut: 'columns', batch: [], m: 3, n: 401, k: 150 },
      { cut: 'rows and columns', batch: [], m: 150, n: 200, k: 150 },
    ])('$cut', ({ batch, m, n, k }) => {
      const matrices = (rows: number, columns: number): Matrices => {
        const [rowStride, columnStride] = [columns, 1];
        const data = new Float32Array(entriesOf(batch) * rows * columns).map((_, i) => Math.sin(i));
        return {
          data,
          offset: 0,
          batchStrides: contiguousStrides([...batch, rows, columns]).slice(0, -2),
          rowStride,
          columnStride,
        };
      };
      const out = new Float32Array(entriesOf(batch) * m * n);
      const task = { out, outOffset: 0, outRowStride: n, batch, m, n, k, a: matrices(m, k), b: matrices(k, n) };
      expectProduct(task, (task) => {
        const { refused, done } = runInParts(task);
        expect(refused).toBeGreaterThan(0);
        expect(done).toBe(refused + 1); // Cutting in two adds one part each time.
      });
    });
  });
});
