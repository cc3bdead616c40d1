import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { publishedPackages, root } from '../workspace/packages.ts';
import { brokenRules, type Workspace } from './check.ts';

function readWorkspace(): Workspace {
  const sources = new Map<string, string>();
  const entries = new Map<string, string>();
  for (const { folder, entries: packageEntries } of publishedPackages()) {
    for (const file of readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const path = `${folder}/src/${file.replaceAll('\\', '/')}`;
      sources.set(path, readFileSync(join(root, path), 'utf8'));
    }
    for (const { specifier, source } of packageEntries) entries.set(specifier, posix.join(folder, source));
  }
  return { sources, entries };
}

test('every import of the packages keeps the rules of the house', () => {
  const workspace = readWorkspace();
  expect(workspace.sources.size).toBeGreaterThanOrEqual(publishedPackages().length);
  expect(brokenRules(workspace)).toEqual([]);
});
