import { contiguousStrides, entriesOf } from '../../core/shape.ts';
import type { Block } from '../../kernels/block-work.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { BlockKind } from '../../kernels/kinds.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import { storageBytes } from '../stages.ts';
import { loadEntry, storeEntry } from './elements.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import { walkKernel } from './walk-kernels.ts';

/** Goes through the blocks of all operands; the loops inside of one are the primitive's own. */
export function blockKernel(context: NodeContext, kind: BlockKind<unknown>): Kernel {
  const { node, elementType, addresses } = context;
  const inputs = node.inputs.map((x) => splitView(viewOf(context, x), (rank) => kind.inputDims(rank, node.params)));
  const output = splitView(viewOf(context, node.output), (rank) => kind.outputDims(rank, node.params));
  const batch = output.outside.shape;
  const sizes = inputs.map(({ inside }) => inside.shape);
  const roomBytes = storageBytes[elementType] * kind.room(sizes);
  const room = {
    address: addresses.scratch(Math.max(1, roomBytes * entriesOf(batch))),
    strides: contiguousStrides(batch).map((step) => step * roomBytes),
  };
  const operands = [output, ...inputs].map(({ outside }) => outside);
  const kernel = walkKernel(context, batch, [...operands, room], (w, ...at) => {
    const [ofOutput, ...ofInputs] = [output, ...inputs].map(({ inside }, k) => blockAt(w, inside, at[k]));
    kind.write(w, { inputs: ofInputs, output: ofOutput, room: at[operands.length] }, node.params);
  });
  return { ...kernel, cost: (kind.cost(sizes) * entriesOf(batch)) / Math.max(1, kernel.units) };
}

/** The dims of a block, and those outside of it. */
function splitView(view: View, dimsOfRank: (rank: number) => readonly number[]): { inside: View; outside: View } {
  const inside = dimsOfRank(view.shape.length);
  const part = (dims: readonly number[]): View => ({
    ...view,
    shape: dims.map((d) => view.shape[d]),
    strides: dims.map((d) => view.strides[d]),
  });
  const outside = view.shape.flatMap((_, d) => (inside.includes(d) ? [] : [d]));
  return { inside: part(inside), outside: part(outside) };
}

function blockAt<I, V>(w: LoopMath<I, V>, { shape, strides, storage }: View, at: I): Block<I, V> {
  const address = (indices: readonly I[]): I =>
    indices.reduce((sum, index, d) => w.plus(sum, w.times(index, strides[d])), at);
  return {
    sizes: shape,
    load: (...indices) => loadEntry(w, storage, address(indices)),
    store: (value, ...indices) => storeEntry(w, storage, address(indices), value),
  };
}
