import type { Run } from '../engines.ts';
import type { Workload } from '../timing.ts';
import { lenet } from './lenet.ts';
import { products } from './matmul.ts';
import { mnistMlp, ringsMlp } from './mlp.ts';
import { scalarTape } from './scalar-tape.ts';
import { tinyGpt } from './tiny-gpt.ts';

/** The six workloads by name; made when asked for. */
export const workloads: Readonly<Record<string, (run: Run) => Workload[]>> = {
  'mnist-mlp': (run) => [mnistMlp(run)],
  'rings-mlp': (run) => [ringsMlp(run)],
  'scalar-tape': (run) => [scalarTape(run)],
  matmul: products,
  lenet: (run) => [lenet(run)],
  'tiny-gpt': (run) => [tinyGpt(run)],
};
