import type { Tensor } from '@gradtape/autograd';
import { compare, defaultTolerance } from './compare.ts';
import { CompiledCase, type Engine } from './compiled.ts';
import * as classic from './executors/classic.ts';
import { executeClip } from './executors/clip.ts';
import { executeDoubleBackward } from './executors/double-backward.ts';
import type { Executor } from './executors/executor.ts';
import { executeInit } from './executors/init.ts';
import { executeModule } from './executors/module.ts';
import { executeOp } from './executors/op.ts';
import { executeOptimizer } from './executors/optimizer.ts';
import { executeProgram } from './executors/program.ts';
import { executeScheduler } from './executors/scheduler.ts';
import * as secondOrder from './executors/second-order.ts';
import { executeTraining } from './executors/training.ts';
import type { ReferenceCase, TensorRecord } from './format.ts';
import { find } from './names.ts';

/** How a case is executed: by its operation, or else by its kind. */
const executors: Readonly<Record<string, Executor>> = {
  op: executeOp,
  loss: executeOp,
  program: executeProgram,
  double_backward: executeDoubleBackward,
  module: executeModule,
  init: executeInit,
  optimizer: executeOptimizer,
  training: executeTraining,
  scheduler: executeScheduler,
  clip: executeClip,
  'classic.perceptron': classic.executePerceptron,
  'classic.adaline': classic.executeAdaline,
  'classic.lms': classic.executeLms,
  'torch.autograd.functional.hessian': secondOrder.executeHessian,
  'torch.autograd.functional.jacobian': secondOrder.executeJacobian,
  'composite.hvp': secondOrder.executeHvp,
  'composite.gradient_penalty': secondOrder.executeGradientPenalty,
  'composite.nth_derivative': secondOrder.executeNthDerivative,
  'composite.unrolled_sgd': secondOrder.executeUnrolledSgd,
};

/** What is done in steps, each of which is compiled. */
const steppers: ReadonlySet<Executor> = new Set([executeModule, executeOptimizer, executeTraining]);

/** What reads values on its way, or has JavaScript compute them. */
const eagerOnly: ReadonlySet<Executor> = new Set([
  executeInit,
  executeScheduler,
  classic.executePerceptron,
  classic.executeAdaline,
  classic.executeLms,
]);

export interface Outcome {
  readonly state: 'passed' | 'failed' | 'absent';
  /** The largest error in units of the tolerance. */
  readonly worst: number;
  /** What is wrong, one line each. */
  readonly complaints: readonly string[];
}

/** PyTorch's functions and classes that a case needs and gradtape does not have. */
export function absentFrom(reference: ReferenceCase): string[] {
  const needed = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'string' && ['op', 'optimizer', 'scheduler'].includes(key)) needed.add(value);
    if (typeof value === 'object' && value !== null) for (const [k, v] of Object.entries(value)) visit(v, k);
  };
  visit(reference.op in executors ? reference : { ...reference, executor: { op: reference.kind } }, '');
  return [...needed].filter((operation) => !(operation in executors) && find(operation) === undefined);
}

function executorOf({ op, kind }: ReferenceCase): Executor {
  return (executors[op] ?? executors[kind]) as Executor;
}

/** Functions whose result has a shape that depends on values. */
const shapedByValues: readonly string[] = [
  'torch.argwhere',
  'torch.bincount',
  'torch.masked_select',
  'torch.nonzero',
  'torch.unique',
  'torch.unique_consecutive',
];

/** Whether what a case does can be compiled. */
export function canBeCompiled(reference: ReferenceCase): boolean {
  return !eagerOnly.has(executorOf(reference)) && !shapedByValues.includes(reference.op);
}

/** @param engine Where given, what is compared is what compiled code of this engine gives. */
export function runCase(reference: ReferenceCase, engine?: Engine): Outcome {
  if (absentFrom(reference).length > 0) return { state: 'absent', worst: 0, complaints: [] };
  try {
    return engine === undefined || !canBeCompiled(reference)
      ? check(
          reference,
          executorOf(reference)(reference, (step) => step),
        )
      : checkCompiled(reference, new CompiledCase(engine));
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error);
    return { state: 'failed', worst: Number.POSITIVE_INFINITY, complaints: [complaint] };
  }
}

function checkCompiled(reference: ReferenceCase, compiled: CompiledCase): Outcome {
  try {
    const execute = executorOf(reference);
    const results = steppers.has(execute) ? execute(reference, compiled.wrap) : compiled.execute(reference, execute);
    const outcome = check(reference, results);
    if (compiled.runs > 0) return outcome;
    return { ...outcome, state: 'failed', complaints: [...outcome.complaints, 'no compiled code ran'] };
  } finally {
    compiled.dispose();
  }
}

function check(reference: ReferenceCase, results: Readonly<Record<string, Tensor | undefined>>): Outcome {
  let worst = 0;
  const complaints: string[] = [];
  for (const [name, want] of Object.entries(wanted(reference))) {
    const comparison = compare(results[name], want, reference.tol ?? defaultTolerance);
    worst = Math.max(worst, comparison.worst);
    if (comparison.complaint !== undefined) complaints.push(`${name}: ${comparison.complaint}`);
  }
  return { state: complaints.length === 0 ? 'passed' : 'failed', worst, complaints };
}

/** The expected outputs by their names, and gradients as `grads.<name>`. */
function wanted({ outputs, grads = {} }: ReferenceCase): Record<string, TensorRecord> {
  const gradients = Object.entries(grads).map(([name, record]) => [`grads.${name}`, record] as const);
  return Object.fromEntries([...outputs.map((output) => [output.name, output] as const), ...gradients]);
}
