import type { Kernel } from '../../kernels/kernel.ts';

/** The kernel of several that are cut in the same rows: a thread does some rows in all of them, one after the other. */
export function chainKernel(name: string, kernels: readonly Kernel[], rows: number, grain: number): Kernel {
  return {
    name,
    elementType: (kernels[0] as Kernel).elementType,
    units: rows,
    grain,
    cost: kernels.reduce((sum, { units, cost }) => sum + units * cost, 0) / rows,
    write(w, library) {
      const written = kernels.map((kernel) => ({ run: kernel.write(w, library), unitsOfRow: kernel.units / rows }));
      return w.procedure(name, 3, (from, to, thread) => {
        for (const { run, unitsOfRow } of written) run(w.times(from, unitsOfRow), w.times(to, unitsOfRow), thread);
      });
    },
  };
}
