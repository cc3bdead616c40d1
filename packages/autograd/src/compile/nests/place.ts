import { entriesOf } from '../../core/shape.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { PlaceKind } from '../../kernels/kinds.ts';
import type { Value } from '../graph.ts';
import { partsOf } from '../parts.ts';
import { storageBytes } from '../stages.ts';
import { type NodeContext, type View, viewOf } from './node-context.ts';
import type { Operand } from './walk.ts';
import { vectorKernel } from './walk-kernels.ts';

/** Zeros everywhere, then each input into its part, unless it lies there already. */
export function placeKernels(context: NodeContext, kind: PlaceKind<unknown>): Kernel[] {
  const { name, node, graph, addresses } = context;
  const { shape } = graph.values[node.output] as Value;
  const out = viewOf(context, node.output);
  const bytes = storageBytes[addresses.storageOf(node.output)];
  const inputs = node.inputs.map((x) => graph.values[x] as Value);
  const parts = partsOf(graph, node, kind);
  const covered = inputs.reduce((sum, input) => sum + entriesOf(input.shape), 0);
  const clear =
    covered === entriesOf(shape) && !kind.overlapping ? [] : [zeroKernel({ ...context, name: `${name}_zeros` }, out)];
  return [
    ...clear,
    ...parts.flatMap((part, k) => {
      const from = viewOf(context, node.inputs[k] as number);
      const strides = part.strides.map((step) => step * bytes);
      const to = { ...out, address: out.address + part.offset * bytes, strides };
      return liesAt(from, to) ? [] : [partKernel({ ...context, name: `${name}_part${k}` }, from, to, kind.overlapping)];
    }),
  ];
}

/** Whether entries lie where they should go. */
function liesAt({ address, strides, shape }: View, to: Operand): boolean {
  return address === to.address && strides.every((step, d) => step === to.strides[d] || shape[d] === 1);
}

export function zeroKernel(context: Pick<NodeContext, 'name' | 'elementType'>, out: View): Kernel {
  return vectorKernel(context, out.shape, [out], (w, place) => place.store(w.zero()));
}

function partKernel(context: NodeContext, from: View, to: Operand, adds: boolean): Kernel {
  if (!adds) return copyKernel(context, from, to);
  return vectorKernel(context, from.shape, [to, from], (w, place) => place.store(w.add(place.load(0), place.load(1))));
}

export function copyKernel(
  context: Pick<NodeContext, 'name' | 'elementType' | 'rows'>,
  from: View,
  to: Operand,
): Kernel {
  return vectorKernel(context, from.shape, [to, from], (_, place) => place.store(place.load(1)));
}
