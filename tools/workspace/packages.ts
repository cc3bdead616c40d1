import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One line of a package's `exports`. */
export interface Entry {
  /** What people import: `@gradtape/autograd/functions`. */
  specifier: string;
  /** The source it leads to, relative to the package: `./src/functions/index.ts`. */
  source: string;
}

export interface Package {
  name: string;
  /** Relative to the root of the workspace, with forward slashes: `packages/autograd`. */
  folder: string;
  entries: Entry[];
}

interface Manifest {
  name: string;
  exports: Record<string, { '@gradtape/source': string }>;
}

/** The folder of the workspace, absolute. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** The published packages, read from their package.json files. */
export function publishedPackages(): Package[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((directory) => {
      const folder = `packages/${directory}`;
      const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const entries = Object.entries(manifest.exports).map(([subpath, conditions]) => ({
        specifier: manifest.name + subpath.slice(1),
        source: conditions['@gradtape/source'],
      }));
      return { name: manifest.name, folder, entries };
    });
}
