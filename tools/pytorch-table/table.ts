import { readFileSync } from 'node:fs';
import { Tensor } from '../../packages/autograd/src/index.ts';
import { locate } from '../reference/names.ts';
import { refusals } from './refused.ts';
import { saidOtherwise } from './said-otherwise.ts';

/** Where the page lies, from the root. */
export const pageFile = 'docs/pytorch.md';

/** What became of one name of PyTorch's. */
export type Entry =
  | { readonly state: 'present'; readonly name: string; readonly written: string; readonly module: string }
  | { readonly state: 'refused'; readonly name: string; readonly reason: string }
  | { readonly state: 'absent'; readonly name: string };

interface PyTorchNames {
  readonly version: string;
  /** By the module that has them. */
  readonly names: Readonly<Record<string, readonly string[]>>;
}

const listed: PyTorchNames = JSON.parse(readFileSync(new URL('pytorch-names.json', import.meta.url), 'utf8'));

/** The names of PyTorch, by module, and what gradtape has for each. */
export function entriesByModule(): ReadonlyMap<string, readonly Entry[]> {
  const modules = Object.entries(listed.names);
  return new Map(modules.map(([module, names]) => [module, names.map((name) => entryOf(`${module}.${name}`))]));
}

function entryOf(name: string): Entry {
  const equivalent = saidOtherwise[name];
  if (equivalent !== undefined) {
    return { state: 'present', name, written: equivalent.written ?? equivalent.name, module: equivalent.module };
  }
  const found = locate(name);
  if (found !== undefined) return { state: 'present', name, written: found.name, module: found.module };
  const refusal = refusals.find(({ names }) => names.test(name));
  return refusal === undefined ? { state: 'absent', name } : { state: 'refused', name, reason: refusal.title };
}

/** The page: counts by module, the reasons of what is refused, and the names of each module beside ours. */
export function pytorchPage(): string {
  const modules = [...entriesByModule()];
  const reasons = refusals.map(({ title, reason }) => `- **${title}**: ${reason}.`);
  const sections = modules.map(([module, entries]) => sectionOf(module, entries));
  return `${[introduction, countsOf(modules), refusedText, reasons.join('\n'), ...sections].join('\n\n')}\n`;
}

const introduction = `# PyTorch's names, and gradtape's

The public names of PyTorch ${listed.version} beside what gradtape has for them. The rule is: the last part of PyTorch's name in
camelCase, tensors first and in PyTorch's order, then the one or two arguments that everybody writes by position, then an object with
PyTorch's other arguments in camelCase. \`x.name\` beside a function says that it is also a method of tensors. Names of PyTorch that
end in \`_\` work in place and are listed under the name without it: tensors are immutable here, \`x = x.add(1)\`.

*Present* means: with all of PyTorch's options that make sense here, its derivatives included, held to values that PyTorch computed
(see \`tools/reference\`). *Refused* will not come, for the reasons below; *absent* is what nobody has built yet.

\`npx --yes pnpm@12 pytorch-table\` writes this page from the code; a test fails when it is out of date.`;

const refusedText = '## Why names are refused';

function countsOf(modules: readonly (readonly [string, readonly Entry[]])[]): string {
  const count = (entries: readonly Entry[], state: Entry['state']): number =>
    entries.filter((entry) => entry.state === state).length;
  const row = (title: string, entries: readonly Entry[]): string =>
    `| ${[title, entries.length, count(entries, 'present'), count(entries, 'refused'), count(entries, 'absent')].join(' | ')} |`;
  const rows = modules.map(([module, entries]) => row(`[${module}](#${module.replaceAll('.', '')})`, entries));
  const all = modules.flatMap(([, entries]) => entries);
  return [
    '| module | names | present | refused | absent |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    row('all', all),
  ].join('\n');
}

function sectionOf(module: string, entries: readonly Entry[]): string {
  const short = (name: string): string => `\`${name.slice(module.length + 1)}\``;
  const rows = entries.flatMap((entry) =>
    entry.state === 'present' ? [`| ${short(entry.name)} | ${writtenOf(entry.written)} | \`${entry.module}\` |`] : [],
  );
  const refused = refusals.flatMap(({ title }) => {
    const those = entries.flatMap((entry) =>
      entry.state === 'refused' && entry.reason === title ? [short(entry.name)] : [],
    );
    return those.length === 0 ? [] : [`Refused (${title}): ${those.join(', ')}.`];
  });
  const absent = entries.flatMap(({ state, name }) => (state === 'absent' ? [short(name)] : []));
  return [
    `## ${module}`,
    ...(rows.length === 0 ? [] : [['| PyTorch | gradtape | from |', '| --- | --- | --- |', ...rows].join('\n')]),
    ...refused,
    ...(absent.length === 0 ? [] : [`Absent: ${absent.join(', ')}.`]),
  ].join('\n\n');
}

function writtenOf(written: string): string {
  return written in Tensor.prototype ? `\`${written}\`, \`x.${written}\`` : `\`${written}\``;
}
