import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DType, isFloating, newStorage } from '../core/dtype.ts';
import { entriesOf } from '../core/shape.ts';
import { matmulPrimitive } from '../primitives/bilinear/matmul.ts';
import { concatPrimitive } from '../primitives/linear/concat.ts';
import { convertPrimitive } from '../primitives/linear/convert.ts';
import { cumsumPrimitive } from '../primitives/linear/cumsum.ts';
import { gatherPrimitive, scatterAddPrimitive } from '../primitives/linear/gather.ts';
import { permutePrimitive } from '../primitives/linear/permute.ts';
import { pickPrimitive, placePrimitive } from '../primitives/linear/pick.ts';
import { reshapePrimitive } from '../primitives/linear/reshape.ts';
import { embedPrimitive, slicePrimitive } from '../primitives/linear/slice.ts';
import { broadcastPrimitive, sumPrimitive } from '../primitives/linear/sum.ts';
import { foldPrimitive, windowsPrimitive } from '../primitives/linear/windows.ts';
import { argsortPrimitive } from '../primitives/piecewise/argsort.ts';
import {
  amaxPrimitive,
  aminPrimitive,
  argmaxPrimitive,
  argminPrimitive,
  maxPrimitive,
  minPrimitive,
} from '../primitives/piecewise/extremes.ts';
import { lastPointerPrimitive, nonzeroPrimitive, ravelIndexPrimitive } from '../primitives/piecewise/indices.ts';
import { registry } from '../registry.ts';
import type { Primitive } from '../tape/primitive.ts';
import { firstDifference } from './compare.ts';
import {
  along,
  bestPlace,
  type Definition,
  define,
  type Entry,
  type Index,
  indicesOf,
  larger,
  range,
  reduced,
  replaced,
  sameIndex,
  seen,
  smaller,
  total,
  withDimsKept,
} from './definitions/definition.ts';
import { equations } from './definitions/equations.ts';
import { ofOrders } from './definitions/of-orders.ts';
import { describeSample } from './describe-sample.ts';
import { drawBy } from './draw-samples.ts';

// The values of primitives without a formula, against their definitions, written index by index and as slow as can be.

const largest: Definition<{ dims: readonly number[] }> = {
  shape: withDimsKept,
  entry: (index, at, { dims }, [x]) => Math.max(...reduced(index, at, dims, x)),
};
const smallest: Definition<{ dims: readonly number[] }> = {
  shape: withDimsKept,
  entry: (index, at, { dims }, [x]) => Math.min(...reduced(index, at, dims, x)),
};

const definitions: ReadonlyMap<Primitive, Definition<unknown>> = new Map([
  ...ofOrders,
  define(sumPrimitive, {
    shape: withDimsKept,
    entry: (index, at, { dims }, [x]) => total(reduced(index, at, dims, x)),
  }),
  define(broadcastPrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, _, [x]) =>
      at(
        0,
        index.slice(index.length - x.rank).map((i, d) => (x.shape[d] === 1 ? 0 : i)),
      ),
  }),
  define(concatPrimitive, {
    shape: (inputs, { dim }) =>
      inputs[0].shape.map((size, d) => (d === dim ? total(inputs.map((x) => x.shape[d])) : size)),
    entry: (index, at, { dim }, inputs) => {
      const places = inputs.flatMap((x, input) => range(x.shape[dim]).map((i) => ({ input, i })));
      const { input, i } = places[index[dim]];
      return at(input, replaced(index, dim, i));
    },
  }),
  define(cumsumPrimitive, {
    shape: ([x]) => x.shape,
    entry: (index, at, { dim, reverse }, [x]) =>
      total(along(index, at, dim, x).filter((_, i) => (reverse ? i >= index[dim] : i <= index[dim]))),
  }),
  define(slicePrimitive, {
    shape: (_, { ranges }) => ranges.map(({ size }) => size),
    entry: (index, at, { ranges }) =>
      at(
        0,
        index.map((i, d) => ranges[d].start + i * ranges[d].step),
      ),
  }),
  define(embedPrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, { ranges }) => {
      const inside = index.map((i, d) =>
        range(ranges[d].size).findIndex((k) => ranges[d].start + k * ranges[d].step === i),
      );
      return inside.includes(-1) ? 0 : at(0, inside);
    },
  }),
  define(permutePrimitive, {
    shape: ([x], { order }) => order.map((d) => x.shape[d]),
    entry: (index, at, { order }) =>
      at(
        0,
        order.map((_, d) => index[order.indexOf(d)]),
      ),
  }),
  define(reshapePrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, { shape }, [x]) => {
      const place = indicesOf(shape).findIndex((other) => sameIndex(other, index));
      return at(0, indicesOf(x.shape)[place]);
    },
  }),
  define(windowsPrimitive, {
    shape: ([x], { windows }) => {
      const first = x.rank - windows.length;
      const positions = windows.map(({ size, stride, dilation }, w) => {
        const starts = range(x.shape[first + w]).filter((start) => start + (size - 1) * dilation < x.shape[first + w]);
        return starts.filter((start) => start % stride === 0).length;
      });
      return [...x.shape.slice(0, first), ...positions, ...windows.map(({ size }) => size)];
    },
    entry: (index, at, { windows }) => at(0, seen(index, windows)),
  }),
  define(foldPrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, { windows }, [x]) =>
      total(
        indicesOf(x.shape)
          .filter((full) => sameIndex(seen(full, windows), index))
          .map((full) => at(0, full)),
      ),
  }),
  define(gatherPrimitive, {
    shape: ([, index]) => index.shape,
    entry: (index, at, { dim }) => at(0, replaced(index, dim, at(1, index))),
  }),
  define(scatterAddPrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, { dim }, [x]) =>
      total(
        indicesOf(x.shape)
          .filter((from) => sameIndex(replaced(from, dim, at(1, from)), index))
          .map((from) => at(0, from)),
      ),
  }),
  define(pickPrimitive, {
    shape: ([, labels]) => labels.shape,
    entry: (index, at, { dim, ignoreIndex }) => {
      const label = at(1, index);
      return label === ignoreIndex ? 0 : at(0, replaced(index, dim, label));
    },
  }),
  define(placePrimitive, {
    shape: (_, { shape }) => shape,
    entry: (index, at, { dim, ignoreIndex }) => {
      const from = replaced(index, dim, 0);
      const label = at(1, from);
      return label === index[dim] && label !== ignoreIndex ? at(0, from) : 0;
    },
  }),
  define(convertPrimitive, { shape: ([x]) => x.shape, entry: (index, at) => at(0, index) }),
  define(matmulPrimitive, {
    floating: true,
    shape: ([a, b]) => [...a.shape.slice(0, -1), b.shape[b.rank - 1]],
    entry: (index, at, _, [a]) => {
      const [batch, [row, column]] = [index.slice(0, -2), index.slice(-2)];
      return total(range(a.shape[a.rank - 1]).map((k) => at(0, [...batch, row, k]) * at(1, [...batch, k, column])));
    },
  }),
  define(amaxPrimitive, largest),
  define(maxPrimitive, largest),
  define(aminPrimitive, smallest),
  define(minPrimitive, smallest),
  define(argmaxPrimitive, {
    shape: withDimsKept,
    entry: (index, at, { dims }, [x]) => bestPlace(reduced(index, at, dims, x), larger),
  }),
  define(argminPrimitive, {
    shape: withDimsKept,
    entry: (index, at, { dims }, [x]) => bestPlace(reduced(index, at, dims, x), smaller),
  }),
  define(argsortPrimitive, {
    shape: ([x]) => x.shape,
    entry: (index, at, { dim, descending }, [x]) => {
      const left = along(index, at, dim, x).map((value, place) => ({ value, place }));
      const before = (a: number, b: number): boolean => (Number.isNaN(b) ? !Number.isNaN(a) : a < b);
      const first = () =>
        left.find(
          ({ value }) => !left.some((other) => (descending ? before(value, other.value) : before(other.value, value))),
        );
      for (let i = 0; i < index[dim]; i++) left.splice(left.indexOf(first() ?? left[0]), 1);
      return first()?.place ?? -1;
    },
  }),
  define(ravelIndexPrimitive, {
    shape: ([first]) => first.shape,
    entry: (index, at, { counted }) => {
      const position = counted.map(({ size }, k) => (at(k, index) + size) % size);
      return indicesOf(counted.map(({ size }) => size)).findIndex((other) => sameIndex(other, position));
    },
  }),
  define(lastPointerPrimitive, {
    shape: ([index]) => index.shape,
    entry: (index, at, { dim }, [pointers]) => {
      const target = (from: Index): Index => replaced(from, dim, at(0, from));
      const later = range(pointers.shape[dim]).filter((i) => i > index[dim]);
      return Number(!later.some((i) => sameIndex(target(replaced(index, dim, i)), target(index))));
    },
  }),
  define(nonzeroPrimitive, {
    shape: ([x]) => [x.toTypedArray().filter((entry) => entry !== 0).length],
    entry: ([i], at, _, [x]) => {
      const holds = indicesOf(x.shape).map((index) => at(0, index) !== 0);
      return holds.flatMap((held, place) => (held ? [place] : []))[i];
    },
  }),
]);

test('every primitive without a formula has a definition here, or an equation', () => {
  const without = Object.values(registry)
    .flat()
    .filter((one) => one.formula === undefined && !definitions.has(one) && !equations.has(one));
  expect(without.map(({ name }) => name)).toEqual([]);
});

describe.each([...definitions].map(([primitive, definition]) => [primitive.name, primitive, definition] as const))(
  '%s is what its definition says',
  (_, primitive, definition) => {
    // Sums of halves are exact; of the others they are right to rounding, with NaN and infinities in their places.
    test.each(['halves', 'clear', 'special'] as const)('of %s numbers', (entries) => {
      const dtypes = fc.constantFrom<DType[]>('float64', 'float32', ...(definition.floating ? [] : ['int32' as const]));
      fc.assert(
        fc.property(dtypes, fc.gen(), (dtype, choose) => {
          const sample = primitive.sample(drawBy(choose, { dtype, entries }));
          const { inputs, params } = sample;
          const at: Entry = (input, index) => {
            const { storage, offset, strides } = inputs[input];
            return storage[index.reduce((place, i, d) => place + i * strides[d], offset)];
          };
          const value = primitive.evaluate(inputs, params);
          const shape = definition.shape(inputs, params);
          expect(value.shape).toEqual(shape);
          const indices = indicesOf(shape);
          const expected = newStorage(value.dtype, entriesOf(shape));
          expected.set(indices.map((index) => definition.entry(index, at, params, inputs)));
          const rounding = entries === 'halves' || dtype === 'int32' ? 0 : dtype === 'float64' ? 1e-13 : 1e-5;
          const absolute: Entry = (input, index) =>
            (isFloating(inputs[input].dtype) ? Math.abs : Number)(at(input, index));
          const difference = firstDifference('the value', value, expected, (i) =>
            Number.isFinite(expected[i]) ? rounding * definition.entry(indices[i], absolute, params, inputs) : 0,
          );
          if (difference !== undefined) throw new Error(`${difference}\n${describeSample(sample)}`);
        }),
        { numRuns: 60 },
      );
    });
  },
);

describe.each([...equations].map(([primitive, errorOf]) => [primitive.name, primitive, errorOf] as const))(
  '%s solves its equation',
  (_, primitive, errorOf) => {
    test.each(['clear', 'halves'] as const)('of %s numbers', (entries) => {
      fc.assert(
        fc.property(fc.constantFrom<DType[]>('float64', 'float32'), fc.gen(), (dtype, choose) => {
          const sample = primitive.sample(drawBy(choose, { dtype, entries }));
          const value = primitive.evaluate(sample.inputs, sample.params);
          const error = errorOf(value, sample.inputs, sample.params);
          if (!(error <= (dtype === 'float64' ? 1e-12 : 1e-4))) {
            throw new Error(`off by ${error} of its largest number\n${describeSample(sample)}`);
          }
        }),
        { numRuns: 60 },
      );
    });
  },
);
