import { adopt, view } from '../core/allocate.ts';
import { isFloating, newStorage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { Node, savedTensor } from './node.ts';
import { isTracing } from './observer.ts';
import type { Primitive } from './primitive.ts';
import { dependOn } from './repeated.ts';
import { Slot } from './slot.ts';

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

/**
 * What training changes: a slot that holds a tensor. It can be used wherever a tensor can; `assign` puts another tensor
 * of the same shape and dtype in its place, and a tape written before keeps the one it saw. Gradients collect on the slot.
 */
export class Parameter<S extends Shape = Shape> extends Tensor<S> {
  /** Where the tensor lies that it holds. */
  readonly slot: Slot<Tensor>;
  /** Where its gradient lies. */
  readonly gradientSlot: Slot<Tensor | null>;
  #requiresGrad: boolean;

  /** @throws GradtapeError if the dtype is not floating. */
  constructor(initial: Tensor<S>, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    super(initial.storage, initial.dtype, initial.shape, initial.strides, initial.offset);
    checkDifferentiable('Parameter', initial);
    this.#requiresGrad = requiresGrad;
    let hooks: Node['hooks'];
    const readRequiresGrad = (): boolean => this.#requiresGrad;
    this.slot = new Slot<Tensor>(initial, (next) => {
      // A program is made for parameters that are frozen as they are then.
      if (!dependOn(readRequiresGrad)) return detach(next);
      const value = asLeaf(detach(next), this);
      const node = value.node as Node;
      node.hooks = hooks ??= [];
      return value;
    });
    this.gradientSlot = new Slot<Tensor | null>(null);
    Object.defineProperties(this, readFromSlot);
  }

  /** The tensor it holds now: immutable, unlike the slot. */
  get value(): Tensor<S> {
    return this.slot.get() as Tensor<S>;
  }

  override get held(): Tensor {
    return this.slot.get();
  }

  /**
   * Whether derivatives by it are taken. Set to false it is a constant: `backward` computes and collects nothing for it, and
   * optimizers leave it alone. What was computed before is not touched, nor is its `grad`.
   *
   * @example
   * const pretrained = new Parameter(tensor([2, 3]));
   * pretrained.requiresGrad = false;
   * pretrained.mul(2).requiresGrad; // false
   */
  override get requiresGrad(): boolean {
    return this.#requiresGrad;
  }

  override set requiresGrad(required: boolean) {
    if (required === this.#requiresGrad) return;
    if (isTracing()) failOnFreezing();
    this.#requiresGrad = required;
    this.slot.set(this.value);
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
    this.slot.set(next);
  }

  /** Changes the dtype of what it holds, and of what can be assigned from now on; forgets the gradient. */
  convert(dtype: 'float32' | 'float64'): void {
    if (dtype === this.dtype) return;
    const storage = newStorage(dtype, this.length);
    storage.set(this.value.toTypedArray());
    this.slot.set(adopt(storage, this.shape, dtype));
    (this as { dtype: Tensor['dtype'] }).dtype = dtype;
    this.grad = null;
  }
}

function failOnFreezing(): never {
  return fail('requiresGrad: a parameter is frozen, or freed, in a compiled function', {
    got: 'a change while its program is made',
    needs: 'parameters that stay as they are during a run',
    fix: 'set it before the call: the next call then makes another program',
  });
}

/** What a parameter has of the tensor in its slot, whichever that is when somebody looks. */
const readFromSlot: PropertyDescriptorMap & ThisType<Parameter> = Object.fromEntries([
  ...(['storage', 'strides', 'offset', 'contiguous', 'node'] as const).map((name) => [
    name,
    {
      get(this: Parameter) {
        return this.value[name];
      },
    },
  ]),
  [
    'grad',
    {
      get(this: Parameter) {
        return this.gradientSlot.get();
      },
      set(this: Parameter, next: Tensor | null) {
        this.gradientSlot.set(next);
      },
    },
  ],
]);
