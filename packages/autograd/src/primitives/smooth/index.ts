export * from './activations.ts';
export * from './division.ts';
export * from './error-function.ts';
export * from './exponential.ts';
export * from './hyperbolic.ts';
export * from './powers.ts';
export * from './trigonometric.ts';
