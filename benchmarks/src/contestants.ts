import { fileURLToPath } from 'node:url';
import { onNewestNode } from '../../tools/node24/newest-node.ts';
import { type Engine, nodeOptionsOf } from './engines.ts';

/** A program that runs a workload, whose name is its last argument but for `after`, and prints its figures. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly after: readonly string[];
  /** The workloads that it knows; undefined for all. */
  readonly workloads: ReadonlySet<string> | undefined;
}

/** gradtape on an engine, on the newest Node there is. */
export function onEngine(engine: Engine): Contestant {
  const step = fileURLToPath(new URL('step.ts', import.meta.url));
  const command = [...onNewestNode(step, nodeOptionsOf(engine)), engine];
  return { name: engine, command, after: [], workloads: undefined };
}

/** The workloads that `peers/torch_models.py` has. */
export const torchModels: ReadonlySet<string> = new Set([
  'conv-batch-norm',
  'lstm',
  'gru',
  'transformer-encoder',
  'autoencoder',
]);

/** PyTorch, run by a Python that has it: on one thread and two, with plain optimizers and fused ones. */
export function torch(python: string): readonly Contestant[] {
  const script = fileURLToPath(new URL('../peers/torch_models.py', import.meta.url));
  return ['eager', 'fused'].flatMap((variant) =>
    ['1', '2'].map((threads) => ({
      name: `torch ${variant} ${threads}t`,
      command: [python, script],
      after: [threads, variant],
      workloads: torchModels,
    })),
  );
}
