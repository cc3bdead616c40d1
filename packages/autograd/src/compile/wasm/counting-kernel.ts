import type { Kernel } from '../../kernels/kernel.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import type { ProgramMemory } from '../memory/program-memory.ts';
import { dear } from './draw-program.ts';

/** A kernel for tests that writes down who ran it. It is slow enough for helpers to come in time. */
export interface CountingKernel {
  readonly kernel: Kernel;
  /** How often each unit was done. */
  counts(): number[];
  /** The numbers of the threads that did a unit last. */
  threads(): Set<number>;
}

export interface CountingOptions {
  readonly elementType?: ElementType;
  /** Whether it calls the library. */
  readonly library?: boolean;
  /** A thread in which it traps. */
  readonly trapIn?: number;
}

const units = 24;
const steps = 20_000;
const farBeyond = 2 ** 30;

export function countingKernel(
  memory: ProgramMemory,
  { elementType = 'float32', library = false, trapIn = -1 }: CountingOptions = {},
): CountingKernel {
  const size = elementType === 'float32' ? 4 : 8;
  const address = memory.allocate(2 * units * size);
  const view = (): Float32Array | Float64Array =>
    elementType === 'float32'
      ? memory.view(Float32Array, address, 2 * units)
      : memory.view(Float64Array, address, 2 * units);
  const kernel: Kernel = {
    name: 'count',
    elementType,
    units,
    cost: dear,
    write: (w) =>
      w.procedure('count', 3, (from, to, thread) => {
        const one = library ? w.call('exp', w.zero()) : w.constant(1);
        w.when(w.isEqual(thread, trapIn), () => w.copy(w.index(farBeyond), w.index(farBeyond)));
        w.loop(w.minus(to, from), [[from, 1]], (unit) => {
          const count = w.fix(w.plus(w.times(unit, size), address));
          const maker = w.fix(w.plus(count, units * size));
          w.loop(w.index(steps), [], () => w.storeIndex(maker, thread));
          w.storeElement(maker, w.splatInteger(maker));
          w.storeElement(count, w.add(w.splat(count), one));
        });
      }),
  };
  return { kernel, counts: () => [...view().subarray(0, units)], threads: () => new Set(view().subarray(units)) };
}
