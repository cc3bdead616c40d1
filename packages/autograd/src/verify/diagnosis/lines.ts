import { filled } from '../../core/allocate.ts';
import { isFloating } from '../../core/dtype.ts';
import { sameShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { withRecording } from '../../tape/bind.ts';
import { watch } from '../../tape/leaf.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';
import type { Observation } from '../derivation/observation.ts';
import type { RulesAt } from './mistake.ts';
import { declared, type Rule } from './mistaken-pass.ts';

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
  return run.lines.flatMap((line, place) =>
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

/** Whether a line works entry by entry. */
export function isElementwise({ primitive }: Node): boolean {
  return primitive.formula !== undefined;
}

/** The derivative of an elementwise line by one of its inputs, at each entry. */
export function partialOf(line: Node, input: number): Tensor {
  const ones = filled(line.output.shape, line.output.dtype, 1);
  return declared(ones, line)[input] ?? filled(line.output.shape, line.output.dtype, 0);
}

/** Whether all entries are 1, or all are -1: as a factor, only a sign. */
export function isSign(x: Tensor): boolean {
  const entries = numbersOf(x);
  return entries.every((entry) => Math.abs(entry) === 1 && entry === entries[0]);
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

/** A value on the tape, to be found again in other observations. */
export interface TapeValue {
  readonly place: number;
  readonly tensor: Tensor;
}

/** The floating values on the tape that have a shape, variables among them; those of lines that only pass on left out. */
export function valuesOfShape({ run }: Observation, like: Tensor): readonly TapeValue[] {
  return run.lines.flatMap(({ output, primitive }, place) =>
    isFloating(output.dtype) && sameShape(output.shape, like.shape) && !passing.has(primitive.name)
      ? [{ place, tensor: output }]
      : [],
  );
}

const passing = new Set(['broadcastTo', 'reshape', 'convert']);

/** The same value in another observation. */
export function valueIn({ run }: Observation, { place }: TapeValue): Tensor {
  return run.lines[place].output;
}

/** The derivative of an elementwise line by one of its inputs, had that input another value. */
export function partialAt({ primitive, inputs, params }: Node, input: number, x: Tensor): Tensor {
  return withRecording(false, () => {
    const moved = inputs.map((old, i) => (i === input ? watch(x) : old));
    const output = primitive.evaluate(moved, params);
    const ones = filled(output.shape, output.dtype, 1);
    return primitive.pullback(ones, { inputs: moved, params, output })[input] ?? filled(x.shape, x.dtype, 0);
  });
}

/** What a bilinear line passes on to one input, had the other another value. */
export function partOfProduct(cotangent: Tensor, line: Node, input: number, other: Tensor): Tensor {
  const inputs = line.inputs.map((own, i) => (i === input ? own : other));
  return withRecording(false, () => line.primitive.pullback(cotangent, { ...line, inputs })[input] as Tensor);
}
