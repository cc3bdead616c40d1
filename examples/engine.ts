import { compile } from '@gradtape/autograd/compile';

/** How an example's steps run: operation by operation, or as programs, in WebAssembly or in C. */
export const engines = ['compiled', 'native', 'eager'] as const;

/** A step as an engine runs it. */
export function runOn<Step extends (...values: never[]) => unknown>(
  engine: (typeof engines)[number],
  step: Step,
): Step {
  if (engine === 'eager') return step;
  return compile(step, { engine: engine === 'native' ? 'native' : 'wasm' });
}
