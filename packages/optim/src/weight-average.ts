import { fuse, GradtapeError, isFloating, noGrad, numbersOf, repeat, Slot, type Tensor } from '@gradtape/autograd';
import { copyOf } from './copy-of.ts';

/** What can be averaged: a parameter, or a buffer such as a running mean. */
export interface Averaged {
  readonly value: Tensor;
  assign(next: Tensor): void;
}

/** What an average remembers, for saving. */
export interface WeightAverageState {
  readonly nAveraged: number;
  readonly averages: readonly Tensor[];
}

const mix = fuse((average, value, kept, added) => [
  (average as Tensor).mul(kept as Tensor).add((value as Tensor).mul(added as Tensor)),
]);

/**
 * Averages of parameters over a training, beside them. `update` after each of the optimizer's steps; `swapIn` puts the averages in
 * the parameters' place, to evaluate or to save a model, and `restore` takes them out. PyTorch's `AveragedModel`, without a second model.
 * Running statistics of batch normalization are averaged as well where the model's buffers are passed, too (its `use_buffers`).
 */
export abstract class WeightAverage {
  /** How many values were averaged. */
  nAveraged = 0;
  readonly #averaged: readonly Averaged[];
  readonly #averages: readonly Slot<Tensor>[];
  #aside: readonly Tensor[] | undefined;

  /** @throws GradtapeError if there is nothing to average. */
  constructor(averaged: Iterable<Averaged>) {
    this.#averaged = [...averaged];
    this.#averages = this.#averaged.map(({ value }) => new Slot<Tensor>(copyOf(value)));
    if (this.#averaged.length === 0)
      this.#fail('there is nothing to average', 'no parameters', 'at least one', 'pass model.parameters()');
  }

  /** How much of the average is kept, and how much of the next value is added, after `nAveraged` others. */
  protected abstract weights(nAveraged: number): readonly [kept: number, added: number];

  /**
   * Takes in the present values; the first time, the averages become them. Of whole numbers it keeps the latest. It may
   * stand in a compiled step.
   *
   * @throws GradtapeError while the averages are swapped in.
   */
  update(): void {
    if (this.#aside !== undefined)
      this.#fail(
        'an update of averages that are in place',
        'update() after swapIn()',
        'the parameters in their place',
        'restore() first',
      );
    repeat(() => {
      this.nAveraged += 1;
    });
    noGrad(() => {
      for (const [k, average] of this.#averages.entries()) this.#take(average, (this.#averaged[k] as Averaged).value);
    });
  }

  #take(average: Slot<Tensor>, value: Tensor): void {
    if (!isFloating(value.dtype)) {
      average.set(value);
      return;
    }
    const numbers = numbersOf(value.dtype, () => (this.nAveraged === 1 ? [0, 1] : this.weights(this.nAveraged - 1)));
    const before = average.get();
    average.set(mix.into([before], before, value, ...numbers)[0] as Tensor);
  }

  /** The averages, in the order of what is averaged. */
  averages(): Tensor[] {
    return this.#averages.map((average) => copyOf(average.get()));
  }

  /**
   * Puts the averages in the parameters' place, and the parameters' values aside.
   *
   * @throws GradtapeError if they are there already.
   */
  swapIn(): void {
    if (this.#aside !== undefined)
      this.#fail('the averages are in place already', 'swapIn() twice', 'restore() between', 'restore() first');
    this.#aside = this.#averaged.map(({ value }) => value);
    const averages = this.averages();
    for (const [k, each] of this.#averaged.entries()) each.assign(averages[k] as Tensor);
  }

  /**
   * Puts the values back that {@link swapIn} put aside.
   *
   * @throws GradtapeError if there are none.
   */
  restore(): void {
    const aside =
      this.#aside ??
      this.#fail('nothing was put aside', 'restore() without swapIn()', 'swapIn() before', 'swapIn() first');
    this.#aside = undefined;
    for (const [k, each] of this.#averaged.entries()) each.assign(aside[k] as Tensor);
  }

  /** A copy of what is needed to go on later. */
  stateDict(): WeightAverageState {
    return { nAveraged: this.nAveraged, averages: this.averages() };
  }

  /**
   * Takes over what {@link stateDict} gave.
   *
   * @throws GradtapeError, changing nothing, if the shapes are others.
   */
  loadStateDict({ nAveraged, averages }: WeightAverageState): void {
    const shapes = (tensors: readonly Tensor[]): string =>
      tensors.map(({ shape, dtype }) => `[${shape.join(', ')}] ${dtype}`).join(', ');
    const [got, needs] = [shapes(averages), shapes(this.#averages.map((average) => average.get()))];
    if (got !== needs)
      this.#fail(
        'the state is of other parameters',
        got,
        needs,
        'make the average over the same parameters, in the same order',
      );
    this.nAveraged = nAveraged;
    for (const [k, average] of this.#averages.entries()) average.set(copyOf(averages[k] as Tensor));
  }

  #fail(what: string, got: string, needs: string, fix: string): never {
    throw new GradtapeError(`${this.constructor.name}: ${what}`, { got, needs, fix });
  }
}
