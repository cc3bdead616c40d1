import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PhiloxCounter, type PhiloxKey, philox } from './philox.ts';

function block(counter: PhiloxCounter, key: PhiloxKey): number[] {
  const words = new Uint32Array(4);
  philox(words, counter, key);
  return [...words];
}

// From the file kat_vectors of Random123, the authors' own library.
test.each<[string, PhiloxCounter, PhiloxKey, number[]]>([
  ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
  [
    'ones',
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    'the digits of pi',
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
])('gives the published block of %s', (_, counter, key, expected) => {
  expect(block(counter, key)).toEqual(expected);
});

const MASK = 2n ** 32n - 1n;

/** The paper's rounds in numbers of any size. */
function slowBlock(counter: PhiloxCounter, key: PhiloxKey): number[] {
  let [a, b, c, d] = counter.map(BigInt);
  let [k, l] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const first = a * 0xd2511f53n;
    const second = c * 0xcd9e8d57n;
    [a, b, c, d] = [(second >> 32n) ^ b ^ k, second & MASK, (first >> 32n) ^ d ^ l, first & MASK];
    [k, l] = [(k + 0x9e3779b9n) & MASK, (l + 0xbb67ae85n) & MASK];
  }
  return [a, b, c, d].map(Number);
}

const word = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(0, 1, 0xffff, 0x10000, 2 ** 31, 2 ** 32 - 1),
);

test('equals the same rounds in exact arithmetic, block after block', () => {
  fc.assert(
    fc.property(
      fc.tuple(word, word, word, word),
      fc.tuple(word, word),
      fc.integer({ min: 0, max: 5 }),
      (counter, key, n) => {
        const words = new Uint32Array(4 * n);
        philox(words, counter, key);
        const start = BigInt(counter[0]) + (BigInt(counter[1]) << 32n);
        const expected = Array.from({ length: n }, (_, i) => {
          const place = start + BigInt(i);
          return slowBlock([Number(place & MASK), Number((place >> 32n) & MASK), counter[2], counter[3]], key);
        });
        expect([...words]).toEqual(expected.flat());
      },
    ),
  );
});
