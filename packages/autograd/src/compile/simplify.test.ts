import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../core/tensor.ts';
import { tensor } from '../functions/index.ts';
import '../index.ts';
import { numbersOf } from '../verify/compare.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { compile } from './compile.ts';
import { interpretGraph } from './interpret-graph.ts';
import { simplify } from './simplify.ts';
import { drawInputs, programs, runProgram } from './test-programs.ts';
import { trace } from './trace.ts';

/** Small tensors made one after another share memory; more than fill one piece of it, and the next lies elsewhere. */
function beginNewMemory(): void {
  for (let made = 0; made < 600; made++) tensor(0);
}

const constants = fc.array(
  fc.record({
    entries: fc.oneof(fc.constantFrom(1, 2, -0, 0), fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 3 })),
    beginsMemory: fc.boolean(),
    isExpanded: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

test('constants that are equal become one, whatever shares memory with them', () => {
  fc.assert(
    fc.property(constants, (drawn) => {
      const made = drawn.map(({ entries, beginsMemory, isExpanded }) => {
        if (beginsMemory) beginNewMemory();
        const constant = tensor(entries);
        return isExpanded && constant.length === 1 ? constant.reshape([1]).expand([2]) : constant;
      });
      const sums = (x: Tensor): Tensor[] => made.map((constant) => constant.mul(x).add(constant));
      const compiled = compile(sums);
      compiled(tensor(1));
      const x = tensor(3);
      expect(compiled(x).map((y) => y.toArray())).toEqual(sums(x).map((y) => y.toArray()));
      expect(compiled.statistics.runs).toBe(1);
    }),
    { numRuns: 100 },
  );
});

test('a simpler graph computes the same, bit for bit, and nothing twice', () => {
  fc.assert(
    fc.property(programs, fc.constantFrom('float32' as const, 'float64' as const), fc.gen(), (lines, dtype, choose) => {
      const draw = drawBy(choose, { dtype });
      const inputs = drawInputs(draw);
      const run = (...xs: Tensor[]): readonly Tensor[] => [...runProgram(lines, xs), ...runProgram(lines, xs)];
      const traced = trace(run as (...values: unknown[]) => unknown, inputs);
      const { graph, numberOf } = simplify(traced.graph);
      const given = new Map(traced.arguments.map((value, k) => [value, inputs[k]]));
      const simpler = new Map(traced.arguments.map((value, k) => [numberOf(value), inputs[k]]));
      const [expected, got] = [interpretGraph(traced.graph, given), interpretGraph(graph, simpler)];
      expect(got.map((x) => [x.shape, x.dtype, numbersOf(x)])).toEqual(
        expected.map((x) => [x.shape, x.dtype, numbersOf(x)]),
      );
      expect(simplify(graph).graph.nodes).toHaveLength(graph.nodes.length);
      const nodes = graph.nodes.map(({ primitive, params, inputs: xs }) => [primitive.name, params, ...xs]);
      expect(new Set(nodes.map((node) => JSON.stringify(node))).size).toBe(nodes.length);
      const double = interpretGraph(simplify(graph).graph, simpler);
      expect(double.map(numbersOf)).toEqual(expected.map(numbersOf));
    }),
    { numRuns: 150 },
  );
});

test('parameters that JSON does not tell apart are told apart', () => {
  const twice = (x: Tensor): Tensor[] => [
    x.clamp(-Infinity, 1),
    x.clamp(Number.NaN, 1),
    x.clamp(-1, Infinity),
    x.pow(Number.NaN),
    x.pow(Infinity),
    x.pow(-Infinity),
    x.mul(-0).reciprocal(),
    x.mul(0).reciprocal(),
    x.sum().norm(Infinity),
    x.sum().norm(-Infinity),
  ];
  const compiled = compile(twice);
  const x = tensor([0.5, -2, 3]);
  compiled(tensor([1, 2, 3]));
  expect(compiled(x).map((y) => y.toArray())).toEqual(twice(x).map((y) => y.toArray()));
  expect(compiled.statistics.runs).toBe(1);
});
