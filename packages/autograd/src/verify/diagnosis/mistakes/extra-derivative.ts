import { isFloating } from '../../../core/dtype.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { softmaxOver } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { sub } from '../../../primitives/linear/arithmetic.ts';
import { convert } from '../../../primitives/linear/convert.ts';
import { gt } from '../../../primitives/piecewise/comparison.ts';
import { sigmoid } from '../../../primitives/smooth/activations.ts';
import { tanh } from '../../../primitives/smooth/hyperbolic.ts';
import { square } from '../../../primitives/smooth/powers.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** The derivatives that are known by heart, as they are multiplied with entry by entry. */
function usualFor({ shape, rank }: Tensor): readonly (readonly [symbol: string, derivative: (x: Tensor) => Tensor])[] {
  const dims = [rank - 1, 0].filter((dim) => shape[dim] > 1);
  return [
    ['σ', (x) => oneLessTimes(sigmoid(x))],
    ['tanh', (x) => sub(1, square(tanh(x)))],
    ['relu', (x) => convert(gt(x, 0), x.dtype)],
    ...dims.map((dim) => ['softmax', (x: Tensor) => oneLessTimes(softmaxOver([dim])(x))] as const),
  ];
}

function oneLessTimes(y: Tensor): Tensor {
  return mul(y, sub(1, y));
}

/** The derivative of an activation is multiplied with where the function has none, or where the loss has cancelled it. */
export const extraDerivative: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const x = edge.line.inputs[edge.input];
    if (!isFloating(x.dtype)) continue;
    for (const [symbol, derivative] of usualFor(x)) {
      yield mistakeInRules(
        'extra factor',
        `there is a factor ${symbol}′(${words.value(x)}) too many`,
        atEdge(edge, (cotangent, line) => {
          const part = declared(cotangent, line)[edge.input] as Tensor;
          return mul(part, derivative(line.inputs[edge.input]));
        }),
      );
    }
  }
};
