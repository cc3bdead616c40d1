export type { Json, SweepRecord } from './records.ts';
export type { SweepRun } from './run-one.ts';
export { type SweepOptions, type SweepProgress, sweep } from './sweep.ts';
