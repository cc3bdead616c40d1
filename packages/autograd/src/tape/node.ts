import type { TapeEntry, Tensor } from '../core/tensor.ts';
import type { Line, Primitive } from './primitive.ts';

/** What a hook may do with a cotangent: look at it, or give another in its place. */
export type Hook = ((cotangent: Tensor) => Tensor | undefined) | ((cotangent: Tensor) => void);

let next = 0;

/** The sequence number of the line that was written last. */
export function lastSequence(): number {
  return next - 1;
}

/** One line of the tape. Its sequence number is its place: a line's inputs come from lines before it. */
export class Node<P = unknown> implements TapeEntry, Line<P> {
  readonly sequence: number = next++;
  readonly primitive: Primitive<P>;
  inputs: readonly Tensor[];
  readonly params: P;
  readonly output: Tensor;
  /** For a leaf: the tensor or parameter on which gradients collect. */
  readonly holder: Tensor | undefined;
  hooks: Hook[] | undefined = undefined;
  /** Whether a backward pass has let go of the inputs. */
  released = false;
  /** The last search of the tape that came by. */
  visit = 0;
  /** The backward pass that is under way and will come by, 0 if none; and the cotangent it has collected here so far. */
  pass = 0;
  cotangent: Tensor | undefined = undefined;

  constructor(primitive: Primitive<P>, inputs: readonly Tensor[], params: P, output: Tensor, holder?: Tensor) {
    this.primitive = primitive;
    this.inputs = inputs;
    this.params = params;
    this.output = output;
    this.holder = holder;
  }

  get isLeaf(): boolean {
    return this.holder !== undefined;
  }

  /** Lets go of what the line saved; a derivative can no longer be taken through it. */
  release(): void {
    this.inputs = [];
    this.released = true;
  }
}

/** The line that computed a tensor, if one was written. */
export function nodeOf(x: Tensor): Node | undefined {
  return x.node as Node | undefined;
}

/** The tensor that a line keeps of an input: of a parameter the one it holds now, not the slot. */
export function savedTensor(x: Tensor): Tensor {
  const node = nodeOf(x);
  return node?.isLeaf ? node.output : x;
}
