import { expect } from 'vitest';
import { unitRoundoff } from '../../core/dtype.ts';
import { contractReference } from './contract-reference.ts';
import type { Contraction, FloatArray, Matrices } from './contraction.ts';

/**
 * Does the task by `run` and holds it to the definition: within the rounding of a sum of k products (Higham, "Accuracy
 * and Stability of Numerical Algorithms", section 3.1: k u Σ|a||b|, once more for the reference's own rounding),
 * specials exactly, and not an element changed outside the result.
 */
export function expectProduct(task: Contraction, run: (task: Contraction) => void): void {
  const { k } = task;
  const u = unitRoundoff(task.out instanceof Float32Array ? 'float32' : 'float64');
  const inputs = [task.a.data.slice(), task.b.data.slice()];
  const expected = inDoubles(task, (x) => x);
  const magnitude = inDoubles(task, Math.abs);

  run(task);

  expect([task.a.data, task.b.data]).toEqual(inputs);
  task.out.forEach((value, i) => {
    const difference = Object.is(value, expected[i]) ? 0 : Math.abs(value - expected[i]);
    const allowed = Number.isFinite(expected[i]) ? (k + 1) * u * magnitude[i] : 0;
    if (Number.isNaN(expected[i]) ? !Number.isNaN(value) : !(difference <= allowed)) {
      expect.fail(`element ${i} is ${value}, not ${expected[i]} within ${allowed}`);
    }
  });
}

/** The result in double precision, with the elements of the operands mapped; outside the result, what `out` holds. */
function inDoubles(task: Contraction, map: (x: number) => number): FloatArray {
  const mapped = (matrices: Matrices): Matrices => ({ ...matrices, data: Float64Array.from(matrices.data).map(map) });
  const out = Float64Array.from(task.out);
  contractReference({ ...task, out, a: mapped(task.a), b: mapped(task.b) });
  return out;
}
