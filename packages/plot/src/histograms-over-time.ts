import { GradtapeError } from '@gradtape/autograd';
import { formatNumber, widen } from './axis.ts';
import { binEdge, countInBins, roundBins } from './bins.ts';
import { type HeatMapOptions, heatMap } from './heat-map.ts';
import type { Picture } from './picture.ts';
import { type Numbers, rangeOf, readNumbers } from './values.ts';

export interface HistogramsOverTimeOptions extends Pick<HeatMapOptions, 'title' | 'subtitle' | 'xLabel' | 'yLabel'> {
  /** What the columns are called. Default: 0, 1, 2, … */
  readonly times?: readonly (string | number)[];
  /** About how many bins; their width is a round number. Default 32. */
  readonly bins?: number;
}

/**
 * How the distribution of values changes: a column for each moment, darker where more of its values lie. Values that are
 * not finite are left out.
 *
 * @param moments - a list of values for each moment; a tensor of any shape is a list of its entries.
 * @throws GradtapeError if there are no moments, not as many times as moments, or `bins` is not a count.
 * @example
 * const picture = histogramsOverTime([[0.1, -0.2, 0.4], [0.5, -0.9, 1.2]], {
 *   times: ['before', 'after'], yLabel: 'activation', title: 'Layer 1',
 * });
 * picture.svg.includes('before'); // true
 */
export function histogramsOverTime(moments: readonly Numbers[], options: HistogramsOverTimeOptions = {}): Picture {
  const { bins: wanted = 32, times, ...others } = options;
  if (!Number.isInteger(wanted) || wanted < 1 || moments.length === 0) {
    throw new GradtapeError('histogramsOverTime: there is nothing to draw', {
      got: `${moments.length} moments in ${wanted} bins`,
      needs: 'a list of values for each moment, and a whole number of bins from 1',
      fix: 'collect the values of each epoch in a list; leave bins out for 32',
    });
  }
  const lists = moments.map(readNumbers);
  const bins = roundBins(widen(rangeOf(lists) ?? [0, 1]), wanted);
  const shares = lists.map((list) => {
    const counts = countInBins(list, bins);
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (total === 0 ? 0 : count / total));
  });
  // Rows from the top: the highest bin first.
  const rows = Array.from({ length: bins.count }, (_, row) => bins.count - 1 - row);
  return heatMap(
    rows.map((bin) => shares.map((share) => share[bin] as number)),
    {
      ...others,
      rowNames: rows.map((bin) =>
        formatNumber(Number(((binEdge(bins, bin) + binEdge(bins, bin + 1)) / 2).toPrecision(6))),
      ),
      ...(times && { columnNames: times.map(String) }),
      colours: 'sequential',
      format: false,
    },
  );
}
