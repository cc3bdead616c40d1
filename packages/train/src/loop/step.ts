import { GradtapeError, Tensor } from '@gradtape/autograd';

/** Batches, from memory or to be waited for: a `DataLoader`, or any other source. */
export type Batches<Batch> = Iterable<Batch> | AsyncIterable<Batch>;

/** What a step is called with: the entries of a batch that is an array, or the batch. */
export type StepArguments<Batch> = Batch extends readonly unknown[] ? Batch : [batch: Batch];

/** What a step gives: the loss of its batch, alone or with other numbers by name. Tensors have one entry. */
export type Outcome = Tensor | number | Readonly<Record<string, Tensor | number>>;

/** A user's own function for one batch, compiled or not. */
export type Step<Batch> = (...batch: StepArguments<Batch>) => Outcome;

/** What a step came to. */
export interface StepResult {
  readonly numbers: Readonly<Record<string, number>>;
  /** How many samples the batch has: the size of its first tensor, or 1. */
  readonly samples: number;
}

/** Calls a step with a batch, and reads what it gives. */
export function runStep<Batch>(operation: string, step: Step<Batch>, batch: Batch): StepResult {
  const args = (Array.isArray(batch) ? batch : [batch]) as StepArguments<Batch>;
  const outcome: unknown = step(...args);
  if (outcome instanceof Promise) failOnOutcome(operation, 'a promise', synchronous);
  const isNamed = typeof outcome === 'object' && !(outcome instanceof Tensor);
  const named = isNamed || outcome === undefined ? { ...outcome } : { loss: outcome };
  const entries = Object.entries(named).map(([name, value]) => [name, toNumber(operation, name, value)] as const);
  if (entries.length === 0) failOnOutcome(operation, 'nothing', 'end the step with return loss');
  const first = (args as readonly unknown[]).find((value) => value instanceof Tensor);
  return { numbers: Object.fromEntries(entries), samples: first?.shape[0] ?? 1 };
}

const synchronous = 'a step does not wait: make it no async function';

function toNumber(operation: string, name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Tensor && value.length === 1) return value.item();
  const got = value instanceof Tensor ? `a tensor [${value.shape.join(', ')}]` : `${typeof value}`;
  const fix = value instanceof Promise ? synchronous : 'take the mean of a batch';
  failOnOutcome(operation, `${name}: ${got}`, fix);
}

function failOnOutcome(operation: string, got: string, fix: string): never {
  throw new GradtapeError(`${operation}: a step must give numbers`, {
    got,
    needs: 'a loss with one entry, or an object of such numbers: { loss, accuracy }',
    fix,
  });
}
