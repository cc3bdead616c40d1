import type { Shape } from '../core/shape.ts';
import type { ScalarMath } from './scalar-math.ts';

/**
 * The algebra in which operations say how they are written on paper: entries as in {@link ScalarMath}, and tensors as
 * wholes. Its interpreter is LaTeX (`latex/`). A tensor of one dim is a column. Shapes are those of the operands named
 * before them.
 */
export interface Notation<T> extends ScalarMath<T> {
  /** A function of each entry, or of entries at the same place, by its name: `\Phi`. */
  entrywise(name: string, ...operands: T[]): T;
  /** A function of each row, column or the like over dims: `\operatorname{softmax}`. */
  along(name: string, a: T, dims: readonly number[]): T;
  /** Any other function: `\operatorname{argsort}_{1}(x)`. */
  apply(name: string, ...operands: T[]): T;
  /** Tensors side by side or below each other. */
  block(parts: readonly T[], direction: 'beside' | 'below'): T;
  /** An entry or a part: `x_{t}`. What stands between are entries' numbers, or words. */
  part(a: T, ...indices: (T | string)[]): T;
  /** Zeros with a tensor in a part of them, which is written as for {@link Notation.part}. */
  embed(a: T, ...indices: string[]): T;
  /** The index along a dim. */
  place(dim: number): T;

  matmul(a: T, shapeA: Shape, b: T, shapeB: Shape): T;
  /** Of square matrices. */
  inverse(a: T): T;
  permute(a: T, order: readonly number[]): T;
  reshape(a: T, from: Shape, to: Shape): T;
  /** Repeated along dims of size one and new leading dims. */
  broadcast(a: T, from: Shape, to: Shape): T;
  /** The sum over dims, which keep size one. */
  sum(a: T, shape: Shape, dims: readonly number[]): T;
}
