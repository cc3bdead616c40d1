import type { Derivation } from './derivation.ts';
import { Explanation } from './explanation.ts';
import { type Recording, recordingOf } from './recording.ts';
import { type NamedTensors, type TracedFunction, type TraceOptions, traceOf } from './trace.ts';
import { type DerivationOptions, writeDerivation } from './write-derivation.ts';

/**
 * Runs a function and shows what it did: every operation with what feeds it, its shape, dtype and range of values.
 *
 * @param f Called with the inputs in the order of their names; gives one tensor, or several.
 * @param inputs Tensors by name. Names are read as LaTeX where they need not be plain: `W_1`, `z^{(1)}`.
 * @throws GradtapeError if an input or a result is not a tensor, a result is on no tape, or a name is used twice.
 * @example
 * import { record } from '@gradtape/autograd/explain';
 * const tape = record((w, x) => w.mul(x).sum(), { w: tensor([1, 2]), x: tensor([3, 4]) });
 * tape.lines.map(({ operation }) => operation); // ['input', 'input', 'mul', 'sum', 'reshape']
 */
export function record(f: TracedFunction, inputs: NamedTensors, options: TraceOptions = {}): Recording {
  return recordingOf(traceOf('record', f, inputs, options));
}

/**
 * The derivation of the gradients of a loss, in LaTeX, step by step from the loss back: each pullback of the tape is run
 * once more and read. `label` names the values in between.
 *
 * @param f Called with the inputs in the order of their names; gives a single number.
 * @param inputs Tensors by name, targets and labels among them.
 * @throws GradtapeError as {@link record}; and if the result is not a single number, or depends on nothing to
 *   differentiate by.
 * @example
 * import { derivation } from '@gradtape/autograd/explain';
 * const inputs = { w: tensor([1, 2]), x: tensor([3, 4]), t: tensor(1) };
 * const steps = derivation((w, x, t) => w.dot(x).sub(t).square().mul(0.5), inputs, { by: ['w'] });
 * steps.lines[1]; // '\\frac{\\partial E}{\\partial w} = (w^{\\top} x - t) x'
 */
export function derivation(
  f: TracedFunction,
  inputs: NamedTensors,
  options: DerivationOptions & TraceOptions = {},
): Derivation {
  return writeDerivation(traceOf('derivation', f, inputs, options), options);
}

/** Both in one: the tape of a loss, and the derivation of its gradients. Parameters and errors as {@link derivation}. */
export function explain(
  f: TracedFunction,
  inputs: NamedTensors,
  options: DerivationOptions & TraceOptions = {},
): Explanation {
  const trace = traceOf('explain', f, inputs, options);
  return new Explanation(recordingOf(trace), writeDerivation(trace, options));
}
