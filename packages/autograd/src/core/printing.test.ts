import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FormatOptions, formatArray } from './printing.ts';
import { entriesOf, type Shape } from './shape.ts';

type Entry = number | boolean;

/** The text of entries in reading order. */
function show(
  entries: readonly Entry[],
  shape: Shape = [entries.length],
  options: Partial<FormatOptions> = {},
): string {
  const at = (index: readonly number[]): Entry => entries[index.reduce((place, i, d) => place * shape[d] + i, 0)];
  return formatArray(at, shape, { dtype: 'float32', ...options });
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

// Texts of PyTorch's documentation where it has them; the others were compared with its algorithm by hand.
describe('numbers', () => {
  test.each<[string, readonly number[], string]>([
    ['whole', [-10, -5, 0, 5, 10], '[-10.,  -5.,   0.,   5.,  10.]'],
    ['with decimals', [3, 4.75, 6.5, 8.25, 10], '[ 3.0000,  4.7500,  6.5000,  8.2500, 10.0000]'],
    ['far apart', [1e-10, 1e-5, 1, 1e5, 1e10], '[1.0000e-10, 1.0000e-05, 1.0000e+00, 1.0000e+05, 1.0000e+10]'],
    ['exactly 1000 times apart', [1, 1000], '[   1., 1000.]'],
    ['more than 1000 times apart', [1, -1001], '[ 1.0000e+00, -1.0010e+03]'],
    ['exactly 10^8', [1e8], '[100000000.]'],
    ['beyond 10^8', [100000008], '[1.0000e+08]'],
    ['exactly 10^-4', [1e-4, 2e-4], '[0.0001, 0.0002]'],
    ['below 10^-4', [9.9e-5], '[9.9000e-05]'],
    ['with three digits of exponent', [1e-120], '[1.0000e-120]'],
    ['not finite, beside whole ones', [1, Infinity, -Infinity, NaN], '[  1.,  inf, -inf,  nan]'],
    ['not finite, beside broken ones', [0.5, -Infinity, NaN], '[0.5000,   -inf,    nan]'],
    ['not finite, beside large ones', [0, 3.4028235e38, NaN, 3.14], '[0.0000e+00, 3.4028e+38,        nan, 3.1400e+00]'],
    ['none of them finite', [NaN, Infinity], '[nan, inf]'],
    ['zeros of either sign', [0, -0], '[ 0., -0.]'],
    ['zeros of either sign, with decimals', [0, -0, 0.5], '[ 0.0000, -0.0000,  0.5000]'],
    ['rounded to zero', [0.00012, -0.00001], '[ 1.2000e-04, -1.0000e-05]'],
    ['rounded up to a longer number', [9.99999, 1], '[10.0000,  1.0000]'],
    ['the smallest there is', [5e-324], '[4.9407e-324]'],
  ])('%s', (_, entries, expected) => {
    expect(show(entries)).toBe(expected);
  });

  test('a zero has no say in the notation', () => {
    expect(show([0, 20000.5])).toBe('[    0.0000, 20000.5000]');
  });

  test('as many decimals as asked for', () => {
    expect(show([1.12345, 10], [2], { precision: 2 })).toBe('[ 1.12, 10.00]');
    expect(show([1.12345e-7], [1], { precision: 1 })).toBe('[1.1e-07]');
  });

  test('without dims', () => {
    expect(show([Math.PI], [])).toBe('3.1416');
    expect(show([-0], [])).toBe('-0.');
    expect(show([7], [], { dtype: 'int32' })).toBe('7');
    expect(show([false], [], { dtype: 'bool' })).toBe('false');
  });
});

describe('other dtypes', () => {
  test('int32 has no point and no exponent', () => {
    expect(show([1, -2147483648, 0], [3], { dtype: 'int32' })).toBe('[          1, -2147483648,           0]');
  });

  test('bool', () => {
    expect(show([true, false, true], [3], { dtype: 'bool' })).toBe('[ true, false,  true]');
    expect(show([true, true], [2], { dtype: 'bool' })).toBe('[true, true]');
  });

  test('float64 is printed as float32 is', () => {
    expect(show([0.1, 1 / 3], [2], { dtype: 'float64' })).toBe('[0.1000, 0.3333]');
  });
});

describe('layout', () => {
  test('rows stand below each other', () => {
    expect(show([0.1, 1.2, 2.2, 3.1, 4.9, -5.2], [3, 2])).toBe(
      ['[[ 0.1000,  1.2000],', ' [ 2.2000,  3.1000],', ' [ 4.9000, -5.2000]]'].join('\n'),
    );
  });

  test('matrices are parted by an empty line, stacks of them by two', () => {
    expect(show(count(8), [2, 2, 2], { dtype: 'int32' })).toBe(
      ['[[[0, 1],', '  [2, 3]],', '', ' [[4, 5],', '  [6, 7]]]'].join('\n'),
    );
    expect(show([1, 2], [2, 1, 1, 1], { dtype: 'int32' })).toBe(['[[[[1]]],', '', '', ' [[[2]]]]'].join('\n'));
  });

  test('lines after the first are moved by the indent', () => {
    expect(`tensor(${show([1, 2, 3, 4], [2, 2], { indent: 7 })})`).toBe('tensor([[1., 2.],\n        [3., 4.]])');
  });

  test('a long row goes on in the next line', () => {
    const options: Partial<FormatOptions> = { dtype: 'int32', lineWidth: 20 };
    expect(show(count(12), [12], options)).toBe('[ 0,  1,  2,  3,  4,\n  5,  6,  7,  8,  9,\n 10, 11]');
    expect(show(count(12), [12], { ...options, indent: 4 })).toBe(
      '[ 0,  1,  2,  3,\n      4,  5,  6,  7,\n      8,  9, 10, 11]',
    );
    // 80 characters hold twenty entries of two digits with comma and space.
    expect(show(count(21), [21], { dtype: 'int32' })).toMatch(/^[^\n]*, 19,\n 20\]$/);
    expect(show([123456, 1], [2], { dtype: 'int32', lineWidth: 3 })).toBe('[123456,\n      1]');
  });

  test.each<[Shape]>([[[0]], [[0, 3]], [[3, 0]], [[2, 0, 4]]])('no entries, shape %j', (shape) => {
    expect(show([], shape)).toBe('[]');
  });

  test('one entry', () => {
    expect(show([2], [1])).toBe('[2.]');
    expect(show([2], [1, 1, 1])).toBe('[[[2.]]]');
  });
});

describe('long arrays', () => {
  test('more than 1000 entries are cut in the middle, 1000 are not', () => {
    expect(show(count(10000), [10000], { dtype: 'int32' })).toBe('[   0,    1,    2,  ..., 9997, 9998, 9999]');
    expect(show(count(1001), [1001], { dtype: 'int32' })).toContain('...');
    expect(show(count(1000), [1000], { dtype: 'int32' })).not.toContain('...');
  });

  test('every dim that is longer than both ends together is cut', () => {
    expect(show(count(35), [7, 5], { dtype: 'int32', threshold: 10, edgeItems: 2 })).toBe(
      [
        '[[ 0,  1,  ...,  3,  4],',
        ' [ 5,  6,  ...,  8,  9],',
        ' ...,',
        ' [25, 26,  ..., 28, 29],',
        ' [30, 31,  ..., 33, 34]]',
      ].join('\n'),
    );
    expect(show(count(12), [6, 2], { dtype: 'int32', threshold: 5, edgeItems: 1 })).toBe(
      ['[[ 0,  1],', ' ...,', ' [10, 11]]'].join('\n'),
    );
  });

  test('cut matrices are parted as whole ones are', () => {
    expect(show(count(6), [3, 2, 1], { dtype: 'int32', threshold: 5, edgeItems: 1 })).toBe(
      ['[[[0],', '  [1]],', '', ' ...,', '', ' [[4],', '  [5]]]'].join('\n'),
    );
  });

  test('what is left out has no say in the notation', () => {
    const entries = count(20).map((i) => (i === 10 ? 1e-9 : 1));
    expect(show(entries, [20], { threshold: 10, edgeItems: 2 })).toBe('[1., 1.,  ..., 1., 1.]');
  });

  test('only what is shown is asked for, also of an array that would never end', () => {
    const asked: string[] = [];
    const at = (index: readonly number[]): number => {
      asked.push(index.join());
      return 0;
    };
    formatArray(at, [1e9, 1e9], { dtype: 'float32', edgeItems: 1 });
    expect(new Set(asked)).toEqual(new Set(['0,0', '0,999999999', '999999999,0', '999999999,999999999']));
  });

  test('both ends may be nothing', () => {
    expect(show(count(4), [2, 2], { threshold: 1, edgeItems: 0 })).toBe('[...]');
  });

  test('a large array is printed whole where that is asked for', () => {
    const text = show(new Array<number>(200_000).fill(0.5), [200_000], { threshold: Number.POSITIVE_INFINITY });
    expect(text.match(/0\.5000/g)).toHaveLength(200_000);
  });
});

describe('any array', () => {
  const entry = fc.oneof(
    fc.float({ noDefaultInfinity: false }),
    fc.float({ min: -5, max: 5, noNaN: true }),
    fc.integer({ min: -999, max: 999 }),
    fc.constantFrom(0, -0, NaN, Infinity, -Infinity),
  );
  const array = fc
    .array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
    .chain((shape) =>
      fc.tuple(fc.constant(shape), fc.array(entry, { minLength: entriesOf(shape), maxLength: entriesOf(shape) })),
    );
  const tokens = (text: string): string[] => text.match(/-?(?:nan|inf|\d[\d.]*(?:e[+-]\d+)?)/g) ?? [];

  test('can be read back, to within half a unit of the last decimal shown', () => {
    fc.assert(
      fc.property(array, ([shape, entries]) => {
        const read = tokens(show(entries, shape));
        expect(read).toHaveLength(entries.length);
        read.forEach((token, i) => {
          const value = Number(token.replace('inf', 'Infinity').replace('nan', 'NaN'));
          if (!Number.isFinite(entries[i])) {
            expect(value).toBe(entries[i]);
            return;
          }
          const [mantissa, exponent = '0'] = token.split('e');
          const decimals = mantissa.split('.')[1].length;
          const unit = 10 ** (Number(exponent) - decimals);
          // The number that was read is itself rounded, and so is the difference.
          expect(Math.abs(value - entries[i])).toBeLessThanOrEqual(0.5 * unit + 2 ** -52 * Math.abs(entries[i]));
          expect(token.startsWith('-')).toBe(entries[i] < 0 || Object.is(entries[i], -0));
        });
      }),
      { numRuns: 500 },
    );
  });

  test('has lines of one length, its columns below each other', () => {
    fc.assert(
      fc.property(array, ([shape, entries]) => {
        const lines = show(entries, shape, { lineWidth: 1000 })
          .split('\n')
          .filter((line) => line !== '');
        // Without brackets at the end, which depend on where the matrix ends.
        const lengths = lines.map((line) => line.replace(/[\],]*$/, '').length);
        const commas = lines.map((line) => [...line.matchAll(/, /g)].map((comma) => comma.index).join());
        expect(new Set(lengths).size).toBe(1);
        expect(new Set(commas).size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});
