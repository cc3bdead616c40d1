export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** The means of the first and of the last tenth, at least of one value each. */
export function ends(values: readonly number[]): { readonly first: number; readonly last: number } {
  const count = Math.max(1, Math.floor(values.length / 10));
  return { first: mean(values.slice(0, count)), last: mean(values.slice(-count)) };
}

/** Pearson's correlation; 0 where a list does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  const scale = Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
  return scale === 0 ? 0 : product(a, meanA, b, meanB) / scale;
}

/** What is left beside the straight line that fits best. */
export function withoutTrend(values: readonly number[]): number[] {
  const middle = (values.length - 1) / 2;
  const scatter = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = values.reduce((sum, value, i) => sum + (i - middle) * value, 0) / scatter;
  return values.map((value, i) => value - slope * (i - middle));
}

/** A number as a sentence has it. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
