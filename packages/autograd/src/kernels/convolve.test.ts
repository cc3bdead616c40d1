import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../core/shape.ts';
import { type ConvolutionSizes, countsOf } from './convolution/sizes.ts';
import { type ConvolutionOperands, WasmConvolution } from './convolution/wasm-convolution.ts';
import { convolve, convolveBack, convolveWeight } from './convolve.ts';
import type { FloatArray } from './product/contraction.ts';
import { type FloatType, newFloats } from './product/draw-task.ts';
import { WasmEngine } from './product/wasm-engine.ts';
import { WorkMemory } from './wasm/work-memory.ts';

/** Sizes of one to three dims; so many entries along a dim at most. */
function drawSizes(most: number): fc.Arbitrary<ConvolutionSizes> {
  const small = fc.integer({ min: 1, max: 3 });
  const dim = fc
    .record({
      size: fc.integer({ min: 1, max: most }),
      before: fc.integer({ min: 0, max: 2 }),
      after: fc.integer({ min: 0, max: 2 }),
      kernel: small,
      stride: small,
      dilation: small,
      left: fc.nat(),
    })
    .map(({ left, ...dim }) => {
      const span = dim.dilation * (dim.kernel - 1) + 1;
      const size = Math.max(dim.size, span - dim.before - dim.after);
      const fit = Math.floor((dim.before + size + dim.after - span) / dim.stride) + 1;
      // A transposed convolution may have fewer positions than would fit.
      return { ...dim, size, positions: fit - (left % Math.min(fit, 2)) };
    });
  return fc.record({
    batch: fc.integer({ min: 1, max: 19 }),
    groups: fc.integer({ min: 1, max: 3 }),
    channels: small,
    filters: fc.integer({ min: 1, max: 9 }),
    dims: fc.array(dim, { minLength: 1, maxLength: 3 }),
  });
}

/** All indices of a shape. */
function* indices(shape: readonly number[]): Generator<number[]> {
  for (let place = 0; place < entriesOf(shape); place++) {
    const index: number[] = [];
    shape.reduceRight((rest, size) => {
      index.unshift(rest % size);
      return Math.floor(rest / size);
    }, place);
    yield index;
  }
}

function placeIn(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((place, i, d) => place * shape[d] + i, 0);
}

/** Every product of a convolution: which entry of x and of the weight it takes, and to which of y it is added. */
function* products({ batch, groups, channels, filters, dims }: ConvolutionSizes): Generator<[number, number, number]> {
  const space = dims.map(({ size }) => size);
  const kernel = dims.map((dim) => dim.kernel);
  const positions = dims.map((dim) => dim.positions);
  for (const [n, g, f, c, ...rest] of indices([batch, groups, filters, channels, ...kernel, ...positions])) {
    const [k, at] = [rest.slice(0, dims.length), rest.slice(dims.length)];
    const from = dims.map(({ stride, dilation, before }, d) => at[d] * stride + k[d] * dilation - before);
    if (from.some((i, d) => i < 0 || i >= space[d])) continue;
    yield [
      placeIn([batch, groups, channels, ...space], [n, g, c, ...from]),
      placeIn([groups, filters, channels, ...kernel], [g, f, c, ...k]),
      placeIn([batch, groups, filters, ...positions], [n, g, f, ...at]),
    ];
  }
}

function operandsOf(sizes: ConvolutionSizes, type: FloatType, seed: number): ConvolutionOperands {
  const { input, weight, output } = countsOf(sizes);
  let state = seed;
  const draw = (length: number): FloatArray =>
    newFloats(type, length).map(() => {
      state = (state * 48271) % 2147483647;
      return (state % 17) - 8;
    });
  return { x: draw(sizes.batch * input), weight: draw(weight), y: draw(sizes.batch * output) };
}

const inPairs = {
  float32: new WasmConvolution(
    new WasmEngine({ elementType: 'float32', relaxed: false, wide: true }, new WorkMemory()),
  ),
  float64: new WasmConvolution(
    new WasmEngine({ elementType: 'float64', relaxed: false, wide: true }, new WorkMemory()),
  ),
};
const singles = { elementType: 'float32', relaxed: false } as const;
const dim = { size: 20, before: 1, after: 1, kernel: 5, stride: 1, dilation: 1, positions: 18 };
const large: ConvolutionSizes = { batch: 32, groups: 2, channels: 2, filters: 3, dims: [dim, dim] };

/** Comparing arrays entry by entry takes far less time than `toEqual`. */
function differences(operands: ConvolutionOperands, others: ConvolutionOperands): number {
  let count = 0;
  for (const name of ['x', 'weight', 'y'] as const) {
    const [a, b] = [operands[name], others[name]];
    for (let i = 0; i < Math.max(a.length, b.length); i++) count += Number(a[i] !== b[i]);
  }
  return count;
}

const jobs = [
  ['y', 'convolve', convolve],
  ['x', 'convolveBack', convolveBack],
  ['weight', 'convolveWeight', convolveWeight],
] as const;

/** What an operand must become: whole numbers, whose sums are exact. */
function expected(sizes: ConvolutionSizes, operands: ConvolutionOperands, filled: keyof ConvolutionOperands): number[] {
  const out = new Array<number>(operands[filled].length).fill(0);
  for (const [x, weight, y] of products(sizes)) {
    if (filled === 'y') out[y] += operands.x[x] * operands.weight[weight];
    else if (filled === 'x') out[x] += operands.y[y] * operands.weight[weight];
    else out[weight] += operands.x[x] * operands.y[y];
  }
  return out;
}

describe.each(jobs)('%s from the two others: %s', (filled, job, run) => {
  const sizes = drawSizes(7).filter((sizes) => countsOf(sizes).output * sizes.batch * countsOf(sizes).rows < 30_000);
  const type = fc.constantFrom<FloatType>('float32', 'float64');
  const ways = {
    'as this runtime does it': run,
    'by pairs of vectors': (sizes: ConvolutionSizes, operands: ConvolutionOperands): boolean => {
      const elementType = operands.x instanceof Float32Array ? 'float32' : 'float64';
      return inPairs[elementType][job](sizes, operands);
    },
  };

  test.each(Object.entries(ways))('is what its definition says, and touches nothing else, %s', (_, run) => {
    fc.assert(
      fc.property(sizes, type, fc.integer({ min: 1, max: 999 }), (sizes, type, seed) => {
        const operands = operandsOf(sizes, type, seed);
        const others = { ...operands, [filled]: newFloats(type, 0) };
        const before = structuredClone(others);
        const out = expected(sizes, operands, filled);
        expect(run(sizes, operands)).toBe(true);
        expect([...operands[filled]]).toEqual(out);
        expect(others).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });

  test('threads give the same bits as one', async () => {
    const [alone, together] = [1, 3].map((threads) => {
      const engine = new WasmEngine({ ...singles, threads }, new WorkMemory({ shared: threads > 1 }));
      return new WasmConvolution(engine);
    });
    for (let round = 0; round < 20; round++) {
      const operands = operandsOf(large, 'float32', 1 + round);
      const others = structuredClone(operands);
      alone[job](large, operands);
      together[job](large, others);
      expect(differences(operands, others)).toBe(0);
      await new Promise((helpersStart) => setTimeout(helpersStart, 5));
    }
  });
});

test('an image that has no room is refused', () => {
  const engine = new WasmEngine(singles, new WorkMemory({ largestPages: 20 }));
  const side = { size: 999, before: 0, after: 0, kernel: 3, stride: 1, dilation: 1, positions: 997 };
  const sizes = { batch: 1, groups: 1, channels: 1, filters: 1, dims: [side, side] };
  expect(new WasmConvolution(engine).convolve(sizes, operandsOf(sizes, 'float32', 1))).toBe(false);
});

describe('large batches', () => {
  const { input, output, rows, positions } = countsOf(large);

  test.each([1, 5 * (input + output)])('%i entries at a time give the same as all', (mostEntries) => {
    const engine = new WasmEngine(singles, new WorkMemory());
    const [inTurns, atOnce] = [new WasmConvolution(engine, mostEntries), new WasmConvolution(engine)];
    for (const [, job] of jobs) {
      const [operands, others] = [operandsOf(large, 'float32', 5), operandsOf(large, 'float32', 5)];
      inTurns[job](large, operands);
      atOnce[job](large, others);
      expect(differences(operands, others)).toBe(0);
    }
  });

  test('the windows of one image at a time are in the memory', () => {
    const memory = new WorkMemory();
    const engine = new WasmEngine(singles, memory);
    const windows = 4 * rows * positions;
    for (const [, job] of jobs) new WasmConvolution(engine)[job](large, operandsOf(large, 'float32', 5));
    const images = 4 * large.batch * (input + output);
    expect(memory.memory.buffer.byteLength - 4 * engine.firstElement).toBeLessThan(images + 2 * windows);
  });
});
