import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { withRecording } from '../tape/bind.ts';
import { withObserver } from '../tape/observer.ts';
import type { Graph } from './graph.ts';

/**
 * Runs a graph primitive by primitive: the reference for everything that is made of graphs.
 *
 * @param inputs The values that come in, by number; constants need not be given.
 * @returns The values of the graph's outputs.
 */
export function interpretGraph(graph: Graph, inputs: ReadonlyMap<number, Tensor>): Tensor[] {
  const values = new Map<number, Tensor>(inputs);
  for (const { value, constant } of graph.inputs) {
    if (constant !== undefined) values.set(value, constant);
  }
  const tensorOf = (value: number): Tensor =>
    values.get(value) ??
    fail('interpretGraph: an input is missing', {
      got: `no tensor for value ${value}`,
      needs: 'one for each input that is no constant',
      fix: 'give all of graph.inputs',
    });
  withObserver(undefined, () =>
    withRecording(false, () => {
      for (const { primitive, params, inputs: operands, output } of graph.nodes) {
        values.set(output, primitive.evaluate(operands.map(tensorOf), params));
      }
    }),
  );
  return graph.outputs.map(tensorOf);
}
