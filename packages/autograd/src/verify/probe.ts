import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';

let collected: Map<string, Tensor> | undefined;

/**
 * Names an intermediate value, so that `checkDerivation` can check the gradient by it and say where a derivation leaves
 * the right path. Returns the tensor itself; outside of a check nothing else happens.
 *
 * @throws GradtapeError during a check, if the name is used twice.
 * @example
 * const loss = (W: Tensor, x: Tensor) => tanh(probe('z', matmul(x, W))).sum();
 */
export function probe<T extends Tensor>(name: string, x: T): T {
  if (collected === undefined) return x;
  if (collected.has(name)) {
    fail('probe: a name is used twice', {
      got: `probe('${name}', …) for a second value`,
      needs: 'a name of its own for each value',
      fix: `number the values: probe(\`${name}\${layer}\`, …)`,
    });
  }
  collected.set(name, x);
  return x;
}

/** Runs a function, and gives the values that it names. */
export function collectProbes<T>(run: () => T): { readonly result: T; readonly probes: ReadonlyMap<string, Tensor> } {
  const before = collected;
  const probes = new Map<string, Tensor>();
  collected = probes;
  try {
    return { result: run(), probes };
  } finally {
    collected = before;
  }
}
