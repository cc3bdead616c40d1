import { filled } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { withRecording } from '../../tape/bind.ts';
import { watch } from '../../tape/leaf.ts';
import type { Node } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';
import { declared } from './mistaken-pass.ts';

/** What a line applies, and to what. */
type Applied = Pick<Node, 'primitive' | 'inputs' | 'params'>;

/** Whether a line works entry by entry. */
export function isElementwise({ primitive }: Node): boolean {
  return primitive.formula !== undefined;
}

/** The derivative of an elementwise line by one of its inputs, at each entry. */
export function partialOf(line: Node, input: number): Tensor {
  const ones = filled(line.output.shape, line.output.dtype, 1);
  return declared(ones, line)[input] ?? filled(line.output.shape, line.output.dtype, 0);
}

/** Whether all entries are 1, or all are -1: as a factor, only a sign. */
export function isSign(x: Tensor): boolean {
  const entries = numbersOf(x);
  return entries.every((entry) => Math.abs(entry) === 1 && entry === entries[0]);
}

/** Whether all entries are equal, such as those of a mask of ones. */
export function isConstant(x: Tensor): boolean {
  return new Set(numbersOf(x)).size < 2;
}

/** The derivative of an elementwise line by one of its inputs, had that input another value. */
export function partialAt({ primitive, inputs, params }: Applied, input: number, x: Tensor): Tensor {
  return withRecording(false, () => {
    const moved = inputs.map((old, i) => (i === input ? watch(x) : old));
    const output = primitive.evaluate(moved, params);
    const ones = filled(output.shape, output.dtype, 1);
    return primitive.pullback(ones, { inputs: moved, params, output })[input] ?? filled(x.shape, x.dtype, 0);
  });
}

/** What a bilinear line passes on to one input, had the other another value. */
export function partOfProduct(cotangent: Tensor, line: Node, input: number, other: Tensor): Tensor {
  const inputs = line.inputs.map((own, i) => (i === input ? own : other));
  return withRecording(false, () => line.primitive.pullback(cotangent, { ...line, inputs })[input] as Tensor);
}

/** The derivative of a line by one input, where its formula in terms of the result is given another value. */
export function partialFromResult({ primitive, inputs, params }: Applied, input: number, result: Tensor): Tensor {
  const ones = filled(result.shape, result.dtype, 1);
  return withRecording(
    false,
    () => primitive.pullback(ones, { inputs, params, output: result })[input] ?? filled(result.shape, result.dtype, 0),
  );
}
