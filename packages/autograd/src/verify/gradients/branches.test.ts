import { expect, test } from 'vitest';
import {
  add,
  amax,
  argmax,
  floor,
  leakyRelu,
  maximum,
  mish,
  mul,
  relu,
  sum,
  type Tensor,
  tanh,
  tensor,
} from '../../index.ts';
import { placeOf } from '../compare.ts';
import { nameInputs } from '../named.ts';
import { withProgram } from '../program.ts';
import { crossings } from './branches.ts';

/** The operations that lie on other pieces for these entries than for those. */
function crossed(f: (x: Tensor) => Tensor, these: readonly number[], those: readonly number[]): readonly string[] {
  const question = (x: readonly number[]) => ({
    operation: 'test',
    f,
    inputs: nameInputs('test', [tensor([...x], { dtype: 'float64' })]),
    parameters: [],
    seed: undefined,
  });
  const [a, b] = [these, those].map((x) => withProgram(question(x), (program) => program.run(program.start).lines));
  return crossings(a, b).map(({ line, place, within }) => `${line.primitive.name} ${placeOf(place, within)}`);
}

test('what changes sides of a kink is found, the first operation first', () => {
  expect(crossed((x) => relu(x), [1, 2, 3], [1, -2, 3])).toEqual(['relu [1]']);
  expect(crossed((x) => relu(add(relu(x), -1.5)), [1, 2], [-1, 1])).toEqual(['relu [0]', 'relu [1]']);
  expect(crossed((x) => leakyRelu(x), [1], [-1])).toEqual(['leakyRelu [0]']);
  expect(crossed((x) => maximum(x, 0.5), [1, 0], [1, 1])).toEqual(['maximum [1]']);
  expect(crossed((x) => floor(x), [0.9, 0], [1.1, 0.5])).toEqual(['floor [0]']);
  expect(crossed((x) => amax(x), [1, 2, 3], [1, 4, 3])).toEqual(['amax [1]']);
  expect(crossed((x) => mul(sum(x), argmax(x, 0)), [1, 2], [3, 2])).toEqual(['argmax [0]']);
});

test('what is smooth has no sides, also where its formula compares', () => {
  expect(crossed((x) => tanh(x), [1], [-1])).toEqual([]);
  expect(crossed((x) => mish(x), [1], [-1])).toEqual([]);
  expect(crossed((x) => relu(x), [1, 2], [1, 3])).toEqual([]);
});
