import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { conv1d, conv2d, convTranspose1d, convTranspose2d, Generator, randn, vjp } from '../index.ts';
import { compiledMemory, programThreads } from './compiled-memory.ts';
import { engineNamed } from './engines.ts';
import { Program } from './program.ts';
import { type Calculation, compiledResults, disagreement, together } from './test-agreement.ts';
import { testEngines } from './test-engines.ts';
import { trace } from './trace.ts';

interface Setting {
  readonly dims: 1 | 2;
  readonly isTransposed: boolean;
  readonly dtype: 'float32' | 'float64';
  readonly batch: number;
  readonly groups: number;
  readonly share: number;
  readonly outShare: number;
  readonly space: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

const settings: fc.Arbitrary<Setting> = fc.constantFrom<1 | 2>(1, 2).chain((dims) => {
  const perDim = (min: number, max: number): fc.Arbitrary<number[]> =>
    fc.array(fc.integer({ min, max }), { minLength: dims, maxLength: dims });
  return fc.record({
    dims: fc.constant(dims),
    isTransposed: fc.boolean(),
    dtype: fc.constantFrom<'float32' | 'float64'>('float32', 'float64'),
    batch: fc.integer({ min: 0, max: 4 }),
    groups: fc.integer({ min: 1, max: 2 }),
    share: fc.integer({ min: 1, max: 3 }),
    outShare: fc.integer({ min: 1, max: 5 }),
    space: perDim(7, 21),
    kernel: perDim(1, 3),
    stride: fc.integer({ min: 1, max: 2 }),
    padding: fc.integer({ min: 0, max: 2 }),
    dilation: fc.integer({ min: 1, max: 3 }),
  });
});

/** The convolution, and its gradients by input and weight. */
function calculationOf(setting: Setting, seed: number): Calculation {
  const { dims, isTransposed, dtype, batch, groups, share, outShare, space, kernel, ...options } = setting;
  const functions = isTransposed ? [convTranspose1d, convTranspose2d] : [conv1d, conv2d];
  const convolve = functions[dims - 1];
  const f = (x: Tensor, weight: Tensor, bias: Tensor): Tensor => convolve(x, weight, bias, { ...options, groups });
  const generator = new Generator(seed);
  const draw = (...shape: number[]): Tensor => randn(shape, { dtype, generator });
  const weight = isTransposed ? draw(groups * share, outShare, ...kernel) : draw(groups * outShare, share, ...kernel);
  const inputs = [draw(batch, groups * share, ...space), weight, draw(groups * outShare)] as const;
  return {
    run: (x, weight, bias, cotangent) => {
      const [value, pull] = vjp(f, x, weight, bias);
      return [value, ...pull(cotangent)];
    },
    given: [...inputs, draw(...f(...inputs).shape)],
  };
}

describe.each(testEngines())('compiled to %s code', (engine) => {
  test('convolutions and their gradients are what they are eagerly', () => {
    const several = fc.array(settings, { minLength: 1, maxLength: engine === 'native' ? 6 : 1 });
    fc.assert(
      fc.property(several, fc.nat(), (drawn, seed) => {
        const calculation = together(drawn.map((setting, k) => calculationOf(setting, seed + k)));
        const broken = disagreement(calculation, compiledResults(calculation, engine));
        if (broken !== undefined) throw new Error(broken);
      }),
      { numRuns: engine === 'native' ? 2 : 40, endOnFailure: engine === 'native' },
    );
  });
});

test('the windows of a batch are never all in memory, forwards or backwards', () => {
  const [batch, channels, size, kernel] = [32, 4, 24, 5];
  const step = (x: Tensor, weight: Tensor, cotangent: Tensor): readonly Tensor[] => {
    const [value, pull] = vjp((y, w) => conv2d(y, w, null, { padding: 2 }), x, weight);
    return [value, ...pull(cotangent)];
  };
  const [x, weight] = [randn([batch, channels, size, size]), randn([6, channels, kernel, kernel])];
  const traced = trace(step as (...values: unknown[]) => unknown, [x, weight, randn([batch, 6, size, size])]);
  const before = compiledMemory().allocatedBytes;
  const program = new Program(traced, 3, engineNamed('wasm'));
  const bytes = compiledMemory().allocatedBytes - before;
  const windowsOfOneImage = 4 * channels * kernel ** 2 * size ** 2;
  const windows = batch * windowsOfOneImage;
  // The input with its padding, the results and what leads to them; beside that, one image for each thread.
  expect(program.plan.bytes).toBeLessThan(0.4 * windows);
  expect(bytes).toBeLessThan(0.5 * windows + programThreads() * windowsOfOneImage);
  program.dispose();
});
