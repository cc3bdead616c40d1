import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crossEntropy,
  dropout,
  manualSeed,
  noGrad,
  Parameter,
  rand,
  softmax,
  type Tensor,
  tensor,
} from '../../index.ts';
import { type Compiled, compile } from '../compile.ts';
import { compiledMemory } from '../compiled-memory.ts';
import type { EngineName } from '../engines.ts';
import type { ArrayType } from '../memory/program-memory.ts';
import { rowGrouping } from '../rows.ts';
import { testEngines } from '../test-engines.ts';

const [SAMPLES, FEATURES, CLASSES] = [6, 4, 3];

type Step = (x: Tensor, labels: Tensor) => Tensor;

/** A training step with momentum, random numbers, and indices that the program computes itself. */
function training(engine: EngineName = 'wasm'): { weights: Parameter; momentum: Parameter; step: Compiled<Step> } {
  const weights = new Parameter(rand([FEATURES, CLASSES]));
  const momentum = new Parameter(rand([FEATURES, CLASSES]).mul(0));
  const step = compile(
    (x: Tensor, labels: Tensor): Tensor => {
      const scores = dropout(x, 0.25).matmul(weights);
      const likeliest = softmax(scores, 1).argmax(1, { keepDim: true });
      const loss = crossEntropy(scores, labels).add(scores.gather(1, likeliest).mean().mul(0.1));
      weights.grad = null;
      loss.backward();
      noGrad(() => {
        momentum.assign(momentum.mul(0.9).add(weights.grad as Tensor));
        weights.assign(weights.sub(momentum.mul(0.1)));
      });
      return loss;
    },
    { engine },
  );
  return { weights, momentum, step };
}

const bits = (x: Tensor): readonly number[] => [...x.toTypedArray()];

/** The losses of some steps, with parameters and gradients after each; after some, the program is explained. */
function history(engine: EngineName, seed: number, explained: readonly number[], steps = 5): unknown {
  manualSeed(seed);
  const { weights, momentum, step } = training(engine);
  const lines = Array.from({ length: steps }, (_, k) => {
    const loss = step(rand([SAMPLES, FEATURES]), tensor([0, 1, 2, 2, 1, 0], { dtype: 'int32' }));
    if (explained.includes(k)) expect(step.explain().times.length).toBeGreaterThan(0);
    return [loss, weights, momentum, weights.grad as Tensor].map(bits);
  });
  expect(step.statistics.runs).toBe(steps - 1);
  return lines;
}

test.each(testEngines())('explaining changes no parameter, gradient, random number or later step: %s', (engine) => {
  const some = fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.nat(), some, (seed, explained) => {
      expect(history(engine, seed, explained)).toEqual(history(engine, seed, []));
    }),
    { numRuns: engine === 'wasm' ? 10 : 2 },
  );
});

/** Leaves numbers in free memory that are no indices. */
function spoilFreeMemory(): void {
  const memory = compiledMemory();
  const entries = 2 ** 16;
  const address = memory.allocate(4 * entries);
  memory.view(Int32Array as ArrayType<Int32Array>, address, entries).fill(2 ** 28);
  memory.free(address);
}

test('a program that is yet to run can be explained, whatever lies where its indices will', () => {
  spoilFreeMemory();
  const table = tensor([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const look = compile((index: Tensor) => table.gather(0, index).sum());
  const index = tensor(
    [
      [2, 2],
      [1, 0],
    ],
    { dtype: 'int32' },
  );
  look(index);
  expect(look.explain().stages.length).toBeGreaterThan(0);
  expect(look(index).item()).toBe(5 + 6 + 3 + 2);
});

describe.each([
  ['stage by stage', rowGrouping],
  ['row by row', { leastEntries: 0, leastRows: 1 }],
])('an explanation of what is done %s', (_, grouping) => {
  const before = { ...rowGrouping };
  Object.assign(rowGrouping, grouping);
  manualSeed(0);
  const { step } = training();
  const call = (): Tensor => step(rand([SAMPLES, FEATURES]), tensor([0, 1, 2, 2, 1, 0], { dtype: 'int32' }));
  call();
  call();
  Object.assign(rowGrouping, before);
  const explanation = step.explain();
  const { graph, stages } = explanation;

  test('tells of every operation of the graph that is no view, once', () => {
    const isViewed = (output: number): boolean => graph.values[output]?.place.buffer !== output;
    const computed = graph.nodes.filter(({ output }) => !isViewed(output)).map(({ primitive }) => primitive.name);
    const told = stages.flatMap(({ title }) =>
      title.split(', ').flatMap((part) => {
        const [, name, count = '1'] = /^(\w+)(?: ×(\d+))?$/.exec(part) as RegExpExecArray;
        return Array.from({ length: Number(count) }, () => name);
      }),
    );
    expect(told.sort()).toEqual(computed.sort());
  });

  test('has a formula for everything that a stage writes', () => {
    for (const { formulas, writes } of stages) {
      const written = formulas.map((line) => Number(/^#(\d+) /.exec(line)?.[1]));
      expect(written).toEqual(expect.arrayContaining([...writes]));
    }
  });

  test('reads nothing that was not written before', () => {
    const written = new Set(graph.inputs.map(({ value }) => value));
    for (const { reads, writes, formulas } of stages) {
      for (const buffer of writes) written.add(buffer);
      for (const buffer of reads) expect(written).toContain(buffer);
      expect(formulas.length).toBeGreaterThan(0);
    }
  });

  test('tells what is done together', () => {
    expect(Math.max(...stages.map(({ nests }) => nests)) > 1).toBe(grouping !== rowGrouping);
  });

  test('counts the memory of what comes in and of state', () => {
    const floats = SAMPLES * FEATURES * 4;
    expect(explanation.memory.arguments).toBe(floats + SAMPLES * 4);
    expect(explanation.memory.state).toBe(2 * FEATURES * CLASSES * 4);
    expect(explanation.memory.arena).toBeGreaterThanOrEqual(explanation.memory.lowerBound);
    expect(explanation.memory.inPlace).toBe(2);
  });

  test('names where parameters are updated', () => {
    expect(stages.flatMap(({ replaces }) => [...replaces])).toHaveLength(2);
    expect(explanation.toSVG()).toContain('updates state');
  });

  test('counts two operations for each product of a multiplication of matrices', () => {
    const [product] = stages.filter(({ kind }) => kind === 'product');
    expect(product?.operations).toBe(2 * SAMPLES * FEATURES * CLASSES);
  });

  test('shows itself as tables, pictures and pages', () => {
    const shown = explanation as unknown as Record<symbol, () => unknown>;
    expect(shown[Symbol.for('nodejs.util.inspect.custom')]?.()).toBe(`${explanation}`);
    const media = shown[Symbol.for('Jupyter.display')]?.() as Record<string, string>;
    expect(Object.keys(media)).toEqual(['text/plain', 'text/html', 'image/svg+xml']);
    for (const { stage, title } of stages) {
      const [first = ''] = title.split(', ');
      expect(explanation.toSVG()).toContain(`>${stage}  ${first}`);
      expect(explanation.toMermaid()).toContain(`["${stage}  ${first}`);
      expect(explanation.toMarkdown()).toContain(`| ${stage} | ${title} |`);
    }
    expect(explanation.toHTML()).toContain(explanation.toSVG());
  });

  test('draws arrows only from boxes to boxes', () => {
    const text = explanation.toMermaid();
    const boxes = new Set([...text.matchAll(/^ {2}(n\d+)[[(]/gm)].map(([, box]) => box));
    const ends = [...text.matchAll(/^ {2}(n\d+) --> (n\d+)$/gm)].flatMap(([, from, to]) => [from, to]);
    expect(ends.length).toBeGreaterThan(0);
    for (const end of ends) expect(boxes).toContain(end);
  });
});

test('without a call there is nothing to explain', () => {
  expect(() => compile((x: Tensor) => x.mul(2)).explain()).toThrow(/call the function once before/);
});
