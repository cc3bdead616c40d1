import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cElements } from '../../kernels/c/vector-source.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { type Contraction, forEachEntry } from '../../kernels/product/contraction.ts';
import { drawTask, type FloatType, sizes } from '../../kernels/product/draw-task.ts';
import { expectProduct } from '../../kernels/product/expect-product.ts';
import { product, workspaceElements } from '../../kernels/product/product.ts';
import type { Machine, NativeEngine } from './native-engine.ts';
import { expectBuilt, testSurroundings, withEngine } from './test-surroundings.ts';

const PAGE = 65536;
const PARTS = 5;
const ARGUMENTS = 11;

/** A product whose arguments lie in the memory at `argumentsAt`; its rows are cut into parts that threads may share. */
function productKernel(engine: NativeEngine, elementType: FloatType, argumentsAt: number): Kernel {
  return {
    name: 'product',
    elementType,
    units: PARTS,
    cost: 1e9,
    write: (w, library) => {
      const multiply = library.procedure('product', () => product(w, engine.tile));
      return w.procedure('parts', 3, (first, end, thread) => {
        const read = (i: number) => w.loadIndex(w.index(argumentsAt + 4 * i));
        const [rows, columns, depth, a, aRow, aColumn, b, bRow, bColumn, c, cRow] = Array.from(
          { length: ARGUMENTS },
          (_, i) => read(i),
        );
        const start = w.fix(w.quotient(w.times(rows, first), PARTS));
        const count = w.minus(w.quotient(w.times(rows, end), PARTS), start);
        const aStart = w.plus(a, w.times(start, aRow));
        const cStart = w.plus(c, w.times(start, cRow));
        multiply(count, columns, depth, aStart, aRow, aColumn, b, bRow, bColumn, cStart, cRow, thread);
      });
    },
  };
}

/** Does tasks by compiled products, one for each element type. */
function runner(engine: NativeEngine, threads: number): (task: Contraction) => void {
  const byType = { float32: typedRunner(engine, 'float32', threads), float64: typedRunner(engine, 'float64', threads) };
  return (task) => byType[task.out instanceof Float32Array ? 'float32' : 'float64'](task);
}

function typedRunner(engine: NativeEngine, elementType: FloatType, threads: number): (task: Contraction) => void {
  const { bytes } = cElements[elementType];
  const workspaces = threads * workspaceElements(engine.tile, engine.lanes(elementType)) * bytes;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(workspaces / PAGE) + 1, maximum: 16384, shared: true });
  const program = expectBuilt(
    engine.build([[], [productKernel(engine, elementType, workspaces)]], () => new Uint8Array(memory.buffer), threads),
  );
  return (task) => {
    const { m, n, k, a, b, out, outRowStride } = task;
    const aStart = workspaces / bytes + 16;
    const bStart = aStart + a.data.length;
    const cStart = bStart + b.data.length;
    const missing = (cStart + out.length) * bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    const elements = elementType === 'float32' ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
    elements.set(a.data, aStart);
    elements.set(b.data, bStart);
    elements.set(out, cStart);
    forEachEntry(task, (cAt, aAt, bAt) => {
      const operandA = [aStart + aAt, a.rowStride, a.columnStride].map((x) => x * bytes);
      const operandB = [bStart + bAt, b.rowStride, b.columnStride].map((x) => x * bytes);
      const operandC = [cStart + cAt, outRowStride].map((x) => x * bytes);
      new Int32Array(memory.buffer, workspaces).set([m, n, k, ...operandA, ...operandB, ...operandC]);
      program.run(0);
      program.run(1);
    });
    out.set(elements.subarray(cStart, cStart + out.length));
  };
}

const machines: Machine[] = [
  { vectorBytes: 64, tile: { rows: 8, vectors: 2 } },
  { vectorBytes: 32, tile: { rows: 6, vectors: 2 } },
  { vectorBytes: 16, tile: { rows: 4, vectors: 2 } },
];
const surroundings = testSurroundings();
const batch = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 });

describe.each(machines)('the product in C, $vectorBytes bytes to a vector', (machine) => {
  test('any shape, layout, batch and specials', () => {
    withEngine(surroundings, machine, (engine) => {
      const run = runner(engine, 1);
      fc.assert(
        fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => expectProduct(task, run)),
        { numRuns: 40 },
      );
    });
  });

  test('wide, tall and deep', () => {
    withEngine(surroundings, machine, (engine) => {
      const run = runner(engine, 1);
      fc.assert(
        fc.property(drawTask({ sizes: sizes(1, 1100), batch: fc.constant([]) }), (task) => expectProduct(task, run)),
        { numRuns: 20 },
      );
    });
  });

  test('threads give the same bits as one', () => {
    withEngine(surroundings, machine, (engine) => {
      const [one, two, three] = [1, 2, 3].map((threads) => runner(engine, threads));
      fc.assert(
        fc.property(drawTask({ sizes: sizes(1, 300), batch }), (task) => {
          one(task);
          const alone = task.out.slice();
          for (const run of [two, three]) {
            task.out.fill(7, task.outOffset, -5);
            run(task);
            expect(task.out).toEqual(alone);
          }
        }),
        { numRuns: 30 },
      );
    });
  });
});
