import { GradtapeError } from '@gradtape/autograd';
import { belowOne, checkPerGroup, type PerGroup } from '../settings.ts';
import type { ScheduledGroup, ScheduleOptimizer } from './schedule.ts';

/** The momentum of a group: β₁ where the optimizer has two moments. */
export function momentumOf({ betas, momentum }: ScheduledGroup): number | undefined {
  return betas?.[0] ?? momentum;
}

export function setMomentum(group: ScheduledGroup, momentum: number): void {
  if (group.betas === undefined) group.momentum = momentum;
  else group.betas = [momentum, group.betas[1]];
}

/** Throws unless every group has a momentum, and the bounds between which it is to change are in range. */
export function checkMomentum(
  owner: { readonly optimizer: ScheduleOptimizer },
  bounds: { readonly baseMomentum: PerGroup<number>; readonly maxMomentum: PerGroup<number> },
): void {
  const { paramGroups } = owner.optimizer;
  if (paramGroups.some((group) => momentumOf(group) === undefined)) {
    throw new GradtapeError(`${owner.constructor.name}: the optimizer has no momentum`, {
      got: `an ${owner.optimizer.constructor.name} whose groups have neither momentum nor betas`,
      needs: 'an optimizer with momentum, such as SGD, or with betas, such as Adam',
      fix: '{ cycleMomentum: false } changes the learning rate alone',
    });
  }
  checkPerGroup(owner, 'baseMomentum', bounds.baseMomentum, paramGroups.length, belowOne);
  checkPerGroup(owner, 'maxMomentum', bounds.maxMomentum, paramGroups.length, belowOne);
}
