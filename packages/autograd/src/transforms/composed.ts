import { allocate } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Formulas, mapKernel } from '../kernels/map.ts';
import { isRecording, withRecording } from '../tape/bind.ts';
import { type Fused, fuseHandingThrough, readFormulas, readNotation } from '../tape/fuse.ts';
import { detach } from '../tape/leaf.ts';
import { isTracing } from '../tape/observer.ts';
import type { Cotangents, Primitive } from '../tape/primitive.ts';
import { jvp, vjp } from './vjp.ts';

/** A function of as many tensors of one shape as it names, written with operations that work entry by entry. */
export type EntrywiseFunction = (...x: Tensor[]) => Tensor;

/**
 * An elementwise primitive composed of others: its derivative follows from the composition, to any order. It computes in
 * one pass, and its pullback in another, where the composition would take one for each step.
 *
 * `compute` must not look at values or shapes, and must name its inputs one by one.
 */
export function composed(name: string, compute: EntrywiseFunction): Primitive<undefined> {
  const inputCount = compute.length;
  let read: Formulas | undefined;
  const formulas: Formulas = (m, ...x) => {
    read ??= readFormulas((...y) => [compute(...y)], inputCount) ?? failOnOperation(name);
    return read(m, ...x);
  };
  const kernel = mapKernel(formulas, inputCount, 1);
  const pullbacks: (Fused | undefined)[] = [];
  return {
    name,
    isComposite: true,
    evaluate: (inputs) =>
      isTracing() ? detach(withRecording(false, () => compute(...inputs))) : kernel(inputs, [inputs[0].dtype])[0],
    pullback: (cotangent, { inputs }) => {
      const varied = inputs.flatMap((x, i) => (x.node && isFloating(x.dtype) ? [i] : []));
      if (isRecording() || isTracing()) return beside(inputs, varied, pullBy(compute, varied)(cotangent, ...inputs));
      const key = varied.reduce((bits, i) => bits | (1 << i), 0);
      pullbacks[key] ??= fuseHandingThrough(pullBy(compute, varied), inputCount + 1) ?? failOnOperation(name);
      const dtypes = varied.map(() => cotangent.dtype);
      return beside(inputs, varied, pullbacks[key]([cotangent, ...inputs], dtypes));
    },
    pushforward: (tangents, { inputs }) =>
      jvp(
        compute,
        [...inputs],
        inputs.map((x, i) => tangents[i] ?? allocate(x.shape, x.dtype)),
      )[1],
    formula: (m, ...x) => formulas(m, ...x)[0],
    latex: (m, inputs) => {
      const written = readNotation((...y) => [compute(...y)], inputCount) ?? failOnOperation(name);
      return written(m, ...inputs)[0];
    },
    sample: () => fail(name, { got: 'a law', needs: 'a primitive of the registry', fix: 'use checkGradients' }),
  };
}

/** `(cotangent, ...inputs)` to the cotangents of the inputs that are varied. */
function pullBy(compute: EntrywiseFunction, varied: readonly number[]): (...x: Tensor[]) => readonly Tensor[] {
  return (cotangent, ...inputs) => {
    const withVaried = (...x: Tensor[]): Tensor => {
      const all = [...inputs];
      varied.forEach((i, k) => {
        all[i] = x[k];
      });
      return compute(...all);
    };
    const [, pull] = vjp(withVaried, ...varied.map((i) => inputs[i]));
    return pull(cotangent);
  };
}

function beside(inputs: readonly Tensor[], varied: readonly number[], cotangents: readonly Tensor[]): Cotangents {
  return inputs.map((_, i) => (varied.includes(i) ? cotangents[varied.indexOf(i)] : undefined));
}

function failOnOperation(name: string): never {
  throw new Error(`${name}: every operation of a composed primitive must work entry by entry`);
}
