import { filled } from '../../../core/allocate.ts';
import { isFloating } from '../../../core/dtype.ts';
import type { Tensor } from '../../../core/tensor.ts';
import { where } from '../../../primitives/linear/where.ts';
import { gt } from '../../../primitives/piecewise/comparison.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { registry } from '../../../registry.ts';
import type { Node } from '../../../tape/node.ts';
import { numbersOf } from '../../compare.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** Of several equal maxima each is given the whole gradient, which they must share. */
export const ties: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (!isFloating(line.inputs[input].dtype) || !isChoice(line) || !hasTies(sharesOf(line, input))) continue;
    yield mistakeInRules(
      'mask',
      `several are equal in ${words.line(line)}, and each is given the whole gradient, which they must share`,
      atEdge(edge, (cotangent, own) => {
        const shares = sharesOf(own, input);
        return where(gt(shares, 0), div(declared(cotangent, own)[input] as Tensor, shares), 0);
      }),
    );
  }
};

/** Whether a line passes on one of several numbers. */
function isChoice({ primitive, inputs }: Node): boolean {
  return registry.piecewise.includes(primitive) && (primitive.formula === undefined || inputs.length === 2);
}

/** What each number gets of a cotangent of ones. */
function sharesOf(line: Node, input: number): Tensor {
  const { shape, dtype } = line.output;
  return declared(filled(shape, dtype, 1), line)[input] ?? filled(line.inputs[input].shape, dtype, 0);
}

function hasTies(shares: Tensor): boolean {
  const entries = numbersOf(shares);
  return entries.every((share) => share >= 0 && share <= 1) && entries.some((share) => share > 0 && share < 1);
}
