import { type Initialization, trainRings } from './rings-training.ts';

/** A point of the sweep. */
export type SweepPoint = {
  readonly initialization: Initialization;
  readonly rate: number;
  readonly momentum: number;
  readonly seed: number;
};

/** What a thread of the sweep does with a point: its default export is called there. */
export default function run(point: SweepPoint): { losses: readonly number[]; accuracy: number } {
  const { losses, accuracy } = trainRings(point);
  return { losses, accuracy };
}
