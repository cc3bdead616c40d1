import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';

let collected: Map<string, Tensor> | undefined;

/**
 * Names an intermediate value, so that explanations and checks can speak of it. Returns the tensor itself; outside of an
 * explanation or a check nothing else happens. Explanations read the name as LaTeX: `Z_1`, `z^{(1)}`, `\\hat{y}`.
 *
 * @throws GradtapeError during an explanation or a check, if another value has the name.
 * @example
 * const loss = (W: Tensor, x: Tensor) => tanh(label('z', matmul(x, W))).sum();
 */
export function label<T extends Tensor>(name: string, x: T): T {
  if (collected === undefined) return x;
  if (collected.has(name) && collected.get(name) !== x) {
    fail('label, probe: a name is used twice', {
      got: `'${name}' for a second value`,
      needs: 'a name of its own for each value',
      fix: `number the values: \`${name}_\${layer}\``,
    });
  }
  collected.set(name, x);
  return x;
}

/** Runs a function, and gives the values that it names, in that order. */
export function collectLabels<T>(run: () => T): { readonly result: T; readonly labels: ReadonlyMap<string, Tensor> } {
  const before = collected;
  const labels = new Map<string, Tensor>();
  collected = labels;
  try {
    return { result: run(), labels };
  } finally {
    collected = before;
  }
}
