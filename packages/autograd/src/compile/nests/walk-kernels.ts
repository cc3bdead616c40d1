import { entriesOf, type Shape } from '../../core/shape.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import { storageBytes } from '../stages.ts';
import { loadEntries, loadEntry, storeEntries, storeEntry } from './elements.ts';
import type { NodeContext } from './node-context.ts';
import { type Operand, Walk } from './walk.ts';

/** A kernel that goes through operands entry by entry. */
export function walkKernel(
  { name, elementType }: Pick<NodeContext, 'name' | 'elementType'>,
  shape: Shape,
  operands: readonly Operand[],
  body: <I, V>(w: LoopMath<I, V>, ...at: I[]) => void,
): Kernel {
  const loops = new Walk(shape, operands);
  return {
    name,
    elementType,
    units: loops.units,
    cost: (2 * entriesOf(shape)) / Math.max(1, loops.units),
    write: (w) => w.procedure(name, 3, (from, to) => loops.write(w, from, to, (at) => body(w, ...at))),
  };
}

/** A value at the present place, and how it is read and stored there. */
export interface VectorPlace<I, V> {
  /** Of the operand: as many entries as there are lanes, or one in every lane. */
  load(operand: number, offset?: I): V;
  /** Into the first operand, whose entries must lie side by side. */
  store(value: V, offset?: I): void;
}

/** A kernel that goes through operands by vectors, and stores into the first of them. */
export function vectorKernel(
  { name, elementType, rows }: Pick<NodeContext, 'name' | 'elementType' | 'rows'>,
  shape: Shape,
  operands: readonly Operand[],
  body: <I, V>(w: LoopMath<I, V>, place: VectorPlace<I, V>) => void,
): Kernel {
  const loops = new Walk(shape, operands, rows === undefined ? undefined : shape.map((_, d) => d));
  const storages = operands.map(({ storage = elementType }) => storage);
  const bytes = storages.map((storage) => storageBytes[storage]);
  // Results lie side by side, and so does what is no element.
  const areVectors = storages.every((storage, k) => {
    const step = loops.innerStep(k);
    return step === bytes[k] || (k > 0 && (storage === elementType || step === 0));
  });
  // Where units meet in the result, one thread does them all.
  const grain = loops.isFirstDisjoint(0) ? 1 : Math.max(1, loops.units);
  const placeAt = <I, V>(w: LoopMath<I, V>, at: readonly I[], isSingle: boolean): VectorPlace<I, V> => ({
    load(operand, offset) {
      const position = at[operand] as I;
      const address = offset === undefined ? position : w.plus(position, offset);
      const step = loops.innerStep(operand);
      if (isSingle || step === 0) return loadEntry(w, storages[operand], address);
      return step === bytes[operand] ? loadEntries(w, storages[operand], address) : w.loadApart(address, step);
    },
    store(value, offset) {
      const address = offset === undefined ? (at[0] as I) : w.plus(at[0] as I, offset);
      const store = isSingle ? storeEntry : storeEntries;
      store(w, storages[0], address, value);
    },
  });
  return {
    name,
    elementType,
    units: loops.units,
    cost: entriesOf(shape) / Math.max(1, loops.units),
    grain,
    write: (w) =>
      w.procedure(name, 3, (from, to) => {
        if (areVectors) {
          loops.writeVectors(w, from, to, (w, at, isSingle) => body(w, placeAt(w, at, isSingle)));
        } else loops.write(w, from, to, (at) => body(w, placeAt(w, at, true)));
      }),
  };
}
