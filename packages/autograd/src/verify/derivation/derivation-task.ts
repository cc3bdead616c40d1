import type { Tensor } from '../../core/tensor.ts';
import type { Inputs } from '../named.ts';
import { checkDerivation, type DerivationCheckOptions } from './check-derivation.ts';
import type { Claimed } from './claims.ts';
import type { DerivationReport } from './derivation-report.ts';

/** A derivation, the function that it is of, and where they are compared: what `checkDerivation` takes, in one object. */
export interface DerivationDeclaration extends DerivationCheckOptions {
  claimed(...inputs: Tensor[]): Claimed;
  f(...inputs: Tensor[]): Tensor;
  readonly inputs: Inputs;
}

/** A derivation to be checked later: the command `gradtape check` runs those that a file exports. */
export interface DerivationTask {
  check(): DerivationReport;
}

/**
 * A derivation to be exported, and checked by the command: `gradtape check file.ts`.
 *
 * @example
 * import { derivation } from '@gradtape/autograd/verify';
 * const halfSquare = derivation({
 *   f: (x) => x.mul(x).sum().div(2),
 *   claimed: (x) => ({ dx: x }),
 *   inputs: { x: tensor([1, 2, 3]) },
 * });
 * halfSquare.check().passed; // true
 */
export function derivation({ claimed, f, inputs, ...options }: DerivationDeclaration): DerivationTask {
  return { check: () => checkDerivation(claimed, f, inputs, options) };
}
