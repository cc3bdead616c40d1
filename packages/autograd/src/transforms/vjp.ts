import { allocate } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { withRecording } from '../tape/bind.ts';
import { watch } from '../tape/leaf.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import { linesBetween, pullBack, pushForward } from '../tape/tape.ts';

/** A function of tensors with one result, or several. */
export type TensorFunction<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]> = (
  ...inputs: Inputs
) => Output;

/** One tensor for each input. */
export type Each<Inputs extends readonly Tensor[]> = { [K in keyof Inputs]: Tensor };

function run<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]>(
  f: TensorFunction<Inputs, Output>,
  inputs: Inputs,
): { watched: readonly Tensor[]; output: Output; outputs: readonly Tensor[]; lines: readonly Node[] } {
  return withRecording(true, () => {
    const watched = inputs.map(watch);
    const output = f(...(watched as readonly Tensor[] as Inputs));
    const outputs: readonly Tensor[] = output instanceof Tensor ? [output] : output;
    return { watched, output, outputs, lines: linesBetween(watched, outputs) };
  });
}

/** Tensors that stand beside others (cotangents beside outputs, tangents beside inputs) must have their shapes and dtypes. */
function checkBeside(operation: string, what: string, given: readonly Tensor[], beside: readonly Tensor[]): void {
  const fits =
    given.length === beside.length &&
    given.every((x, i) => sameShape(x.shape, (beside[i] as Tensor).shape) && x.dtype === (beside[i] as Tensor).dtype);
  if (fits) return;
  const show = (xs: readonly Tensor[]): string =>
    xs.map((x) => `${showShape(x.shape)} ${x.dtype}`).join(', ') || 'none';
  fail(`${operation}: the ${what}s do not fit`, {
    got: show(given),
    needs: show(beside),
    fix: `give one ${what} of the same shape and dtype for each`,
  });
}

/**
 * The value of `f`, and the map from a cotangent of the value to the cotangents of the inputs (the vector-Jacobian
 * product). The map may be called many times, and can itself be differentiated.
 *
 * @example
 * const [y, pull] = vjp((x) => x.mul(x), tensor([1, 2, 3]));
 * pull(tensor([1, 1, 1]))[0]; // [2, 4, 6]
 */
export function vjp<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]>(
  f: TensorFunction<Inputs, Output>,
  ...inputs: Inputs
): [value: Output, pull: (...cotangents: Tensor[]) => Each<Inputs>] {
  const { watched, output, outputs, lines } = run(f, inputs);
  const pull = (...cotangents: Tensor[]): Each<Inputs> => {
    checkBeside('vjp', 'cotangent', cotangents, outputs);
    const seeds = outputs.flatMap((y, i): [Node, Tensor][] => {
      const node = nodeOf(y);
      return node && lines.includes(node) ? [[node, cotangents[i] as Tensor]] : [];
    });
    const results = new Map<Node, Tensor>();
    pullBack(lines, seeds, add, (line, cotangent) => results.set(line, cotangent));
    return watched.map((x) => results.get(nodeOf(x) as Node) ?? allocate(x.shape, x.dtype)) as Each<Inputs>;
  };
  return [output, pull];
}

/**
 * The value of `f`, and the tangent of the value for given tangents of the inputs (the Jacobian-vector product), by
 * reading the tape forwards.
 */
export function jvp<Inputs extends readonly Tensor[], Output extends Tensor | readonly Tensor[]>(
  f: TensorFunction<Inputs, Output>,
  inputs: Inputs,
  tangents: readonly Tensor[],
): [value: Output, tangent: Output] {
  checkBeside('jvp', 'tangent', tangents, inputs);
  const { watched, output, outputs, lines } = run(f, inputs);
  const known = new Map<Node, Tensor>(watched.map((x, i) => [nodeOf(x) as Node, tangents[i] as Tensor]));
  pushForward(lines, known);
  const results = outputs.map((y) => {
    const node = nodeOf(y);
    return (node && known.get(node)) ?? allocate(y.shape, y.dtype);
  });
  return [output, (output instanceof Tensor ? results[0] : results) as Output];
}
