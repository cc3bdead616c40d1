import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadCsv, readCsv } from './csv.ts';

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

test('every text comes back that was quoted as RFC 4180 says, whatever stands in it', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', '#', 'é') });
  // A row of one empty field is an empty line.
  const rows = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width })))
    .map((drawn) => drawn.filter((row) => row.join() !== ''));
  fc.assert(
    fc.property(rows, fc.constantFrom(',', ';', '\t'), fc.constantFrom('\n', '\r\n'), (drawn, delimiter, newline) => {
      const names = (drawn[0] ?? ['']).map((_, i) => `column ${i}`);
      const csv = [names, ...drawn].map((row) => row.map(quoted).join(delimiter) + newline).join('');
      const table = readCsv(csv, { delimiter });
      expect([table.names, table.rows, table.length]).toEqual([names, drawn, drawn.length]);
      names.forEach((name, i) => {
        expect(table.texts(name)).toEqual(drawn.map((row) => row[i]));
      });
    }),
  );
});

test('every number comes back, rounded to the dtype', () => {
  const value = fc.oneof(fc.double({ noNaN: true }), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (rows) => {
      const csv = `x,y\n${rows.map(([x, y]) => `${x}, ${y}`).join('\n')}`;
      // JavaScript writes -0 as 0.
      expect(readCsv(csv).numbers(undefined, { dtype: 'float64' }).toArray()).toEqual(
        rows.map((row) => row.map((v) => v + 0)),
      );
      expect(readCsv(csv).numbers('y').toArray()).toEqual(rows.map(([, y]) => Math.fround(y + 0)));
    }),
  );
});

test('dtypes take what they can hold', () => {
  const table = readCsv('count,truth,size\n+3,TRUE,-.5e1\n-2147483648,0,inf\n');
  expect(table.numbers('count', { dtype: 'int32' }).toArray()).toEqual([3, -(2 ** 31)]);
  expect(table.numbers(['truth'], { dtype: 'bool' }).toArray()).toEqual([[true], [false]]);
  expect(table.numbers(['size', 'count']).toArray()).toEqual([
    [-5, 3],
    [Infinity, -(2 ** 31)],
  ]);
});

test('missing values are an error, a number, or a row less', () => {
  const table = readCsv('x,y\n1,\n NA,2\nNA,3\n');
  expect(() => table.numbers('y')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Table: a field is missing
      got:   '' in row 1 of 3, column 'y'
      needs: a number
      fix:   drop such rows with table.dropMissing(), or say what stands in their place: { missing: NaN }]
  `);
  expect(table.numbers('y', { missing: Number.NaN }).toArray()).toEqual([Number.NaN, 2, 3]);
  expect(table.dropMissing(['y']).length).toBe(2);
  expect(table.dropMissing(['x']).rows).toEqual([['1', '']]);
  expect(table.dropMissing().numbers().shape).toEqual([0, 2]);
  const other = readCsv('x\n?\n', { missing: ['?'] });
  expect(other.numbers('x', { missing: -1 }).toArray()).toEqual([-1]);
  expect(() => other.classes('x')).toThrow("'?' in row 1 of 1, column 'x'");
});

test('classes are labels in the order of their names, or in one of their own', () => {
  const table = readCsv('kind\ndog\ncat\ndog\n');
  const { labels, names } = table.classes('kind');
  expect([labels.dtype, labels.toArray(), names]).toEqual(['int32', [1, 0, 1], ['cat', 'dog']]);
  expect(table.classes('kind', ['dog', 'cat', 'cow']).labels.toArray()).toEqual([0, 1, 0]);
  expect(() => table.classes('kind', ['dog'])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Table: a field is not what was asked for
      got:   'cat' in row 2 of 3, column 'kind'
      needs: dog
      fix:   leave the column out, take it as classes(column), or name what stands for a missing value: { missing: [...] }]
  `);
});

test('names come from the file, from the caller, or are places', () => {
  expect(readCsv('a,b\n1,2').names).toEqual(['a', 'b']);
  expect(
    readCsv('1,2', { header: ['a', 'b'] })
      .numbers('b')
      .toArray(),
  ).toEqual([2]);
  expect(readCsv('1,2', { header: false }).numbers('1').toArray()).toEqual([2]);
  expect(readCsv('a,b\n').numbers().shape).toEqual([0, 2]);
  expect(readCsv('', { header: false }).numbers().shape).toEqual([0, 0]);
  expect(readCsv('\ufeffa\n\n# no row\n1\n', { comment: '#' }).numbers('a').toArray()).toEqual([1]);
  expect(readCsv("a\n'1,5'\n", { quote: "'" }).texts('a')).toEqual(['1,5']);
});

test('what is no table, or no number, is told', () => {
  expect(() => readCsv('')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCsv: the file is no table
      got:   no rows
      needs: a first row of names
      fix:   check the delimiter ({ delimiter: ';' }), the quotes, and lines that are no rows ({ comment: '#' })]
  `);
  expect(() => readCsv('a,b\n1,2\n3\n', {}, 'x.csv')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCsv: x.csv is no table
      got:   1 fields in row 3
      needs: 2 in every row, as in the first
      fix:   check the delimiter ({ delimiter: ';' }), the quotes, and lines that are no rows ({ comment: '#' })]
  `);
  expect(() => readCsv('a,b\n1,"2\n')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCsv: the file is no table
      got:   Quoted field unterminated in row 2
      needs: quotes that begin and end a field
      fix:   check the delimiter ({ delimiter: ';' }), the quotes, and lines that are no rows ({ comment: '#' })]
  `);
  expect(() => readCsv('a,a\n1,2\n')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readCsv: the file is no table
      got:   the name 'a' twice
      needs: a name of its own for each column
      fix:   check the delimiter ({ delimiter: ';' }), the quotes, and lines that are no rows ({ comment: '#' })]
  `);
  expect(() => readCsv('1,2\n', { header: ['a'] })).toThrow('1 names and 2 fields');
  expect(() => readCsv(Uint8Array.of(0x61, 0xff))).toThrow('bytes that are no UTF-8');
  const table = readCsv('x,y\n1,one\n');
  expect(() => table.numbers()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Table: a field is not what was asked for
      got:   'one' in row 1 of 1, column 'y'
      needs: a number
      fix:   leave the column out, take it as classes(column), or name what stands for a missing value: { missing: [...] }]
  `);
  expect(() => table.numbers('z')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: Table: there is no such column
      got:   'z'
      needs: one of 'x', 'y'
      fix:   check the spelling and spaces; for a file without a first row of names, pass { header: false }]
  `);
  for (const field of ['0x10', '1 000', '--1', '1.5.2', 'e5', '.', 'truth']) {
    expect(() => readCsv(`x\n${field}`).numbers('x')).toThrow('a field is not what was asked for');
  }
  for (const field of ['1.5', '2147483648', 'inf']) {
    expect(() => readCsv(`x\n${field}`).numbers('x', { dtype: 'int32' })).toThrow(
      'a whole number that fits into int32',
    );
  }
  expect(() => readCsv('x\n2').numbers('x', { dtype: 'bool' })).toThrow('0, 1, true or false');
});

test('files are read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'csv-'));
  await writeFile(join(folder, 'x.csv'), 'a;b\n1;é\n');
  expect((await loadCsv(join(folder, 'x.csv'), { delimiter: ';' })).texts('b')).toEqual(['é']);
  await rm(folder, { recursive: true });
  await expect(loadCsv('none.csv')).rejects.toThrow("loadCsv: 'none.csv' cannot be read");
});
