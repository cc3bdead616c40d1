import { isFloating, newStorage } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { numbers } from '../../kernels/numbers.ts';
import { withRecording } from '../../tape/bind.ts';
import { watch } from '../../tape/leaf.ts';
import { vjp } from '../../transforms/vjp.ts';
import { firstDifference, firstOf, numbersOf } from '../compare.ts';
import { drawBeside, functionOf, inDType, type Named, named, pushed } from '../function-at.ts';
import type { Law } from './law.ts';

/** The value of an elementwise primitive is its formula, interpreted with numbers entry by entry: bit for bit. */
export const valueFollowsFormula: Law = ({ evaluate, formula }, { inputs, params }) => {
  if (formula === undefined) return undefined;
  const value = evaluate(inputs, params);
  const entries = inputs.map(numbersOf);
  const expected = newStorage(value.dtype, value.length);
  for (let i = 0; i < value.length; i++) expected[i] = formula(numbers, ...entries.map((list) => list[i]));
  return firstDifference('the value', value, expected);
};

/** The value is a tensor of its own, off the tape: never one of the inputs. */
export const valueIsNew: Law = ({ evaluate }, { inputs, params }) => {
  const watched = inputs.map((x) => (isFloating(x.dtype) ? watch(x) : x));
  const value = evaluate(watched, params);
  if (watched.includes(value)) return `the value is input ${watched.indexOf(value)} itself, not a new tensor`;
  return value.node === undefined ? undefined : 'evaluate put the value on the tape; that is left to bind';
};

/** Neither the value nor a derivative writes into an input, a cotangent, a tangent or the value. */
export const nothingIsWritten: Law = (primitive, sample, draw) => {
  // Storage of their own: storage that is shared with other tensors may be written to while those are made.
  const inputs = sample.inputs.map((x) => inDType(x, x.dtype));
  const at = functionOf(primitive, { inputs, params: sample.params });
  const inputsWritten = remember(named('input', inputs), wholeStorage);
  const [values, pull] = vjp(at.f, ...at.inputs);
  const valuesWritten = remember(named('value', values), numbersOf);
  const [cotangents, tangents] = [drawBeside(draw, values), drawBeside(draw, at.inputs)];
  const besideWritten = remember([...named('cotangent', cotangents), ...named('tangent', tangents)], wholeStorage);
  const derivatives = [
    () => withRecording(true, () => pull(...cotangents)),
    () => withRecording(false, () => pull(...cotangents)),
    () => pushed(at, tangents),
  ];
  return firstOf(derivatives, (derive) => {
    derive();
    return inputsWritten() ?? valuesWritten() ?? besideWritten();
  });
};

/** Also what lies between the entries. */
function wholeStorage(x: Tensor): readonly number[] {
  return [...x.storage];
}

/** Remembers numbers of tensors; the result tells which have changed since. */
function remember(given: readonly Named[], read: (x: Tensor) => readonly number[]): () => string | undefined {
  const before = given.map(([, x]) => read(x));
  return () =>
    firstOf(given, ([name, x], k) => {
      const changed = read(x).findIndex((entry, i) => !Object.is(entry, before[k][i]));
      return changed < 0 ? undefined : `${name} was written to: ${before[k][changed]} is now ${read(x)[changed]}`;
    });
}
