import type { Tensor } from '../../../core/tensor.ts';
import { mul } from '../../../primitives/bilinear/mul.ts';
import { sub } from '../../../primitives/linear/arithmetic.ts';
import { where } from '../../../primitives/linear/where.ts';
import { eq } from '../../../primitives/piecewise/comparison.ts';
import { div } from '../../../primitives/smooth/division.ts';
import { registry } from '../../../registry.ts';
import { watch } from '../../../tape/leaf.ts';
import type { Node } from '../../../tape/node.ts';
import type { Primitive } from '../../../tape/primitive.ts';
import { alike } from '../alike.ts';
import { atEdge, distinctEdgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { isConstant, isElementwise, partialAt, partialFromResult, partialOf } from '../partials.ts';
import { derivativeOf, isOnlyInput, symbolOf } from '../words.ts';

/** Relative to the largest number. */
const SAME = 1e-12;

/** What may stand in the place of `f′(z)`, where `a = f(z)`. */
interface Confusion {
  readonly says: (right: string, z: string, a: string) => string;
  readonly derivative: (line: Node, input: number) => Tensor;
  /** Whether it is another than the confusion before it. */
  readonly isOwn?: (line: Node, input: number) => boolean;
}

/** `f(z) / z`, which is `f′(0)` at zero for the functions that are zero there. */
function quotient(line: Node, input: number): Tensor {
  const z = line.inputs[input];
  return where(eq(z, 0), partialOf(line, input), div(line.output, z));
}

const ownFormula: readonly Confusion[] = [
  {
    says: (right, _, a) => `${a} itself stands where its derivative ${right} belongs`,
    derivative: ({ output }) => output,
  },
  { says: (right, z) => `${z} itself stands where ${right} belongs`, derivative: ({ inputs }, input) => inputs[input] },
  {
    says: (right, _, a) => `1 - ${a} stands where ${right} belongs: another factor, or a square, is forgotten`,
    derivative: ({ output }) => sub(1, output),
  },
  {
    says: (right, z, a) => `of the two terms of the product rule for ${right} there is only ${a} / ${z}`,
    derivative: quotient,
  },
  {
    says: (right, z, a) => `of the two terms of the product rule for ${right} only ${a} / ${z} is missing`,
    derivative: (line, input) => sub(partialOf(line, input), quotient(line, input)),
  },
  {
    says: (right, z) => `${right} is multiplied with ${z} once too often, or divided by it once too few`,
    derivative: (line, input) => mul(partialOf(line, input), line.inputs[input]),
  },
  {
    says: (right, z) => `${right} is divided by ${z} once too often, or multiplied with it once too few`,
    derivative: (line, input) => div(partialOf(line, input), line.inputs[input]),
  },
];

/** Functions of one number, whose derivatives are known by heart, or looked up in the wrong line. */
const functions: readonly Primitive[] = [...registry.smooth, ...registry.piecewise].filter(
  ({ formula }) => formula?.length === 2, // the algebra, and the number
);

function ofAnother(primitive: Primitive): readonly Confusion[] {
  const symbol = symbolOf(primitive.name);
  const applied = ({ inputs }: Node, input: number) => ({
    primitive,
    inputs: [watch(inputs[input])],
    params: undefined,
  });
  const atInput = (line: Node, input: number) => partialAt(applied(line, input), 0, line.inputs[input]);
  const fromResult = (line: Node, input: number) => partialFromResult(applied(line, input), 0, line.output);
  return [
    { says: (right, z) => `the derivative of ${symbol}, at ${z}, stands where ${right} belongs`, derivative: atInput },
    {
      says: (right, _, a) => `the derivative of ${symbol}, written in terms of ${a}, stands where ${right} belongs`,
      derivative: fromResult,
      isOwn: (line, input) => !alike(fromResult(line, input), atInput(line, input), SAME),
    },
  ];
}

/** Whether a derivative is only the other factor, or 1. */
function isOfDegreeOne(primitive: Primitive): boolean {
  return registry.linear.includes(primitive) || registry.bilinear.includes(primitive);
}

const confusions: readonly Confusion[] = [...ownFormula, ...functions.flatMap(ofAnother)];

/** In the place of the derivative of an activation stands that of another one, or half of its formula. */
export const anotherDerivative: Explanation = function* (observation, words) {
  for (const edge of distinctEdgesOf(observation)) {
    const { line, input } = edge;
    if (!isElementwise(line) || !isOnlyInput(line, input) || isOfDegreeOne(line.primitive)) continue;
    const [right, z, a] = [derivativeOf(line, input, words), words.value(line.inputs[input]), words.value(line.output)];
    for (const { says, derivative, isOwn } of confusions) {
      if (isConstant(derivative(line, input)) || isOwn?.(line, input) === false) continue;
      yield mistakeInRules(
        'derivative of another function',
        says(right, z, a),
        atEdge(edge, (cotangent, own) => mul(cotangent, derivative(own, input))),
      );
    }
  }
};
