// Runs the reference cases, all or those of the families named, and prints what passed. `pnpm reference losses`
// REFERENCE_DIR points to another folder of the same format; REFERENCE_ENGINE=wasm or native has every case compiled.
import type { Engine } from './compiled.ts';
import { readFamilies } from './format.ts';
import { absentFrom, runCase } from './run.ts';

const families = readFamilies();
const chosen = process.argv.slice(2);
const unknown = chosen.filter((family) => !families.has(family));
if (unknown.length > 0) {
  console.error(`no family ${unknown.join(', ')}; there are ${[...families.keys()].join(', ')}`);
  process.exit(1);
}

const engine = engineOf(process.env.REFERENCE_ENGINE);

function engineOf(name: string | undefined): Engine | undefined {
  if (name === undefined || name === 'wasm' || name === 'native') return name;
  console.error(`no engine ${name}; there are wasm and native`);
  process.exit(1);
}

const absent = new Map<string, number>();
const failures: string[] = [];
const total = { passed: 0, failed: 0, absent: 0 };

function row(name: string, counts: typeof total, worst: string): string {
  const numbers = [counts.passed, counts.failed, counts.absent].map((count) => String(count).padStart(8));
  return `${name.padEnd(22)}${numbers.join('')}   ${worst}`;
}

console.log(`${'family'.padEnd(22)}  passed  failed  absent   worst error / tolerance, among the passed`);
for (const [family, cases] of families) {
  if (chosen.length > 0 && !chosen.includes(family)) continue;
  const counts = { passed: 0, failed: 0, absent: 0 };
  let worst = 0;
  for (const reference of cases) {
    const outcome = runCase(reference, engine);
    counts[outcome.state] += 1;
    total[outcome.state] += 1;
    if (outcome.state === 'passed') worst = Math.max(worst, outcome.worst);
    if (outcome.state === 'failed') failures.push([reference.name, ...outcome.complaints].join('\n    '));
    for (const name of absentFrom(reference)) absent.set(name, (absent.get(name) ?? 0) + 1);
  }
  console.log(row(family, counts, worst.toPrecision(2)));
}
console.log(row('all', total, ''));

for (const [name, count] of [...absent].sort()) console.log(`absent: ${name} (${count} cases)`);
for (const failure of failures) console.log(`failed: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
