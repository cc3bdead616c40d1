import type { Tensor } from '../../core/tensor.ts';
import { numbersOf, placeOf } from '../compare.ts';
import { type Finding, passes } from '../derivation/judge.ts';
import type { Observation } from '../derivation/observation.ts';
import { indent, showNumber, textTable } from '../text-table.ts';
import { alike } from './alike.ts';
import type { Evidence } from './candidates.ts';
import { type Diagnosis, gradientName } from './diagnose.ts';
import { kinksMet } from './kinks-met.ts';
import { trailTo } from './trail.ts';
import { wordsFor } from './words.ts';

/** What can be said of the wrong gradients that no mistake explains. */
export function unexplained(
  findings: readonly Finding[],
  explained: readonly Diagnosis[],
  evidence: Evidence,
): readonly Diagnosis[] {
  const [observation] = evidence.observations;
  const known = new Set(explained.flatMap(({ names }) => names));
  const rest = findings.filter((finding) => !passes(finding) && !known.has(finding.name));
  return rest.map(({ name, verdict }) => {
    const kink = verdict === 'wrong' ? onlyAtKink(name, evidence) : undefined;
    if (kink !== undefined) return { names: [name], causes: ['kink'], says: kink, others: [] };
    return { names: [name], causes: [], says: sayingOf(verdict, name, observation), others: [] };
  });
}

/** That a gradient is another only where an operation stands exactly at its kink; undefined if it is not so. */
function onlyAtKink(name: string, { observations, tolerance }: Evidence): string | undefined {
  const [first, ...others] = observations;
  const isRight = ({ claims, truth }: Observation): boolean =>
    alike(claims.get(name) as Tensor, truth.get(name) as Tensor, tolerance);
  const [kink] = kinksMet(first);
  const clear = others.filter((other) => kinksMet(other).length === 0);
  if (kink === undefined || clear.length === 0 || !clear.every(isRight)) return undefined;
  const { edge, place, taken } = kink;
  const operation = wordsFor(first).line(edge.line);
  return `${gradientName(name)} is right elsewhere; here ${operation} stands exactly at its kink, at ${placeOf(place, edge.line.output)}. There the derivative has no one value: all between those of the two sides are as good, and gradtape, as PyTorch, takes ${taken}.`;
}

function sayingOf(verdict: Finding['verdict'], name: string, observation: Observation): string {
  const subject = gradientName(name);
  const claim = observation.claims.get(name) as Tensor;
  switch (verdict) {
    case 'not finite':
      return `${subject} has ${brokenIn(claim)}, where the tape has numbers: look for a division by zero or a logarithm of zero.`;
    case 'no dependence':
      return `The result does not depend on ${name}: its gradient is zero. Either ${name} is not used, or detach, noGrad or item() cuts it off.`;
    case 'wrong shape':
      return `${subject} has shape [${claim.shape.join(', ')}], but ${name} has [${shapeOf(name, observation)}]; a gradient has the shape of its tensor, and neither a transpose nor a sum makes this one right.`;
    default:
      return `${subject}: no known mistake explains it. The first entries:\n${indent(entries(name, observation))}${trail(name, observation)}`;
  }
}

function shapeOf(name: string, { named }: Observation): string {
  return (named.get(name) as Tensor).shape.join(', ');
}

function brokenIn(claim: Tensor): string {
  const numbers = numbersOf(claim);
  const broken = numbers.flatMap((entry, i) => (Number.isFinite(entry) ? [] : [i]));
  const more = broken.length > 1 ? ` and ${broken.length - 1} more like it` : '';
  return `${numbers[broken[0]]} at ${placeOf(broken[0], claim)}${more}`;
}

/** So many entries are shown. */
const SHOWN = 6;

function entries(name: string, { claims, truth }: Observation): string {
  const claim = claims.get(name) as Tensor;
  const [claimed, tape] = [numbersOf(claim), numbersOf(truth.get(name) as Tensor)];
  const rows = claimed
    .slice(0, SHOWN)
    .map((entry, i) => [placeOf(i, claim), ...[entry, tape[i], entry / tape[i]].map(showNumber)]);
  return textTable([['entry', 'claimed', 'tape', 'ratio'], ...rows]);
}

function trail(name: string, observation: Observation): string {
  const steps = trailTo(name, observation, wordsFor(observation));
  return steps === undefined ? '' : `\n  the way back on the tape: ${steps}`;
}
