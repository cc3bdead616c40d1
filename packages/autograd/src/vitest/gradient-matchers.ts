import type {} from 'vitest';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import {
  type Claimed,
  checkDerivation,
  checkGradients,
  type DerivationCheckOptions,
  type GradientCheckOptions,
  type Inputs,
} from '../verify/index.ts';

export interface MatchGradientOptions extends DerivationCheckOptions {
  /** The arguments of the function and of the derivation, in an array or by name. */
  readonly at: Inputs;
}

type Derivation = (...inputs: Tensor[]) => Claimed;
type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** What {@link gradientMatchers} add to `expect`. */
export interface GradientMatchers {
  /** A derivation gives the gradients of a function: `checkDerivation`, which says what is wrong if it does not. */
  toMatchGradientOf(f: (...inputs: Tensor[]) => Tensor, options: MatchGradientOptions): void;
  /** The derivatives of a function are those of its values: `checkGradients`. */
  toPassGradientCheck(inputs: Inputs, options?: GradientCheckOptions): void;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: an interface is extended under the parameters that it has
  interface Matchers<T = any> extends GradientMatchers {}
}

/**
 * Matchers for Vitest, to be given to `expect.extend`.
 *
 * @example
 * import { expect } from 'vitest';
 * import { gradientMatchers } from '@gradtape/autograd/vitest';
 * expect.extend(gradientMatchers);
 * const energy = (x: Tensor) => x.mul(x).sum();
 * expect((x: Tensor) => x.mul(2)).toMatchGradientOf(energy, { at: [tensor([1, 2])] });
 * expect(energy).toPassGradientCheck([tensor([1, 2])]);
 */
export const gradientMatchers: { readonly [Name in keyof GradientMatchers]: Matcher<GradientMatchers[Name]> } = {
  toMatchGradientOf(derivation, f, options) {
    checkFunction<Derivation>('toMatchGradientOf', derivation);
    const { at } = options ?? {}; // the types forbid to leave it out, but JavaScript does not
    return outcome(checkDerivation(derivation, f, at, options));
  },
  toPassGradientCheck(f, inputs, options) {
    checkFunction<TensorFunction>('toPassGradientCheck', f);
    return outcome(checkGradients(f, inputs, options));
  },
};

/** How Vitest calls a matcher: with what was expected of first. */
type Matcher<Call extends (...given: never[]) => void> = (received: unknown, ...given: Parameters<Call>) => Outcome;

interface Outcome {
  readonly pass: boolean;
  message(): string;
}

/** The report says why it is so, whether that was expected or not. */
function outcome(report: { readonly passed: boolean; toString(): string }): Outcome {
  return { pass: report.passed, message: () => report.toString() };
}

function checkFunction<F extends (...inputs: never[]) => unknown>(
  matcher: string,
  received: unknown,
): asserts received is F {
  if (typeof received === 'function') return;
  fail(`${matcher}: not a function`, {
    got: received === null ? 'null' : typeof received,
    needs: 'the function itself, not what it gives',
    fix:
      matcher === 'toMatchGradientOf'
        ? 'expect(rule).toMatchGradientOf(f, { at: inputs })'
        : 'expect(f).toPassGradientCheck(inputs)',
  });
}
