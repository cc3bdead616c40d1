import { type Parameter, stack, type Tensor, tensor } from '@gradtape/autograd';
import { call } from '../call.ts';
import type { Attributes } from '../format.ts';
import { type Executor, type NamedTensors, prefixed, toTensors } from './executor.ts';
import { computeGradients, float64, makeOptimizer, parametersOf, snapshot, takeStep } from './optimizer.ts';
import { makeSchedule } from './scheduler.ts';

export const executeTraining: Executor = (reference, wrap) => {
  const { attrs } = reference;
  const parameters = parametersOf(reference);
  const data = toTensors(reference.inputs, false);
  const optimizer = makeOptimizer(reference, parameters);
  const schedule = attrs.scheduler && makeSchedule(attrs.scheduler.scheduler, attrs.scheduler.attrs, optimizer);
  const [losses, norms]: [Tensor[], Tensor[]] = [[], []];
  const take = wrap((batch: NamedTensors) => {
    const totals: Tensor[] = [];
    const loss = takeStep(optimizer, () => {
      const computed = computeGradients(reference, optimizer, { ...batch, ...parameters });
      totals.push(...clip(attrs, Object.values(parameters)));
      return computed;
    });
    schedule?.step();
    return { loss, total: totals.slice(0, 1) };
  });
  for (const rows of attrs.batches) {
    const { loss, total } = take({ ...data, ...rowsOf(data, attrs.batched, rows) });
    losses.push(loss);
    norms.push(...total);
  }
  return {
    loss: stack(losses),
    ...prefixed('param.', snapshot(parameters)),
    ...(norms.length > 0 && { total_norm: stack(norms) }),
    final_lr: float64(optimizer.paramGroups.map(({ lr }) => lr)),
  };
};

/** These rows, in this order, of some of the inputs. */
function rowsOf(data: NamedTensors, names: readonly string[], rows: readonly number[]): NamedTensors {
  const index = tensor(rows, { dtype: 'int32' });
  const select = (input: Tensor): Tensor => call('torch.index_select', { input, dim: 0, index })[0] as Tensor;
  return Object.fromEntries(names.map((name) => [name, select(data[name] as Tensor)]));
}

/** Clips as `attrs` says; the norm before, if it is the norm that is clipped. */
function clip({ clip_grad_norm, clip_grad_value }: Attributes, parameters: readonly Parameter[]): Tensor[] {
  if (clip_grad_norm !== undefined) {
    return call('torch.nn.utils.clip_grad_norm_', { parameters, max_norm: clip_grad_norm });
  }
  if (clip_grad_value !== undefined)
    call('torch.nn.utils.clip_grad_value_', { parameters, clip_value: clip_grad_value });
  return [];
}
