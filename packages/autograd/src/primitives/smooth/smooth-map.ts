import type { Tensor } from '../../core/tensor.ts';
import type { KernelKind } from '../../kernels/kinds.ts';
import type { Draw, Line, Primitive, Sample } from '../../tape/primitive.ts';
import { add } from '../linear/arithmetic.ts';

/** A linear map of tensors beside its transpose, both written with operations. */
export interface LinearMap {
  apply(x: Tensor): Tensor;
  transpose(cotangent: Tensor): Tensor;
}

/** The derivative at a point: `dy = last(each₀(dx₀) + each₁(dx₁) + …)`. */
export interface Differential {
  /** For each input. */
  readonly each: readonly LinearMap[];
  /** Default: the sum as it is. */
  readonly last?: LinearMap;
}

export interface SmoothMapDeclaration<P> {
  value(inputs: readonly Tensor[], params: P): Tensor;
  differential(line: Line<P>): Differential;
  kernel?: KernelKind<P>;
  latex?: Primitive<P>['latex'];
  sample(draw: Draw): Sample<P>;
}

/**
 * A smooth primitive whose entries depend on each other, as the inverse of a matrix does. Its derivative is declared once,
 * as a chain of linear maps: forwards they are applied, backwards their transposes in the opposite order.
 */
export function smoothMap<P = undefined>(
  name: string,
  { value, differential, kernel, latex, sample }: SmoothMapDeclaration<P>,
): Primitive<P> {
  return {
    name,
    evaluate: value,
    pullback: (cotangent, line) => {
      const { each, last } = differential(line);
      const common = last === undefined ? cotangent : last.transpose(cotangent);
      return each.map((map, i) => (line.inputs[i].node ? map.transpose(common) : undefined));
    },
    pushforward: (tangents, line) => {
      const { each, last } = differential(line);
      const terms = each.flatMap((map, i) => (tangents[i] ? [map.apply(tangents[i])] : []));
      if (terms.length === 0) return undefined;
      const sum = terms.reduce((a, b) => add(a, b));
      return last === undefined ? sum : last.apply(sum);
    },
    roundsAsWhole: true,
    ...(kernel && { kernel }),
    ...(latex && { latex }),
    sample,
  };
}

/** One map after the other. */
export function chain(...maps: readonly LinearMap[]): LinearMap {
  return {
    apply: (x) => maps.reduce((y, map) => map.apply(y), x),
    transpose: (cotangent) => maps.reduceRight((g, map) => map.transpose(g), cotangent),
  };
}

/** A map that is its own transpose. */
export function selfAdjoint(apply: (x: Tensor) => Tensor): LinearMap {
  return { apply, transpose: apply };
}

export const identity: LinearMap = selfAdjoint((x) => x);
