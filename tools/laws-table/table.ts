import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lawsThatCatch } from '../../packages/autograd/src/verify/bestiary/catch.ts';
import { type Beast, bestiary } from '../../packages/autograd/src/verify/bestiary/index.ts';
import { laws } from '../../packages/autograd/src/verify/laws.ts';
import { root } from '../workspace/packages.ts';

/** Where the page lies, from the root. */
export const pageFile = 'docs/laws.md';

/** The laws that catch each beast. */
export type Catches = ReadonlyMap<Beast, readonly string[]>;

export function catches(): Catches {
  return new Map(
    Object.values(bestiary)
      .flat()
      .map((beast) => [beast, lawsThatCatch(beast)] as const),
  );
}

/** The page: the laws as their docstrings state them, and every beast with what caught it. */
export function lawsPage(caught: Catches): string {
  const kinds = Object.entries(bestiary).map(([kind, beasts]) =>
    [`### ${kind}`, '', catchTable(beasts, caught)].join('\n'),
  );
  return [introduction, lawsTable(), score(caught), ...kinds].join('\n\n').concat('\n');
}

/** `117 mistakes, 117 caught.` */
export function score(caught: Catches): string {
  const found = [...caught.values()].filter((names) => names.length > 0).length;
  return `## The bestiary

${caught.size} mistakes, ${found} caught. Each primitive below is right but for what is said of it; a law counts as having caught it if
it holds for the right one. The last column is a report of the same mistake in code that was in use.`;
}

const introduction = `# The laws, and what they catch

A primitive is held to laws: sentences about its value and its derivative that a computer can try on drawn samples. They run
over every primitive of the registry, so that a new one is covered without a line of test; \`checkPrimitive\` tries them on a
primitive of your own.

\`\`\`ts
import { exp, mul, neg, type Tensor } from '@gradtape/autograd';
import { liftUnary, smooth } from '@gradtape/autograd/primitives';
import { checkPrimitive } from '@gradtape/autograd/verify';

const softLog = smooth('softLog', {
  value: (m, x) => m.log(m.add(m.constant(1), m.mul(x, x))),
  partials: (x, y) => [mul(mul(x, 2), exp(neg(y)))], // 2x / (1 + x²); y is the output
  domain: { low: -3, high: 3 },
});
console.log(checkPrimitive(softLog)); // a report: which law broke, on which sample, with which seed
checkPrimitive(softLog).passed; // true

const asOperation = liftUnary<(x: Tensor) => Tensor>(softLog);
\`\`\`

Laws that catch nothing are worth nothing, so there is a bestiary: primitives that are wrong on purpose, by the mistakes that
people make in derivations and that frameworks have shipped. \`bestiary.test.ts\` demands that each is caught by the law that
is made for it. \`npx --yes pnpm@12 laws-table\` writes this page; a test fails when it is out of date.

## The laws`;

/** The names of all laws, with the floors whose primitives must keep them. */
function lawsTable(): string {
  const floors = ['linear', 'bilinear', 'smooth', 'piecewise'] as const;
  const names = [...new Set(floors.flatMap((floor) => Object.keys(laws(floor))))];
  const statements = lawStatements();
  const rows = names.map((name) => {
    const of = floors.filter((floor) => name in laws(floor));
    return [name, statements.get(name) ?? '', of.length === floors.length ? 'all' : of.join(', ')];
  });
  return markdownTable([['law', 'what must hold', 'of which primitives'], ...rows]);
}

const folder = 'packages/autograd/src/verify/laws';

/** What the docstrings of the laws say. */
function lawStatements(): ReadonlyMap<string, string> {
  const sources = readdirSync(join(root, folder))
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(root, folder, file), 'utf8'));
  const found = sources.flatMap((text) => [
    ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+): Law\b/g),
  ]);
  return new Map(found.map(([, comment, name]) => [name, comment.replace(/\s*\n \* ?/g, ' ').trim()]));
}

function catchTable(beasts: readonly Beast[], caught: Catches): string {
  const rows = beasts.map((beast) => [beast.wrong, (caught.get(beast) ?? []).join(', '), reportOf(beast)]);
  return markdownTable([['what is wrong', 'caught by', 'seen in'], ...rows]);
}

function reportOf({ seenIn }: Beast): string {
  if (seenIn === undefined) return '';
  const [repository, number] = seenIn.split('#');
  return `[${seenIn}](https://github.com/${repository}/issues/${number})`;
}

function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
