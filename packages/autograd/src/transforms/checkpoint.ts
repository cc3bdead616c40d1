import type { DType } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { defaultGenerator, drawingFrom } from '../core/random/default-generator.ts';
import type { GeneratorState } from '../core/random/generator.ts';
import { type Shape, sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { isRecording, withRecording } from '../tape/bind.ts';
import { watchPrimitive } from '../tape/leaf.ts';
import { lastSequence, Node, nodeOf } from '../tape/node.ts';
import { isTracing } from '../tape/observer.ts';
import type { Cotangents } from '../tape/primitive.ts';
import { linesBehind, linesBetween, pullBack } from '../tape/tape.ts';
import { isByDefinition } from './by-definition.ts';
import { customGrad } from './custom-grad.ts';
import { pack, unpack } from './packing.ts';
import type { TensorFunction } from './vjp.ts';

/**
 * Runs a function without keeping the values on its way; the backward pass runs it again. A chain of n layers of which
 * each √n are one checkpoint keeps about 2 √n values instead of n, for the time of one more forward pass. PyTorch's
 * `torch.utils.checkpoint`, in the form that is not reentrant.
 *
 * Gradients go to the inputs and to all parameters and tensors that the function uses; they are differentiable to any
 * order. Both runs draw the same numbers from the default generator. What else the function does, it does twice: running
 * statistics are updated again. Checkpoints may lie inside of checkpoints. Without a tape, and while `compile` makes a
 * program (which plans its memory itself), the function is simply run.
 *
 * @param fn Gives a tensor, or several; the same ones for the same inputs.
 * @param inputs Of any shapes and dtypes.
 * @returns What `fn` gives.
 * @throws GradtapeError in the backward pass, if the function does not do the same again: it uses other tensors (a
 *   parameter was assigned in between), or gives others in number, shape or dtype. At once, if it gives no tensors.
 * @example
 * const block = (x: Tensor) => x.tanh().mul(x).exp();
 * const x = tensor([0.5, 1], { requiresGrad: true });
 * checkpoint(block, checkpoint(block, x)).sum().backward();
 * x.grad; // the same as without checkpoints
 */
export function checkpoint<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]>(
  fn: TensorFunction<Inputs, Output>,
  ...inputs: Inputs
): Output {
  if (!isRecording() || isTracing() || isByDefinition()) return fn(...inputs);
  const after = lastSequence();
  const { state } = defaultGenerator();
  // It is recorded, so that what it uses is seen; its lines are gone when this function returns.
  const output = fn(...inputs);
  const outputs = listOf(output);
  if (!outputs.every((y) => y instanceof Tensor)) failOnOutput(output);
  const used = usedSince(after, outputs);
  if (used.length === 0) return output;
  const repeat = repeating(fn, argumentsIn(used, inputs), state);
  const results = [...outputs];
  for (const places of placesByDType(outputs)) {
    const values = places.map((place) => outputs[place] as Tensor);
    const packed = recomputed(pack(values), places, values.map(layoutOf), repeat)(...used);
    unpack(packed, values).forEach((result, k) => {
      results[places[k] as number] = result;
    });
  }
  return (output instanceof Tensor ? results[0] : results) as Output;
}

function failOnOutput(output: unknown): never {
  return fail('checkpoint: the function gives something that is not a tensor', {
    got: output instanceof Promise ? 'a promise' : `${Array.isArray(output) ? 'an array with ' : ''}something else`,
    needs: 'a Tensor, or an array of them',
    fix: 'return tensors alone, from a function that is not async',
  });
}

function listOf(output: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(output) ? output : [output as Tensor];
}

/** What was used of the tape that was there before, and leaves: where the derivatives of the outputs end. */
function usedSince(after: number, outputs: readonly Tensor[]): readonly Tensor[] {
  const used = new Set<Tensor>();
  const meet = (x: Tensor): void => {
    const node = nodeOf(x);
    if (node !== undefined && (node.isLeaf || node.sequence <= after)) used.add(x.held);
  };
  outputs.forEach(meet);
  for (const { inputs } of linesBehind(outputs, after)) inputs.forEach(meet);
  return [...used];
}

/** Places of the outputs on the tape, in groups of one dtype. */
function placesByDType(outputs: readonly Tensor[]): readonly (readonly number[])[] {
  const groups = new Map<DType, number[]>();
  outputs.forEach((y, place) => {
    if (y.node !== undefined) groups.set(y.dtype, [...(groups.get(y.dtype) ?? []), place]);
  });
  return [...groups.values()];
}

/** An argument: a place among what was used, for the tape lets go of that after its pass; or what is on no tape. */
type Argument = number | Tensor;

function argumentsIn(used: readonly Tensor[], inputs: readonly Tensor[]): readonly Argument[] {
  return inputs.map((x) => (used.includes(x) ? used.indexOf(x) : x));
}

/** Runs the function once more, with what it used. */
type Repeat = (used: readonly Tensor[]) => readonly Tensor[];

function repeating<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]>(
  fn: TensorFunction<Inputs, Output>,
  given: readonly Argument[],
  state: GeneratorState,
): Repeat {
  return (used) => {
    const inputs = given.map((x) => (typeof x === 'number' ? (used[x] as Tensor) : x));
    return withRecording(true, () => drawingFrom(state, () => listOf(fn(...(inputs as readonly Tensor[] as Inputs)))));
  };
}

/** A line that stands for the whole function: some of its outputs, packed, whose pullback runs everything once more. */
function recomputed(
  value: Tensor,
  places: readonly number[],
  layouts: readonly Layout[],
  repeat: Repeat,
): (...used: Tensor[]) => Tensor {
  return customGrad({
    name: 'checkpoint',
    forward: () => value,
    backward: (cotangent, used) =>
      beginningAt(used, (starts) => {
        const after = (starts[0] as Node).sequence - 1;
        const all = repeat(used);
        const outputs = places.flatMap((place) => all[place] ?? []);
        checkSame(layouts, outputs, usedSince(after, outputs));
        return pulled(starts, used, outputs, unpack(cotangent, outputs));
      }),
  });
}

/** Runs a function for which the tape begins at some tensors: what it was computed from is out of sight. */
function beginningAt<T>(tensors: readonly Tensor[], run: (starts: readonly Node[]) => T): T {
  const before = tensors.map(({ node }) => node);
  const starts = tensors.map((x) => new Node(watchPrimitive, [], undefined, x) as Node);
  tensors.forEach((x, i) => {
    x.node = starts[i];
  });
  try {
    return run(starts);
  } finally {
    tensors.forEach((x, i) => {
      x.node = before[i];
    });
  }
}

/** Reverse mode from cotangents of outputs to those of where the tape begins. */
function pulled(
  starts: readonly Node[],
  used: readonly Tensor[],
  outputs: readonly Tensor[],
  cotangents: readonly Tensor[],
): Cotangents {
  const lines = linesBetween(used, outputs);
  const onTheWay = new Set(lines);
  const seeds = outputs.flatMap((y, i): [Node, Tensor][] => {
    const node = nodeOf(y);
    return node !== undefined && onTheWay.has(node) ? [[node, cotangents[i] as Tensor]] : [];
  });
  const found = new Map<Node, Tensor>();
  pullBack(lines, seeds, add, (line, cotangent) => {
    if (line.inputs.length === 0) found.set(line, cotangent);
  });
  return starts.map((start) => found.get(start));
}

interface Layout {
  readonly shape: Shape;
  readonly dtype: DType;
}

function layoutOf({ shape, dtype }: Tensor): Layout {
  return { shape, dtype };
}

/** Throws if the second run did not give what the first gave, from what the first used. */
function checkSame(layouts: readonly Layout[], outputs: readonly Tensor[], strangers: readonly Tensor[]): void {
  const show = (each: readonly Layout[]): string =>
    each.map(({ shape, dtype }) => `${showShape(shape)} ${dtype}`).join(', ') || 'nothing';
  const fits =
    outputs.length === layouts.length &&
    layouts.every(({ shape, dtype }, i) => {
      const y = outputs[i] as Tensor;
      return sameShape(shape, y.shape) && dtype === y.dtype;
    });
  if (!fits) {
    fail('checkpoint: the function gave something else when it was run again', {
      got: show(outputs),
      needs: `what it gave at first: ${show(layouts)}`,
      fix: 'let it depend on its inputs, on parameters and on the default generator alone',
    });
  }
  if (strangers.length > 0) {
    fail('checkpoint: the function used other tensors when it was run again', {
      got: `for the first time ${show(strangers)}`,
      needs: 'the tensors and parameters of its first run, as they were',
      fix: 'assign to parameters after the backward pass, not before it',
    });
  }
}
