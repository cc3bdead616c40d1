import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { broadcastShapes } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { broadcastTo } from '../primitives/linear/sum.ts';
import { isRecording } from '../tape/bind.ts';
import { type Fused, fuse as fuseLines } from '../tape/fuse.ts';

/**
 * Makes a single pass over memory of a function that works entry by entry, with one result or several. The passes that
 * its operations would take one after the other, and the tensors between them, go away; entries in between are not
 * rounded to float32. Where a derivative may be asked for, the operations run one by one and are recorded.
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
export function fuse(
  compute: (...x: Tensor[]) => readonly Tensor[],
): (...operands: (Tensor | number)[]) => readonly Tensor[] {
  let fused: Fused | undefined;
  let resultCount = 0;
  return (...operands) => {
    const inputs = alignShapes(operands);
    if (isRecording() && inputs.some((x) => x.node)) return compute(...inputs);
    fused ??= fuseLines((...x) => {
      const results = compute(...x);
      resultCount = results.length;
      return results;
    }, operands.length);
    if (fused === undefined) return failOnOperation();
    const { dtype } = operands.find((x) => x instanceof Tensor) as Tensor;
    return fused(inputs, new Array<Tensor['dtype']>(resultCount).fill(dtype));
  };
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
  const shape = broadcastShapes(
    'fuse',
    tensors.map((x) => x.shape),
  );
  return operands.map((x) => (x instanceof Tensor ? broadcastTo(x, shape) : constant(x, shape, 'float64')));
}

function failOnOperation(): never {
  return fail('fuse: an operation does not work entry by entry', {
    got: 'a function with a reduction, a product of matrices, a change of shape or the like',
    needs: 'elementwise operations only',
    fix: 'fuse the elementwise parts, and call the others between them',
  });
}
