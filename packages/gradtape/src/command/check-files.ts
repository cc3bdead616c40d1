import { GradtapeError, manualSeed } from '@gradtape/autograd';
import { loadModule } from './load-module.ts';
import { UsageError } from './read-arguments.ts';
import { type Outcome, showOutcome, showTotal } from './show-outcome.ts';
import { stackOf } from './stack-of.ts';

/** What a file exports to be checked: a derivation, or anything else that gives a report. */
interface Task {
  check(): Report | Promise<Report>;
}

interface Report {
  readonly passed: boolean;
  /** A derivation's explanations of what is wrong. */
  readonly diagnoses?: readonly { readonly says: string }[];
  toString(): string;
}

/** Checks every derivation that the files export, and prints what was found. Tells whether all are right. */
export async function checkFiles(
  files: readonly string[],
  seed: number,
  print: (line: string) => void,
): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const tasks = await tasksOf(file, seed);
    print(file);
    for (const [name, task] of tasks) {
      const outcome = await outcomeOf(name, task, seed);
      outcomes.push(outcome);
      print(showOutcome(outcome));
    }
  }
  print(showTotal(outcomes));
  return outcomes.every(({ passed }) => passed);
}

/** The derivations of a file, by the name under which it exports them. */
async function tasksOf(file: string, seed: number): Promise<readonly (readonly [string, Task])[]> {
  manualSeed(seed);
  const exported = Object.entries(await loadModule(file));
  const tasks = exported.filter((entry): entry is [string, Task] => isTask(entry[1]));
  if (tasks.length > 0) return tasks;
  const names = exported.map(([name]) => name).join(', ') || 'nothing';
  throw new UsageError(
    `${file} exports no derivation, but ${names}: export const layer = derivation({ f, claimed, inputs })`,
  );
}

function isTask(value: unknown): value is Task {
  return typeof value === 'object' && value !== null && 'check' in value && typeof value.check === 'function';
}

function isReport(value: unknown): value is Report {
  return typeof value === 'object' && value !== null && 'passed' in value && typeof value.passed === 'boolean';
}

function inWords(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object without `passed`' : String(value);
}

/** Each derivation starts from the seed, so that its outcome does not depend on those before it. */
async function outcomeOf(name: string, task: Task, seed: number): Promise<Outcome> {
  manualSeed(seed);
  try {
    const report = await task.check();
    if (!isReport(report)) throw new TypeError(`check() gives no report, but ${inWords(report)}`);
    const says = (report.diagnoses ?? []).map((diagnosis) => diagnosis.says);
    return { name, passed: report.passed, text: String(report), says };
  } catch (error) {
    const text = error instanceof GradtapeError ? error.message : stackOf(error);
    return { name, passed: false, text, says: [] };
  }
}
