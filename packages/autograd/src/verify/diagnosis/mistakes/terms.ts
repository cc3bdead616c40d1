import { mul } from '../../../primitives/bilinear/mul.ts';
import { nodeOf } from '../../../tape/node.ts';
import type { Observation } from '../../derivation/observation.ts';
import { allOf, atEdge, type Edge, edgesOf } from '../edges.ts';
import { type Explanation, type Mistake, mistakeInRules, type Words } from '../mistake.ts';
import { declared } from '../mistaken-pass.ts';

/** A value that goes several ways to the result, and one of the ways: the gradient by the value is a sum of their terms. */
interface Way {
  readonly edge: Edge;
  readonly others: readonly Edge[];
  readonly says: string;
}

function* waysOf(observation: Observation, words: Words): Iterable<Way> {
  const edges = edgesOf(observation);
  const sourceOf = ({ line, input }: Edge) => nodeOf(line.inputs[input]);
  for (const edge of edges) {
    const others = edges.filter((other) => other !== edge && sourceOf(other) === sourceOf(edge));
    if (others.length === 0) continue;
    const source = words.value(edge.line.inputs[edge.input]);
    yield {
      edge,
      others,
      says: `the gradient by ${source} is a sum${others.length > 1 ? ` of ${others.length + 1} terms` : ''}, and`,
    };
  }
}

function mistakeInTerm({ edge, says }: Way, words: Words, [factor, how]: Amount): Mistake {
  return mistakeInRules(
    'term of a sum',
    `${says} the term that comes through ${words.line(edge.line)} ${how}`,
    atEdge(edge, (cotangent, line) => {
      const part = declared(cotangent, line)[edge.input];
      return part && mul(part, factor);
    }),
  );
}

type Amount = readonly [factor: number, how: string];

const otherAmounts: readonly Amount[] = [
  [2, 'is counted twice'],
  [-1, 'has the wrong sign'],
  [0.5, 'is half of what it must be'],
];

/** The term of one way is missing, or those of all the others are. */
export const missingTerm: Explanation = function* (observation, words) {
  for (const way of waysOf(observation, words)) {
    if (way.others.length > 1) {
      yield mistakeInRules(
        'term of a sum',
        `${way.says} all are missing but the one that comes through ${words.line(way.edge.line)}`,
        allOf(way.others.map((other) => atEdge(other, () => undefined))),
      );
    }
    yield mistakeInTerm(way, words, [0, 'is missing']);
  }
};

/** The term of one way is there, but wrong. */
export const wrongTerm: Explanation = function* (observation, words) {
  for (const way of waysOf(observation, words)) {
    for (const amount of otherAmounts) yield mistakeInTerm(way, words, amount);
  }
};

/** The term of one way is divided by a count that is one too many, or too few: that of a variance, mostly. */
export const wrongCount: Explanation = function* (observation, words) {
  for (const way of waysOf(observation, words)) {
    const { shape, length } = way.edge.line.inputs[way.edge.input];
    for (const m of new Set([...shape, length])) {
      if (m < 3) continue;
      yield mistakeInTerm(way, words, [(m - 1) / m, `is divided by ${m} where ${m - 1} belongs: by m for m - 1`]);
      yield mistakeInTerm(way, words, [m / (m - 1), `is divided by ${m - 1} where ${m} belongs: by m - 1 for m`]);
    }
  }
};
