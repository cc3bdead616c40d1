export * from './loop/index.ts';
export * from './metrics/index.ts';
