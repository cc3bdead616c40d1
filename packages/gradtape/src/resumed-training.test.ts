import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crossEntropy, defaultGenerator, Generator, manualSeed, relu, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { DataLoader, loadCheckpoint, mapDataset, moons, saveCheckpoint, TensorDataset } from '@gradtape/data';
import { BatchNorm1d, Dropout, Linear, Module } from '@gradtape/nn';
import { Adam, SGD, StepLR } from '@gradtape/optim';
import { afterAll, describe, expect, test } from 'vitest';

// A run that was interrupted, and goes on in another process, has the same bits as one that was not.

const folder = mkdtempSync(join(tmpdir(), 'resumed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const points = new TensorDataset(...moons(50, { noise: 0.1, generator: new Generator(1) }));
/** Each point somewhere near by, drawn whenever it is asked for. */
const jittered = mapDataset(points, ([x, label]): [Tensor, Tensor] => [
  x.add(defaultGenerator().normal(new Float32Array(1), 0, 0.05)[0]),
  label,
]);

class Network extends Module {
  fc1 = new Linear(2, 16);
  norm = new BatchNorm1d(16);
  dropout = new Dropout(0.3);
  fc2 = new Linear(16, 2);

  forward(x: Tensor): Tensor {
    return this.fc2.forward(this.dropout.forward(relu(this.norm.forward(this.fc1.forward(x)))));
  }
}

const optimizers = {
  Adam: (model: Module) => new Adam(model.parameters(), { lr: 0.02 }),
  SGD: (model: Module) => new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 }),
};

interface Options {
  readonly seed: number;
  readonly compiled: boolean;
  readonly optimizer: keyof typeof optimizers;
  readonly ownGenerator: boolean;
}

/** All that a run consists of, and a function that takes so many of its steps and gives their losses. */
function makeRun({ seed, compiled, optimizer: kind, ownGenerator }: Options) {
  manualSeed(seed);
  const model = new Network();
  const optimizer = optimizers[kind](model);
  const schedule = new StepLR(optimizer, { stepSize: 4, gamma: 0.8 });
  const shuffle = { batchSize: 8, shuffle: true, generator: ownGenerator ? new Generator(seed) : undefined };
  const loader = new DataLoader(jittered, shuffle);
  const trainOn = (x: Tensor, y: Tensor): Tensor => {
    const loss = crossEntropy(model.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    schedule.step();
    return loss;
  };
  const step = compiled ? compile(trainOn) : trainOn;
  const take = (steps: number): number[] => {
    const losses: number[] = [];
    while (losses.length < steps) {
      for (const [x, y] of loader) {
        losses.push(step(x, y).item());
        if (losses.length === steps) break;
      }
    }
    return losses;
  };
  return { parts: { model, optimizer, schedule, loader }, take };
}

const bitsOf = (model: Module): Record<string, number[]> =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, x]) => [name, [...x.toTypedArray()]]));

describe.each([
  { compiled: false, optimizer: 'Adam', ownGenerator: false },
  { compiled: false, optimizer: 'SGD', ownGenerator: true },
  { compiled: true, optimizer: 'Adam', ownGenerator: true },
] as const)('%o', (options) => {
  // In the middle of an epoch of seven batches, at its end, in the middle of a later one.
  test.each([0, 3, 7, 16])('interrupted after %i steps', async (before) => {
    const after = 18 - before;
    const uninterrupted = makeRun({ ...options, seed: 4 });
    const expected = uninterrupted.take(before + after);

    const path = join(folder, 'run.safetensors');
    const interrupted = makeRun({ ...options, seed: 4 });
    interrupted.take(before);
    await saveCheckpoint(path, { ...interrupted.parts, step: before });

    const resumed = makeRun({ ...options, seed: 99 });
    resumed.take(2);
    const checkpoint = await loadCheckpoint(path);
    checkpoint.restore(resumed.parts);
    expect(checkpoint.values.step).toBe(before);
    expect(resumed.take(after)).toEqual(expected.slice(before));
    expect(bitsOf(resumed.parts.model)).toEqual(bitsOf(uninterrupted.parts.model));
    expect(resumed.parts.schedule.getLastLr()).toEqual(uninterrupted.parts.schedule.getLastLr());
  });
});
