import type { History } from './history.ts';

/** Where a training stands, as callbacks see it. */
export interface Run {
  /** From 1; in a run that goes on from a history, it counts on. 0 before the first. */
  readonly epoch: number;
  /** The last epoch there will be, unless somebody stops. */
  readonly epochs: number;
  /** Of the present epoch, from 1; 0 before its first. */
  readonly batch: number;
  /** How many batches the epoch will have, where the loader knows. */
  readonly batches: number | undefined;
  /** All numbers so far: those of a batch are in it when `onBatchEnd` is called, those of an epoch when `onEpochEnd` is. */
  readonly history: History;
  readonly isStopped: boolean;
  /** Ends the training after this batch. The epoch is closed with the batches that it had. */
  stop(): void;
}

/** What wants to be told in the course of a training. Promises are waited for. */
export interface Callback {
  onFitStart?(run: Run): void | Promise<void>;
  onEpochStart?(run: Run): void | Promise<void>;
  onBatchStart?(run: Run): void | Promise<void>;
  onBatchEnd?(run: Run): void | Promise<void>;
  /** Called after validation. */
  onEpochEnd?(run: Run): void | Promise<void>;
  /** Called in any case, also where a step threw. */
  onFitEnd?(run: Run): void | Promise<void>;
}
