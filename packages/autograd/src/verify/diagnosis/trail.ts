import type { Tensor } from '../../core/tensor.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import { type Finding, passes } from '../derivation/judge.ts';
import type { Observation } from '../derivation/observation.ts';
import { gradientName } from './diagnose.ts';
import type { Words } from './mistake.ts';

/** The shortest way on the tape from the result back to a value, in words: `mean(…) ← tanh(z1) ← z1 ← W1`. */
export function trailTo(name: string, { run, named }: Observation, words: Words): string | undefined {
  const [goal, start] = [named.get(name) as Tensor, run.outputs[0]].map(nodeOf);
  if (goal === undefined || start === undefined) return undefined;
  const cameFrom = new Map<Node, Node | undefined>([[start, undefined]]);
  for (const line of cameFrom.keys()) {
    for (const input of line.inputs) {
      const source = nodeOf(input);
      if (source !== undefined && !cameFrom.has(source)) cameFrom.set(source, line);
    }
  }
  if (!cameFrom.has(goal)) return undefined;
  const steps: string[] = [];
  for (let line: Node | undefined = goal; line !== undefined; line = cameFrom.get(line)) {
    const step = words.value(line.output);
    if (steps[0] !== step) steps.unshift(step);
  }
  return steps.join(' ← ');
}

/**
 * Between which two of the values whose gradients are claimed the first error is made, on the way back from the result;
 * undefined unless one is wrong and another, nearer to the result, is right.
 */
export function firstError(findings: readonly Finding[], { run, named }: Observation): string | undefined {
  const places = new Map(run.lines.map((line, place) => [line, place]));
  const placed = findings
    .flatMap((finding) => {
      const x = named.get(finding.name);
      const node = x && nodeOf(x);
      const place = node && places.get(node);
      return place === undefined ? [] : [{ finding, place }];
    })
    .sort((a, b) => a.place - b.place);
  const wrong = placed.findIndex(({ finding }) => !passes(finding));
  if (wrong < 1) return undefined;
  const [right, broken] = [placed[wrong - 1], placed[wrong]].map(({ finding }) => gradientName(finding.name));
  return `Going back from the result, ${right} is right and ${broken} is the first that is wrong: the error is between these two lines.`;
}
