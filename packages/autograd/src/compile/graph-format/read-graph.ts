import { type DType, dtypes, type Storage } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { contiguousStrides, entriesOf } from '../../core/shape.ts';
import { Tensor } from '../../core/tensor.ts';
import { registry } from '../../registry.ts';
import type { Primitive } from '../../tape/primitive.ts';
import { type Graph, type GraphNode, type Input, spanOf, type Value } from '../graph.ts';
import { entriesFromJSON } from './entries-json.ts';
import { FORMAT, VERSION } from './graph-json.ts';
import { paramsFromJSON } from './params-json.ts';
import { type Found, integer, isRecord, listAt, partOf, refuse, wholeNumber } from './reading.ts';

/**
 * A graph from what {@link graphToJSON} has written, after `JSON.parse`.
 *
 * @param primitives What the names of primitives mean. Default: the library's own.
 * @throws GradtapeError if it is no graph, of another version, in itself at odds, or names a primitive that is not there.
 */
export function graphFromJSON(json: unknown, primitives: Iterable<Primitive> = Object.values(registry).flat()): Graph {
  const whole = { json, path: 'graph' };
  checkHead(whole);
  const values = listAt(partOf(whole, 'values')).map(valueAt);
  const computed = new Set<number>();
  const inputs = inputsAt(partOf(whole, 'inputs'), values, computed);
  const byName = new Map(Array.from(primitives, (primitive) => [primitive.name, primitive]));
  const nodes = listAt(partOf(whole, 'nodes')).map((node) => nodeAt(node, values, computed, byName));
  const outputs = listAt(partOf(whole, 'outputs')).map((output) => operandAt(output, computed));
  return { values, inputs, nodes, outputs };
}

function checkHead(whole: Found): void {
  if (partOf(whole, 'format').json !== FORMAT) refuse(partOf(whole, 'format'), `"${FORMAT}"`);
  const { json: version } = partOf(whole, 'version');
  if (version === VERSION) return;
  fail('graphFromJSON: another version of the format', {
    got: `version ${JSON.stringify(version)}`,
    needs: `version ${VERSION}`,
    fix: 'read it with the gradtape that wrote it, or write it anew with this one',
  });
}

function valueAt(found: Found, number: number): Value {
  const shape = listAt(partOf(found, 'shape')).map(wholeNumber);
  const named = partOf(found, 'dtype');
  const dtype: DType = dtypes.find((known) => known === named.json) ?? refuse(named, `one of ${dtypes.join(', ')}`);
  const place = partOf(found, 'place');
  if (place.json === undefined) {
    return { shape, dtype, place: { buffer: number, offset: 0, strides: contiguousStrides(shape) } };
  }
  const strides = listAt(partOf(place, 'strides')).map(integer);
  if (strides.length !== shape.length) refuse(partOf(place, 'strides'), `${shape.length} strides, one for each dim`);
  const [buffer, offset] = [wholeNumber(partOf(place, 'buffer')), integer(partOf(place, 'offset'))];
  return { shape, dtype, place: { buffer, offset, strides } };
}

/** What comes in; adds it to what is known. */
function inputsAt(found: Found, values: readonly Value[], known: Set<number>): Input[] {
  const buffers = new Map<number, Storage>();
  const inputs = listAt(found).map((input): Input => {
    const value = newAt(partOf(input, 'value'), values, known);
    const constant = partOf(input, 'constant');
    if (constant.json === undefined) return { value };
    const { shape, dtype, place } = values[value] as Value;
    const storage = storageAt(constant, buffers, value, dtype);
    if (!isInside(values[value] as Value, storage.length)) refuse(constant, 'as many entries as the values look at');
    return { value, constant: new Tensor(storage, dtype, shape, place.strides, place.offset) };
  });
  values.forEach((value, number) => {
    checkPlace(value, values, buffers, { json: value.place, path: `graph.values[${number}].place` });
  });
  return inputs;
}

function storageAt(constant: Found, buffers: Map<number, Storage>, value: number, dtype: DType): Storage {
  if (isRecord(constant.json) && 'buffer' in constant.json) {
    const buffer = partOf(constant, 'buffer');
    return buffers.get(wholeNumber(buffer)) ?? refuse(buffer, 'the number of a constant that is given before');
  }
  const storage = entriesFromJSON(constant, dtype);
  buffers.set(value, storage);
  return storage;
}

/** A value lies in the buffer of one that has one of its own, of the same dtype, and looks at nothing outside. */
function checkPlace(value: Value, values: readonly Value[], buffers: ReadonlyMap<number, Storage>, found: Found): void {
  const owner = values[value.place.buffer];
  if (owner === undefined || owner.place.buffer !== value.place.buffer || owner.dtype !== value.dtype) {
    refuse(found, 'the buffer of a value of the same dtype that has one of its own');
  }
  if (!isInside(value, buffers.get(value.place.buffer)?.length ?? entriesOf(owner.shape))) {
    refuse(found, 'a place inside of its buffer');
  }
}

function isInside(value: Value, length: number): boolean {
  const [from, to] = spanOf(value);
  return from === to || (from >= 0 && to <= length);
}

function nodeAt(
  found: Found,
  values: readonly Value[],
  known: Set<number>,
  primitives: ReadonlyMap<string, Primitive>,
): GraphNode {
  const name = partOf(found, 'primitive');
  const primitive =
    (typeof name.json === 'string' ? primitives.get(name.json) : undefined) ??
    fail('graphFromJSON: an unknown primitive', {
      got: `${JSON.stringify(name.json)} at ${name.path}`,
      needs: 'the name of a primitive of the library, or of one that is given',
      fix: 'give your own primitives beside the library’s: graphFromJSON(json, [...known, mine])',
    });
  const inputs = listAt(partOf(found, 'inputs')).map((input) => operandAt(input, known));
  const output = newAt(partOf(found, 'output'), values, known);
  return { primitive, params: paramsFromJSON(partOf(found, 'params').json), inputs, output };
}

/** The number of a value that is given or computed before. */
function operandAt(found: Found, known: ReadonlySet<number>): number {
  const value = wholeNumber(found);
  return known.has(value)
    ? value
    : refuse(found, 'the number of a value that comes in, or that an earlier node computes');
}

/** The number of a value that nothing has given or computed before. */
function newAt(found: Found, values: readonly Value[], known: Set<number>): number {
  const value = wholeNumber(found);
  if (value >= values.length) refuse(found, `the number of one of the ${values.length} values`);
  if (known.has(value)) refuse(found, 'a value that nothing else gives');
  known.add(value);
  return value;
}
