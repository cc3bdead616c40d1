import { type DType, dtypes, fromArray, GradtapeError } from '@gradtape/autograd';
import type { State } from '../state.ts';
import {
  type Json,
  nameOf,
  numberOfName,
  stateFromJson,
  stateToJson,
  type TensorReader,
  type TensorWriter,
} from './state-json.ts';

/**
 * Tensors, alone or in arrays and plain objects with numbers, texts and truths, as JSON for small things: a tensor is
 * `{ "$tensor": { "dtype": …, "shape": […], "data": […] } }`, its entries in reading order. What is read from it has the same
 * bits: NaN, infinities and -0 are kept, by name.
 *
 * @throws GradtapeError if it holds anything else: a function, a Map, an object of a class.
 * @example
 * toJson({ bias: tensor([0.1, NaN]) }); // '{"bias":{"$tensor":{"dtype":"float32","shape":[2],"data":[0.1,"NaN"]}}}'
 */
export function toJson(state: State): string {
  return JSON.stringify(stateToJson(state, fullWriter));
}

/**
 * What `toJson` wrote.
 *
 * @throws GradtapeError if the text is no JSON, or has a `$tensor` that is none.
 * @example
 * fromJson(toJson(tensor([[1, 2]]))); // [[1, 2]]
 */
export function fromJson(text: string): State {
  return stateFromJson(parse(text), fullReader);
}

const fullWriter: TensorWriter = {
  operation: 'toJson',
  write(x) {
    const data = Array.from(x.toTypedArray(), (entry) => entryToJson(entry, x.dtype));
    return { dtype: x.dtype, shape: [...x.shape], data };
  },
};

const fullReader: TensorReader = {
  operation: 'fromJson',
  read(code, place) {
    const { dtype, shape, data } = (code ?? {}) as { readonly [name: string]: Json };
    const known = dtypes.find((each) => each === dtype);
    if (known === undefined || !isList(shape) || !isList(data)) return failOnTensor(code, place);
    const sizes = shape.filter(
      (size) => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0,
    ) as number[];
    const entries = data.map(numberFromEntry).filter((entry) => entry !== undefined);
    const needed = sizes.reduce((product, size) => product * size, 1);
    if (sizes.length < shape.length || entries.length < data.length || data.length !== needed)
      return failOnTensor(code, place);
    return fromArray(Float64Array.from(entries), sizes, { dtype: known });
  },
};

/** With as few digits as the dtype needs to have the same bits again. */
function entryToJson(entry: number, dtype: DType): Json {
  if (!Number.isFinite(entry) || Object.is(entry, -0)) return nameOf(entry);
  if (dtype === 'bool') return entry !== 0;
  if (dtype !== 'float32') return entry;
  const candidates = [6, 7, 8, 9].map((digits) => Number(entry.toPrecision(digits)));
  return candidates.find((candidate) => Math.fround(candidate) === entry) ?? entry;
}

function numberFromEntry(entry: Json): number | undefined {
  return typeof entry === 'number' || typeof entry === 'boolean' ? Number(entry) : numberOfName(entry);
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new GradtapeError('fromJson: the text is no JSON', {
      got: `${text.length} characters (${error instanceof Error ? error.message : error})`,
      needs: 'what toJson wrote',
      fix: 'check that the text is whole',
    });
  }
}

function failOnTensor(code: Json, place: string): never {
  const shown = JSON.stringify(code);
  throw new GradtapeError('fromJson: a $tensor is no tensor', {
    got: `${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown} in ${place === '' ? 'the whole' : place}`,
    needs: `dtype, one of ${dtypes.join(', ')}; shape; and data, as many numbers or truths as the shape says`,
    fix: 'write it with toJson',
  });
}
