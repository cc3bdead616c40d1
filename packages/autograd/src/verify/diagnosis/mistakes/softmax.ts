import type { Tensor } from '../../../core/tensor.ts';
import { softmaxOver } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { neg, sub } from '../../../primitives/linear/arithmetic.ts';
import { round } from '../../../primitives/piecewise/rounding.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { exp } from '../../../primitives/smooth/exponential.ts';
import type { Node } from '../../../tape/node.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Cause, type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';
import { classNumbersOf } from '../one-hot.ts';

/**
 * The derivative of a softmax, of its logarithm and of cross-entropy by the scores are one formula: `e + s p`, with the
 * probabilities `p`, what comes back to each score by itself (`e`, with cross-entropy `-t`), and `s = -Σ e`.
 */
interface Parts {
  readonly p: Tensor;
  readonly e: Tensor;
  readonly s: Tensor;
}

const others: Readonly<Record<string, (cotangent: Tensor, line: Node) => Omit<Parts, 'e'>>> = {
  softmax: (g, line) => ({ p: line.output, s: div(sub(whole(g, line), mul(g, line.output)), line.output) }),
  logSoftmax: (g, line) => ({ p: exp(line.output), s: div(sub(whole(g, line), g), exp(line.output)) }),
  crossEntropy: (g, { inputs: [scores] }) => ({ p: softmaxOver([scores.rank === 1 ? 0 : 1])(scores), s: g }),
};

function whole(cotangent: Tensor, line: Node): Tensor {
  return declared(cotangent, line)[0] as Tensor;
}

function partsOf(cotangent: Tensor, line: Node): Parts {
  const { p, s } = others[line.primitive.name](cotangent, line);
  return { p, s, e: sub(whole(cotangent, line), mul(s, p)) };
}

const confusions: readonly (readonly [Cause, says: string, (parts: Parts) => Tensor | undefined])[] = [
  [
    'Jacobian taken as diagonal',
    'the Jacobian of the softmax is taken as diagonal, but every probability depends on every score: the terms -yᵢyⱼ are missing',
    ({ p, e }) => mul(e, sub(1, p)),
  ],
  ['target', 'the target is forgotten: y stands where y - t belongs', ({ p, s }) => mul(s, p)],
  ['target', 'the probabilities are forgotten: -t stands where y - t belongs', ({ e }) => e],
  [
    'target',
    'the target is not one-hot: the number of the class is subtracted from every probability',
    ({ p, e, s }) => {
      const numbers = classNumbersOf(round(neg(div(e, s))));
      return numbers && mul(s, sub(p, numbers));
    },
  ],
];

/** A softmax taken as diagonal, or the target missing from `y - t`, or put in as a number. */
export const softmax: Explanation = function* (observation) {
  for (const edge of distinctEdgesOf(observation)) {
    if (!(edge.line.primitive.name in others)) continue;
    for (const [cause, says, confuse] of confusions) {
      const part = (cotangent: Tensor, line: Node) => confuse(partsOf(cotangent, line));
      yield mistakeInRules(cause, says, atEdge(edge, part));
    }
  }
};
