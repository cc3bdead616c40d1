import type { Tensor } from '../../../core/tensor.ts';
import { softmaxOver } from '../../../functions/softmax.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { add, neg, sub } from '../../../primitives/linear/arithmetic.ts';
import { sumKept } from '../../../primitives/linear/sum.ts';
import { round } from '../../../primitives/piecewise/rounding.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { exp, log } from '../../../primitives/smooth/exponential.ts';
import { type Node, nodeOf } from '../../../tape/node.ts';
import type { Observation } from '../../derivation/observation.ts';
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

type Confusion = readonly [Cause, says: string, (parts: Parts, line: Node) => Tensor | undefined];

const DIAGONAL: Confusion = [
  'Jacobian taken as diagonal',
  'the Jacobian of the softmax is taken as diagonal, but every probability depends on every score: the terms -yᵢyⱼ are missing',
  ({ p, e }) => mul(e, sub(1, p)),
];

/** Where what comes back to the scores is `y - t`. */
const ofCrossEntropy: readonly Confusion[] = [
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
  [
    'other value',
    'the scores stand where the probabilities belong: z - t for y - t',
    ({ e, s }, { inputs: [scores] }) => add(mul(s, scores), e),
  ],
  [
    'missing factor',
    'y - t stands where y Σ t - t belongs: they are equal only where the targets add up to 1',
    ({ p, e }) => add(p, e),
  ],
];

/** Where what comes back to the scores is `y ⊙ (g - Σ g y)`. */
const ofProbabilities: readonly Confusion[] = [
  [
    'Jacobian taken as diagonal',
    'of the Jacobian of the softmax only the yᵢ on the diagonal are there: y ⊙ g stands where y ⊙ (g - Σ g y) belongs',
    ({ e }) => e,
  ],
  [
    'missing factor',
    'the factor y is missing in the derivative of the softmax: g - Σ g y stands where y ⊙ (g - Σ g y) belongs',
    ({ p, e, s }) => div(add(e, mul(s, p)), p),
  ],
];

/** In place of the sum over the classes one over another dim. */
function overAnother(dim: number): Confusion {
  return [
    'sum over another dim',
    `in the derivative of the softmax, the sum over all classes is taken over dim ${dim}`,
    ({ p, e }) => sub(e, mul(p, sumKept(e, [dim]))),
  ];
}

/** In place of `Σ g y`. */
function sumOfG(dim: number): Confusion {
  return [
    'missing factor',
    'the factor y is missing in the sum over the classes: Σ g stands where Σ g y belongs',
    ({ p, e }) => mul(p, sub(div(e, p), sumKept(div(e, p), [dim]))),
  ];
}

/** Of a logarithm of a softmax: `g - y` is right where the `g` of each row add up to 1, as with one-hot rows. */
const WITHOUT_SUM: Confusion = [
  'missing factor',
  'g - y stands where g - y Σ g belongs: the sum of what comes back to the row is missing',
  ({ p, e }) => sub(e, p),
];

function confusionsOf(line: Node, { run }: Observation): readonly Confusion[] {
  const dims = line.inputs[0].shape.map((_, dim) => overAnother(dim));
  const isBeforeLogarithm = run.lines.some(({ primitive, inputs }) => {
    return primitive === log.primitive && nodeOf(inputs[0]) === line;
  });
  const isWithLoss = line.primitive.name !== 'softmax' || isBeforeLogarithm;
  const sums = line.inputs[0].shape.map((_, dim) => sumOfG(dim));
  return [DIAGONAL, ...(isWithLoss ? [...ofCrossEntropy, WITHOUT_SUM] : [...ofProbabilities, ...sums]), ...dims];
}

/** A softmax taken as diagonal, or the target missing from `y - t`, or put in as a number. */
export const softmax: Explanation = function* (observation) {
  for (const edge of distinctEdgesOf(observation)) {
    if (!(edge.line.primitive.name in others)) continue;
    for (const [cause, says, confuse] of confusionsOf(edge.line, observation)) {
      const part = (cotangent: Tensor, line: Node) => confuse(partsOf(cotangent, line), line);
      yield mistakeInRules(cause, says, atEdge(edge, part));
    }
  }
};
