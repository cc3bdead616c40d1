import { adopt } from '../../core/allocate.ts';
import { isFloating, newStorage } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { numbers } from '../../kernels/numbers.ts';
import { withRecording } from '../../tape/bind.ts';
import { watch } from '../../tape/leaf.ts';
import { vjp } from '../../transforms/vjp.ts';
import { firstDifference, firstOf, numbersOf } from '../compare.ts';
import { besideOf, drawBeside, functionOf, inDType, type Named, named, pushed, valuesOf } from '../function-at.ts';
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
  const tangents = drawBeside(draw, at.inputs);
  const isWritten = watchStorage([...named('input', inputs), ...named('tangent', tangents)]);
  const [value] = valuesOf(at);
  const valueBefore = numbersOf(value);
  const { cotangents } = besideOf(at, draw);
  const areCotangentsWritten = watchStorage(named('cotangent', cotangents));
  const [, pull] = vjp(at.f, ...at.inputs);
  for (const recording of [true, false]) withRecording(recording, () => pull(...cotangents));
  pushed(at, tangents);
  const changed = firstDifference('the value', value, valueBefore);
  return isWritten() ?? areCotangentsWritten() ?? (changed && `${changed}: a derivative wrote to it`);
};

/** Remembers what lies in the storages of tensors, also between their entries. */
function watchStorage(given: readonly Named[]): () => string | undefined {
  const before = given.map(([, x]) => x.storage.slice());
  const whole = (x: Tensor): Tensor => adopt(x.storage, [x.storage.length]);
  return () =>
    firstOf(given, ([name, x], i) => {
      const changed = firstDifference(`the storage of ${name}`, whole(x), before[i]);
      return changed && `${changed}: it was written to`;
    });
}
