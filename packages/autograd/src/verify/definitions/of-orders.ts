import { argsortRowsPrimitive } from '../../primitives/piecewise/argsort.ts';
import { bitwiseAndPrimitive, bitwiseOrPrimitive, bitwiseXorPrimitive } from '../../primitives/piecewise/bitwise.ts';
import { bincountPrimitive, histogramPrimitive } from '../../primitives/piecewise/histograms.ts';
import { medianPrimitive, modePrimitive, nanmedianPrimitive } from '../../primitives/piecewise/order-statistics.ts';
import { runningExtremePrimitive } from '../../primitives/piecewise/running-extremes.ts';
import {
  scatterAmaxPrimitive,
  scatterAminPrimitive,
  scatterProdPrimitive,
} from '../../primitives/piecewise/scatter-reductions.ts';
import { searchsortedPrimitive } from '../../primitives/piecewise/searchsorted.ts';
import type { Primitive } from '../../tape/primitive.ts';
import {
  along,
  type Definition,
  define,
  type Entry,
  type Index,
  indicesOf,
  range,
  reduced,
  replaced,
  sameIndex,
  withDimsKept,
} from './definition.ts';

/** NaN counts as the largest number. */
function isBefore(a: number, b: number): boolean {
  return Number.isNaN(b) ? !Number.isNaN(a) : a < b;
}

/** The entry that has as many before it as the lower median must: found by counting. */
function lowerMedian(entries: readonly number[]): number {
  const rank = Math.floor((entries.length - 1) / 2);
  const count = (entry: number): number => entries.filter((other) => isBefore(other, entry)).length;
  const same = (entry: number): number => entries.filter((other) => Object.is(other + 0, entry + 0)).length;
  return entries.find((entry) => count(entry) <= rank && rank < count(entry) + same(entry)) ?? Number.NaN;
}

/** All entries that meet at an index: that of the first input, and those of the second that the third brings there. */
function meeting(index: Index, at: Entry, dim: number, indices: { readonly shape: readonly number[] }): number[] {
  const brought = indicesOf(indices.shape).filter((from) => sameIndex(replaced(from, dim, at(2, from)), index));
  return [at(0, index), ...brought.map((from) => at(1, from))];
}

type Round = (x: number) => number;

/** @param combine Is told how a number is rounded that a tensor of the inputs' dtype holds. */
function scattered(
  combine: (entries: readonly number[], stored: Round) => number,
): Definition<{ readonly dim: number }> {
  return {
    shape: ([x]) => x.shape,
    entry: (index, at, { dim }, [x, , indices]) =>
      combine(meeting(index, at, dim, indices), x.dtype === 'float32' ? Math.fround : (number) => number),
  };
}

/** The bits of a whole number, from the lowest. */
function bitsOf(x: number): boolean[] {
  return range(32).map((bit) => Math.floor((x >>> 0) / 2 ** bit) % 2 === 1);
}

function bitByBit(combine: (a: boolean, b: boolean) => boolean): Definition<undefined> {
  return {
    shape: ([x]) => x.shape,
    entry: (index, at) => {
      const [a, b] = [bitsOf(at(0, index)), bitsOf(at(1, index))];
      return range(32).reduce((sum, bit) => sum + (combine(a[bit], b[bit]) ? 2 ** bit : 0), 0) | 0;
    },
  };
}

/** What orders, counts and chooses entries. */
export const ofOrders: ReadonlyMap<Primitive, Definition<unknown>> = new Map([
  define(argsortRowsPrimitive, {
    shape: ([x]) => [x.shape[0]],
    entry: ([place], at, _, [x]) => {
      const row = (i: number): number[] => range(x.shape[1]).map((j) => at(0, [i, j]));
      const precedes = (a: number, b: number): boolean => {
        const [first, second] = [row(a), row(b)];
        const apart = first.findIndex((entry, j) => isBefore(entry, second[j]) || isBefore(second[j], entry));
        return apart < 0 ? a < b : isBefore(first[apart], second[apart]);
      };
      const rows = range(x.shape[0]);
      return rows.findIndex((i) => rows.filter((other) => precedes(other, i)).length === place);
    },
  }),
  define(medianPrimitive, {
    shape: withDimsKept,
    entry: (index, at, { dims }, [x]) => {
      const entries = reduced(index, at, dims, x);
      return entries.some(Number.isNaN) ? Number.NaN : lowerMedian(entries);
    },
  }),
  define(nanmedianPrimitive, {
    shape: withDimsKept,
    entry: (index, at, { dims }, [x]) =>
      lowerMedian(reduced(index, at, dims, x).filter((entry) => !Number.isNaN(entry))),
  }),
  define(modePrimitive, {
    shape: ([x], { dim }) => withDimsKept([x], { dims: [dim] }),
    entry: (index, at, { dim }, [x]) => {
      const entries = along(index, at, dim, x);
      const places = range(entries.length);
      // A NaN is equal to nothing else.
      const alike = (place: number): number[] =>
        places.filter((other) => other === place || entries[other] === entries[place]);
      const most = Math.max(...places.map((place) => alike(place).length));
      const commonest = places.filter((place) => alike(place).length === most);
      const smallest = commonest.find((place) => !commonest.some((other) => isBefore(entries[other], entries[place])));
      return alike(smallest ?? -1).at(-1) ?? -1;
    },
  }),
  define(runningExtremePrimitive, {
    shape: ([x]) => x.shape,
    entry: (index, at, { dim, sign }, [x]) => {
      const sofar = along(index, at, dim, x).slice(0, index[dim] + 1);
      if (sofar.some(Number.isNaN)) return sofar.findLastIndex(Number.isNaN);
      return sofar.findLastIndex((entry) => sofar.every((other) => sign * other <= sign * entry));
    },
  }),
  define(searchsortedPrimitive, {
    shape: ([, values]) => values.shape,
    entry: (index, at, { right }, [sorted]) => {
      const line = sorted.rank === 1 ? [] : index.slice(0, -1);
      const value = at(1, index);
      const entries = range(sorted.shape[sorted.rank - 1]).map((i) => at(0, [...line, i]));
      return entries.filter((entry) => (right ? !isBefore(value, entry) : isBefore(entry, value))).length;
    },
  }),
  define(bincountPrimitive, {
    shape: ([list], { minlength }) => [Math.max(minlength, ...list.toTypedArray().map((x) => x + 1), 0)],
    entry: ([number], at, _, [list]) => range(list.length).filter((i) => at(0, [i]) === number).length,
  }),
  define(histogramPrimitive, {
    floating: true,
    shape: (_, { bins }) => [bins],
    entry: ([bin], at, { bins, min, max }, [x]) => {
      const width = (max - min) / bins;
      const isLast = bin === bins - 1;
      const [low, high] = [min + bin * width, min + (bin + 1) * width];
      return indicesOf(x.shape).filter((index) => {
        const entry = at(0, index);
        return entry >= low && (isLast ? entry <= max : entry < high);
      }).length;
    },
  }),
  define(
    scatterAmaxPrimitive,
    scattered((entries) => Math.max(...entries)),
  ),
  define(
    scatterAminPrimitive,
    scattered((entries) => Math.min(...entries)),
  ),
  define(
    scatterProdPrimitive,
    // One after the other: a product that leaves the range of float32 stays zero, or infinite.
    scattered((entries, stored) => entries.reduce((product, entry) => stored(product * entry), 1)),
  ),
  define(
    bitwiseAndPrimitive,
    bitByBit((a, b) => a && b),
  ),
  define(
    bitwiseOrPrimitive,
    bitByBit((a, b) => a || b),
  ),
  define(
    bitwiseXorPrimitive,
    bitByBit((a, b) => a !== b),
  ),
]);
