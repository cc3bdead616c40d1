import { type DType, isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { KernelKind } from '../../kernels/kinds.ts';
import { mapKernel } from '../../kernels/map.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import type { Domain, Draw, Primitive, Sample } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { broadcastTo, sumKept } from '../linear/sum.ts';
import { type SmoothDeclaration, smooth } from '../smooth/degree.ts';
import { sampleEntries } from '../smooth/domains.ts';

/**
 * A primitive that is smooth but for kinks, where its partials give the declared choice. Its domain names the kinks, so
 * that the laws compare with differences only clear of them.
 */
export function piecewise(name: string, declaration: SmoothDeclaration): Primitive<undefined> {
  return smooth(name, declaration);
}

/** A primitive whose derivative is zero wherever it has one: steps, comparisons, indices. */
export function locallyConstant<P>(
  name: string,
  declaration: {
    value: Primitive<P>['evaluate'];
    formula?: Formula;
    kernel?: KernelKind<P>;
    shapeDependsOnValues?: boolean;
    latex?: Primitive<P>['latex'];
    sample(draw: Draw): Sample<P>;
  },
): Primitive<P> {
  const { value, formula, kernel, shapeDependsOnValues, latex, sample } = declaration;
  return {
    name,
    evaluate: value,
    pullback: (_, { inputs }) => inputs.map(() => undefined),
    pushforward: () => undefined,
    ...(formula && { formula }),
    ...(kernel && { kernel }),
    ...(shapeDependsOnValues && { shapeDependsOnValues }),
    ...(latex && { latex }),
    sample,
  };
}

/** A locally constant formula of each entry, in the inputs' dtype or as truth values. */
export function step(
  name: string,
  formula: Formula,
  domain: Domain | readonly Domain[],
  dtype?: DType,
): Primitive<undefined> {
  const kernel = mapKernel((m, ...x) => [formula(m, ...x)], formula.length - 1, 1);
  return locallyConstant(name, {
    value: (inputs) => kernel(inputs, [dtype ?? (inputs[0] as Tensor).dtype])[0] as Tensor,
    formula,
    sample: sampleEntries(domain, formula.length - 1),
  });
}

export interface ReductionDeclaration {
  value(x: Tensor, dims: readonly number[]): Tensor;
  /** How entries are combined two by two, for programs; missing where that is not how it is computed. */
  combine?: Formula;
  /** The neutral value of `combine`. */
  initial?: number;
  /** The derivative of each result by each entry that went into it; of the input's shape. */
  weights(x: Tensor, resultOfEach: Tensor, dims: readonly number[]): Tensor;
}

/** A reduction over dims, which keep size one, whose derivative by each entry is a locally constant weight. */
export function weighing(
  name: string,
  { value, combine, initial = 0, weights }: ReductionDeclaration,
): Primitive<{ dims: readonly number[] }> {
  const weightsOf = (x: Tensor, y: Tensor, dims: readonly number[]) => weights(x, broadcastTo(y, x.shape), dims);
  return {
    name,
    evaluate: ([x], { dims }) => value(x as Tensor, dims),
    ...(combine && { kernel: { kind: 'reduce', combine, initial, dims: ({ dims }) => dims } }),
    pullback: (cotangent, { inputs: [x], output, params: { dims } }) => {
      if (!isFloating((x as Tensor).dtype)) return [undefined];
      return [mul(broadcastTo(cotangent, (x as Tensor).shape), weightsOf(x as Tensor, output, dims))];
    },
    pushforward: ([tangent], { inputs: [x], output, params: { dims } }) =>
      tangent && sumKept(mul(tangent, weightsOf(x as Tensor, output, dims)), dims),
    sample: (draw) => {
      const shape = draw.shape({ minimumSize: 1 });
      return {
        inputs: [draw.tensor(shape, { low: -3, high: 3, distinct: true })],
        params: { dims: shape.flatMap((_, d) => (draw.integer(0, 1) ? [d] : [])) },
      };
    },
  };
}
