import type { Tensor } from '../../core/tensor.ts';
import type { Node } from '../../tape/node.ts';
import type { Observation } from '../derivation/observation.ts';
import { cotangentAt } from '../run.ts';
import { mistakenPass, type Rules } from './mistaken-pass.ts';

/** The kinds of mistakes that are told apart. */
export type Cause =
  | 'constant factor'
  | 'transposed'
  | 'sum left out'
  | 'sum over another dim'
  | 'other shape'
  | 'missing factor'
  | 'extra factor'
  | 'derivative taken elsewhere'
  | 'derivative of another function'
  | 'other value'
  | 'mask'
  | 'Jacobian taken as diagonal'
  | 'target'
  | 'term of a sum'
  | 'product not transposed'
  | 'one sample only'
  | 'gradient of another value'
  | 'inputs not used'
  | 'kink';

/** A mistake that somebody may have made on the way back through the tape. */
export interface Mistake {
  /** One, or two where two mistakes were made. */
  readonly causes: readonly Cause[];
  /** In words, as part of a sentence: `the factor tanh′(z1) is missing`. */
  readonly says: string;
  /** The rules of lines that were mistaken. */
  readonly rules?: RulesAt;
  /** What the function would have to be computed from, to have the gradients that were found. */
  readonly instead?: (observation: Observation) => Observation;
  /** What was done to a gradient in the end. */
  readonly after?: (gradient: Tensor, observation: Observation) => Tensor;
  /** The name whose gradient was taken for that of all others. */
  readonly takenFor?: string;
}

export type RulesAt = (observation: Observation) => Rules;

/** The gradients that a mistake leads to, for some names. */
export function predict(
  { rules, instead, after, takenFor }: Mistake,
  observation: Observation,
  names: readonly string[],
): ReadonlyMap<string, Tensor> {
  const at = instead?.(observation) ?? observation;
  const wanted = takenFor === undefined ? names : [takenFor];
  const found = rules === undefined ? at.cotangents : mistakenPass(at, rules(at), wanted);
  const gradientBy = (name: string): Tensor => cotangentAt(found, at.named.get(name) as Tensor);
  const ended = (gradient: Tensor): Tensor => after?.(gradient, observation) ?? gradient;
  return new Map(names.map((name) => [name, ended(gradientBy(takenFor ?? name))]));
}

/** Two mistakes together; undefined where the second is in the place of the first. */
export function both(first: Mistake, second: Mistake, observation: Observation): Mistake | undefined {
  const [a, b] = [first, second].map(({ rules }) => rules?.(observation) ?? new Map());
  const isLast = [first, second].some(({ after, takenFor }) => (after ?? takenFor) !== undefined);
  if (isLast || [...a.keys()].some((place) => b.has(place))) return undefined;
  return {
    causes: [...first.causes, ...second.causes],
    says: `${first.says}; and ${second.says}`,
    rules: (o) => new Map([...(first.rules?.(o) ?? []), ...(second.rules?.(o) ?? [])]),
    instead: (o) => {
      const at = first.instead?.(o) ?? o;
      return second.instead?.(at) ?? at;
    },
  };
}

/** An explanation: mistakes that could be made on the way from the result back to the values. */
export type Explanation = (observation: Observation, words: Words) => Iterable<Mistake>;

/** How values and lines are called. */
export interface Words {
  value(x: Tensor): string;
  line(line: Node): string;
}

/** A mistake in the rules of some lines. */
export function mistakeInRules(cause: Cause, says: string, rules: RulesAt): Mistake {
  return { causes: [cause], says, rules };
}
