import type { Tensor } from '@gradtape/autograd';
import type { Network } from './network.ts';

/** A row for each parameter: its largest entry, and under each title how far another network's are from it at most. */
export function tableOfDifferences(network: Network, others: Readonly<Record<string, Network>>): string {
  const titles = ['', 'largest entry', ...Object.keys(others)];
  const rows = (Object.keys(network) as (keyof Network)[]).map((name) => [
    `${name} [${network[name].shape.join(', ')}]`,
    largest(network[name]),
    ...Object.values(others).map((other) => largest(network[name].sub(other[name]))),
  ]);
  const widths = titles.map((_, column) => Math.max(...[titles, ...rows].map((row) => (row[column] as string).length)));
  return [titles, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

function largest(x: Tensor): string {
  return x.abs().amax().item().toExponential(1);
}
