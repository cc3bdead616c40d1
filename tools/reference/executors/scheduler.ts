import { Parameter, type Tensor } from '@gradtape/autograd';
import type { ScheduledGroup } from '@gradtape/optim';
import { construct } from '../call.ts';
import type { Attributes } from '../format.ts';
import type { Executor } from './executor.ts';
import { type AnyOptimizer, float64 } from './optimizer.ts';

/** What a scheduler's `step` takes with some: a metric, or an epoch. */
export interface AnySchedule {
  step(given?: number): void;
}

/** What takes its schedules first, and not the optimizer. */
const ofSchedules: readonly string[] = ['torch.optim.lr_scheduler.ChainedScheduler'];

export function makeSchedule(scheduler: string, attrs: Attributes, optimizer: AnyOptimizer): AnySchedule {
  const built = Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, build(value, optimizer)]));
  return construct(scheduler, built, ...(ofSchedules.includes(scheduler) ? [] : [optimizer])) as AnySchedule;
}

/** Functions and schedulers where an argument describes some; everything else as it is. */
function build(value: unknown, optimizer: AnyOptimizer): unknown {
  if (Array.isArray(value)) return value.map((each) => build(each, optimizer));
  if (typeof value !== 'object' || value === null) return value;
  const { expr, scheduler, attrs } = value as Attributes;
  // An expression in `epoch`, or in `x`.
  if (expr !== undefined) return new Function('epoch', 'x = epoch', `return ${expr}`);
  return makeSchedule(scheduler, attrs, optimizer);
}

/** The groups' first moment: what schedulers cycle against the rate. */
function momenta({ paramGroups }: AnyOptimizer): number[] {
  return (paramGroups as readonly ScheduledGroup[]).map(({ momentum, betas }) => momentum ?? betas?.[0] ?? 0);
}

export const executeScheduler: Executor = ({ op, attrs }) => {
  const groups = attrs.base_lrs.map((lr: number) => ({ params: [new Parameter(float64([0]) as Tensor)], lr }));
  const optimizer = construct(attrs.optimizer, attrs.optimizer_attrs, groups) as AnyOptimizer;
  const schedule = makeSchedule(op, attrs.scheduler_attrs, optimizer);
  const rates = [optimizer.paramGroups.map(({ lr }) => lr)];
  const moments = attrs.record_momentum ? [momenta(optimizer)] : [];
  for (let step = 0; step < attrs.steps; step++) {
    optimizer.step();
    schedule.step(...[attrs.metrics?.[step] ?? attrs.epochs?.[step]].filter((given) => given !== undefined));
    rates.push(optimizer.paramGroups.map(({ lr }) => lr));
    if (attrs.record_momentum) moments.push(momenta(optimizer));
  }
  return { lr: float64(rates), ...(attrs.record_momentum && { momentum: float64(moments) }) };
};
