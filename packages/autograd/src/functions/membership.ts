import { constant } from '../core/allocate.ts';
import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { eq, logicalNot } from '../primitives/piecewise/comparison.ts';
import { any } from './reductions.ts';

export interface IsinOptions {
  /** Whether to ask for those that are not among them. Default: false. */
  readonly invert?: boolean;
  /** PyTorch's promise that no entry comes twice, which makes nothing faster here. Default: false. */
  readonly assumeUnique?: boolean;
}

/**
 * Whether each element is one of the test elements: every pair is compared, so that memory grows with the product of sizes.
 *
 * @param elements Any shape, or a number if the others are a tensor.
 * @param testElements Any shape, or a number.
 * @returns The shape of the elements, dtype bool.
 * @throws GradtapeError if neither is a tensor.
 * @example
 * isin(tensor([1, 2, 3]), tensor([2, 5])); // [false, true, false]
 */
export function isin(elements: Tensor | number, testElements: Tensor | number, options: IsinOptions = {}): Tensor {
  const { invert = false } = options;
  if (!(elements instanceof Tensor) && !(testElements instanceof Tensor)) {
    fail('isin: neither operand is a tensor', {
      got: `${typeof elements} and ${typeof testElements}`,
      needs: 'a tensor of elements, of test elements, or both',
      fix: 'wrap data in tensor(…)',
    });
  }
  const asked = elements instanceof Tensor ? elements : constant(elements, [], (testElements as Tensor).dtype);
  const pairs = reshape(asked, [...asked.shape, 1]);
  const found = any(eq<Tensor, Tensor | number>(pairs, flat(testElements)), -1);
  return invert ? logicalNot(found) : found;
}

function flat(x: Tensor | number): Tensor | number {
  return x instanceof Tensor ? reshape(x, [x.length]) : x;
}
