import { noGrad } from '@gradtape/autograd';
import type { Module } from '@gradtape/nn';
import { BatchMeans } from './batch-means.ts';
import { type NamedMetrics, resetAll, withMetrics } from './named-metrics.ts';
import { failOnNoBatches } from './no-batches.ts';
import { type Batches, runStep, type Step } from './step.ts';

export interface EvaluateOptions {
  /** Is in evaluation mode meanwhile, and then as before. */
  readonly model?: Module;
  /** What the step updates: they are reset before the first batch, and their values are among the results. */
  readonly metrics?: NamedMetrics;
}

/**
 * The means of what a step gives over all samples of a loader, without tape.
 *
 * @param step - gives the loss of a batch, or several numbers by name; compiled or not.
 * @returns the means by name (`loss` for a loss alone), and the values of the metrics.
 * @throws GradtapeError if there are no batches, or the step does not give numbers.
 * @example
 * import { iris, DataLoader } from '@gradtape/data';
 * import { Linear } from '@gradtape/nn';
 *
 * const model = new Linear(4, 3);
 * const accuracy = new Accuracy();
 * const results = await evaluate(
 *   (x, y) => {
 *     const logits = model.forward(x);
 *     accuracy.update(logits, y);
 *     return crossEntropy(logits, y);
 *   },
 *   new DataLoader(iris(), { batchSize: 50 }),
 *   { model, metrics: { accuracy } },
 * );
 * Object.keys(results); // ['loss', 'accuracy']
 */
export async function evaluate<Batch>(
  step: Step<Batch>,
  loader: Batches<Batch>,
  { model, metrics = {} }: EvaluateOptions = {},
): Promise<Record<string, number>> {
  const modules = model?.modules() ?? [];
  const modes = modules.map(({ training }) => training);
  const means = new BatchMeans();
  resetAll(metrics);
  try {
    model?.eval();
    for await (const batch of loader) means.add(noGrad(() => runStep('evaluate', step, batch)));
  } finally {
    for (const [i, module] of modules.entries()) module.training = modes[i];
  }
  if (means.isEmpty) failOnNoBatches('evaluate');
  return withMetrics('evaluate', means.compute(), metrics);
}
