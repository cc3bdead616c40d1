import { isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { isRecording } from '../../tape/bind.ts';
import { type Fused, fuse } from '../../tape/fuse.ts';
import { isTracing } from '../../tape/observer.ts';
import type { Cotangents, Domain, Primitive } from '../../tape/primitive.ts';
import { mul } from '../bilinear/mul.ts';
import { add } from '../linear/arithmetic.ts';
import { valueOfFormula } from '../linear/degree.ts';
import { sampleEntries } from './domains.ts';

export interface SmoothDeclaration {
  /** The formula of one entry. */
  value: Formula;
  /**
   * The partial derivative by each input, from the inputs and, last, the output, written with operations that work entry
   * by entry; undefined where it is zero everywhere.
   */
  partials(...inputsAndOutput: Tensor[]): readonly (Tensor | undefined)[];
  /** How it is written on paper, where that is not the formula. */
  latex?: Primitive<undefined>['latex'];
  /** Where the laws try each input; one for all, or one each. */
  domain: Domain | readonly Domain[];
}

/** A primitive that works entry by entry and has partial derivatives: the same ones serve both directions. */
export function smooth(name: string, { value, partials, latex, domain }: SmoothDeclaration): Primitive<undefined> {
  const inputCount = value.length - 1;
  const partialsOf = partials as (...tensors: readonly Tensor[]) => readonly (Tensor | undefined)[];
  const pullbacks = fusedPullbacks(partialsOf, inputCount);
  return {
    name,
    evaluate: valueOfFormula(value),
    pullback: (cotangent, { inputs, output }) => {
      if (!isRecording() && !isTracing()) return pullbacks(cotangent, inputs, output);
      return partialsOf(...inputs, output).map((partial, i) =>
        partial && (inputs[i] as Tensor).node ? mul(cotangent, partial) : undefined,
      );
    },
    pushforward: (tangents, { inputs, output }) =>
      partialsOf(...inputs, output)
        .map((partial, i) => (partial && tangents[i] ? mul(tangents[i] as Tensor, partial) : undefined))
        .reduce((sum, term) => (sum && term ? add(sum, term) : (sum ?? term)), undefined),
    formula: value,
    ...(latex && { latex }),
    sample: sampleEntries(domain, inputCount),
  };
}

interface FusedPullback {
  readonly run: Fused;
  /** Which inputs its outputs belong to. */
  readonly targets: readonly number[];
}

/** Cotangent times partials in one pass, made when first needed, for each choice of inputs that need it. */
function fusedPullbacks(
  partials: (...tensors: readonly Tensor[]) => readonly (Tensor | undefined)[],
  inputCount: number,
): (cotangent: Tensor, inputs: readonly Tensor[], output: Tensor) => Cotangents {
  const made: (FusedPullback | undefined)[] = [];
  return (cotangent, inputs, output) => {
    const needed = inputs.reduce((bits, x, i) => (x.node && isFloating(x.dtype) ? bits | (1 << i) : bits), 0);
    let pullback = made[needed];
    if (pullback === undefined) {
      pullback = fusePullback(partials, inputCount, needed);
      made[needed] = pullback;
    }
    const results = pullback.run(
      [cotangent, ...inputs, output],
      pullback.targets.map(() => cotangent.dtype),
    );
    const cotangents = new Array<Tensor | undefined>(inputCount).fill(undefined);
    pullback.targets.forEach((target, k) => {
      cotangents[target] = results[k];
    });
    return cotangents;
  };
}

function fusePullback(
  partials: (...tensors: readonly Tensor[]) => readonly (Tensor | undefined)[],
  inputCount: number,
  needed: number,
): FusedPullback {
  let targets: number[] = [];
  const run = fuse((cotangent, ...inputsAndOutput) => {
    const all = partials(...inputsAndOutput);
    targets = all.flatMap((partial, i) => (partial && needed & (1 << i) ? [i] : []));
    return targets.map((i) => mul(cotangent as Tensor, all[i] as Tensor));
  }, inputCount + 2);
  if (run === undefined) throw new Error('the partial derivatives of a smooth primitive must work entry by entry');
  return { run, targets };
}
