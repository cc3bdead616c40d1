// Builds every published package into its `dist`: declarations by TypeScript, then JavaScript by esbuild.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { publishedPackages, root } from '../workspace/packages.ts';

function runNode(args: string[], folder: string): void {
  const { status, error } = spawnSync(process.execPath, args, { cwd: folder, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const packages = publishedPackages();
for (const { folder } of packages) rmSync(join(root, folder, 'dist'), { recursive: true, force: true });

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
runNode([join(typescript, '../bin/tsc'), '--build', '--force', 'tsconfig.build.json'], root);

for (const { folder, entries } of packages) {
  const { warnings } = await build({
    absWorkingDir: join(root, folder),
    entryPoints: entries.map((entry) => entry.source),
    outbase: 'src',
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    // What several entries share goes into files of its own, so that each class exists once.
    splitting: true,
    sourcemap: true,
    logLevel: 'warning',
  });
  // Such as a bare import that `sideEffects` allows to drop: the package would lack what it installs.
  if (warnings.length > 0) process.exit(1);
}

const check = fileURLToPath(new URL('check-entries.mjs', import.meta.url));
for (const { folder, entries } of packages) {
  runNode([check, ...entries.map((entry) => entry.specifier)], join(root, folder));
}
console.log(`built ${packages.map((built) => built.name).join(', ')}`);
