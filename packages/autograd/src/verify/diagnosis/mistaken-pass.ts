import { filled } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import { add } from '../../primitives/linear/arithmetic.ts';
import { withRecording } from '../../tape/bind.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Cotangents } from '../../tape/primitive.ts';
import type { Observation } from '../derivation/observation.ts';

/** What somebody passes on to some inputs of a line, by the input's number, from the output's cotangent. */
export type Rule = Readonly<Record<number, (cotangent: Tensor, line: Node) => Tensor | undefined>>;
/** Rules for some lines, by their place in `run.lines`; the others keep their own. */
export type Rules = ReadonlyMap<number, Rule>;

/** What a line declares that it passes on. */
export function declared(cotangent: Tensor, line: Node): Cotangents {
  return withRecording(false, () => line.primitive.pullback(cotangent, line));
}

/** The backward pass of somebody who takes other rules for some lines: the cotangents that they find. */
export function mistakenPass({ run }: Observation, rules: Rules): ReadonlyMap<Node, Tensor> {
  const [result] = run.outputs;
  const known = new Set(run.lines);
  const found = new Map<Node, Tensor>([[nodeOf(result) as Node, filled(result.shape, result.dtype, 1)]]);
  withRecording(false, () => {
    run.lines.forEach((line, place) => {
      const cotangent = found.get(line);
      if (cotangent === undefined || line.inputs.length === 0) return;
      const parts = declared(cotangent, line);
      const mistaken = rules.get(place) ?? {};
      line.inputs.forEach((input, i) => {
        const source = nodeOf(input);
        const part = i in mistaken ? mistaken[i](cotangent, line) : parts[i];
        if (source === undefined || part === undefined || !known.has(source)) return;
        const before = found.get(source);
        found.set(source, before === undefined ? part : add(before, part));
      });
    });
  });
  return found;
}
