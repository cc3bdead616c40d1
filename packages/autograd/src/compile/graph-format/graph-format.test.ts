import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GradtapeError } from '../../core/errors.ts';
import { Tensor } from '../../core/tensor.ts';
import { grad, ones, softmax, tensor } from '../../index.ts';
import { registry } from '../../registry.ts';
import { bind } from '../../tape/bind.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { drawBy } from '../../verify/draw-samples.ts';
import type { Graph } from '../graph.ts';
import { interpretGraph } from '../interpret-graph.ts';
import { simplify } from '../simplify.ts';
import { trace } from '../trace.ts';
import { graphFromJSON } from './read-graph.ts';
import { graphToJSON } from './write-graph.ts';

/** The JSON of a graph, to be spoilt. */
interface Draft {
  readonly values: object[];
  readonly inputs: object[];
  readonly nodes: { inputs: number[] }[];
}

type Run = (...inputs: Tensor[]) => Tensor | Tensor[];

const throughText = (graph: Graph): Graph => graphFromJSON(JSON.parse(JSON.stringify(graphToJSON(graph))));

/** The bits of what a graph computes; any NaN is like any other. */
function results(graph: Graph, values: readonly number[], inputs: readonly Tensor[]): unknown {
  const outputs = interpretGraph(graph, new Map(values.map((value, k) => [value, inputs[k]])));
  return outputs.map((y) => ({ shape: y.shape, dtype: y.dtype, entries: [...y.toTypedArray()] }));
}

/** A graph, and what simplify makes of it, mean the same after they were text. */
function expectSurvival(run: Run, inputs: readonly Tensor[]): void {
  const { graph, arguments: values } = trace(run as (...given: unknown[]) => unknown, inputs);
  const simple = simplify(graph);
  const expected = results(graph, values, inputs);
  expect(results(throughText(graph), values, inputs)).toEqual(expected);
  expect(results(throughText(simple.graph), values.map(simple.numberOf), inputs)).toEqual(expected);
  expect(JSON.stringify(graphToJSON(throughText(graph)))).toBe(JSON.stringify(graphToJSON(graph)));
}

const primitives = Object.values(registry)
  .flat()
  .filter(({ shapeDependsOnValues }) => shapeDependsOnValues !== true);

test('no two primitives have one name', () => {
  const names = Object.values(registry).flatMap((floor) => floor.map(({ name }) => name));
  expect(new Set(names).size).toBe(names.length);
});

describe('a use of every primitive survives as text, its inputs given or constant', () => {
  test.each(primitives.map((primitive) => [primitive.name, primitive] as const))('%s', (_, primitive) => {
    const kinds = fc.constantFrom('clear' as const, 'special' as const);
    const dtypes = fc.constantFrom('float32' as const, 'float64' as const);
    fc.assert(
      fc.property(dtypes, kinds, fc.array(fc.boolean()), fc.gen(), (dtype, entries, areGiven, choose) => {
        const { inputs, params } = primitive.sample(drawBy(choose, { dtype, entries }));
        const given = inputs.filter((__, i) => areGiven[i]);
        const run: Run = (...xs) => {
          const rest = [...xs];
          const operands = inputs.map((x, i) => (areGiven[i] ? (rest.shift() as Tensor) : x));
          return bind(primitive, operands, params);
        };
        expectSurvival(run, given);
      }),
      { numRuns: 15 },
    );
  });
});

/** Steps of drawn programs, on matrices of one shape; `c` is a constant of it. */
const steps: Readonly<Record<string, (x: Tensor, y: Tensor, c: Tensor) => Tensor>> = {
  add: (x, y) => x.add(y),
  scale: (x) => x.mul(0.5),
  constant: (x, _, c) => x.mul(c),
  part: (x, _, c) => x.add(c.sum(0, { keepDim: true })),
  relu: (x) => x.relu(),
  bend: (x, y) => x.tanh().mul(y),
  center: (x) => x.sub(x.mean(1, { keepDim: true })),
  softmax: (x) => softmax(x, 1),
  product: (x, y, c) => x.matmul(y.t()).matmul(c),
  turn: (x) => x.t().reshape(x.shape),
};

test('drawn programs with their gradients survive as text', () => {
  const programs = fc.record({
    shape: fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 6 })),
    path: fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 8 }),
    bits: fc.infiniteStream(fc.float({ noDefaultInfinity: true, noNaN: true, min: -2, max: 2 })),
  });
  fc.assert(
    fc.property(programs, ({ shape: [rows, columns], path, bits }) => {
      const entries = (): Tensor =>
        new Tensor(
          Float32Array.from({ length: rows * columns }, () => bits.next().value ?? 0),
          'float32',
          [rows, columns],
          [columns, 1],
          0,
        );
      const [x, y, c] = [entries(), entries(), entries()];
      const follow = (given: Tensor, other: Tensor): Tensor =>
        path.reduce((at, step) => (steps[step] as (typeof steps)[string])(at, other, c), given);
      const run: Run = (first, second) => [
        follow(first as Tensor, second as Tensor),
        grad((at: Tensor) => follow(at, second as Tensor).sum())(first as Tensor),
      ];
      expectSurvival(run, [x, y]);
    }),
    { numRuns: 100 },
  );
});

test('constants are written as they are shortest', () => {
  const long = Float32Array.from({ length: 40 }, (_, i) => i);
  const run: Run = (x) => [
    x.mul(ones([40])),
    x.add(tensor([...long])),
    x.narrow(0, 0, 3).div(tensor([1, -0, Number.NaN])),
  ];
  const { graph } = trace(run as (...given: unknown[]) => unknown, [ones([40])]);
  const constants = graphToJSON(graph).inputs.flatMap(({ constant }) => (constant ? [constant] : []));
  expect(constants).toEqual([
    { fill: 1, length: 40 },
    { base64: Buffer.from(long.buffer).toString('base64') },
    { entries: [1, '-0', 'NaN'] },
  ]);
});

describe('refused with a word on where and why', () => {
  const { graph } = trace(((x: Tensor) => x.mul(2).sum()) as (...given: unknown[]) => unknown, [tensor([1, 2])]);
  const good = JSON.stringify(graphToJSON(graph));
  const read = (change: (json: Draft) => void): (() => Graph) => {
    const json = JSON.parse(good);
    change(json);
    return () => graphFromJSON(json);
  };

  test.each<[string, (json: Draft) => void, RegExp]>([
    [
      'no graph',
      (json) => Object.assign(json, { format: undefined }),
      /nothing at graph\.format\n {2}needs: "gradtape graph"/,
    ],
    ['another version', (json) => Object.assign(json, { version: 2 }), /got: {3}version 2\n {2}needs: version 1/],
    [
      'an unknown primitive',
      (json) => Object.assign(json.nodes[0] as object, { primitive: 'mull' }),
      /"mull" at graph\.nodes\[0\]/,
    ],
    ['an input of nothing', (json) => json.nodes[0]?.inputs.push(99), /99 at graph\.nodes\[0\]\.inputs\[2\]/],
    ['a node before its inputs', (json) => json.nodes.reverse(), /at graph\.nodes\[0\]\.inputs\[0\]\n.*earlier node/],
    [
      'a value given twice',
      (json) => Object.assign(json.nodes[1] as object, { output: 0 }),
      /0 at graph\.nodes\[1\]\.output/,
    ],
    ['an output of nothing', (json) => Object.assign(json, { outputs: [99] }), /99 at graph\.outputs\[0\]/],
    [
      'a strange dtype',
      (json) => Object.assign(json.values[0] as object, { dtype: 'half' }),
      /"half" at graph\.values\[0\]\.dtype/,
    ],
    [
      'a negative size',
      (json) => Object.assign(json.values[0] as object, { shape: [-1] }),
      /-1 at graph\.values\[0\]\.shape\[0\]/,
    ],
    [
      'a place outside of its buffer',
      (json) => Object.assign(json.values[0] as object, { place: { buffer: 0, offset: 1, strides: [1] } }),
      /at graph\.values\[0\]\.place/,
    ],
    [
      'a place in no buffer',
      (json) => Object.assign(json.values[0] as object, { place: { buffer: 99, offset: 0, strides: [1] } }),
      /at graph\.values\[0\]\.place/,
    ],
    [
      'half an entry',
      (json) => Object.assign(json.inputs[1] as object, { constant: { base64: 'AAA=' } }),
      /base64 of 4 bytes/,
    ],
    [
      'no base64',
      (json) => Object.assign(json.inputs[1] as object, { constant: { base64: '!' } }),
      /base64 of 4 bytes/,
    ],
    [
      'too few entries',
      (json) => Object.assign(json.inputs[1] as object, { constant: { entries: [] } }),
      /as many entries/,
    ],
    ['a list in the place of the graph', (json) => Object.assign(json, { values: {} }), /graph\.values\n.*a list/],
  ])('%s', (_, change, message) => {
    expect(read(change)).toThrow(GradtapeError);
    expect(read(change)).toThrow(message);
  });

  test('JSON that is no object', () => {
    for (const json of [null, 3, 'graph', []]) expect(() => graphFromJSON(json)).toThrow(/at graph\n.*an object/);
  });

  test('parameters that are no data', () => {
    const odd = { ...(primitives[0] as Primitive), name: 'odd' };
    const run: Run = (x) =>
      bind({ ...odd, evaluate: ([a]) => tensor(a?.toTypedArray() as Float32Array) }, [x], { f: () => 0 });
    const traced = trace(run as (...given: unknown[]) => unknown, [tensor([1, 2])]);
    expect(() => graphToJSON(traced.graph)).toThrow(/a use of odd cannot be written/);
  });

  test('a primitive of one’s own is read if it is given', () => {
    const [own] = primitives.filter(({ name }) => name === 'exp').map((exp) => ({ ...exp, name: 'own' }));
    const run: Run = (x) => bind(own as Primitive, [x], undefined);
    const traced = trace(run as (...given: unknown[]) => unknown, [tensor([1, 2])]);
    const json = graphToJSON(traced.graph);
    expect(() => graphFromJSON(json)).toThrow(/"own"/);
    expect(graphFromJSON(json, [own as Primitive]).nodes[0]?.primitive).toBe(own);
  });
});
