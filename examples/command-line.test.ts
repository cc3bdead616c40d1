import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choice, folder, readFlags, usage, wholeNumber } from './command-line.ts';

const flags = {
  epochs: wholeNumber('times through the data', { least: 1, value: 8 }),
  limit: wholeNumber('the first N only', { least: 1, value: undefined }),
  out: folder('where pictures go', { value: 'pictures' }),
};
const read = (...args: string[]): unknown => readFlags('demo', flags, args);

test('values are read in any order, and left out ones have their defaults', () => {
  expect(read()).toEqual({ epochs: 8, limit: undefined, out: 'pictures' });
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.integer({ min: 1 }), fc.boolean(), (epochs, limit, swapped) => {
      const [first, second] = [['--epochs', String(epochs)], [`--limit=${limit}`]];
      const args = swapped ? [...second, ...first] : [...first, ...second];
      expect(read(...args)).toEqual({ epochs, limit, out: 'pictures' });
    }),
  );
});

test('help is asked for by its long and its short name, whatever else is there', () => {
  expect([read('--help'), read('-h'), read('--epochs', '0', '--help')]).toEqual(['help', 'help', 'help']);
  expect(usage('demo', flags)).toMatchInlineSnapshot(`
    "demo [flags]

      --epochs N    times through the data (8)
      --limit N     the first N only
      --out FOLDER  where pictures go (pictures)
      --help        print this"
  `);
});

test('what is no whole number in range is told', () => {
  for (const text of ['0', '1.5', '1e3', 'ten', '', ' 3', '99999999999999999999']) {
    expect(() => read('--epochs', text)).toThrow('demo: the command line cannot be read');
  }
  expect(() => read('--epochs', '1.5')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   --epochs 1.5
      needs: --epochs N: a whole number from 1
      fix:   demo --help shows the flags and what they take]
  `);
  expect(() => read('--epochs', '-1')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   --epochs -1 (Option '--epochs' argument is ambiguous)
      needs: --epochs, --limit, --out, each with a value, or --help
      fix:   demo --help shows the flags and what they take]
  `);
  expect(() => read('--out', '')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   --out 
      needs: --out FOLDER: the path of a folder
      fix:   demo --help shows the flags and what they take]
  `);
});

test('a choice is one of its words, and no other', () => {
  const engine = { engine: choice('what computes', { among: ['fast', 'slow'], value: 'fast' }) };
  expect([[], ['--engine', 'slow']].map((args) => readFlags('demo', engine, args))).toEqual([
    { engine: 'fast' },
    { engine: 'slow' },
  ]);
  expect(usage('demo', engine)).toContain('--engine fast|slow  what computes (fast)');
  for (const word of ['', 'fas', 'FAST', 'fast|slow']) {
    expect(() => readFlags('demo', engine, ['--engine', word])).toThrow('--engine fast|slow: one of fast, slow');
  }
});

test('flags that there are not, without a value, and stray words are told', () => {
  expect(() => read('--epoch', '3')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   --epoch 3 (Unknown option '--epoch')
      needs: --epochs, --limit, --out, each with a value, or --help
      fix:   demo --help shows the flags and what they take]
  `);
  expect(() => read('--epochs')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   --epochs (Option '--epochs <value>' argument missing)
      needs: --epochs, --limit, --out, each with a value, or --help
      fix:   demo --help shows the flags and what they take]
  `);
  expect(() => read('3')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: demo: the command line cannot be read
      got:   3 (Unexpected argument '3')
      needs: --epochs, --limit, --out, each with a value, or --help
      fix:   demo --help shows the flags and what they take]
  `);
});
