import type { Tensor } from '@gradtape/autograd';
import { type LinePoint, minimumOfCubic } from './cubic-interpolation.ts';

/** A point of a line search with its gradient. */
export interface SearchPoint extends LinePoint {
  readonly gradient: Tensor;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Points with a good one between them. */
type Bracket = [SearchPoint, SearchPoint];

/**
 * A line search for a point that satisfies the strong Wolfe conditions: the function falls enough,
 * `f(t) ≤ f(0) + c₁ t f'(0)`, and the slope becomes flat enough, `|f'(t)| ≤ c₂ |f'(0)|`, with c₁ = 1e-4 and c₂ = 0.9. Nocedal and Wright,
 * Numerical Optimization, algorithms 3.5 and 3.6, with cubic interpolation and the stopping rules of PyTorch's.
 */
export class StrongWolfe {
  /** How many points were tried. */
  evaluations = 0;
  readonly #evaluate: (t: number) => SearchPoint;
  readonly #start: SearchPoint;
  readonly #smallest: number;
  readonly #most: number;

  /**
   * @param evaluate The function at t, with its slope and its gradient.
   * @param start The point t = 0.
   * @param smallest The length between two points at which the search ends.
   * @param most How many points to try after the first.
   */
  constructor(evaluate: (t: number) => SearchPoint, start: SearchPoint, smallest: number, most = 25) {
    this.#evaluate = evaluate;
    this.#start = start;
    this.#smallest = smallest;
    this.#most = most;
  }

  /** The best point found; `t` is tried first. */
  search(t: number): SearchPoint {
    const found = this.#goOn(t);
    return Array.isArray(found) ? this.#closeIn(found) : found;
  }

  /** Goes on until two points have a good one between them, or one is good itself. */
  #goOn(t: number): SearchPoint | Bracket {
    let before = this.#start;
    let here = this.#try(t);
    for (let k = 0; !this.#isOver; k++) {
      if (this.#isTooHigh(here) || (k > 1 && here.value >= before.value)) return [before, here];
      if (this.#isFlat(here)) return here;
      if (here.slope >= 0) return [before, here];
      const farther = minimumOfCubic(before, here, [here.t + 0.01 * (here.t - before.t), here.t * 10]);
      before = here;
      here = this.#try(farther);
    }
    return [this.#start, here];
  }

  /** Closes in on a good point between two; the lower of what it ends with. */
  #closeIn(bracket: Bracket): SearchPoint {
    let low = lowest(bracket);
    let isNearEnd = false;
    while (!this.#isOver && Math.abs(bracket[1].t - bracket[0].t) >= this.#smallest) {
      const next = keepAway(bracket, minimumOfCubic(...bracket), isNearEnd);
      isNearEnd = next.isNearEnd;
      const here = this.#try(next.t);
      const high = 1 - low;
      if (this.#isTooHigh(here) || here.value >= bracket[low].value) {
        bracket[high] = here;
        low = lowest(bracket);
        continue;
      }
      if (this.#isFlat(here)) return here;
      if (here.slope * (bracket[high].t - bracket[low].t) >= 0) bracket[high] = bracket[low];
      bracket[low] = here;
    }
    return bracket[low];
  }

  #try(t: number): SearchPoint {
    this.evaluations++;
    return this.#evaluate(t);
  }

  get #isOver(): boolean {
    return this.evaluations > this.#most;
  }

  #isTooHigh({ t, value }: SearchPoint): boolean {
    return value > this.#start.value + SUFFICIENT_DECREASE * t * this.#start.slope;
  }

  #isFlat({ slope }: SearchPoint): boolean {
    return Math.abs(slope) <= -CURVATURE * this.#start.slope;
  }
}

function lowest([first, second]: Bracket): 0 | 1 {
  return first.value <= second.value ? 0 : 1;
}

/** Keeps a step away from the ends of the bracket, if it was near an end before, too, or is no farther in than that. */
function keepAway([a, b]: Bracket, t: number, wasNearEnd: boolean): { t: number; isNearEnd: boolean } {
  const [least, most] = [Math.min(a.t, b.t), Math.max(a.t, b.t)];
  const margin = 0.1 * (most - least);
  if (!(Math.min(most - t, t - least) < margin)) return { t, isNearEnd: false };
  if (!wasNearEnd && t < most && t > least) return { t, isNearEnd: true };
  return { t: Math.abs(t - most) < Math.abs(t - least) ? most - margin : least + margin, isNearEnd: false };
}
