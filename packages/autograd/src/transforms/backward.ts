import { constant } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { withRecording } from '../tape/bind.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import { observer } from '../tape/observer.ts';
import { PassMemory } from '../tape/pass-memory.ts';
import { checkKept, linesBehind, pullBack } from '../tape/tape.ts';

export interface BackwardOptions {
  /** Keep the tape, so that `backward` can run through it again. Default: `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, so that the gradients can be differentiated. Default: false. */
  readonly createGraph?: boolean;
}

/**
 * Computes the gradient of `output` by every leaf and parameter that it was computed from, and adds it to their `grad`.
 *
 * @param output A tensor on the tape; without `gradient` it must have one entry.
 * @param gradient The cotangent of the output, of its shape and dtype. Default: 1.
 * @throws GradtapeError if the output is not on a tape, not floating, has several entries and no gradient, or its tape
 *   was freed.
 */
export function backward(output: Tensor, gradient?: Tensor, options: BackwardOptions = {}): void {
  const { createGraph = false, retainGraph = createGraph } = options;
  const start = nodeOf(output);
  if (start === undefined) failWithoutTape(output);
  if (!isFloating(output.dtype)) failOnDType(output);
  const seed = gradient === undefined ? seedOf(output) : checkGradient(output, gradient);
  const lines = linesBehind([output]);
  checkKept(lines);
  const finished: [Node, Tensor][] = [];
  // An observer may keep what it sees.
  const memory = createGraph || observer !== undefined ? undefined : new PassMemory();
  withRecording(createGraph, () => {
    const collect = (line: Node, cotangent: Tensor): void => {
      if (!line.isLeaf) return;
      finished.push([line, cotangent]);
      memory?.letGo(cotangent);
    };
    pullBack(lines, [[start, seed]], add, collect, memory);
    for (const [line, cotangent] of finished) {
      observer?.recorder?.gradientCollected(line);
      accumulate(line.holder as Tensor, cotangent);
    }
  });
  if (!retainGraph) for (const line of lines) if (!line.isLeaf) line.release();
}

function accumulate(holder: Tensor, cotangent: Tensor): void {
  holder.grad = holder.grad === null ? cotangent : add(holder.grad, cotangent);
}

function seedOf(output: Tensor): Tensor {
  if (output.length !== 1) {
    fail('backward: the output is not a single number', {
      got: `shape ${showShape(output.shape)}`,
      needs: 'one entry, or a gradient to start from',
      fix: 'reduce it first (loss.mean().backward()), or pass the cotangent: y.backward(onesLike(y))',
    });
  }
  return constant(1, output.shape, output.dtype);
}

function checkGradient(output: Tensor, gradient: Tensor): Tensor {
  if (!sameShape(gradient.shape, output.shape) || gradient.dtype !== output.dtype) {
    fail('backward: the gradient does not fit the output', {
      got: `${showShape(gradient.shape)} ${gradient.dtype}`,
      needs: `the output's own: ${showShape(output.shape)} ${output.dtype}`,
      fix: 'reshape, expand or convert the gradient',
    });
  }
  return gradient;
}

function failWithoutTape(output: Tensor): never {
  return fail('backward: the tensor is not on a tape', {
    got: `a tensor of shape ${showShape(output.shape)} that nothing recorded`,
    needs: 'a result computed from a Parameter or from a tensor with requiresGrad',
    fix: 'create the inputs with { requiresGrad: true }, and compute outside of noGrad and without detach',
  });
}

function failOnDType(output: Tensor): never {
  return fail('backward: the output is not floating', {
    got: `dtype ${output.dtype}`,
    needs: 'float32 or float64: whole numbers and truth values have no derivatives',
    fix: 'leave out the comparison, the argmax or the conversion on the way to the output',
  });
}
