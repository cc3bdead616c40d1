export * from './arithmetic.ts';
export * from './comparison.ts';
export * from './creation.ts';
export * from './elementary.ts';
export * from './fuse.ts';
export * from './movement.ts';
export * from './products.ts';
export * from './reductions.ts';
