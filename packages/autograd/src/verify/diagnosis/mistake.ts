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
  | 'other shape'
  | 'missing factor'
  | 'extra factor'
  | 'derivative taken elsewhere'
  | 'other value'
  | 'mask'
  | 'Jacobian taken as diagonal'
  | 'target'
  | 'term of a sum'
  | 'product not transposed'
  | 'one sample only'
  | 'gradient of another value'
  | 'kink';

/** A mistake that somebody may have made on the way back through the tape, and the gradients that it leads to. */
export interface Mistake {
  /** One, or two where two mistakes were made. */
  readonly causes: readonly Cause[];
  /** In words, as part of a sentence: `the factor tanh′(z1) is missing`. */
  readonly says: string;
  /** The gradient by a name, had only this gone wrong; undefined where the mistake does not concern it. */
  predict(observation: Observation): (name: string) => Tensor | undefined;
  /** The rules that were mistaken, for mistakes in single lines: two of them can be made together. */
  readonly rules?: RulesAt;
}

export type RulesAt = (observation: Observation) => Rules;

/** An explanation: mistakes that could be made on the way from the result back to the values. */
export type Explanation = (observation: Observation, words: Words) => Iterable<Mistake>;

/** How values and lines are called. */
export interface Words {
  value(x: Tensor): string;
  line(line: Node): string;
}

/** A mistake in the rules of some lines. */
export function mistakeInRules(cause: Cause, says: string, rules: RulesAt): Mistake {
  return { causes: [cause], says, rules, predict: predictBy(rules) };
}

/** The gradients that mistaken rules lead to. */
export function predictBy(rules: RulesAt): Mistake['predict'] {
  return (observation) => {
    const found: ReadonlyMap<Node, Tensor> = mistakenPass(observation, rules(observation));
    return (name) => {
      const x = observation.named.get(name);
      return x && cotangentAt(found, x);
    };
  };
}
