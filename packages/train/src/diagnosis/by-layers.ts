import type { LayerSnapshot } from '../statistics/index.ts';
import { type Finding, finding } from './finding.ts';
import { median, short } from './series.ts';

/** What the recorded steps of a training tell, layer by layer. */
export function findByLayers(snapshots: readonly LayerSnapshot[]): Finding[] {
  return [exploding(snapshots), vanishing(snapshots), dead(snapshots), saturated(snapshots)].filter(
    (found) => found !== undefined,
  );
}

/** Whether steps change the weights at all; undefined where nothing was recorded. */
export function isMoving(snapshots: readonly LayerSnapshot[]): boolean | undefined {
  if (snapshots.length === 0) return undefined;
  // A bias that begins at 0 moves far for its size, however small the steps.
  const ratios = snapshots.map(({ parameters }) =>
    Math.max(...parameters.filter(({ name }) => !name.endsWith('bias')).map(({ updateRatio }) => updateRatio)),
  );
  return median(ratios) > 1e-4;
}

/** The weights of all layers with the medians of a number over the steps; without biases, which have sizes of their own. */
function weightsOf(
  snapshots: readonly LayerSnapshot[],
  read: (row: LayerSnapshot['parameters'][number]) => number,
): { readonly name: string; readonly value: number }[] {
  const names = (snapshots.at(-1)?.parameters ?? []).map(({ name }) => name).filter((name) => !name.endsWith('bias'));
  return names.map((name) => ({
    name,
    value: median(snapshots.flatMap(({ parameters }) => parameters.filter((row) => row.name === name).map(read))),
  }));
}

function exploding(snapshots: readonly LayerSnapshot[]): Finding | undefined {
  const found = weightsOf(snapshots, ({ gradientNorm, weightNorm }) =>
    Number.isFinite(gradientNorm) ? gradientNorm / weightNorm : Infinity,
  ).filter(({ value }) => value > 100);
  if (found.length === 0) return undefined;
  const most = Math.max(...found.map(({ value }) => value));
  return finding(
    'exploding gradients',
    `gradients are up to ${short(most)} times as long as the weights`,
    found.map(({ name }) => name),
  );
}

function vanishing(snapshots: readonly LayerSnapshot[]): Finding | undefined {
  const sizes = weightsOf(snapshots, ({ gradientSize }) => gradientSize);
  const most = Math.max(...sizes.map(({ value }) => value));
  const found = sizes.filter(({ value }) => value < 1e-3 * most);
  if (found.length === 0) return undefined;
  const least = Math.min(...found.map(({ value }) => value));
  return finding(
    'vanishing gradients',
    `gradients of ${short(least)} beside ones of ${short(most)}`,
    found.map(({ name }) => name),
  );
}

function dead(snapshots: readonly LayerSnapshot[]): Finding | undefined {
  const last = snapshots.at(-1)?.activations ?? [];
  const found = last.filter(({ kind, dead: share }) => /ReLU|Hardtanh|Hardswish/.test(kind) && share > 0.5);
  if (found.length === 0) return undefined;
  const share = Math.max(...found.map(({ dead: units }) => units));
  return finding(
    'dead units',
    `up to ${Math.round(100 * share)} % of the units are 0 for every sample of the batch`,
    found.map(({ name }) => name),
  );
}

/** But for the output, which a trained classifier may well saturate. */
function saturated(snapshots: readonly LayerSnapshot[]): Finding | undefined {
  const hidden = (snapshots.at(-1)?.activations ?? []).slice(0, -1);
  const found = hidden.filter(({ saturated: share }) => share !== undefined && share > 0.5);
  if (found.length === 0) return undefined;
  const share = Math.max(...found.map((row) => row.saturated ?? 0));
  return finding(
    'saturation',
    `up to ${Math.round(100 * share)} % of the activations have next to no derivative`,
    found.map(({ name }) => name),
  );
}
