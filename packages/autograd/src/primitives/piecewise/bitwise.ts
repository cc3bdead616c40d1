import { bitwiseKernel } from '../../kernels/bitwise.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { locallyConstant } from './degree.ts';

function bitByBit(name: string, sign: string, combine: (a: number, b: number) => number): Primitive<undefined> {
  const kernel = bitwiseKernel(combine);
  return locallyConstant(name, {
    value: ([a, b]) => kernel(a, b),
    latex: (m, operands) => m.apply(`\\operatorname{${sign}}`, ...operands),
    sample: (draw) => {
      const shape = draw.shape();
      return { inputs: [draw.indices(shape, 100), draw.indices(shape, 100)], params: undefined };
    },
  });
}

/** The bits that both of two whole numbers have. */
export const bitwiseAndPrimitive: Primitive<undefined> = bitByBit('bitwiseAnd', 'and', (a, b) => a & b);
/** The bits that one of two whole numbers has, or both. */
export const bitwiseOrPrimitive: Primitive<undefined> = bitByBit('bitwiseOr', 'or', (a, b) => a | b);
/** The bits that one of two whole numbers has and the other has not. */
export const bitwiseXorPrimitive: Primitive<undefined> = bitByBit('bitwiseXor', 'xor', (a, b) => a ^ b);
