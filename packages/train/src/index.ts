export * from './diagnosis/index.ts';
export { learningRateCurve } from './learning-rate-curve.ts';
export * from './loop/index.ts';
export * from './metrics/index.ts';
export * from './statistics/index.ts';
export * from './sweep/index.ts';
