import { expect, test } from 'vitest';
import { ones, randn, type Tensor, tensor } from '../index.ts';
import { foldConstants } from './fold-constants.ts';
import { interpretGraph } from './interpret-graph.ts';
import { trace } from './trace.ts';

test('what depends on constants alone is computed once, and the result is the same bits', () => {
  const mask = tensor([
    [1, 2],
    [3, 4],
  ]);
  const recorded = trace(((x: Tensor) => x.mul(mask.t().exp()).add(ones([2]).mul(3).reshape([1, 2]))) as never, [
    randn([2, 2]),
  ]);
  const folded = foldConstants(recorded.graph);
  const computing = (graph: typeof folded): string[] =>
    graph.nodes.flatMap(({ primitive }) => (primitive.kernel?.kind === 'view' ? [] : [primitive.name]));
  expect(computing(recorded.graph)).toEqual(['exp', 'mul', 'mul', 'add']);
  expect(computing(folded)).toEqual(['mul', 'add']);
  const inputs = new Map([[recorded.arguments[0] as number, randn([2, 2])]]);
  const [before, after] = [recorded.graph, folded].map((graph) => interpretGraph(graph, inputs)[0] as Tensor);
  expect(after?.toArray()).toEqual(before?.toArray());
});
