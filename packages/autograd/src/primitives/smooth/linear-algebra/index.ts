export * from './cholesky.ts';
export * from './cofactors.ts';
export * from './determinant.ts';
export * from './inverse.ts';
export * from './solve.ts';
export * from './triangular-solve.ts';
