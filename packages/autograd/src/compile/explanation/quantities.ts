import { showShape } from '../../core/shape.ts';
import type { StageSummary } from './stage-summary.ts';

/** Bytes as `1.5 MiB`. */
export function bytesInWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 2 ** 20 ? `${digits(bytes / 1024)} KiB` : `${digits(bytes / 2 ** 20)} MiB`;
}

/** Milliseconds as `12.3 µs` or `1.23 ms`. */
export function timeInWords(milliseconds: number): string {
  return milliseconds < 1 ? `${digits(1000 * milliseconds)} µs` : `${digits(milliseconds)} ms`;
}

export function shareInWords(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '';
}

/** The shape of a stage's loops: `[128, 10] over 1, 5 nests`. */
export function loopsInWords({ shape, reduced, nests }: Pick<StageSummary, 'shape' | 'reduced' | 'nests'>): string {
  const over = reduced.length > 0 ? ` over ${reduced.join(', ')}` : '';
  return `${showShape(shape)}${over}${nests > 1 ? `, ${nests} nests` : ''}`;
}

/** `45.2 GFLOP/s` of a product, `12 GB/s` of anything else. */
export function rateInWords(operations: number, bytes: number, milliseconds: number): string {
  if (milliseconds <= 0) return '';
  const isProduct = operations > 0;
  return `${digits((isProduct ? operations : bytes) / milliseconds / 1e6)} ${isProduct ? 'GFLOP/s' : 'GB/s'}`;
}

function digits(value: number): string {
  if (value < 1) return value.toFixed(2);
  return value >= 100 ? value.toFixed(0) : `${Number(value.toPrecision(3))}`;
}
