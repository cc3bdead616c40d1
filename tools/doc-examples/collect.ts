import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedPackages, root } from '../workspace/packages.ts';

/** A piece of code in the documentation. */
export interface Example {
  /** Where it stands: `README.md:29`. */
  readonly place: string;
  readonly code: string;
  /** The packages whose exports it may use without importing them. */
  readonly inScope: readonly string[];
}

/** The TypeScript blocks of a Markdown file; one that begins with `// continued` goes on with those before it. */
export function blocksOf(file: string, text: string): Example[] {
  const examples: Example[] = [];
  for (const match of text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
    const [, block] = match as unknown as [string, string];
    const before = block.startsWith('// continued\n') ? (examples.at(-1)?.code ?? '') : '';
    examples.push({ place: `${file}:${lineAt(text, match.index) + 1}`, code: before + block, inScope: [] });
  }
  return examples;
}

/** The `@example` parts of a source file's docstrings. */
export function examplesOf(file: string, text: string, inScope: readonly string[]): Example[] {
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const lines = comment[0].split('\n').map((line) => line.replace(/^\s*\*?\/?\*? ?/, '').replace(/\s*\*\/$/, ''));
    const start = lines.findIndex((line) => line.startsWith('@example'));
    if (start < 0) return [];
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => line.startsWith('@'));
    const code = rest
      .slice(0, end < 0 ? rest.length : end)
      .filter((line) => !line.startsWith('```'))
      .join('\n');
    return [{ place: `${file}:${lineAt(text, comment.index) + start}`, code, inScope }];
  });
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Every example of the documentation and the docstrings. */
export function allExamples(): Example[] {
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const packages = publishedPackages();
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...packages.map(({ folder }) => `${folder}/README.md`),
    ...filesIn('docs', /\.md$/),
  ];
  return [
    ...pages.flatMap((file) => blocksOf(file, read(file))),
    ...packages.flatMap(({ name, folder }) =>
      filesIn(`${folder}/src`, /(?<!\.test|\.test-d)\.ts$/).flatMap((file) =>
        examplesOf(file, read(file), scopeOf(name)),
      ),
    ),
  ];
}

function filesIn(folder: string, wanted: RegExp): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => wanted.test(file))
    .sort();
}

/** A docstring may use the exports of its own package, first, and of autograd. */
function scopeOf(name: string): readonly string[] {
  return [...new Set([name, '@gradtape/autograd'])];
}
