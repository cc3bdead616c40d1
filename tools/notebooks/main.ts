// Executes the notebooks from fresh kernels and writes them with what they showed: `pnpm notebooks`, or some of them,
// `pnpm notebooks 03 07`. With `--short` the same code runs in its short setting, and nothing is written.
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { type Lesson, lessons } from '../../examples/notebooks/course.ts';
import { cellsOf, languages } from './cells.ts';
import { claimsIn } from './claims.ts';
import { execute } from './execute.ts';
import { notebookOf, writtenNotebook } from './notebook-file.ts';
import { writePages } from './pages.ts';
import { notebookPath, sourcePath, writeIfChanged } from './places.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { short: { type: 'boolean' } } });
const isShort = values.short === true;
const chosen = lessons.filter(
  ({ file }) => positionals.length === 0 || positionals.some((one) => file.startsWith(one)),
);
if (chosen.length === 0 && positionals.length > 0) {
  console.error(
    `no notebook begins with ${positionals.join(' or ')}; there are: ${lessons.map(({ file }) => file).join(', ')}`,
  );
  process.exit(2);
}

const waiting = [...chosen];
let failed = 0;
await Promise.all(Array.from({ length: Math.min(availableParallelism(), chosen.length) }, runNext));
console.log(`${chosen.length - failed} notebooks ran, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
else if (!isShort) for (const page of await writePages()) console.log(`wrote ${page}`);

async function runNext(): Promise<void> {
  for (let lesson = waiting.shift(); lesson !== undefined; lesson = waiting.shift()) {
    try {
      console.log(await run(lesson));
    } catch (error) {
      failed++;
      console.error(`${lesson.file}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

async function run({ file }: Lesson): Promise<string> {
  const started = performance.now();
  const cells = cellsOf(await readFile(sourcePath(file), 'utf8'), `source/${file}.ts`);
  const folder = dirname(notebookPath(file, 'en'));
  const outputs = await execute(cells, folder, { NOTEBOOKS: isShort ? 'short' : 'full' });
  const changed = isShort ? [] : await write(file, cells, outputs);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const written = changed.length > 0 ? `, wrote ${changed.join(' and ')}` : '';
  return `${file}: ${outputs.length} cells, ${claimsIn(outputs).length} claims hold, ${seconds} s${written}`;
}

async function write(
  file: string,
  cells: ReturnType<typeof cellsOf>,
  outputs: Awaited<ReturnType<typeof execute>>,
): Promise<string[]> {
  const changed: string[] = [];
  for (const language of languages) {
    const text = writtenNotebook(notebookOf(cells, language, outputs));
    if (await writeIfChanged(notebookPath(file, language), text)) changed.push(`${language}/${file}.ipynb`);
  }
  return changed;
}
