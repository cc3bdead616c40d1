// Runs what a case says through compile(): what is compared then is what compiled code gave.
import { detach, isFloating, Parameter, type Tensor } from '@gradtape/autograd';
import { type Compiled, type CompileOptions, compile } from '@gradtape/autograd/compile';
import type { Executor, NamedTensors } from './executors/executor.ts';
import { type ReferenceCase, type StandIn, type TensorRecord, toTensor, withStandIns } from './format.ts';

export type Engine = NonNullable<CompileOptions['engine']>;

// biome-ignore lint/suspicious/noExplicitAny: a function of any signature
type AnyFunction = (...values: any[]) => unknown;

/** Compiled functions of one case, and whether compiled code ran. */
export class CompiledCase {
  readonly #engine: Engine;
  readonly #compiled: Compiled<AnyFunction>[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  readonly wrap = <F extends AnyFunction>(run: F): F => {
    const compiled = compile(run, { engine: this.#engine });
    this.#compiled.push(compiled);
    return compiled;
  };

  /** Runs of compiled code. */
  get runs(): number {
    return this.#compiled.reduce((sum, { statistics }) => sum + statistics.runs, 0);
  }

  dispose(): void {
    for (const compiled of this.#compiled) compiled.dispose();
  }

  /** All that an executor does as one program of the case's tensors. It is made with other numbers than it then runs on. */
  execute(reference: ReferenceCase, execute: Executor): NamedTensors {
    const records = recordsOf(reference);
    const tensors = records.map((record) => toTensor(record));
    const leaves = tensors.map((x) => (isFloating(x.dtype) ? new Parameter(x) : x));
    const program = this.wrap((given: readonly Tensor[]) => {
      for (const leaf of leaves) leaf.grad = null;
      const standIns = records.map((record, k) => [record, { tensor: given[k], leaf: leaves[k] } as StandIn] as const);
      return withStandIns(new Map(standIns), () => offTheTape(execute(reference, (step) => step)));
    });
    const run = (given: readonly Tensor[]): NamedTensors => {
      for (const [k, leaf] of leaves.entries()) if (leaf instanceof Parameter) leaf.assign(given[k] as Tensor);
      return program(given) as NamedTensors;
    };
    run(tensors.map(halved));
    return run(tensors);
  }
}

function recordsOf({ inputs, upstream = {}, vectors = {} }: ReferenceCase): TensorRecord[] {
  return [...inputs, ...Object.values(upstream), ...Object.values(vectors)];
}

function offTheTape(results: Readonly<Record<string, Tensor | undefined>>): Record<string, Tensor | undefined> {
  return Object.fromEntries(Object.entries(results).map(([name, x]) => [name, x && detach(x)]));
}

function halved(x: Tensor): Tensor {
  return isFloating(x.dtype) ? x.mul(0.5) : x;
}
