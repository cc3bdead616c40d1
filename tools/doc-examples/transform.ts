import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../workspace/packages.ts';
import type { Example } from './collect.ts';

/**
 * An example as a module that checks itself. A line `expression; // value` is compared with the value; a first line
 * `// path/to/file.ts` says from where relative imports are meant.
 *
 * @param exportsOf The names that a package exports, of which those that the example mentions are imported.
 */
export function asModule(example: Example, exportsOf: (packageName: string) => readonly string[]): string {
  const location = /^\/\/ ([\w./-]+\.ts)\n/.exec(example.code)?.[1];
  const code = location === undefined ? example.code : absoluteImports(example.code, location);
  const taken = new Set<string>();
  const imports = example.inScope.flatMap((packageName) => {
    const used = exportsOf(packageName).filter(
      (name) => mentions(code, name) && !declares(code, name) && !taken.has(name),
    );
    for (const name of used) taken.add(name);
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '${packageName}';`];
  });
  const compare = pathToFileURL(join(root, 'tools/doc-examples/compare.ts')).pathname;
  return [`import { compare } from '${compare}';`, ...imports, withComparisons(code)].join('\n');
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w.$])${name}\\b`).test(code);
}

function declares(code: string, name: string): boolean {
  return new RegExp(`\\b(const|let|function|class|import \\{[^}]*)\\s*\\b${name}\\b`).test(code);
}

function absoluteImports(code: string, location: string): string {
  return code.replace(/from '(\.[^']+)'/g, (_, path: string) => `from '${join(root, dirname(location), path)}'`);
}

/** What may stand behind `//` as a value: numbers, arrays, strings, truth values. */
const VALUE = /^(\[.*\]|-?[\d.]+(e-?\d+)?|-?Infinity|NaN|true|false|'.*')$/;

function withComparisons(code: string): string {
  return code
    .split('\n')
    .map((line) => {
      const match = /^(\s*)(?!const |let |return |\/\/)(.+); \/\/ (.+)$/.exec(line);
      if (match === null || !VALUE.test(match[3] as string)) return line;
      return `${match[1]}compare(${match[2]}, ${match[3]});`;
    })
    .join('\n');
}
