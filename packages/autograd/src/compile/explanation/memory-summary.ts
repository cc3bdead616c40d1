import { entriesOf } from '../../core/shape.ts';
import type { Value } from '../graph.ts';
import { storageBytes } from '../stages.ts';
import type { ProgramView } from './program-view.ts';
import type { Origin, ValueNames } from './value-names.ts';

/** Where a program's memory goes, in bytes. */
export interface MemorySummary {
  readonly arguments: number;
  /** Parameters, what optimizers keep, and other slots; they outlive the program. */
  readonly state: number;
  /** Numbers that JavaScript fills in anew before each run: random ones, learning rates. */
  readonly numbers: number;
  readonly constants: number;
  /** One arena for all that is computed on the way. */
  readonly arena: number;
  /** The most of it that is alive at any time: no arena could be smaller. */
  readonly lowerBound: number;
  /** Buffers that are written over the old content of a slot. */
  readonly inPlace: number;
}

export function memorySummary({ graph, fused, plan }: ProgramView, names: ValueNames): MemorySummary {
  const bytesOf = (origin: Origin): number =>
    graph.inputs
      .filter(({ value }) => names.originOf(value) === origin)
      .map(({ value }) => {
        const { shape, place } = graph.values[value] as Value;
        const entries = entriesOf(shape.map((size, d) => (place.strides[d] === 0 ? 1 : size)));
        return entries * storageBytes[fused.storage.get(place.buffer) ?? 'float32'];
      })
      .reduce((sum, bytes) => sum + bytes, 0);
  return {
    arguments: bytesOf('argument'),
    state: bytesOf('state'),
    numbers: bytesOf('numbers'),
    constants: bytesOf('constant'),
    arena: plan.bytes,
    lowerBound: plan.lowerBound,
    inPlace: plan.inPlace.size,
  };
}
