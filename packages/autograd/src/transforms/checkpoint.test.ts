import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../compile/index.ts';
import { unitRoundoff } from '../core/dtype.ts';
import {
  checkpoint,
  dropout,
  Generator,
  grad,
  hessian,
  jvp,
  linear,
  manualSeed,
  noGrad,
  Parameter,
  rand,
  randn,
  type Tensor,
  tensor,
} from '../index.ts';
import { allAlike } from '../verify/diagnosis/alike.ts';
import { checkGradients } from '../verify/index.ts';

const plainly = <Output>(fn: (...inputs: Tensor[]) => Output, ...inputs: Tensor[]): Output => fn(...inputs);
type Through = typeof plainly;
const checkpointed = checkpoint as Through;

/** The gradients of a program that runs its blocks plainly, or as checkpoints. */
function gradientsOf(through: Through, seed: number, shape: readonly number[], dtype: 'float32' | 'float64') {
  const generator = new Generator(seed);
  const [m, k] = shape as [number, number];
  const W = new Parameter(randn([k, k], { generator, dtype }));
  const x = randn([m, k], { generator, dtype, requiresGrad: true });
  const captured = randn([k, m], { generator, dtype, requiresGrad: true });
  const between = captured.t().mul(2);
  manualSeed(seed);
  const block = (y: Tensor): Tensor => dropout(y.matmul(W).add(between).tanh(), 0.5).mul(W.sum(0));
  const [y, z] = through((a: Tensor): [Tensor, Tensor] => [through(block, block(a)), a.mul(W.mean())], x.mul(3));
  y.mul(y).sum().add(z.sum()).backward();
  const gradients = [x, W, captured].map((leaf) => leaf.grad as Tensor);
  return { values: [y, rand([3])].map(String), gradients };
}

describe('gradients', () => {
  test('are those of the function, by inputs, parameters and other tensors, and the same numbers are drawn', () => {
    const size = fc.integer({ min: 0, max: 4 });
    fc.assert(
      fc.property(fc.nat(), size, size, fc.constantFrom('float32', 'float64'), (seed, m, k, dtype) => {
        const [expected, got] = [plainly, checkpointed].map((through) => gradientsOf(through, seed, [m, k], dtype));
        expect(got.values).toEqual(expected.values);
        // What comes back to a tensor is added up in another order.
        expect(allAlike(got.gradients, expected.gradients, 64 * unitRoundoff(dtype))).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test('of second order, forward mode, and twice through one tape', () => {
    const f = (through: Through) => (x: Tensor) => through((y: Tensor) => y.tanh().mul(y).exp(), x).sum();
    const x = tensor([0.5, -1, 2], { dtype: 'float64' });
    expect(hessian(f(checkpointed))(x).toArray()).toEqual(hessian(f(plainly))(x).toArray());
    const along = [tensor([1, -2, 0.5], { dtype: 'float64' })];
    expect(jvp(f(checkpointed), [x], along)[1].item()).toBeCloseTo(jvp(f(plainly), [x], along)[1].item(), 12);
    const report = checkGradients(f(checkpointed), { x }, { order: 2 });
    expect(report.passed, String(report)).toBe(true);
    const leaf = tensor([1, 2], { requiresGrad: true });
    const y = checkpoint((z: Tensor) => z.mul(z), leaf).sum();
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(leaf.grad?.toArray()).toEqual([4, 8]);
  });

  test('of several results of several dtypes, some of which are on no tape', () => {
    const x = tensor([3, 1, 2], { requiresGrad: true });
    const [double, single, places, itself] = checkpoint(
      (y: Tensor): Tensor[] => [y.to('float64').mul(2), y.exp(), y.argmax(0), y],
      x,
    );
    expect([double, single, places].map(({ dtype }) => dtype)).toEqual(['float64', 'float32', 'int32']);
    expect(places.item()).toBe(0);
    double.sum().add(single.sum()).add(itself.sum()).backward();
    expect(x.grad?.toArray()).toEqual([3, 1, 2].map((entry) => Math.fround(3 + Math.fround(Math.exp(entry)))));
  });

  test('under compile are those of the function', () => {
    const W = new Parameter(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const step = (through: Through) =>
      compile((x: Tensor) => grad((y: Tensor) => through((z: Tensor) => z.matmul(W).tanh(), y).sum())(x));
    const x = tensor([[0.1, 0.2]]);
    expect(step(checkpointed)(x).toArray()).toEqual(step(plainly)(x).toArray());
  });
});

test('the function runs once more for a backward pass, and only where there is a tape', () => {
  let runs = 0;
  const counted = (x: Tensor): Tensor => {
    runs++;
    return x.exp();
  };
  const x = tensor([1], { requiresGrad: true });
  const y = checkpoint(counted, x);
  expect(runs).toBe(1);
  y.sum().backward();
  expect(runs).toBe(2);
  expect(checkpoint(counted, tensor([1])).node).toBeUndefined();
  noGrad(() => expect(checkpoint(counted, x).node).toBeUndefined());
  expect(runs).toBe(4);
});

test('what the function does not do again is an error', () => {
  const W = new Parameter(tensor([1, 2]));
  const assigned = checkpoint((x: Tensor) => x.mul(W), tensor([3, 4]));
  W.assign(tensor([5, 6]));
  expect(() => assigned.sum().backward()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: checkpoint: the function used other tensors when it was run again
      got:   for the first time [2] float32
      needs: the tensors and parameters of its first run, as they were
      fix:   assign to parameters after the backward pass, not before it]
  `);
  let size = 2;
  const growing = checkpoint((x: Tensor) => x.expand([size++, 2]), tensor([3, 4], { requiresGrad: true }));
  expect(() => growing.sum().backward()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: checkpoint: the function gave something else when it was run again
      got:   [3, 2] float32
      needs: what it gave at first: [2, 2] float32
      fix:   let it depend on its inputs, on parameters and on the default generator alone]
  `);
  const x = tensor([1], { requiresGrad: true });
  const tired = checkpoint((y: Tensor) => {
    if (size++ > 4) throw new Error('tired');
    return y.exp();
  }, x);
  const { node } = x;
  manualSeed(3);
  expect(() => tired.backward()).toThrow('tired');
  expect(x.node).toBe(node);
  const drawn = rand([2]).toArray();
  manualSeed(3);
  expect(rand([2]).toArray()).toEqual(drawn);
});

test('a function that gives no tensor is an error', () => {
  expect(() => checkpoint((async (x: Tensor) => x.exp()) as never, tensor(1))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: checkpoint: the function gives something that is not a tensor
      got:   a promise
      needs: a Tensor, or an array of them
      fix:   return tensors alone, from a function that is not async]
  `);
  expect(() => checkpoint(((x: Tensor) => [x, 2]) as never, tensor(1))).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: checkpoint: the function gives something that is not a tensor
      got:   an array with something else
      needs: a Tensor, or an array of them
      fix:   return tensors alone, from a function that is not async]
  `);
});

test('the peak of memory of a deep chain falls', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const collectGarbage = (): void => {
    collect();
    collect(); // the first leaves memory to a thread of its own, for which the second waits
  };
  const [layers, each, rows, width] = [24, 6, 512, 64];
  const bytes = 4 * rows * width;
  const generator = new Generator(1);
  const W = Array.from({ length: layers }, () => new Parameter(randn([width, width], { generator }).mul(0.1)));
  const b = new Parameter(tensor(new Float32Array(width)));
  /** In tensors of the size of a layer. */
  const peak = (through: Through): number => {
    collectGarbage();
    const start = process.memoryUsage().arrayBuffers;
    let most = 0;
    const look = (): void => {
      collectGarbage();
      most = Math.max(most, process.memoryUsage().arrayBuffers - start);
    };
    const block = (first: number) => (x: Tensor) => {
      let y = x;
      for (const weight of W.slice(first, first + each)) {
        y = linear(y, weight, b).tanh();
      }
      look();
      y.registerHook(look);
      return y;
    };
    let y = randn([rows, width], { generator });
    for (let first = 0; first < layers; first += each) y = through(block(first), y);
    y.sum().backward();
    return most / bytes;
  };
  const [kept, again] = [peak(plainly), peak(checkpointed)];
  expect(kept).toBeGreaterThan(2 * layers);
  expect(again).toBeLessThan(kept / 2);
});
