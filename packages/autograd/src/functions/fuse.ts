import { constant } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes, type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import type { MapKernel } from '../kernels/map.ts';
import { convert } from '../primitives/linear/convert.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { isRecording } from '../tape/bind.ts';
import { fuse as fuseLines } from '../tape/fuse.ts';
import { isTracing } from '../tape/observer.ts';

/**
 * Makes a single pass over memory of a function that works entry by entry, with one result or several. The passes that
 * its operations would take one after the other, and the tensors between them, go away. Where a derivative may be asked
 * for, the operations run one by one and are recorded.
 *
 * The function is run once, on single numbers: it must not look at values or shapes. All operands have one shape or
 * broadcast; the results have that shape and the first tensor's dtype.
 *
 * @throws GradtapeError when first called, if an operation inside does not work entry by entry.
 * @example
 * const momentum = fuse((w, v, g, rate) => {
 *   const next = v.mul(0.9).sub(g.mul(rate));
 *   return [w.add(next), next];
 * });
 * const [w, v] = momentum(tensor([1, 2]), tensor([0, 0]), tensor([1, 1]), 0.1);
 * w; // [0.9, 1.9]
 */
export function fuse(compute: (...x: Tensor[]) => readonly Tensor[]): FusedFunction {
  let kernel: MapKernel | undefined;
  let resultCount = 0;
  const run = (targets: Targets, operands: readonly (Tensor | number)[]): readonly Tensor[] => {
    if (isTracing()) return stepByStep(compute, operands);
    const inputs = alignShapes(operands);
    kernel ??= fuseLines((...x) => {
      const results = compute(...x);
      resultCount = results.length;
      return results;
    }, operands.length);
    if (kernel === undefined) return failOnOperation();
    const like = operands.find((x) => x instanceof Tensor) as Tensor;
    checkTargets(targets, (inputs[0] as Tensor).shape, like.dtype);
    return kernel(inputs, new Array<DType>(resultCount).fill(like.dtype), targets);
  };
  const into = (targets: Targets, ...operands: (Tensor | number)[]): readonly Tensor[] =>
    isRecording() && operands.some((x) => x instanceof Tensor && x.node)
      ? stepByStep(compute, operands)
      : run(targets, operands);
  return Object.assign((...operands: (Tensor | number)[]) => into([], ...operands), { into });
}

type Targets = readonly (Tensor | undefined)[];

/** A function that {@link fuse} made. */
export interface FusedFunction {
  (...operands: (Tensor | number)[]): readonly Tensor[];
  /**
   * Writes results over tensors that the caller alone holds, such as an optimizer's moments or a part of a larger tensor; a
   * new tensor is made where the target is undefined, and for every result where a derivative may be asked for. A target may
   * be an operand. Whatever shares its memory changes with it.
   */
  into(targets: Targets, ...operands: (Tensor | number)[]): readonly Tensor[];
}

function checkTargets(targets: Targets, shape: Shape, dtype: DType): void {
  const hasPlaces = (x: Tensor): boolean => x.contiguous || x.strides.every((step, d) => step !== 0 || shape[d] === 1);
  const isFit = (x: Tensor): boolean => x.dtype === dtype && sameShape(x.shape, shape) && hasPlaces(x);
  const unfit = targets.find((x) => x && !isFit(x));
  if (unfit === undefined) return;
  fail('fuse: a result cannot go into its target', {
    got: `a target of shape ${showShape(unfit.shape)}, ${unfit.dtype}`,
    needs: `${showShape(shape)}, ${dtype}, with a place for each entry`,
    fix: 'make the target with zerosLike(the first operand), or take it from a larger tensor with narrow',
  });
}

/** Tensors broadcast to one shape; numbers as constants, in float64 so that none is rounded. */
function alignShapes(operands: readonly (Tensor | number)[]): Tensor[] {
  const tensors = operands.filter((x): x is Tensor => x instanceof Tensor);
  if (tensors.length === 0) {
    return fail('fuse: no tensor among the operands', {
      got: `${operands.length} numbers`,
      needs: 'at least one tensor',
      fix: 'wrap a number in tensor(…)',
    });
  }
  const shapes = tensors.map((x) => x.shape);
  const areOne = shapes.every((shape) => sameShape(shape, shapes[0]));
  const shape = areOne ? shapes[0] : broadcastShapes('fuse', shapes);
  return operands.map((x) => (x instanceof Tensor ? broadcastTo(x, shape) : constant(x, shape, 'float64')));
}

/** The operations one after the other, each of which is seen by whoever looks on. */
function stepByStep(
  compute: (...x: Tensor[]) => readonly Tensor[],
  operands: readonly (Tensor | number)[],
): readonly Tensor[] {
  const [{ shape }] = alignShapes(operands) as [Tensor, ...Tensor[]];
  const { dtype } = operands.find((x) => x instanceof Tensor) as Tensor;
  const results = compute(...operands.map((x) => (x instanceof Tensor ? x : constant(x, [], dtype))));
  return results.map((y) => broadcastTo(y.dtype === dtype ? y : convert(y, dtype), shape));
}

function failOnOperation(): never {
  return fail('fuse: an operation does not work entry by entry', {
    got: 'a function with a reduction, a product of matrices, a change of shape or the like',
    needs: 'elementwise operations only',
    fix: 'fuse the elementwise parts, and call the others between them',
  });
}
