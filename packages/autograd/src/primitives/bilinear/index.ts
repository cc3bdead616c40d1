export * from './matmul.ts';
export * from './mul.ts';
