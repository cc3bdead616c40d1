import { dtypes, fromArray, Tensor, tensor } from '@gradtape/autograd';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { State } from '../state.ts';
import { fromJson, toJson } from './json.ts';

/** A state with its tensors' dtypes, shapes and bits in their place. */
function contentOf(state: State): unknown {
  if (state instanceof Tensor) return { dtype: state.dtype, shape: state.shape, data: [...state.toTypedArray()] };
  if (Array.isArray(state)) return state.map(contentOf);
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, contentOf(value as State)]));
}

const number = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -0));
const drawnTensor = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const entries = shape.reduce((product, size) => product * size, 1);
    const entry = dtype === 'bool' ? fc.nat(1) : dtype === 'int32' ? fc.integer() : number;
    return fc
      .array(entry, { minLength: entries, maxLength: entries })
      .map((data) => fromArray(Float64Array.from(data), shape, { dtype }));
  });
const name = fc.oneof(fc.string(), fc.constantFrom('$tensor', '$number', '$', '$$x', '__proto__'));
const { state } = fc.letrec<{ state: State }>((tie) => ({
  state: fc.oneof(
    { maxDepth: 3 },
    number,
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    drawnTensor,
    fc.array(tie('state'), { maxLength: 4 }),
    fc.dictionary(name, tie('state'), { maxKeys: 4 }),
  ),
}));

test('what was written is read with the same bits, however it is nested and named', () => {
  fc.assert(
    fc.property(state, (drawn) => {
      expect(contentOf(fromJson(toJson(drawn)))).toEqual(contentOf(drawn));
    }),
  );
});

test('it is short: float32 with the digits that it needs, truths as truths', () => {
  expect(
    toJson({
      x: tensor([
        [0.1, -0],
        [Number.NaN, 16777216],
      ]),
      y: tensor(true),
      z: -Infinity,
    }),
  ).toMatchInlineSnapshot(
    `"{"x":{"$tensor":{"dtype":"float32","shape":[2,2],"data":[0.1,"-0","NaN",16777216]}},"y":{"$tensor":{"dtype":"bool","shape":[],"data":[true]}},"z":{"$number":"-Infinity"}}"`,
  );
});

test('fields that are undefined are left out', () => {
  expect(toJson({ a: undefined, b: 1 } as unknown as State)).toBe('{"b":1}');
});

test('what cannot be saved is told, with its place', () => {
  class Model {}
  expect(() => toJson({ model: [new Model()] } as unknown as State)).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: toJson: this is no state that can be saved
      got:   an object of Model as model.0
      needs: tensors, numbers, texts, booleans, null, and arrays and plain objects of them
      fix:   save what stateDict() gives; turn a Map into Object.fromEntries(map), a Set into [...set]]
  `);
  expect(() => toJson({ schedule: { lambda: () => 1 } } as unknown as State)).toThrow('function as schedule.lambda');
  for (const wrong of [new Map(), new Float32Array(1), 1n, undefined, Symbol.iterator, [undefined]]) {
    expect(() => toJson(wrong as unknown as State)).toThrow('no state that can be saved');
  }
});

test('texts that toJson did not write are told', () => {
  expect(() => fromJson('{"a":')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fromJson: the text is no JSON
      got:   5 characters (Unexpected end of JSON input)
      needs: what toJson wrote
      fix:   check that the text is whole]
  `);
  const read = (tensorCode: unknown) => (): State => fromJson(JSON.stringify({ w: { $tensor: tensorCode } }));
  expect(read({ dtype: 'float32', shape: [2], data: [1] })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fromJson: a $tensor is no tensor
      got:   {"dtype":"float32","shape":[2],"data":[1]} in w
      needs: dtype, one of bool, int32, float32, float64; shape; and data, as many numbers or truths as the shape says
      fix:   write it with toJson]
  `);
  const whole = { dtype: 'float32', shape: [1], data: [1] };
  expect(read(whole)).not.toThrow();
  for (const wrong of [{ dtype: 'float16' }, { shape: [-1] }, { shape: 1 }, { data: ['one'] }, { data: null }]) {
    expect(read({ ...whole, ...wrong })).toThrow('fromJson: a $tensor is no tensor');
  }
  expect(read(null)).toThrow('fromJson: a $tensor is no tensor');
  expect(() => fromJson('{"a":{"$number":"nan"}}')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: fromJson: this was not written here
      got:   $number "nan" in a
      needs: $tensor, or $number with "NaN", "Infinity", "-Infinity" or "-0", alone in its object
      fix:   write it with toJson; a field whose own name begins with $ needs $$ there]
  `);
  expect(() => fromJson('{"$tensor":1,"b":2}')).toThrow('$tensor in the whole');
});
