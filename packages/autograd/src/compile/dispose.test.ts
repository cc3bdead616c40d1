import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { crossEntropy, grad, noGrad, Parameter, Slot, type Tensor, tensor, zeros } from '../index.ts';
import { type Compiled, compile } from './compile.ts';
import { compiledMemory } from './compiled-memory.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

type Step = (x: Tensor, y: Tensor) => Tensor;

function classifier(): { readonly weight: Parameter; readonly step: Compiled<Step> } {
  const weight = new Parameter(
    tensor([
      [0.1, 0.2, 0.3],
      [-0.1, 0.3, 0.2],
    ]),
  );
  const step = compile((x: Tensor, y: Tensor): Tensor => {
    const loss = crossEntropy(x.matmul(weight), y);
    weight.grad = null;
    loss.backward();
    noGrad(() => weight.assign(weight.sub((weight.grad as unknown as Tensor).mul(0.1))));
    return loss;
  });
  return { weight, step };
}

function run(step: Step, size: number): number {
  return step(zeros([size, 2]).add(1), zeros([size], { dtype: 'int32' })).item();
}

describe('memory', () => {
  test('stays as it is while shapes alternate, more of them than programs are kept', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { step } = classifier();
    const round = (): void => {
      for (let size = 1; size <= 12; size++) run(step, size);
    };
    round();
    const { allocatedBytes } = compiledMemory();
    const { byteLength } = compiledMemory().memory.buffer;
    for (let i = 0; i < 5; i++) round();
    expect(compiledMemory().allocatedBytes).toBe(allocatedBytes);
    expect(compiledMemory().memory.buffer.byteLength).toBe(byteLength);
    step.dispose();
    vi.restoreAllMocks();
  });

  test('is given back by dispose: functions and their derivatives come and go', () => {
    const weight = new Parameter(tensor([1, 2]));
    const once = (): void => {
      const f = compile((x: Tensor) => weight.mul(x).exp().sum());
      for (let i = 0; i < 2; i++) grad(f)(tensor([1, 2]));
      f.dispose();
    };
    once();
    const { allocatedBytes } = compiledMemory();
    for (let i = 0; i < 50; i++) once();
    expect(compiledMemory().allocatedBytes).toBe(allocatedBytes);
  });

  test('holds no more than the last arguments, also in the midst of a loop that never waits', () => {
    const step = compile((x: Tensor) => x.sum());
    const entries = 2 ** 18;
    const heldAfter = (calls: number): number => {
      for (let i = 0; i < calls; i++) step(zeros([entries]).add(i));
      for (let i = 0; i < 3; i++) collectGarbage();
      return process.memoryUsage().arrayBuffers;
    };
    const before = heldAfter(2);
    expect(heldAfter(40) - before).toBeLessThan(10 * 4 * entries);
  });

  test('is given back when nobody can reach a function any more', async () => {
    const settled = async (): Promise<number> => {
      for (let i = 0; i < 5; i++) {
        collectGarbage();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return compiledMemory().allocatedBytes;
    };
    const before = await settled();
    const dropped = 50;
    for (let i = 0; i < dropped; i++) {
      const { step } = classifier();
      for (let k = 0; k < 2; k++) run(step, 100);
    }
    const inputBytes = 100 * 3 * 4;
    // The last one may still lie on the stack.
    expect((await settled()) - before).toBeLessThan((dropped / 5) * inputBytes);
  });
});

describe('dispose', () => {
  test('leaves parameters and states as the last run left them; a later call makes a program again', () => {
    const { weight, step } = classifier();
    const other = classifier();
    for (const size of [4, 4, 4]) expect(run(step, size)).toBe(run(other.step, size));
    step.dispose();
    // What was given back is used again.
    run(classifier().step, 4);
    expect(weight.value.toArray()).toEqual(other.weight.value.toArray());
    expect(weight.grad?.toArray()).toEqual(other.weight.grad?.toArray());
    for (const size of [4, 4]) expect(run(step, size)).toBeCloseTo(run(other.step, size), 5);
    expect(step.statistics).toMatchObject({ programs: 2, runs: 3 });
    step.dispose();
    step.dispose();
  });

  test('keeps what lies only in the memory of a program', () => {
    const state = new Slot<Tensor>(tensor([0]));
    const f = compile((x: Tensor) => state.set(x.mul(2)));
    f(tensor([1]));
    f(tensor([2]));
    f.dispose();
    const g = compile((x: Tensor) => x.mul(100));
    for (let i = 0; i < 2; i++) g(tensor([7]));
    expect(state.get().toArray()).toEqual([4]);
  });

  test('leaves tapes alone that lead through the function', () => {
    const weight = new Parameter(tensor([3]));
    const f = compile((x: Tensor) => weight.square().mul(x).sum());
    f(tensor([1]));
    const loss = f(tensor([2]));
    f.dispose();
    loss.backward();
    expect(weight.grad?.toArray()).toEqual([12]);
  });
});
