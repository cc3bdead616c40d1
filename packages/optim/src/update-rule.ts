import {
  dependOn,
  type FusedFunction,
  fuse,
  lt,
  type Slot,
  smallestNormal,
  type Tensor,
  where,
} from '@gradtape/autograd';

/** Choices between rules: whether there is momentum, which weight decay. */
export type Choices = Readonly<Record<string, string | boolean>>;

/** The parameter's next value and then those of the moments, in their order, entry by entry. */
export type Formula = (
  parameter: Tensor,
  gradient: Tensor,
  numbers: readonly Tensor[],
  moments: readonly Tensor[],
) => readonly Tensor[];

/** Gives a parameter's next value, and moves its moments on. */
export type UpdateRule<C extends Choices> = (
  on: C,
  parameter: Tensor,
  gradient: Tensor,
  numbers: readonly (number | Tensor)[],
  moments: readonly Slot<Tensor>[],
) => Tensor;

/**
 * A rule that runs in one pass over a parameter's memory. `write` gives its formula for the choices; each is made once.
 * Moments below the smallest normal number become zero: where a gradient stays zero, as that of a dead unit, they would
 * shrink for ever, and processors take up to a hundred times as long over what is smaller.
 */
export function updateRule<C extends Choices>(write: (on: C) => Formula): UpdateRule<C> {
  const rules = new Map<string, FusedFunction>();
  return (on, parameter, gradient, numbers, moments) => {
    const key = Object.values(on).join();
    const rule = rules.get(key) ?? fuseFormula(write(on), numbers.length);
    rules.set(key, rule);
    const before = moments.map((moment) => moment.get());
    const smallest = smallestNormal(parameter.dtype);
    const operands = [parameter, gradient, smallest, ...numbers, ...before];
    const [next, ...after] = rule.into([undefined, ...before], ...operands);
    for (const [k, moment] of moments.entries()) moment.set(after[k] as Tensor);
    return next as Tensor;
  };
}

function fuseFormula(formula: Formula, count: number): FusedFunction {
  return fuse((...operands) => {
    const [parameter, gradient, smallest, ...rest] = operands as [Tensor, Tensor, Tensor, ...Tensor[]];
    const [next, ...moments] = formula(parameter, gradient, rest.slice(0, count), rest.slice(count));
    return [next as Tensor, ...moments.map((moment) => where(lt(moment.abs(), smallest), 0, moment))];
  });
}

/** Reads choices from settings, so that a compiled step is made anew when one changes. */
export function choose<C extends Choices>(read: () => C): C {
  dependOn(() => Object.values(read()).join());
  return read();
}

/** Where weight decay acts: through the gradient and its moments, or on the parameter itself. */
export type Decay = 'none' | 'gradient' | 'parameter';

export function decayOf(weightDecay: number, isDecoupled: boolean): Decay {
  if (weightDecay === 0) return 'none';
  return isDecoupled ? 'parameter' : 'gradient';
}

/** The number that {@link decayed} takes: λ for the gradient, `1 - η λ` for the parameter. */
export function decayNumber(lr: number, weightDecay: number, isDecoupled: boolean): number {
  return isDecoupled ? 1 - lr * weightDecay : weightDecay;
}

/** Parameter and gradient with weight decay on one of them; the gradient turned round to go up. */
export function decayed(
  on: { readonly decay: Decay; readonly maximize: boolean },
  parameter: Tensor,
  gradient: Tensor,
  number: Tensor,
): readonly [parameter: Tensor, gradient: Tensor] {
  const g = on.maximize ? gradient.neg() : gradient;
  if (on.decay === 'parameter') return [parameter.mul(number), g];
  return [parameter, on.decay === 'gradient' ? g.add(parameter.mul(number)) : g];
}
