import { GradtapeError } from '@gradtape/autograd';
import type { Metric } from '../metrics/index.ts';

/** Metrics that a step updates, by the names under which their values are reported. */
export type NamedMetrics = Readonly<Record<string, Metric>>;

export function resetAll(metrics: NamedMetrics): void {
  for (const metric of Object.values(metrics)) metric.reset();
}

/** The values of all metrics, beside numbers that have names of their own. */
export function withMetrics(
  operation: string,
  numbers: Readonly<Record<string, number>>,
  metrics: NamedMetrics,
): Record<string, number> {
  const values = Object.entries(metrics).map(([name, metric]) => {
    const value = metric.compute();
    if (value.length !== 1) {
      failOnMetric(
        operation,
        `${name} of shape [${value.shape.join(', ')}]`,
        'compute it after the run; of scores, choose an average',
      );
    }
    if (name in numbers) failOnMetric(operation, `${name} from the step, and as a metric`, 'rename one of them');
    return [name, value.item()] as const;
  });
  return { ...numbers, ...Object.fromEntries(values) };
}

function failOnMetric(operation: string, got: string, fix: string): never {
  throw new GradtapeError(`${operation}: a metric must give one number, under a name of its own`, {
    got,
    needs: 'metrics such as { accuracy: new Accuracy() }',
    fix,
  });
}
