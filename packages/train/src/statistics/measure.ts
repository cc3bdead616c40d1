import type { Tensor } from '@gradtape/autograd';
import { type Module, Sigmoid, Tanh } from '@gradtape/nn';
import type { ActivationStatistics } from './layer-snapshot.ts';

/** `‖x‖₂`, in float64. */
export function normOf(x: Tensor): number {
  return x.detach().to('float64').norm().item();
}

/** What a module gave in its calls of one step, of whatever shapes. */
export function measureOutputs(name: string, module: Module, outputs: readonly Tensor[]): ActivationStatistics {
  const lists = outputs.map((output) => output.detach().toTypedArray());
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  const average = (of: (value: number) => number): number =>
    lists.reduce((total, list) => total + sumOver(list, of), 0) / count;
  const mean = average((value) => value);
  const isSaturated = saturationOf(module);
  return {
    name,
    kind: module.constructor.name,
    mean,
    std: Math.sqrt(average((value) => (value - mean) ** 2)),
    zeros: average((value) => (value === 0 ? 1 : 0)),
    dead: outputs.reduce((sum, output) => sum + deadShare(output), 0) / outputs.length,
    saturated: isSaturated && average((value) => (isSaturated(value) ? 1 : 0)),
  };
}

function sumOver(list: ArrayLike<number>, of: (value: number) => number): number {
  let sum = 0;
  for (let i = 0; i < list.length; i++) sum += of(list[i]);
  return sum;
}

/** Where the derivative, as a function of the output, is below a twentieth of its largest. */
function saturationOf(module: Module): ((output: number) => boolean) | undefined {
  if (module instanceof Sigmoid) return (y) => 4 * y * (1 - y) < 0.05;
  if (module instanceof Tanh) return (y) => 1 - y * y < 0.05;
  return undefined;
}

/** Of the entries of a sample, the share that is 0 in all samples, which are those along the first dim. */
function deadShare(output: Tensor): number {
  if (output.rank < 2 || output.length === 0) return 0;
  const units = output.detach().reshape([output.shape[0], -1]);
  return units.eq(0).all(0).to('float64').mean().item();
}
