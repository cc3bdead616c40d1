import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adopt, view } from '../core/allocate.ts';
import { type DType, newStorage } from '../core/dtype.ts';
import { entriesOf, type Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { inReadingOrder } from './copy.ts';

/** What a page sees whose content policy forbids to compile source. */
class Forbidden {
  constructor() {
    throw new EvalError('forbidden by the content policy');
  }
}

const LENGTH = 400;

/** A view of some memory with any steps; the entries of its places differ. */
function drawView(shape: Shape, steps: readonly number[]): fc.Arbitrary<Tensor> {
  return fc
    .record({
      strides: fc.tuple(...shape.map(() => fc.constantFrom(...steps))),
      dtype: fc.constantFrom<DType>('float64', 'float32', 'int32'),
    })
    .map(({ strides, dtype }) => {
      const storage = newStorage(dtype, LENGTH).map((_, i) => i);
      return view(adopt(storage, [LENGTH]), shape, strides, LENGTH / 2);
    });
}

function forEachPlace(shape: Shape, visit: (place: readonly number[]) => void): void {
  const length = entriesOf(shape);
  for (let i = 0; i < length; i++) {
    let rest = i;
    const place = shape
      .map((size) => size)
      .reverse()
      .map((size) => {
        const index = rest % size;
        rest = Math.floor(rest / size);
        return index;
      });
    visit(place.reverse());
  }
}

const memoryAt = ({ offset, strides }: Tensor, place: readonly number[]): number =>
  place.reduce((at, i, d) => at + i * strides[d], offset);

const shapes = fc.array(fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(1, 2, 9)), { maxLength: 5 }).filter(
  // Steps of at most 3 must stay inside the memory.
  (shape) => shape.reduce((reach, size) => reach + 5 * Math.max(0, size - 1), 0) < LENGTH / 2,
);

describe.each(['compiled', 'without compiled source'])('%s', (how) => {
  let addInto: (target: Tensor, x: Tensor) => void;
  let copyInto: (target: Tensor, x: Tensor) => void;

  beforeEach(async () => {
    vi.resetModules();
    if (how !== 'compiled') vi.stubGlobal('Function', Forbidden);
    ({ addInto, copyInto } = await import('./place.ts'));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('addInto adds each entry to its place, also where places overlap', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => fc.tuple(drawView(shape, [0, 1, -1, 2, 5]), drawView(shape, [0, 1, -2, 3]))),
        ([target, x]) => {
          const expected = Array.from(target.storage);
          forEachPlace(x.shape, (place) => {
            expected[memoryAt(target, place)] += x.storage[memoryAt(x, place)];
          });
          addInto(target, x);
          expect(Array.from(target.storage)).toEqual(expected);
        },
      ),
    );
  });

  it('copyInto writes each entry to its place and touches nothing else', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => fc.tuple(fc.constant(shape), drawView(shape, [0, 1, -2, 3, 5]), fc.integer())),
        ([shape, x, seed]) => {
          // Places that do not overlap: dims in some order, with gaps.
          const order = shape.map((_, d) => d).sort((a, b) => ((a * 7 + seed) % 3) - ((b * 7 + seed) % 3));
          const strides = new Array<number>(shape.length);
          let step = 1 + (Math.abs(seed) % 2);
          for (const d of order) {
            strides[d] = step;
            step *= shape[d];
          }
          const memory = newStorage(x.dtype, step + 3).fill(-7);
          const target = view(adopt(memory, [memory.length]), shape, strides, 1);
          const expected = Array.from(memory);
          forEachPlace(shape, (place) => {
            expected[memoryAt(target, place)] = x.storage[memoryAt(x, place)];
          });
          copyInto(target, x);
          expect(Array.from(memory)).toEqual(expected);
        },
      ),
    );
  });
});

describe('inReadingOrder', () => {
  it('keeps entries and dtype', () => {
    fc.assert(
      fc.property(
        shapes.chain((shape) => drawView(shape, [0, 1, -1, 3, 5])),
        (x) => {
          const y = inReadingOrder(x);
          expect(y.contiguous).toBe(true);
          expect(y.dtype).toBe(x.dtype);
          expect(y.toTypedArray()).toEqual(x.toTypedArray());
        },
      ),
    );
  });
});
