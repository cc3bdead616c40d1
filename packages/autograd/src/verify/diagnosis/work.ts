import { matmulPrimitive } from '../../primitives/bilinear/matmul.ts';
import type { Observation } from '../derivation/observation.ts';

/** A backward pass through a function costs so many multiplications, roughly. */
export function workOf({ run }: Observation): number {
  return run.lines.reduce((sum, { primitive, inputs, output }) => {
    const terms = primitive === matmulPrimitive ? 2 * (inputs[0].shape.at(-1) ?? 1) : 1;
    return sum + terms * output.length;
  }, 0);
}

/** How much is looked for, in multiplications: a search must end, also for large functions. */
export class Budget {
  #spent = 0;

  spend(work: number): void {
    this.#spent += work;
  }

  /** Whether it is time to stop, where something is found already. */
  get isEnough(): boolean {
    return this.#spent > 2e8;
  }

  /** Whether it is time to stop in any case. */
  get isAll(): boolean {
    return this.#spent > 5e9;
  }
}
