import type { Tensor } from '../../core/tensor.ts';

/** One step of a recurrent cell, entry by entry; the products with its weights have been made already. */
export interface Cell {
  /** How many blocks of `hidden` rows its weights have, one for each gate. */
  readonly gates: number;
  /** How many tensors it hands on from step to step. The first is what it shows: h. */
  readonly states: number;
  /** Whether both products of a gate are simply added, so that their biases make one, which the input's products have. */
  readonly hasOneBias: boolean;
  /**
   * The next states, from its gates' parts of the input's products (with their bias), of the state's products and, if it
   * has a bias of its own, of that. What it shows is written into the place that is given for it, if one is.
   */
  advance(gates: GateOperands, previous: readonly Tensor[], place?: Tensor): Advance;
  /**
   * The cotangents of all that `advance` took, written into the places given for them, from those of the next states. That of
   * what it shows comes in two parts, which add up: by what is shown, and by the next step.
   */
  retreat(
    cotangents: readonly [ofShown: Tensor, fromLater: Tensor | number, ...others: Tensor[]],
    saved: readonly Tensor[],
    previous: readonly Tensor[],
    places?: PlacesOfGates,
  ): Retreat;
}

/** What each gate adds up. Numbers stand for a bias that there is not. */
export interface GateOperands {
  readonly input: readonly Tensor[];
  readonly recurrent: readonly Tensor[];
  readonly bias: readonly (Tensor | number)[];
}

export interface Advance {
  readonly next: readonly Tensor[];
  /** What `retreat` needs. */
  readonly saved: readonly Tensor[];
}

/** Where a cell writes the cotangents of its gates: parts of tensors that lie beside each other. */
export interface PlacesOfGates {
  readonly input: readonly Tensor[];
  /** Where those of the state's products are others. */
  readonly recurrent: readonly Tensor[];
}

export interface Retreat {
  /** By each gate's part of the input's products. */
  readonly input: readonly Tensor[];
  /** By each gate's part of the state's products. Default: as those of the input, where the two are simply added. */
  readonly recurrent?: readonly Tensor[];
  /** By the previous states, where they are used beside the products. */
  readonly previous: readonly (Tensor | undefined)[];
}
