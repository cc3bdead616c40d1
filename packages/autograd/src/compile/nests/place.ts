import { contiguousStrides, entriesOf } from '../../core/shape.ts';
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
  const copies = parts.flatMap((part, k): Copy[] => {
    const from = viewOf(context, node.inputs[k] as number);
    const strides = part.strides.map((step) => step * bytes);
    const to = { ...out, address: out.address + part.offset * bytes, strides };
    return liesAt(from, to) ? [] : [{ from, to }];
  });
  return [
    ...clear,
    ...(kind.overlapping ? copies : inLargePieces(copies, bytes)).map(({ from, to }, k) =>
      partKernel({ ...context, name: `${name}_part${k}` }, from, to, kind.overlapping),
    ),
  ];
}

interface Copy {
  readonly from: View;
  readonly to: Operand;
}

/** Of parts that follow one another where they come from and where they go, one copy: the states of all steps, say. */
function inLargePieces(copies: readonly Copy[], bytes: number): Copy[] {
  const pieces: Copy[] = [];
  for (const copy of copies) {
    const before = pieces.at(-1);
    if (before && follows(copy, before, bytes)) {
      const shape = [entriesOf(before.from.shape) + entriesOf(copy.from.shape)];
      const piece = { shape, strides: [bytes] };
      pieces[pieces.length - 1] = { from: { ...before.from, ...piece }, to: { ...before.to, ...piece } };
    } else pieces.push(copy);
  }
  return pieces;
}

function follows({ from, to }: Copy, before: Copy, bytes: number): boolean {
  const length = entriesOf(before.from.shape) * bytes;
  const isNext = from.address === before.from.address + length && to.address === before.to.address + length;
  return isNext && from.storage === before.from.storage && isPiece({ from, to }, bytes) && isPiece(before, bytes);
}

/** Whether a part lies in one piece on both sides, in reading order. */
function isPiece({ from, to }: Copy, bytes: number): boolean {
  const expected = contiguousStrides(from.shape).map((step) => step * bytes);
  const isInOrder = (strides: readonly number[]): boolean =>
    strides.every((step, d) => step === expected[d] || from.shape[d] === 1);
  return isInOrder(from.strides) && isInOrder(to.strides);
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
