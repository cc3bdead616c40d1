import fc from 'fast-check';
import { LoopInterpreter } from '../../kernels/interpret-loops.ts';
import type { Kernel, Library, Procedure } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { ElementType } from '../../kernels/vector-math.ts';

/** Draws programs of small kernels on a few arrays, for the tests beside this file. */

export const arrayLength = 24;
const arrays = 3;
/** Elements that the arrays of one element type take. */
export const dataLength: number = arrays * arrayLength;

/** What a unit does to its element of the array `to`. */
const actions = ['square of its number', 'add of another unit', 'double'] as const;

export interface KernelPlan {
  readonly action: (typeof actions)[number];
  readonly elementType: ElementType;
  readonly to: number;
  readonly from: number;
  readonly shift: number;
  readonly units: number;
  readonly cost: number;
  readonly grain: number;
}

/** Units so cheap that their kernel is not shared, and so dear that it is. */
export const cheap = 1;
export const dear = 1e6;

const kernelPlan: fc.Arbitrary<KernelPlan> = fc
  .record({
    action: fc.constantFrom(...actions),
    elementType: fc.constantFrom<ElementType>('float32', 'float64'),
    to: fc.nat({ max: arrays - 1 }),
    distance: fc.integer({ min: 1, max: arrays - 1 }),
    shift: fc.nat({ max: arrayLength - 1 }),
    units: fc.oneof(fc.constant(arrayLength), fc.nat({ max: arrayLength })),
    cost: fc.constantFrom(cheap, dear),
    grain: fc.integer({ min: 1, max: 9 }),
  })
  .map(({ distance, ...plan }) => ({ ...plan, from: (plan.to + distance) % arrays }));

export const programPlan: fc.Arbitrary<KernelPlan[][]> = fc.array(fc.array(kernelPlan, { maxLength: 6 }), {
  minLength: 1,
  maxLength: 3,
});

/** Where, in elements, the arrays of each element type begin. */
export type Places = Readonly<Record<ElementType, number>>;

export function kernelsOf(plan: readonly (readonly KernelPlan[])[], places: Places): Kernel[][] {
  return plan.map((segment, s) => segment.map((kernel, k) => kernelOf(`kernel_${s}_${k}`, kernel, places)));
}

function kernelOf(name: string, plan: KernelPlan, places: Places): Kernel {
  const { elementType, units, cost, grain } = plan;
  const place = (array: number): number => places[elementType] + array * arrayLength;
  return {
    name,
    elementType,
    units,
    cost,
    grain,
    write(w, library) {
      const double = library.procedure('double', () => writeDouble(w));
      return w.procedure(name, 3, (from, to) =>
        w.loop(w.minus(to, from), [[from, 1]], (unit) => {
          const element = w.fix(addressOf(w, place(plan.to), unit));
          if (plan.action === 'double') double(element);
          else if (plan.action === 'square of its number') {
            w.storeIndex(element, unit);
            const value = w.share(w.splatInteger(element));
            w.storeElement(element, w.multiply(value, value));
          } else {
            const moved = w.fix(w.plus(unit, plan.shift));
            const other = w.choose(w.isLess(moved, arrayLength), moved, w.plus(moved, -arrayLength));
            const summand = w.splat(w.fix(addressOf(w, place(plan.from), other)));
            w.storeElement(element, w.add(w.splat(element), summand));
          }
        }),
      );
    },
  };
}

function addressOf<I, V>(w: LoopMath<I, V>, place: number, unit: I): I {
  return w.times(w.plus(unit, place), w.elementSize);
}

function writeDouble<I, V>(w: LoopMath<I, V>): Procedure<I> {
  return w.procedure('double', 1, (element) => w.storeElement(element, w.add(w.splat(element), w.splat(element))));
}

/** The arrays as the interpreter leaves them: 1, 2, 3, … with the segments run in this order. */
export function interpreted(
  plan: readonly (readonly KernelPlan[])[],
  order: readonly number[],
): Record<ElementType, number[]> {
  const interpreterOf = (elementType: ElementType): LoopInterpreter =>
    new LoopInterpreter(elementType === 'float32' ? 4 : 2, Float64Array.from(firstData), elementType);
  const interpreters = { float32: interpreterOf('float32'), float64: interpreterOf('float64') };
  const program = kernelsOf(plan, { float32: 0, float64: 0 });
  for (const segment of order) {
    for (const kernel of program[segment]) {
      kernel.write(interpreters[kernel.elementType], interpretersLibrary)(0, kernel.units, 0);
    }
  }
  return { float32: [...interpreters.float32.memory], float64: [...interpreters.float64.memory] };
}

const interpretersLibrary: Library<number> = { tile: { rows: 1, vectors: 1 }, procedure: (_, write) => write() };

/** What the arrays hold at first. */
export const firstData: readonly number[] = Array.from({ length: dataLength }, (_, i) => i + 1);
