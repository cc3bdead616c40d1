import { constant } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Formulas, mapKernel } from '../kernels/map.ts';
import type { ScalarMath } from '../kernels/scalar-math.ts';
import { withRecording } from './bind.ts';
import { watch } from './leaf.ts';
import { type Node, nodeOf } from './node.ts';
import { linesBehind } from './tape.ts';

/** A function of tensors of one shape, computed in a single pass; nothing is recorded. */
export type Fused = (inputs: readonly Tensor[], dtypes: readonly DType[]) => Tensor[];

/**
 * Makes one pass of a function that works entry by entry. The function is run once on single numbers while the tape
 * records; the tape, read as a formula, becomes a kernel. Undefined if an operation on the way does not work entry by
 * entry.
 */
export function fuse(compute: (...x: Tensor[]) => readonly Tensor[], inputCount: number): Fused | undefined {
  const { inputs, outputs } = withRecording(true, () => {
    const watched = Array.from({ length: inputCount }, () => watch(constant(1, [], 'float64')));
    return { inputs: watched, outputs: compute(...watched) };
  });
  const given = new Set(inputs.map(nodeOf));
  const first = Math.min(...inputs.map((x) => (nodeOf(x) as Node).sequence));
  const lines = linesBehind(outputs, first - 1).reverse();
  const steps = lines.filter((line) => !given.has(line));
  if (!steps.every((line) => line.primitive.formula)) return undefined;
  const read = new Set([...outputs, ...steps.flatMap((line) => line.inputs)]);
  const used = inputs.flatMap((x, k) => (read.has(x) ? [k] : []));
  const usedInputs = used.map((k) => inputs[k] as Tensor);
  if (outputs.length === 0) return () => [];
  const kernel = mapKernel(formulasOf(usedInputs, steps, outputs), used.length, outputs.length);
  return (tensors, dtypes) =>
    kernel(
      used.map((k) => tensors[k] as Tensor),
      dtypes,
    );
}

/** The tape as formulas: each line is one step, and what is not on the tape is a constant. */
function formulasOf(inputs: readonly Tensor[], steps: readonly Node[], outputs: readonly Tensor[]): Formulas {
  return <T>(m: ScalarMath<T>, ...x: T[]) => {
    const values = new Map<Tensor, T>(inputs.map((input, k) => [input, x[k] as T]));
    const readBack = (t: Tensor): T => values.get(t) ?? m.constant(t.item());
    for (const { primitive, inputs: operands, output } of steps) {
      const formula = primitive.formula as NonNullable<typeof primitive.formula>;
      values.set(output, m.keep(formula(m, ...operands.map(readBack))));
    }
    return outputs.map(readBack);
  };
}
