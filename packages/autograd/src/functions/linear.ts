import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { multiplyMatrices } from '../primitives/bilinear/matmul.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { sumKept } from '../primitives/linear/sum.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { fuse } from './fuse.ts';
import { matmul } from './products.ts';

const shift = fuse((product, bias) => [add(product, bias)]);

/** `x Wᵀ + b` of a matrix x. The bias goes into the product's own memory, which saves a pass and a tensor of that size. */
const affine = customGrad({
  name: 'linear',
  keepsNothing: true,
  forward: (x, weight, bias) => {
    const product = multiplyMatrices(x, transposeMatrix(weight));
    return shift.into([product], product, bias)[0] as Tensor;
  },
  backward: (g, [x, weight, bias]) => [
    x?.node && multiplyMatrices(g, weight as Tensor),
    weight?.node && multiplyMatrices(transposeMatrix(g), x as Tensor),
    bias?.node && reshape(sumKept(g, [0]), bias.shape),
  ],
  latex: (m, [x, weight, bias], { inputs: [rows, { shape }, { shape: length }], output }) =>
    m.add(
      m.matmul(x, rows.shape, m.permute(weight, [1, 0]), [...shape].reverse()),
      m.broadcast(bias, length, output.shape),
    ),
});

/**
 * `x Wᵀ + b` for a weight of shape `[out, in]`, a bias of shape `[out]` and any leading dims: `[…, in] → […, out]`.
 *
 * @throws GradtapeError if the last size of the input is not what the weight takes, the dtypes differ, or the bias does not
 *   fit.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  checkSizes(x, weight, bias);
  const fits = !isByDefinition() && bias && isFloating(x.dtype) && x.dtype === weight.dtype && x.dtype === bias.dtype;
  if (!fits) {
    const product = matmul(x, transposeMatrix(weight)) as Tensor;
    return bias ? add(product, bias) : product;
  }
  const lead = x.shape.slice(0, -1);
  const [fanOut, fanIn] = weight.shape as [number, number];
  const rows = lead.reduce((product, size) => product * size, 1);
  return reshape(affine(reshape(x, [rows, fanIn]), weight, bias), [...lead, fanOut]);
}

function checkSizes(x: Tensor, weight: Tensor, bias: Tensor | null | undefined): void {
  const [fanOut, fanIn] = weight.rank === 2 ? weight.shape : [undefined, undefined];
  if (x.rank === 0 || fanIn !== x.shape[x.rank - 1]) {
    fail('linear: the last size of the input is not what the weight takes', {
      got: `input ${showShape(x.shape)}, weight ${showShape(weight.shape)}`,
      needs: 'input […, in] and weight [out, in]',
      fix: 'flatten the input (x.flatten(1)) or change the size of the layer',
    });
  }
  if (x.dtype !== weight.dtype) {
    fail('linear: the dtypes differ', {
      got: `input ${x.dtype}, weight ${weight.dtype}`,
      needs: 'one dtype',
      fix: `convert the input, x.to('${weight.dtype}'), or the layer, layer.to('${x.dtype}')`,
    });
  }
  if (bias && (bias.rank !== 1 || bias.length !== fanOut)) {
    fail('linear: the bias does not fit', {
      got: showShape(bias.shape),
      needs: `[${fanOut}]`,
      fix: 'one entry for each output',
    });
  }
}
