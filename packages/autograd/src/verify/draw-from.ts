import type { DType } from '../core/dtype.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Domain, Draw } from '../tape/primitive.ts';
import { type Choose, chooseAmong } from './choose.ts';
import { apartIn, clearIn, halfIn, specials, uniform } from './entries.ts';
import { chooseMemoryPlan, placed } from './memory-plan.ts';

/**
 * Which numbers are drawn: such as keep clear of kinks and of the ends of their domain; or halves and whole numbers of
 * the domain, so that kinks, zeros and ties are met; or infinities, NaN, zeros of both signs and numbers beside them,
 * whatever the domain.
 */
export type Entries = 'clear' | 'halves' | 'special';

export interface DrawOptions {
  readonly dtype: DType;
  /** Default: 'clear'. */
  readonly entries?: Entries;
}

/** Draws tensors of all shapes and layouts from one source of choices. */
export function drawFrom(choose: Choose, { dtype, entries = 'clear' }: DrawOptions): Draw {
  let drawn = 0;
  const place = (shape: Shape, of: DType, repeats: boolean, entry: (random: () => number) => () => number): Tensor => {
    // Seeds are often alike, above all after shrinking; what is drawn from them is not.
    const random = uniform(choose(0, 2 ** 31 - 1) + 0x9e3779b9 * ++drawn);
    return placed(shape, of, chooseMemoryPlan(choose, shape.length, repeats), entry(random));
  };
  return {
    dtype,
    integer: choose,
    shape: (options) => chooseShape(choose, options),
    tensor: (shape, domain = { low: -3, high: 3 }) => {
      const apart = entries === 'clear' && domain.distinct === true;
      return place(shape, dtype, !apart, (random) => {
        return apart ? apartIn(domain, entriesOf(shape), random) : () => entryIn(domain, entries, random());
      });
    },
    indices: (shape, size) => place(shape, 'int32', true, (random) => () => Math.floor(random() * size)),
    truths: (shape) => place(shape, 'bool', true, (random) => () => Math.floor(random() * 2)),
  };
}

function entryIn(domain: Domain, entries: Entries, random: number): number {
  if (entries === 'halves') return halfIn(domain, random);
  return entries === 'special' ? specials[Math.floor(random * specials.length)] : clearIn(domain, random);
}

/** Sizes of at most this many entries in all: as many as can lie apart in a domain. */
const LARGEST = 200;

export interface ShapeOptions {
  readonly minimumRank?: number;
  readonly maximumRank?: number;
  readonly minimumSize?: number;
}

/** Mostly sizes of two to four; now and then the smallest, and large ones. */
export function chooseShape(choose: Choose, options: ShapeOptions = {}): Shape {
  const { minimumRank = 0, maximumRank = 4, minimumSize = 0 } = options;
  let room = LARGEST;
  return Array.from({ length: choose(minimumRank, maximumRank) }, () => {
    const [low, high] = chooseAmong(choose, [
      [2, [Math.max(1, minimumSize), Math.max(1, minimumSize)]],
      [8, [Math.max(2, minimumSize), Math.max(4, minimumSize)]],
      [1, [minimumSize, minimumSize + 1]],
      [1, [Math.max(5, minimumSize), Math.max(70, minimumSize)]],
    ]);
    const size = Math.max(minimumSize, Math.min(choose(low, high), room));
    room = Math.max(1, Math.floor(room / Math.max(size, 1)));
    return size;
  });
}
