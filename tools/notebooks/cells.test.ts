import { expect, test } from 'vitest';
import { cellsOf } from './cells.ts';
import { notebookOf } from './notebook-file.ts';

const source = `// %% [markdown] en
/*
# Title

$a \\\\odot b$
*/
// %% [markdown] zh
/*
# 标题
*/
// %%
const one = 1;

one;
`;

test('a source is cut into cells of text and of code', () => {
  expect(cellsOf(source, 'x.ts')).toEqual([
    { kind: 'text', language: 'en', text: '# Title\n\n$a \\\\odot b$' },
    { kind: 'text', language: 'zh', text: '# 标题' },
    { kind: 'code', text: 'const one = 1;\n\none;' },
  ]);
});

test.each([
  ['const one = 1;\n// %%\n', "x.ts: the file must begin with a line '// %%'"],
  ['// %% [markdown] fr\n/*\nBonjour\n*/', "x.ts:1: 'fr' is not one of en, zh"],
  ['// %% [markdown] en\nHello', "x.ts:1: text must stand between a line '/*' and a line '*/'"],
  ['// %%\n1\n// %% markdown', 'x.ts:3: '],
])('what is neither is an error that names the line', (text, message) => {
  expect(() => cellsOf(text, 'x.ts')).toThrow(message);
});

test('each language has its own text, and all the code with what it showed', () => {
  const shown = [{ output_type: 'stream', name: 'stdout', text: '1\n2\n' }] as const;
  const { cells } = notebookOf(cellsOf(source, 'x.ts'), 'zh', [shown]);
  expect(cells).toMatchObject([
    { cell_type: 'markdown', source: ['# 标题'] },
    { cell_type: 'code', execution_count: 1, outputs: [{ text: ['1\n', '2\n'] }] },
  ]);
});

test('the same cells make the same notebook', () => {
  const made = (): string => JSON.stringify(notebookOf(cellsOf(source, 'x.ts'), 'en', []));
  expect(made()).toBe(made());
});
