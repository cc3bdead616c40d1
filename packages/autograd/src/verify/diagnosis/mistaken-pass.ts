import { filled } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { withRecording } from '../../tape/bind.ts';
import { detach } from '../../tape/leaf.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Cotangents, Line, Primitive } from '../../tape/primitive.ts';
import type { Observation } from '../derivation/observation.ts';

/** What somebody passes on to some inputs of a line, by the input's number, from the output's cotangent. */
export type Rule = Readonly<Record<number, (cotangent: Tensor, line: Node) => Tensor | undefined>>;
/** Rules for some lines, by their place in `run.lines`; the others keep their own. */
export type Rules = ReadonlyMap<number, Rule>;

/** What a line declares that it passes on. */
export function declared(cotangent: Tensor, line: Line & { readonly primitive: Primitive }): Cotangents {
  return withRecording(false, () => line.primitive.pullback(cotangent, line));
}

/** The backward pass of somebody who takes other rules for some lines: the cotangents that they find on the way to names. */
export function mistakenPass(
  observation: Observation,
  rules: Rules,
  names: readonly string[],
): ReadonlyMap<Node, Tensor> {
  const { run } = observation;
  const [result] = run.outputs;
  const onTheWay = linesTo(observation, names);
  const found = new Map<Node, Tensor>([[nodeOf(result) as Node, filled(result.shape, result.dtype, 1)]]);
  const receives = (x: Tensor): boolean => onTheWay.has(nodeOf(x) as Node);
  withRecording(false, () => {
    run.lines.forEach((line, place) => {
      const cotangent = found.get(line);
      if (cotangent === undefined || !line.inputs.some(receives)) return;
      const parts = declared(cotangent, withoutOthers(line, receives));
      const mistaken = rules.get(place) ?? {};
      line.inputs.forEach((input, i) => {
        const source = nodeOf(input) as Node;
        const part = i in mistaken ? mistaken[i](cotangent, line) : parts[i];
        if (part === undefined || !receives(input)) return;
        const before = found.get(source);
        found.set(source, before === undefined ? part : add(before, part));
      });
    });
  });
  return found;
}

/** A line that passes nothing on to the inputs from which no way leads to the names: that would be work for nothing. */
function withoutOthers(line: Node, receives: (x: Tensor) => boolean): Line & { readonly primitive: Primitive } {
  if (line.inputs.every(receives)) return line;
  const { primitive, params, output } = line;
  return { primitive, params, output, inputs: line.inputs.map((x) => (receives(x) ? x : detach(x))) };
}

/** By the names: the same ones are asked for again and again. */
const known = new WeakMap<Observation, Map<string, ReadonlySet<Node>>>();

/** The lines from which a way leads back to values of these names. */
function linesTo(observation: Observation, names: readonly string[]): ReadonlySet<Node> {
  const before = known.get(observation) ?? new Map<string, ReadonlySet<Node>>();
  known.set(observation, before);
  const key = names.join('\n');
  const lines = before.get(key) ?? findLinesTo(observation, names);
  before.set(key, lines);
  return lines;
}

function findLinesTo({ run, named }: Observation, names: readonly string[]): ReadonlySet<Node> {
  const lines = new Set(names.flatMap((name) => nodeOf(named.get(name) as Tensor) ?? []));
  for (const line of [...run.lines].reverse()) {
    if (line.inputs.some((x) => lines.has(nodeOf(x) as Node))) lines.add(line);
  }
  return lines;
}
