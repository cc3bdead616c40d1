import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allowed,
  allowedOfExponentials,
  type Check,
  measure,
  type Precision,
  TRIALS,
} from '../../packages/nn/src/sensitivity/checks/check.ts';
import { checks } from '../../packages/nn/src/sensitivity/checks/index.ts';
import { root } from '../workspace/packages.ts';

const folder = 'packages/nn/src/sensitivity';

/** Where the table lies, from the root. */
export const tableFile = 'docs/rules.md';

/** The largest errors met over the trials of a check. */
export type Errors = ReadonlyMap<Precision, number>;

export function errorsOf(check: Check): Errors {
  return new Map(check.dtypes.map((dtype) => [dtype, measure(check, dtype)] as const));
}

/** An error to one digit, as it stands in the table. */
export function showError(error: number | undefined): string {
  return error === undefined ? '' : error.toExponential(0).replace('0e+0', '0');
}

/** The page: every rule, what it states, where the document states it, and how far from the tape it was ever found. */
export function rulesTable(errors: (check: Check) => Errors = errorsOf): string {
  const sources = new Map(sourceFiles().map((file) => [file, readFileSync(join(root, folder, file), 'utf8')] as const));
  const sections = Object.entries(checks).map(([topic, list]) => {
    const rows = list.map((check) => rowOf(check, topic, errors(check), sources));
    return [`## ${titleOf(topic)}`, '', ...header, ...rows, ''].join('\n');
  });
  return `${introduction}\n\n${sections.join('\n')}`;
}

const introduction = `# The sensitivity rules

Every rule that the course notes state, as \`@gradtape/nn/sensitivity\` exports it: functions of plain tensors, derived by
hand, which never touch the tape. A column is a sample: \`Z = W A + b 1ᵀ\`. The notes have five parts: 感知机 (perceptron and
ADALINE), 多层感知机 (the multilayer perceptron), 反向传播 (backpropagation), 层分解 (the decomposition into layers) and 训练技巧
(how to train).

Each rule is held against the tape (or, where the tape says nothing of it, against what defines it) by a property test of
${TRIALS} drawn trials in either precision: sizes from 0 up, ties, kinks, saturated units, any layout in memory. The last two
columns are the largest error of any entry over ${TRIALS} fixed trials, relative to the terms that are added up in it; 0 means that
all are equal. \`rules.test.ts\` runs the checks, and fails above ${showError(allowed.float64)} in float64 and ${showError(allowed.float32)}, 16 units of its rounding, in
float32; where exponentials of rounded numbers are taken, above ${showError(allowedOfExponentials.float32)}. \`bestiary.test.ts\` expects the checks to notice rules
that are wrong.

\`\`\`ts
import { tensor } from '@gradtape/autograd';
import { hiddenSensitivity, relu, rules } from '@gradtape/nn/sensitivity';

// δ⁽ˡ⁾ = (W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾ ⊙ f′(z⁽ˡ⁾)
hiddenSensitivity(tensor([[1, 2], [3, 4]]), tensor([1, 10]), tensor([-1, 1]), relu); // [0, 42]
rules.get('hiddenSensitivity')?.shapes; // 'W [n, k], delta [n, …], z [k, …], f -> [k, …]'
rules.get('hiddenSensitivity')?.place.split('; ')[1]; // '反向传播 七、向量形式的反向传播（批量）'
\`\`\`

\`npx --yes pnpm@12 rules-table\` writes this page; a test fails when it is out of date.`;

const header = [
  '| rule | formula | place in the document | checked against | tests | float64 | float32 |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

/** The words of a topic, with a capital: `truth-tables` is Truth tables. */
function titleOf(topic: string): string {
  const words = topic.replaceAll('-', ' ');
  return words[0].toUpperCase() + words.slice(1);
}

function rowOf(check: Check, topic: string, errors: Errors, sources: ReadonlyMap<string, string>): string {
  const { rule, against } = check;
  const cells = [
    link(rule.name, fileThatHas(sources, `name: '${rule.name}'`)),
    `$${rule.statement}$`,
    rule.place.replaceAll('; ', '<br>'),
    against,
    [`checks/${topic}.ts`, ...testsOf(rule.name, sources)].map((file) => link(file, file)).join('<br>'),
    showError(errors.get('float64')),
    showError(errors.get('float32')),
  ];
  return `| ${cells.join(' | ')} |`;
}

function link(text: string, file: string): string {
  return `[${text}](../${folder}/${file})`;
}

/** The sources and tests of the rules, without the checks, which have a column to themselves. */
function sourceFiles(): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !name.startsWith('checks/'))
    .sort();
}

function fileThatHas(sources: ReadonlyMap<string, string>, text: string): string {
  const found = [...sources].find(([, source]) => source.includes(text));
  if (found === undefined) throw new Error(`no file of ${folder} has ${text}`);
  return found[0];
}

/** The tests that say more of a rule than all tests say of all rules. */
function testsOf(name: string, sources: ReadonlyMap<string, string>): string[] {
  const imported = new RegExp(`import \\{[^}]*\\b${name.split('.')[0]}\\b`);
  return [...sources].filter(([file, text]) => file.endsWith('.test.ts') && imported.test(text)).map(([file]) => file);
}
