import type { Workload } from '../timing.ts';
import { lenet } from './lenet.ts';
import { products } from './matmul.ts';
import { mnistMlp, ringsMlp } from './mlp.ts';
import { scalarTape } from './scalar-tape.ts';
import { tinyGpt } from './tiny-gpt.ts';

/** The six workloads by name; made when asked for. */
export const workloads: Readonly<Record<string, () => Workload[]>> = {
  'mnist-mlp': () => [mnistMlp()],
  'rings-mlp': () => [ringsMlp()],
  'scalar-tape': () => [scalarTape()],
  matmul: products,
  lenet: () => [lenet()],
  'tiny-gpt': () => [tinyGpt()],
};
