export * from './diagnosis/index.ts';
export * from './loop/index.ts';
export * from './metrics/index.ts';
export * from './statistics/index.ts';
