export * from './binary-cross-entropy.ts';
export * from './cross-entropy.ts';
export * from './ctc.ts';
export * from './kl-divergence.ts';
export * from './margin.ts';
export type { LossOptions, Reduction } from './reduction.ts';
export * from './regression.ts';
