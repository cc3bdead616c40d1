import { isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Observation } from '../derivation/observation.ts';
import type { RulesAt } from './mistake.ts';
import type { Rule } from './mistaken-pass.ts';

/** One input of one line of the tape that derivatives pass through. */
export interface Edge {
  /** The line's place in `run.lines`; several where the same is computed several times. */
  readonly places: readonly number[];
  readonly line: Node;
  readonly input: number;
}

/** All of them, the last line first. */
export function edgesOf({ run }: Observation): readonly Edge[] {
  const known = new Set(run.lines);
  const lines = [...run.lines.entries()].filter(([, { output }]) => isFloating(output.dtype)); // none through comparisons
  return lines.flatMap(([place, line]) =>
    line.inputs.flatMap((x, input) => {
      const source = nodeOf(x);
      return source !== undefined && known.has(source) && isFloating(x.dtype) ? [{ places: [place], line, input }] : [];
    }),
  );
}

/** The same, but operations that are written twice count as one: σ(z) is one value, however often it is computed. */
export function distinctEdgesOf(observation: Observation): readonly Edge[] {
  const edges = edgesOf(observation);
  const same = (a: Edge, b: Edge): boolean =>
    a.input === b.input &&
    a.line.primitive === b.line.primitive &&
    JSON.stringify(a.line.params) === JSON.stringify(b.line.params) &&
    a.line.inputs.every((x, i) => (nodeOf(x) ?? x) === (nodeOf(b.line.inputs[i]) ?? b.line.inputs[i]));
  return edges.flatMap((edge) => {
    const twins = edges.filter((other) => same(edge, other));
    return twins[0] === edge ? [{ ...edge, places: twins.flatMap(({ places }) => places) }] : [];
  });
}

/** What a line passes on to one input, as somebody takes it; undefined for nothing. */
export type PartOf = (cotangent: Tensor, line: Node, observation: Observation) => Tensor | undefined;

/** Another part for one input of one line, the others as declared. */
export function atEdge({ places, input }: Edge, part: PartOf): RulesAt {
  return (observation) => {
    const rule: Rule = { [input]: (cotangent, line) => part(cotangent, line, observation) };
    return new Map(places.map((place) => [place, rule]));
  };
}

/** Several mistaken rules together. */
export function allOf(rules: readonly RulesAt[]): RulesAt {
  return (observation) => {
    const all = new Map<number, Rule>();
    for (const [place, rule] of rules.flatMap((at) => [...at(observation)]))
      all.set(place, { ...all.get(place), ...rule });
    return all;
  };
}
