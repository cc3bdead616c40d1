import { Generator } from '../core/random/generator.ts';

/**
 * Where all that is drawn comes from: whole numbers, both ends included. The lowest stands for the simplest choice, so that
 * a source that shrinks (fast-check) leads to simple samples.
 */
export type Choose = (low: number, high: number) => number;

/** A choice among things, each as likely as its weight says; the first is the simplest. */
export function chooseAmong<T>(choose: Choose, weighted: readonly (readonly [weight: number, thing: T])[]): T {
  let left = choose(0, weighted.reduce((sum, [weight]) => sum + weight, 0) - 1);
  for (const [weight, thing] of weighted) {
    if (left < weight) return thing;
    left -= weight;
  }
  return weighted[0][1];
}

/** Choices that a seed determines. */
export function chooseBySeed(seed: number): Choose {
  const generator = new Generator(seed);
  const one = new Int32Array(1);
  return (low, high) => generator.integers(one, low, high + 1)[0];
}
