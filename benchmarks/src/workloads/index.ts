import type { Run } from '../engines.ts';
import type { Workload } from '../timing.ts';
import { autoencoder } from './autoencoder.ts';
import { convBatchNorm } from './conv-batch-norm.ts';
import { gru } from './gru.ts';
import { lenet } from './lenet.ts';
import { lstm } from './lstm.ts';
import { products } from './matmul.ts';
import { mnistMlp, ringsMlp } from './mlp.ts';
import { scalarTape } from './scalar-tape.ts';
import { tinyGpt } from './tiny-gpt.ts';
import { transformerEncoder } from './transformer-encoder.ts';

/** The workloads by name; made when asked for. */
export const workloads: Readonly<Record<string, (run: Run) => Workload[]>> = {
  'mnist-mlp': (run) => [mnistMlp(run)],
  'rings-mlp': (run) => [ringsMlp(run)],
  'scalar-tape': (run) => [scalarTape(run)],
  matmul: products,
  lenet: (run) => [lenet(run)],
  'tiny-gpt': (run) => [tinyGpt(run)],
  'conv-batch-norm': (run) => [convBatchNorm(run)],
  lstm: (run) => [lstm(run)],
  gru: (run) => [gru(run)],
  'transformer-encoder': (run) => [transformerEncoder(run)],
  autoencoder: (run) => [autoencoder(run)],
};
