// Run by plain Node inside a built package, with its entries as arguments: each must load, and what two of them
// export must be one and the same value, not two copies (a tensor of one copy is no tensor to the other).
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(join(process.cwd(), 'package.json'));
const exported = new Map();
for (const specifier of process.argv.slice(2)) {
  const module = await import(pathToFileURL(resolve(specifier)).href);
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== 'function') continue;
    const definition = `${name}: ${value}`;
    const first = exported.get(definition) ?? { specifier, value };
    exported.set(definition, first);
    if (first.value !== value) {
      console.error(`${specifier} and ${first.specifier} each have a copy of ${name}`);
      process.exitCode = 1;
    }
  }
}
