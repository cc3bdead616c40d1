import { GradtapeError, norm, Parameter, type Tensor } from '@gradtape/autograd';
import type { Module } from './module.ts';

export interface WeightNormOptions {
  /** Each index of this dim has a length of its own; null for one length of the whole weight. Default: 0. */
  readonly dim?: number | null;
}

/** What a weight is computed from, under the names that PyTorch has for it. */
interface LengthAndDirection {
  /** The length g: 1 in all dims but `dim`. */
  readonly original0: Parameter;
  /** The direction v, whose own length does not matter. */
  readonly original1: Parameter;
}

/** A module some of whose parameters are computed. */
interface Parametrized extends Module {
  parametrizations?: Record<string, LengthAndDirection>;
}

/** The parameters that weights had been: each comes back when its norm is removed. */
const replaced = new WeakMap<LengthAndDirection, Parameter>();

/**
 * Makes a weight `g v / ‖v‖` of a length g and a direction v that are learned in its place, as
 * `parametrizations.weight.original0` and `original1`. The weight starts as it is. Make optimizers after.
 *
 * Source: Salimans and Kingma, "Weight normalization", 2016.
 *
 * @param name The field of the module that holds the weight.
 * @returns The module.
 * @throws GradtapeError if the field holds no parameter, or there is no such dim.
 * @example
 * const layer = weightNorm(new Linear(20, 40));
 * layer.namedParameters().map(([name]) => name); // ['bias', 'parametrizations.weight.original0', 'parametrizations.weight.original1']
 */
export function weightNorm<M extends Module>(module: M, name = 'weight', { dim = 0 }: WeightNormOptions = {}): M {
  const holder: Parametrized = module;
  const weight: unknown = Reflect.get(module, name);
  if (!(weight instanceof Parameter)) failOnField(module, name);
  checkDim(weight, dim);
  const lengthOf = (v: Tensor): Tensor => lengthsAlong(v, dim);
  const { requiresGrad } = weight;
  const parts: LengthAndDirection = {
    original0: new Parameter(lengthOf(weight.value.detach()), { requiresGrad }),
    original1: new Parameter(weight.value, { requiresGrad }),
  };
  replaced.set(parts, weight);
  holder.parametrizations = { ...holder.parametrizations, [name]: parts };
  Object.defineProperty(module, name, {
    get: () => parts.original1.mul(parts.original0.div(lengthOf(parts.original1))),
    enumerable: false,
    configurable: true,
  });
  return module;
}

/**
 * Takes {@link weightNorm} away: the parameter comes back, with the value that the weight has now. Make optimizers after.
 *
 * @returns The module.
 * @throws GradtapeError if the weight has no such norm.
 */
export function removeWeightNorm<M extends Module>(module: M, name = 'weight'): M {
  const holder: Parametrized = module;
  const { [name]: parts, ...rest } = holder.parametrizations ?? {};
  const weight = parts && replaced.get(parts);
  if (weight === undefined) return failOnNorm(module, name);
  const { dtype } = parts.original1;
  weight.convert(dtype as 'float32' | 'float64');
  weight.assign((Reflect.get(module, name) as Tensor).detach());
  if (Object.keys(rest).length === 0) delete holder.parametrizations;
  else holder.parametrizations = rest;
  Object.defineProperty(module, name, { value: weight, enumerable: true, configurable: true, writable: true });
  return module;
}

function lengthsAlong(v: Tensor, dim: number | null): Tensor {
  if (dim === null) return norm(v);
  const others = v.shape.flatMap((_, d) => (d === dim ? [] : [d]));
  return others.length === 0 ? v.abs() : norm(v, 2, others, { keepDim: true });
}

function checkDim({ shape }: Tensor, dim: number | null): void {
  if (dim === null || (Number.isInteger(dim) && dim >= 0 && dim < shape.length)) return;
  throw new GradtapeError('weightNorm: dim out of range', {
    got: `dim ${dim} for a weight of shape [${shape.join(', ')}]`,
    needs: `0 to ${shape.length - 1}, or null`,
    fix: '0 is the dim of outputs of Linear and Conv; 1 that of transposed convolutions',
  });
}

function failOnField(module: Module, name: string): never {
  throw new GradtapeError('weightNorm: the field holds no parameter', {
    got: `'${name}' of ${module.constructor.name}`,
    needs: `one of ${fieldsOf(module)}`,
    fix: 'give the name of a weight of the module itself: weightNorm(model.fc1)',
  });
}

function failOnNorm(module: Module, name: string): never {
  throw new GradtapeError('removeWeightNorm: the weight has no norm of its own', {
    got: `'${name}' of ${module.constructor.name}`,
    needs: 'a weight that weightNorm was called for',
    fix: 'check the name, and that it was not removed before',
  });
}

function fieldsOf(module: Module): string {
  const fields = Object.entries(module).flatMap(([name, value]) => (value instanceof Parameter ? [`'${name}'`] : []));
  return fields.length === 0 ? 'the fields of a module with parameters' : fields.join(', ');
}
