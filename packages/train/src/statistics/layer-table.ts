import type { LayerSnapshot } from './layer-snapshot.ts';

/** A snapshot as text: a line for each parameter, then one for each module. */
export function layerTable({ parameters, activations }: LayerSnapshot): string {
  const ofParameters = parameters.map(({ name, weightNorm, gradientNorm, updateRatio }) => [
    name,
    digits(weightNorm),
    digits(gradientNorm),
    digits(updateRatio),
  ]);
  const ofModules = activations.map(({ name, kind, mean, std, zeros, dead, saturated }) => [
    `${name}: ${kind}`,
    digits(mean),
    digits(std),
    percent(zeros),
    percent(dead),
    saturated === undefined ? '' : percent(saturated),
  ]);
  return [
    layOut([['parameter', 'weight norm', 'gradient norm', 'update / weight'], ...ofParameters]),
    layOut([['module', 'mean', 'std', 'zeros', 'dead', 'saturated'], ...ofModules]),
  ].join('\n\n');
}

function digits(value: number): string {
  return value === 0 || !Number.isFinite(value) ? String(value) : value.toPrecision(3);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Columns of their own widths: names to the left, numbers to the right. */
function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
