import fc from 'fast-check';
import type { Choose } from '../verify/choose.ts';

/** What is made from choices that fast-check makes, and shrinks one by one. */
export function chosen<T>(make: (choose: Choose) => T): fc.Arbitrary<T> {
  return new Chosen(make);
}

interface Choice {
  readonly low: number;
  readonly value: number;
}

/** Unlike `fc.gen().map`, it gives plain values, which fast-check need not clone. */
class Chosen<T> extends fc.Arbitrary<T> {
  readonly #make: (choose: Choose) => T;

  constructor(make: (choose: Choose) => T) {
    super();
    this.#make = make;
  }

  override generate(random: fc.Random): fc.Value<T> {
    return this.#remembering((low, high) => random.nextInt(low, high));
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  override shrink(_value: T, context: unknown): fc.Stream<fc.Value<T>> {
    const choices = (context ?? []) as readonly Choice[];
    return fc.stream(simpler(choices)).map((values) => {
      const next = values.values();
      return this.#remembering((low, high) => Math.min(Math.max(next.next().value ?? low, low), high));
    });
  }

  /** The value, with the choices that led to it. */
  #remembering(choose: Choose): fc.Value<T> {
    const choices: Choice[] = [];
    const value = this.#make((low, high) => {
      const chosen = choose(low, high);
      choices.push({ low, value: chosen });
      return chosen;
    });
    return new fc.Value(value, choices);
  }
}

/** The same choices with one of them nearer to its lowest: the lowest first, then half way, and so on. */
function* simpler(choices: readonly Choice[]): IterableIterator<readonly number[]> {
  for (const [i, { low, value }] of choices.entries()) {
    for (let gap = value - low; gap > 0; gap = Math.floor(gap / 2)) {
      yield choices.map((choice, k) => (k === i ? value - gap : choice.value));
    }
  }
}
