export * from './backward.ts';
export * from './checkpoint.ts';
export * from './custom-grad.ts';
export * from './detect-anomaly.ts';
export * from './grad.ts';
export * from './grad-mode.ts';
export * from './hooks.ts';
export * from './jacobian.ts';
export { type Each, jvp, type TensorFunction, vjp } from './vjp.ts';
