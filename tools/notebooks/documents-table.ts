import { fileURLToPath } from 'node:url';
import { rules } from '@gradtape/nn/sensitivity';
import { lessons } from '../../examples/notebooks/course.ts';
import { type Item, type ItemName, items } from '../../examples/notebooks/items.ts';
import { claimsOf, type KeptClaim } from './claims.ts';

/** A claim, and the notebook in which it stands. */
interface Shown {
  readonly file: string;
  readonly claim: KeptClaim;
}

const introduction = `# What the course notes state, and where it is shown

Every formula, example, figure, experiment, exercise and claim of the course notes, with the cell of a notebook that shows it
and what was measured there. Where a run says something else than the notes, the last column has what the notes say.
\`npx --yes pnpm@12 documents-table\` writes this page from the notebooks; a test fails when it is out of date, or when
something is shown nowhere.
`;

/** The page, and the names of what no cell shows. */
export async function documentsTable(): Promise<{ page: string; missing: ItemName[] }> {
  const claims = await Promise.all(
    lessons.map(async ({ file }) => (await claimsOf(file)).map((claim): Shown => ({ file, claim }))),
  );
  const shown = new Map<string, Shown[]>();
  for (const one of claims.flat()) {
    for (const name of one.claim.shows ?? []) shown.set(name, [...(shown.get(name) ?? []), one]);
  }
  const names = [...[...rules.keys()].map((name): ItemName => `rule:${name}`), ...(Object.keys(items) as ItemName[])];
  const formulas = [...rules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { place, statement }]) => row(['formula', `$${statement}$`, place], shown.get(`rule:${name}`)));
  const others = Object.entries<Item>(items).map(([name, [kind, place, en, zh]]) =>
    row([kind, `${en} (${zh})`, place], shown.get(name)),
  );
  const head =
    '| kind | what | place in the notes | cell | measured | the notes say |\n| --- | --- | --- | --- | --- | --- |';
  const page = `${introduction}\n${head}\n${[...others, ...formulas].join('\n')}\n`;
  return { page, missing: names.filter((name) => !shown.has(name)) };
}

function row(what: readonly string[], shown: readonly Shown[] = []): string {
  const cells = shown.map(({ file, claim }) => `[${file}, cell ${claim.cell}](../examples/notebooks/en/${file}.ipynb)`);
  const measured = shown.map(({ claim }) => String(claim.measured));
  const differing = shown.flatMap(({ claim }) => (claim.documentSays ? [claim.documentSays.en] : []));
  return `| ${[...what, cells.join('<br>'), measured.join('<br>'), differing.join('<br>')].map(escaped).join(' | ')} |`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export const tablePath: string = fileURLToPath(new URL('../../docs/documents.md', import.meta.url));
