/** How a setting goes from one value to another. */
export type AnnealStrategy = 'cos' | 'linear';

export const annealStrategies: readonly AnnealStrategy[] = ['cos', 'linear'];

/** From `start` to `end` as `share` goes from 0 to 1: along half a wave of the cosine, or a straight line. */
export function anneal(strategy: AnnealStrategy, start: number, end: number, share: number): number {
  if (strategy === 'linear') return (end - start) * share + start;
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share));
}
