import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromPyTorchName, toPyTorchName } from './pytorch-names.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
const dotted = (part: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(fc.oneof(part, fc.nat(20).map(String)), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const snakeCase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('_'));

test("PyTorch's names come back from ours", () => {
  fc.assert(
    fc.property(dotted(snakeCase), (name) => {
      expect(fromPyTorchName(name)).not.toContain('_');
      expect(toPyTorchName(fromPyTorchName(name))).toBe(name);
    }),
  );
});

test("our names come back from PyTorch's", () => {
  // Capitals may also come first, or several at once.
  fc.assert(
    fc.property(dotted(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,8}$/)), (name) => {
      expect(fromPyTorchName(toPyTorchName(name))).toBe(name);
    }),
  );
});

test('marks of privacy stay', () => {
  expect(fromPyTorchName('_inner_part._w')).toBe('_innerPart._w');
  expect(fromPyTorchName('block_1.conv_')).toBe('block1.conv_');
});
