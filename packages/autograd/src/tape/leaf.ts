import { adopt, view } from '../core/allocate.ts';
import { isFloating, newStorage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { Node, savedTensor } from './node.ts';
import type { Primitive } from './primitive.ts';

const asItIs: Pick<Primitive<undefined>, 'evaluate' | 'pullback' | 'pushforward' | 'sample'> = {
  evaluate: ([x]) => sameEntries(x as Tensor),
  pullback: (cotangent) => [cotangent],
  pushforward: ([tangent]) => tangent,
  sample: (draw) => ({ inputs: [draw.tensor(draw.shape())], params: undefined }),
};
const leaf: Primitive<undefined> = { name: 'leaf', ...asItIs };
/** The identity, under a new name. */
export const watchPrimitive: Primitive<undefined> = { name: 'watch', ...asItIs, formula: (_, x) => x };

function sameEntries(x: Tensor): Tensor {
  return view(x, x.shape, x.strides, x.offset);
}

/** Begins a tape: gradients of what is computed from `x` collect on `holder`. */
export function asLeaf(x: Tensor, holder: Tensor = x): Tensor {
  checkDifferentiable('requiresGrad', x);
  x.node = new Node(leaf, [], undefined, x, holder);
  return x;
}

/** The same entries under a new name, from which derivatives are taken; it still belongs to the tape outside, if any. */
export function watch(x: Tensor): Tensor {
  checkDifferentiable('watch', x);
  return follow(x);
}

/** {@link watch} for whoever only wants to see on the tape what becomes of a tensor: its dtype may be any. */
export function follow(x: Tensor): Tensor {
  const y = sameEntries(x);
  y.node = new Node(watchPrimitive, [savedTensor(x)], undefined, y);
  return y;
}

/** The same entries off the tape: a constant to every derivative. */
export function detach(x: Tensor): Tensor {
  return sameEntries(x);
}

function checkDifferentiable(operation: string, x: Tensor): void {
  if (isFloating(x.dtype)) return;
  fail(`${operation}: no derivatives for dtype ${x.dtype}`, {
    got: `a tensor of dtype ${x.dtype}`,
    needs: 'float32 or float64',
    fix: "convert it first: x.to('float32')",
  });
}

/** The slots of a tensor that a parameter replaces. */
interface Slot {
  storage: Tensor['storage'];
  dtype: Tensor['dtype'];
  strides: readonly number[];
  offset: number;
  contiguous: boolean;
}

/**
 * What training changes: a slot that holds a tensor. It can be used wherever a tensor can; `assign` puts another tensor
 * of the same shape and dtype in its place, and a tape written before keeps the one it saw. Gradients collect on the slot.
 */
export class Parameter<S extends Shape = Shape> extends Tensor<S> {
  /** The tensor it holds now: immutable, unlike the slot. */
  value: Tensor<S>;

  constructor(initial: Tensor<S>) {
    super(initial.storage, initial.dtype, initial.shape, initial.strides, initial.offset);
    this.value = detach(initial) as Tensor<S>;
    asLeaf(this.value, this);
    this.node = this.value.node;
  }

  /** Puts another tensor of the same shape and dtype into the slot. Throws on any other, changing nothing. */
  assign(next: Tensor): void {
    if (!sameShape(next.shape, this.shape) || next.dtype !== this.dtype) {
      fail('assign: not the shape and dtype of the parameter', {
        got: `${showShape(next.shape)} ${next.dtype}`,
        needs: `${showShape(this.shape)} ${this.dtype}`,
        fix: 'reshape or convert the tensor, or make a new Parameter',
      });
    }
    this.#put(next);
  }

  /** Changes the dtype of what it holds, and of what can be assigned from now on; forgets the gradient. */
  convert(dtype: 'float32' | 'float64'): void {
    if (dtype === this.dtype) return;
    const storage = newStorage(dtype, this.length);
    storage.set(this.value.toTypedArray());
    this.#put(adopt(storage, this.shape, dtype));
    this.grad = null;
  }

  #put(next: Tensor): void {
    const hooks = (this.node as Node).hooks;
    this.value = detach(next) as Tensor<S>;
    asLeaf(this.value, this);
    (this.value.node as Node).hooks = hooks;
    const slot = this as Slot;
    slot.storage = this.value.storage;
    slot.dtype = this.value.dtype;
    slot.strides = this.value.strides;
    slot.offset = this.value.offset;
    slot.contiguous = this.value.contiguous;
    this.node = this.value.node;
  }
}
