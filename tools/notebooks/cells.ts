/** The languages in which every notebook is told. */
export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** A piece of a notebook's source: text in one language, or code for all of them. */
export type Cell =
  | { readonly kind: 'text'; readonly language: Language; readonly text: string }
  | { readonly kind: 'code'; readonly text: string };

const marker = /^\/\/ %%(?:[ ]\[markdown\][ ](?<language>\w+))?[ ]*$/;

/**
 * The cells of a source: a TypeScript file in which `// %%` begins a cell of code and `// %% [markdown] en` (or `zh`) one of
 * text, which is a block comment. So the compiler checks the code, and an editor folds the text.
 *
 * @throws Error that names the line where something is neither.
 */
export function cellsOf(source: string, name: string): Cell[] {
  const lines = source.split('\n');
  const starts = lines.flatMap((line, k) => (line.startsWith('// %%') ? [k] : []));
  if (starts.length === 0 || lines.slice(0, starts[0]).some((line) => line !== '')) {
    throw new Error(`${name}: the file must begin with a line '// %%' or '// %% [markdown] en'`);
  }
  return starts.map((start, k) => {
    const found = marker.exec(lines[start] as string);
    const place = `${name}:${start + 1}`;
    if (found === null) throw new Error(`${place}: '${lines[start]}' is neither '// %%' nor '// %% [markdown] en'`);
    const text = lines
      .slice(start + 1, starts[k + 1])
      .join('\n')
      .trim();
    const language = found.groups?.language;
    return language === undefined ? { kind: 'code', text } : textCell(language, text, place);
  });
}

function textCell(language: string, comment: string, place: string): Cell {
  const known = languages.find((one) => one === language);
  if (known === undefined) throw new Error(`${place}: '${language}' is not one of ${languages.join(', ')}`);
  const text = /^\/\*\n(?<text>.*)\n\*\/$/s.exec(comment)?.groups?.text;
  if (text === undefined) throw new Error(`${place}: text must stand between a line '/*' and a line '*/'`);
  return { kind: 'text', language: known, text };
}
