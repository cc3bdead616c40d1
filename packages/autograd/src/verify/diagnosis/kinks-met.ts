import type { Tensor } from '../../core/tensor.ts';
import { add, sub } from '../../primitives/linear/arithmetic.ts';
import type { Node } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';
import type { Observation } from '../derivation/observation.ts';
import { distinctEdgesOf, type Edge } from './edges.ts';
import { isElementwise, partialAt, partialOf } from './partials.ts';

/** The two sides of a kink. */
export type Side = 'above' | 'below';

/** So near that only the side of a kink changes. */
const NEAR = 1e-12;
/** A derivative that changes by more over so short a way jumps. */
const JUMP = 1e-6;

/** The derivative of an elementwise line by one input, a little above or below where that input is. */
export function partialBeside(line: Node, input: number, side: Side): Tensor {
  return partialAt(line, input, add(line.inputs[input], side === 'above' ? NEAR : -NEAR));
}

/** An entry of a line's input that lies exactly at a kink, seen from a side on which the derivative is another. */
export interface KinkMet {
  readonly edge: Edge;
  readonly side: Side;
  /** In reading order. */
  readonly place: number;
  readonly value: number;
  /** What the line takes for the derivative. */
  readonly taken: number;
}

/** The first kink that each line is met at, from each side. */
export function kinksMet(observation: Observation): readonly KinkMet[] {
  return distinctEdgesOf(observation).flatMap((edge) => {
    const { line, input } = edge;
    if (!isElementwise(line)) return [];
    const partial = partialOf(line, input);
    return (['above', 'below'] as const).flatMap((side) => {
      const jumps = numbersOf(sub(partialBeside(line, input, side), partial));
      const place = jumps.findIndex((jump) => Math.abs(jump) > JUMP);
      if (place < 0) return [];
      return [{ edge, side, place, value: numbersOf(line.inputs[input])[place], taken: numbersOf(partial)[place] }];
    });
  });
}
