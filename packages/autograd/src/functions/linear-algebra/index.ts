export * from './cholesky.ts';
export * from './determinant.ts';
export * from './eigh.ts';
export * from './inverse.ts';
export * from './norms.ts';
export * from './solve.ts';
export * from './triangular-solve.ts';
export * from './vecdot.ts';
