import * as gradtape from '@gradtape/autograd';
import { Parameter, type Tensor, tensor, vjp } from '@gradtape/autograd';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pool } from '../core/storage-pool.ts';

const asUsual = { ...pool };
// Every storage beyond the shared small ones is used again, and holds NaN once it is given back.
beforeEach(() => Object.assign(pool, { smallest: 1, poison: true }));
afterEach(() => Object.assign(pool, asUsual));

type Step = (x: Tensor, y: Tensor) => Tensor;
/** Steps of [8, 8] to [8, 8], of every kind: views, shared cotangents, several uses, hand-written derivatives. */
const steps: Readonly<Record<string, Step>> = {
  add: (x, y) => x.add(y),
  addToItself: (x) => x.add(x),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  transpose: (x) => x.t(),
  addTransposed: (x) => x.add(x.t()),
  reshape: (x) => x.reshape([4, 16]).reshape([8, 8]),
  flip: (x) => x.flip(0),
  matmul: (x, y) => x.matmul(y).mul(0.1),
  linear: (x, y) => gradtape.linear(x, y, y.sum(0)).mul(0.1),
  tanh: (x) => x.tanh(),
  relu: (x) => x.relu(),
  softmax: (x) => x.softmax(1),
  logSoftmax: (x) => x.logSoftmax(0),
  layerNorm: (x) => gradtape.layerNorm(x, [8]),
  batchNorm: (x, y) => gradtape.batchNorm(x, { training: true, weight: y.sum(0), bias: y.sum(1) }).output.mul(0.1),
  convolution: (x, y) =>
    gradtape
      .conv1d(x.reshape([2, 4, 8]), y.reshape([4, 4, 4]), null, { padding: 'same' })
      .reshape([8, 8])
      .mul(0.1),
  expandedMean: (x) => x.mean(1, { keepDim: true }).expand([8, 8]),
  parts: (x) => gradtape.concat([...x.split(3, 1)].reverse(), 1),
  partsOfMore: (x, y) => gradtape.concat([x, y]).square().mul(0.5).narrow(0, 3, 8),
  largest: (x) => x.sub(x.amax(1, { keepDim: true })),
  gather: (x) =>
    x.gather(
      1,
      tensor(
        Array.from({ length: 8 }, (_, i) => [i, 0, 1, 1, 2, 3, 5, 7]),
        { dtype: 'int32' },
      ),
    ),
  cumsum: (x) => x.cumsum(0).mul(0.2),
  variance: (x) => x.div(x.var(1, { keepDim: true }).add(1)),
  where: (x, y) => gradtape.where(x.gt(y), x, y),
};
const names = Object.keys(steps);

/** A program: each step takes two of the values before it. */
const programs = fc.array(fc.record({ name: fc.constantFrom(...names), first: fc.nat(20), second: fc.nat(20) }), {
  minLength: 3,
  maxLength: 25,
});
type Program = readonly { name: string; first: number; second: number }[];

function run(program: Program, inputs: readonly Tensor[]): Tensor {
  const values = [...inputs];
  for (const { name, first, second } of program) {
    const pick = (k: number): Tensor => values[values.length - 1 - (k % values.length)] as Tensor;
    values.push((steps[name] as Step)(pick(first), pick(second)));
  }
  return (values.at(-1) as Tensor).mul(values.at(-2) as Tensor).sum();
}

const start = (seed: number): Tensor =>
  gradtape.rand([8, 8], { dtype: 'float64', generator: new gradtape.Generator(seed) }).add(0.1);

/** All storages, or those of more than eight by eight entries. */
const smallest = fc.constantFrom(1, 65);

test('gradients are the same when memory is used again as when it is not', () => {
  fc.assert(
    fc.property(programs, fc.nat(1000), smallest, (program, seed, smallest) => {
      Object.assign(pool, { smallest });
      const inputs = [start(seed), start(seed + 1)];
      const [, pull] = vjp((...xs: Tensor[]) => run(program, xs), ...inputs);
      const expected = gradtape.noGrad(() => pull(tensor(1, { dtype: 'float64' }))).map((x) => x.toArray());
      for (let step = 0; step < 3; step++) {
        const parameters = inputs.map((x) => new Parameter(x));
        const loss = run(program, parameters);
        loss.backward();
        const got = parameters.map((p) => p.grad?.toArray() ?? start(0).mul(0).toArray());
        expect(got).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});

test('what leaves the pass stays: gradients, what hooks saw, what a custom derivative kept, values of the forward pass', () => {
  const scenario = (): unknown => {
    const kept: Tensor[] = [];
    const keeper = gradtape.customGrad({
      name: 'keeper',
      forward: (x) => x.mul(2),
      backward: (g) => {
        const twice = g.mul(2);
        kept.push(g, twice);
        return [twice];
      },
    });
    const w = new Parameter(start(1));
    const hidden = keeper(w.tanh()).mul(w);
    const shown = hidden.mul(3);
    hidden.retainGrad();
    shown.registerHook((g) => void kept.push(g));
    const logits = shown.softmax(1);
    logits.square().sum().backward();
    const gradient = w.grad as Tensor;
    w.grad = null;
    for (let i = 0; i < 5; i++) run([{ name: 'matmul', first: 0, second: 1 }], [w, w]).backward();
    return [gradient, hidden.grad as Tensor, hidden, logits, ...kept].map((x) => x.toArray());
  };
  const usedAgain = scenario();
  Object.assign(pool, { smallest: Infinity, poison: false });
  expect(usedAgain).toEqual(scenario());
});

test('poison works: a derivative that breaks its promise is found out', () => {
  let stolen: Tensor | undefined;
  const thief = gradtape.customGrad({
    name: 'thief',
    keepsNothing: true,
    forward: (x) => x.mul(2),
    backward: (g) => {
      stolen = g.mul(3);
      return [g.mul(2)];
    },
  });
  thief(new Parameter(start(2)).mul(1))
    .sum()
    .backward();
  expect(stolen?.toTypedArray().every((entry) => entry === 3)).toBe(false);
});
