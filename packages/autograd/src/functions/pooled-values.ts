// What poolings compute of the entries of every window.
import { adopt } from '../core/allocate.ts';
import { newStorage } from '../core/dtype.ts';
import { entriesOf } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { largestInWindows } from '../kernels/largest-in-windows.ts';
import { gatherAlong, scatterAddZeros } from '../primitives/linear/gather.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { broadcastTo, sumKept } from '../primitives/linear/sum.ts';
import { where } from '../primitives/linear/where.ts';
import { placeOfLargest } from '../primitives/piecewise/extremes.ts';
import { div } from '../primitives/smooth/division.ts';
import { isTracing } from '../tape/observer.ts';
import { isByDefinition } from '../transforms/by-definition.ts';
import { customGrad } from '../transforms/custom-grad.ts';
import { combinations, maskOf, type Pooling, placesOf, windowEntries } from './pooled-windows.ts';

/** The largest entry of every window, and where it lies in the flattened space: the first of those that are equal. */
export function largestOf(x: Tensor, poolings: readonly Pooling[]): { values: Tensor; indices: Tensor } {
  return (isTracing() || isByDefinition() ? undefined : largestAtOnce(x, poolings)) ?? largestByIndex(x, poolings);
}

/** In one pass; undefined for windows that reach beyond the space, and where there is no kernel. */
function largestAtOnce(x: Tensor, poolings: readonly Pooling[]): { values: Tensor; indices: Tensor } | undefined {
  const windows = poolings.flatMap(({ window, seen }) => (window ? [{ ...window, positions: seen.length }] : []));
  const found = windows.length === poolings.length ? largestInWindows(x.held, windows) : undefined;
  if (found === undefined) return undefined;
  const leading = x.shape.slice(0, -poolings.length);
  const lines = [...leading, entriesOf(found.values.shape.slice(leading.length))];
  const space = [...leading, entriesOf(x.shape.slice(leading.length))];
  const largest = customGrad({
    name: 'largestOfWindows',
    keepsNothing: true,
    forward: () => found.values,
    backward: (g) => {
      const indices = reshape(found.indices, lines);
      return [reshape(scatterAddZeros(reshape(g, lines), indices, leading.length, space), x.shape)];
    },
  });
  return { values: largest(x), indices: found.indices };
}

/** By the place in the window, which is looked up in a table of places. */
function largestByIndex(x: Tensor, poolings: readonly Pooling[]): { values: Tensor; indices: Tensor } {
  const leading = x.shape.slice(0, -poolings.length);
  const space = x.shape.slice(-poolings.length);
  const entries = windowEntries(x, poolings);
  const shape = entries.shape.slice(0, -poolings.length);
  const inWindow = placeOfLargest(
    entries,
    poolings.map((_, i) => shape.length + i),
  );
  const places = placesOf(poolings, space);
  const count = entriesOf(shape.slice(leading.length));
  const flatPlaces = reshape(places, [count, places.length / count]);
  const indices = gatherAlong(
    broadcastTo(flatPlaces, [...leading, ...flatPlaces.shape]),
    leading.length + 1,
    reshape(inWindow, [...leading, count, 1]),
  );
  const values = gatherAlong(
    reshape(x, [...leading, entriesOf(space)]),
    leading.length,
    reshape(indices, [...leading, count]),
  );
  return { values: reshape(values, shape), indices: reshape(indices, shape) };
}

/** The sum of every window. */
export function sumsOf(x: Tensor, poolings: readonly Pooling[]): Tensor {
  const entries = windowEntries(x, poolings);
  const mask = maskOf(poolings);
  const first = entries.rank - poolings.length;
  const sums = sumKept(
    mask ? where(mask, entries, 0) : entries,
    poolings.map((_, i) => first + i),
  );
  return reshape(sums, sums.shape.slice(0, first));
}

/**
 * Sums divided by a count that is the product of one for each dim: for each position of dim i `counts[i]` has one.
 * `sums` is `[…, …positions]`.
 */
export function divideByCounts(sums: Tensor, counts: readonly (readonly number[])[]): Tensor {
  if (counts.every((list) => list.every((count) => count === list[0]))) {
    return div(sums, entriesOf(counts.map(([count]) => count)));
  }
  const divisors = newStorage(sums.dtype, entriesOf(counts.map(({ length }) => length)));
  divisors.set(combinations(counts).map(entriesOf));
  return div(
    sums,
    adopt(
      divisors,
      counts.map(({ length }) => length),
    ),
  );
}
