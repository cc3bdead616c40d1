import { mul } from '../../../primitives/bilinear/mul.ts';
import { nodeOf } from '../../../tape/node.ts';
import { allOf, atEdge, type Edge, edgesOf } from '../edges.ts';
import { type Explanation, mistakeInRules } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

const amounts: readonly (readonly [factor: number, says: string])[] = [
  [0, 'is missing'],
  [2, 'is counted twice'],
  [-1, 'has the wrong sign'],
  [0.5, 'is half of what it must be'],
];

/** A value goes two ways to the result, so its gradient is a sum; the term of one of them is wrong. */
export const path: Explanation = function* (observation, words) {
  const edges = edgesOf(observation);
  const sourceOf = ({ line, input }: Edge) => nodeOf(line.inputs[input]);
  for (const edge of edges) {
    const source = edge.line.inputs[edge.input];
    if (edges.filter((other) => sourceOf(other) === sourceOf(edge)).length < 2) continue;
    const others = edges.filter((other) => other !== edge && sourceOf(other) === sourceOf(edge));
    if (others.length > 1) {
      yield mistakeInRules(
        'term of a sum',
        `the gradient by ${words.value(source)} is a sum of ${others.length + 1} terms, and all are missing but the one that comes through ${words.line(edge.line)}`,
        allOf(others.map((other) => atEdge(other, () => undefined))),
      );
    }
    for (const [factor, says] of amounts) {
      yield mistakeInRules(
        'term of a sum',
        `the gradient by ${words.value(source)} is a sum, and the term that comes through ${words.line(edge.line)} ${says}`,
        atEdge(edge, (cotangent, line) => {
          const part = declared(cotangent, line)[edge.input];
          return part && mul(part, factor);
        }),
      );
    }
  }
};
