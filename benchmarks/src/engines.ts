import { compile } from '@gradtape/autograd/compile';

/** How a step runs: operation by operation, or as a program. */
export type Engine = 'eager' | 'compiled' | 'native';

/** Makes a step run on an engine. */
export type Run = <F extends (...values: never[]) => unknown>(step: F) => F;

export const engines: Readonly<Record<Engine, Run>> = {
  eager: (step) => step,
  compiled: (step) => compile(step),
  native: (step) => compile(step, { engine: 'native' }),
};
