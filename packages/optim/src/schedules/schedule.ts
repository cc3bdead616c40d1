import { repeat } from '@gradtape/autograd';

/** What a schedule needs of an optimizer. */
export interface ScheduleOptimizer {
  readonly paramGroups: readonly { lr: number }[];
}

/** Changes the learning rate of an optimizer's groups; `step` is called once an epoch, or once a batch. */
export abstract class Schedule {
  /** How many steps were taken. */
  lastStep = 0;
  protected readonly optimizer: ScheduleOptimizer;

  constructor(optimizer: ScheduleOptimizer) {
    this.optimizer = optimizer;
  }

  /** A group's rate after the step that `lastStep` counts, from its rate before. */
  protected abstract next(rate: number): number;

  /** Takes one step, and sets every group's rate. */
  step(): void {
    repeat(() => {
      this.lastStep += 1;
      for (const group of this.optimizer.paramGroups) group.lr = this.next(group.lr);
    });
  }

  /** The groups' rates now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }
}
