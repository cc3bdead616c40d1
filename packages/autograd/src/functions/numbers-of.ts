import { type DType, newStorage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { partOf } from '../primitives/linear/slice.ts';
import { isTracing } from '../tape/observer.ts';
import { filledBy } from '../tape/repeated.ts';

/**
 * Numbers that a function computes: as they are, or while a program is made as tensors of a dtype that get the numbers of
 * each run.
 */
export function numbersOf(dtype: DType, compute: () => readonly number[]): readonly (number | Tensor)[] {
  const now = compute();
  if (!isTracing()) return now;
  let computed: readonly number[] | undefined = now;
  const all = filledBy(newStorage(dtype, now.length), [now.length], (entries) => {
    entries.set(computed ?? compute());
    computed = undefined;
  });
  return now.map((_, k) => reshape(partOf(all, 0, k, 1), []));
}
