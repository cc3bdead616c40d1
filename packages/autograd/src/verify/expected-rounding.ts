import { type DType, isFloating, unitRoundoff } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Node } from '../tape/node.ts';

/**
 * What rounding may change in a result, to first order: each value on the tape is off by its last place, and its cotangent
 * says what that does to the result. Source: S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16
 * (1976) 146-160: the paper that has reverse mode, for this purpose.
 *
 * @param cotangents Of all lines, by reverse mode from the result.
 * @param atLeast Count every line as if it were rounded to this dtype, or to its own where that is shorter.
 */
export function expectedRounding(cotangents: ReadonlyMap<Node, Tensor>, atLeast: DType = 'float64'): number {
  let total = 0;
  for (const [{ output }, cotangent] of cotangents) {
    if (!isFloating(output.dtype)) continue;
    const unit = Math.max(unitRoundoff(output.dtype), unitRoundoff(atLeast));
    const [values, sensitivities] = [output.toTypedArray(), cotangent.toTypedArray()];
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      const effect = Math.abs(values[i] * sensitivities[i]);
      // Where a derivative is infinite (the root of zero), to first order nothing can be said.
      if (effect < Infinity) sum += effect;
    }
    total += unit * sum;
  }
  return total;
}

/** Whether anything on the tape is rounded to float32. */
export function roundsToSingle(lines: readonly Node[]): boolean {
  return lines.some(({ output }) => output.dtype === 'float32');
}
