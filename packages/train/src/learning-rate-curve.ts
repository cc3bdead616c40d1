import type { LearningRateRange } from '@gradtape/optim';
import { type Heading, lineChart, type Picture } from '@gradtape/plot';

/**
 * The curve of a learning-rate range test, the rates on a logarithmic axis: the losses, their running mean, and where it falls
 * fastest. A good rate lies there, or somewhat before.
 *
 * @param range - what `learningRateRange` of `@gradtape/optim` gave.
 * @example
 * import { learningRateRange } from '@gradtape/optim';
 *
 * const range = learningRateRange((rate) => 2 - Math.min(1, 10 * rate) + rate, { from: 1e-4, to: 10, count: 40 });
 * learningRateCurve(range).svg.includes('learning rate'); // true
 */
export function learningRateCurve(range: LearningRateRange, heading: Heading = {}): Picture {
  const { rates, losses, smoothed, suggestion, hasDiverged } = range;
  const at = suggestion === undefined ? undefined : `steepest at ${Number(suggestion.toPrecision(2))}`;
  const subtitle = [at ?? 'the loss never falls', ...(hasDiverged ? ['ended where the loss exploded'] : [])].join('; ');
  // What explodes would press all else flat.
  const top = 2 * Math.max(...losses.slice(0, Math.ceil(losses.length / 2)).filter(Number.isFinite));
  const shown = (values: readonly number[]): number[] => values.map((value) => (value <= top ? value : Number.NaN));
  const steepest = smoothed[rates.indexOf(suggestion ?? Number.NaN)];
  return lineChart(
    {
      loss: { x: rates, y: shown(losses) },
      'running mean': { x: rates, y: shown(smoothed) },
      ...(suggestion !== undefined &&
        steepest !== undefined && {
          steepest: {
            x: [suggestion, suggestion],
            y: [Math.min(...shown(smoothed).filter(Number.isFinite)), steepest],
          },
        }),
    },
    { title: 'Learning-rate range', subtitle, xLabel: 'learning rate', yLabel: 'loss', xScale: 'log', ...heading },
  );
}
