import { expect, test } from 'vitest';
import { matmul, randn, type Tensor } from '../index.ts';
import { interpretGraph } from './interpret-graph.ts';
import { layingOut, layOutOperands } from './lay-out-operands.ts';
import { simplify } from './simplify.ts';
import { trace } from './trace.ts';

const lines = layingOut.leastLines;

function laidOut(compute: (...xs: Tensor[]) => Tensor, inputs: readonly Tensor[]): string[] {
  const traced = trace(compute as never, [...inputs]);
  const { graph, numberOf } = simplify(traced.graph);
  const changed = layOutOperands(graph);
  const given = new Map(traced.arguments.map((value, k) => [numberOf(value), inputs[k] as Tensor]));
  const [expected] = interpretGraph(graph, given) as [Tensor];
  const [found] = interpretGraph(changed, given) as [Tensor];
  expect([...found.toTypedArray()]).toEqual([...expected.toTypedArray()]);
  return changed.nodes.map(({ primitive }) => primitive.name);
}

const [x, w] = [randn([lines, 8]), randn([16, 8])];

test('transposed weights of many lines are laid out, before all else', () => {
  const names = laidOut((a, b) => matmul(a.mul(2), b.transpose(0, 1)), [x, w]);
  expect(names).toEqual(['permute', 'embed', 'slice', 'mul', 'matmul']);
});

test('lines count together where several products read the same, which is laid out once', () => {
  const half = x.narrow(0, 0, lines / 2);
  const twice = (a: Tensor, b: Tensor): Tensor => matmul(a, b.transpose(0, 1)).add(matmul(a.mul(2), b.transpose(0, 1)));
  expect(laidOut(twice as never, [half, w]).filter((name) => name === 'embed').length).toBe(1);
});

test('what is computed is laid out where it is needed', () => {
  const names = laidOut((a, b) => matmul(a, b.square().transpose(0, 1)), [x, w]);
  expect(names).toEqual(['square', 'permute', 'embed', 'slice', 'matmul']);
});

test('few lines, what lies well, and what is large are left as they are', () => {
  const transposed = (a: Tensor, b: Tensor): Tensor => matmul(a, b.transpose(0, 1));
  expect(laidOut(transposed as never, [x.narrow(0, 0, lines - 1), w])).not.toContain('embed');
  expect(laidOut(matmul as never, [x, randn([8, 16])])).not.toContain('embed');
  expect(laidOut(transposed as never, [x, randn([600, 8])])).not.toContain('embed');
});
