import { GradtapeError, Tensor } from '@gradtape/autograd';
import type { State } from '../state.ts';

/** What JSON can say. */
export type Json = number | string | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** How a tensor is written. `place` says where it stands: `optimizer.state.0.expAvg`. */
export interface TensorWriter {
  /** What errors begin with. */
  readonly operation: string;
  write(x: Tensor, place: string): Json;
}

/** How a tensor is read that a {@link TensorWriter} wrote. */
export interface TensorReader {
  readonly operation: string;
  read(code: Json, place: string): Tensor;
}

/** The names of what JSON has no form for; fields whose own name begins with $ get another one in front. */
const TENSOR = '$tensor';
const NUMBER = '$number';

/**
 * A state as JSON: tensors as `{ "$tensor": … }`, numbers that JSON lacks as `{ "$number": "NaN" }`. Fields that are
 * undefined are left out, as JSON does.
 *
 * @throws GradtapeError if it holds anything else: a function, a Map, an object of a class.
 */
export function stateToJson(state: unknown, writer: TensorWriter, place = ''): Json {
  if (state instanceof Tensor) return { [TENSOR]: writer.write(state, place) };
  if (typeof state === 'number') return numberToJson(state);
  if (typeof state === 'string' || typeof state === 'boolean' || state === null) return state;
  if (Array.isArray(state)) return state.map((entry, i) => stateToJson(entry, writer, dotted(place, `${i}`)));
  if (!isPlain(state)) return failOnState(writer.operation, state, place);
  return Object.fromEntries(
    Object.entries(state)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [escaped(name), stateToJson(value, writer, dotted(place, name))]),
  );
}

/** The state that {@link stateToJson} wrote. @throws GradtapeError if it did not write this. */
export function stateFromJson(json: Json, reader: TensorReader, place = ''): State {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((entry, i) => stateFromJson(entry, reader, dotted(place, `${i}`)));
  const fields = Object.entries(json);
  const [first] = fields;
  if (fields.length === 1 && first[0] === TENSOR) return reader.read(first[1], place);
  if (fields.length === 1 && first[0] === NUMBER) return numberFromJson(first[1], reader.operation, place);
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (name.startsWith('$') && !name.startsWith('$$')) failOnName(reader.operation, name, place);
      const plain = name.replace(/^\$/, '');
      return [plain, stateFromJson(value, reader, dotted(place, plain))];
    }),
  );
}

/** A number in JSON; those that JSON lacks by name. */
export function numberToJson(value: number): Json {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return { [NUMBER]: nameOf(value) };
}

export function nameOf(value: number): string {
  return Object.is(value, -0) ? '-0' : `${value}`;
}

/** The number of a name that {@link nameOf} gives; undefined for any other. */
export function numberOfName(name: Json): number | undefined {
  return [Number.NaN, Infinity, -Infinity, -0].find((value) => nameOf(value) === name);
}

function numberFromJson(name: Json, operation: string, place: string): number {
  return numberOfName(name) ?? failOnName(operation, `${NUMBER} ${JSON.stringify(name)}`, place);
}

function escaped(name: string): string {
  return name.startsWith('$') ? `$${name}` : name;
}

function dotted(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function failOnState(operation: string, value: unknown, place: string): never {
  const kind = typeof value === 'object' && value !== null ? `an object of ${value.constructor.name}` : typeof value;
  throw new GradtapeError(`${operation}: this is no state that can be saved`, {
    got: `${kind} as ${place === '' ? 'the whole' : place}`,
    needs: 'tensors, numbers, texts, booleans, null, and arrays and plain objects of them',
    fix: 'save what stateDict() gives; turn a Map into Object.fromEntries(map), a Set into [...set]',
  });
}

function failOnName(operation: string, name: string, place: string): never {
  throw new GradtapeError(`${operation}: this was not written here`, {
    got: `${name} in ${place === '' ? 'the whole' : place}`,
    needs: `${TENSOR}, or ${NUMBER} with "NaN", "Infinity", "-Infinity" or "-0", alone in its object`,
    fix: 'write it with toJson; a field whose own name begins with $ needs $$ there',
  });
}
