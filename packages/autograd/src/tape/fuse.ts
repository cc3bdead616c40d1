import { constant } from '../core/allocate.ts';
import type { DType } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Formulas, type MapKernel, mapKernel } from '../kernels/map.ts';
import type { Notation } from '../kernels/notation.ts';
import type { Formula, ScalarMath } from '../kernels/scalar-math.ts';
import { withRecording } from './bind.ts';
import { watch } from './leaf.ts';
import { type Node, nodeOf } from './node.ts';
import { withObserver } from './observer.ts';
import type { Primitive } from './primitive.ts';
import { linesBehind } from './tape.ts';

/** A function of tensors of one shape, computed in a single pass; nothing is recorded. */
export type Fused = MapKernel;

/**
 * Makes one pass of a function that works entry by entry. The function is run once on single numbers while the tape
 * records; the tape, read as a formula, becomes a kernel. Undefined if an operation on the way does not work entry by
 * entry.
 */
export function fuse(compute: (...x: Tensor[]) => readonly Tensor[], inputCount: number): Fused | undefined {
  const traced = trace(compute, inputCount);
  return traced && kernelOf(traced);
}

/** The same, with tensors handed through that the function hands through, such as a cotangent where the derivative is one. */
export function fuseHandingThrough(
  compute: (...x: Tensor[]) => readonly Tensor[],
  inputCount: number,
): Fused | undefined {
  const traced = trace(compute, inputCount);
  if (traced === undefined) return undefined;
  const sources = traced.outputs.map((output) => traced.inputs.indexOf(output));
  const computed = sources.flatMap((source, k) => (source < 0 ? [k] : []));
  if (computed.length === sources.length) return kernelOf(traced);
  const kernel = kernelOf({ ...traced, outputs: computed.map((k) => traced.outputs[k] as Tensor) });
  return (tensors, dtypes) => {
    const results = kernel(
      tensors,
      computed.map((k) => dtypes[k] as DType),
    );
    return sources.map((source, k) => (source < 0 ? results[computed.indexOf(k)] : tensors[source]) as Tensor);
  };
}

function kernelOf({ inputs, steps, outputs }: Trace): Fused {
  if (outputs.length === 0) return () => [];
  const needed = new Set([...outputs, ...steps.flatMap((line) => line.inputs)]);
  const used = inputs.flatMap((x, k) => (needed.has(x) ? [k] : []));
  const usedInputs = used.map((k) => inputs[k] as Tensor);
  const kernel = mapKernel(formulasOf({ inputs: usedInputs, steps, outputs }), used.length, outputs.length);
  return (tensors, dtypes, targets) => {
    const read = used.map((k) => tensors[k] as Tensor);
    return kernel(read, dtypes, targets);
  };
}

/** The same reading as formulas, for whatever interprets them. */
export function readFormulas(compute: (...x: Tensor[]) => readonly Tensor[], inputCount: number): Formulas | undefined {
  const traced = trace(compute, inputCount);
  return traced && formulasOf(traced);
}

/** What a function did with single numbers. */
interface Trace {
  readonly inputs: readonly Tensor[];
  readonly steps: readonly Node[];
  readonly outputs: readonly Tensor[];
}

function trace(compute: (...x: Tensor[]) => readonly Tensor[], inputCount: number): Trace | undefined {
  const { inputs, outputs } = withObserver(undefined, () =>
    withRecording(true, () => {
      const watched = Array.from({ length: inputCount }, () => watch(constant(1, [], 'float64')));
      return { inputs: watched, outputs: compute(...watched) };
    }),
  );
  const given = new Set(inputs.map(nodeOf));
  const first = Math.min(...inputs.map((x) => (nodeOf(x) as Node).sequence));
  const lines = linesBehind(outputs, first - 1).reverse();
  const steps = lines.filter((line) => !given.has(line));
  return steps.every((line) => line.primitive.formula) ? { inputs, steps, outputs } : undefined;
}

/** The tape as formulas: each line is one step. */
function formulasOf(traced: Trace): Formulas {
  return (m, ...x) =>
    readSteps(traced, m, x, ({ primitive }, operands) => m.share(formulaOf(primitive)(m, ...operands)));
}

/** The same reading for whatever writes operations as people do, who have signs for some formulas. */
export function readNotation(
  compute: (...x: Tensor[]) => readonly Tensor[],
  inputCount: number,
): (<T>(m: Notation<T>, ...x: T[]) => readonly T[]) | undefined {
  const traced = trace(compute, inputCount);
  if (traced === undefined) return undefined;
  return (m, ...x) =>
    readSteps(traced, m, x, (line, operands) => {
      const { primitive } = line;
      return primitive.latex ? primitive.latex(m, operands, line) : formulaOf(primitive)(m, ...operands);
    });
}

function formulaOf(primitive: Primitive): Formula {
  return primitive.formula as Formula;
}

/** What is not on the tape is a constant. */
function readSteps<T>(
  { inputs, steps, outputs }: Trace,
  m: ScalarMath<T>,
  x: readonly T[],
  read: (line: Node, operands: readonly T[]) => T,
): readonly T[] {
  const values = new Map<Tensor, T>(inputs.map((input, k) => [input, x[k]]));
  const readBack = (t: Tensor): T => values.get(t) ?? m.constant(t.item());
  for (const line of steps) values.set(line.output, read(line, line.inputs.map(readBack)));
  return outputs.map(readBack);
}
