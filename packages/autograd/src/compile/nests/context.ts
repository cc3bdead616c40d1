import { entriesOf, type Shape } from '../../core/shape.ts';
import { loopNest } from '../../kernels/iteration.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import type { Graph, GraphNode, Value } from '../graph.ts';
import { storageBytes } from '../stages.ts';
import type { Addresses } from './loop-nest.ts';

/** What the kernels of a primitive are written from. */
export interface NodeContext {
  readonly name: string;
  readonly node: GraphNode;
  readonly elementType: ElementType;
  readonly graph: Graph;
  readonly addresses: Addresses;
}

/** Entries in memory: the address of the first, and steps in bytes. */
export interface View {
  readonly address: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** Where the entries of a value lie. */
export function viewOf({ graph, addresses }: NodeContext, value: number): View {
  const { shape, place } = graph.values[value] as Value;
  const bytes = storageBytes[addresses.storageOf(place.buffer)];
  return {
    address: addresses.addressOf(place.buffer) + bytes * place.offset,
    shape,
    strides: place.strides.map((step) => step * bytes),
  };
}

/** A loop nest over a shape; each operand has a cursor, which starts at its address. Units are entries of the first loop. */
export interface Walk {
  readonly units: number;
  /** Loops over units; `body` gets where each operand is at the place of the innermost loop, if `whole`, or at its start. */
  write<I, V>(w: LoopMath<I, V>, from: I, to: I, body: (...at: I[]) => void): void;
}

/** Goes through views of one shape together, entry by entry. */
export function walk(
  shape: Shape,
  operands: readonly { readonly address: number; readonly strides: readonly number[] }[],
): Walk {
  const nest = loopNest(
    shape,
    operands.map(({ strides }) => strides),
  );
  const sizes = nest.sizes.length > 0 ? nest.sizes : [1];
  const step = (k: number, d: number): number => nest.strides[k]?.[d] ?? 0;
  return {
    units: entriesOf(shape) === 0 ? 0 : (sizes[0] as number),
    write(w, from, to, body) {
      const loops = (d: number, at: readonly Parameters<typeof body>[number][]): void => {
        if (d === sizes.length) body(...at);
        else
          w.loop(
            w.index(sizes[d] as number),
            at.map((position, k) => [position, step(k, d)] as const),
            (...inside) => loops(d + 1, inside),
          );
      };
      const first = operands.map(({ address }, k) => w.fix(w.plus(w.times(from, step(k, 0)), address)));
      w.loop(
        w.minus(to, from),
        first.map((position, k) => [position, step(k, 0)] as const),
        (...inside) => loops(1, inside),
      );
    },
  };
}

/** A kernel that goes through views entry by entry. */
export function walkKernel(
  { name, elementType }: Pick<NodeContext, 'name' | 'elementType'>,
  shape: Shape,
  operands: readonly { readonly address: number; readonly strides: readonly number[] }[],
  body: <I, V>(w: LoopMath<I, V>, ...at: I[]) => void,
): Kernel {
  const { units, write } = walk(shape, operands);
  return {
    name,
    elementType,
    units,
    cost: (2 * entriesOf(shape)) / Math.max(1, units),
    write: (w) => w.procedure(name, 3, (from, to) => write(w, from, to, (...at) => body(w, ...at))),
  };
}
