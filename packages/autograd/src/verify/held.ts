import { drawingFrom } from '../core/random/default-generator.ts';
import { Generator } from '../core/random/generator.ts';
import type { Parameter } from '../tape/leaf.ts';

/** Runs a function that may put other values into parameters; after it, also if it throws, they are as they were. */
export function holdingParameters<T>(parameters: readonly Parameter[], run: () => T): T {
  const before = parameters.map((parameter) => ({ parameter, value: parameter.value, grad: parameter.grad }));
  try {
    return run();
  } finally {
    for (const { parameter, value, grad } of before) {
      parameter.convert(value.dtype as 'float32' | 'float64');
      parameter.assign(value);
      parameter.grad = grad;
    }
  }
}

/** Runs a function with the default generator at the start of a seed's stream; after it the generator goes on as before. */
export function seeded<T>(seed: number | undefined, run: () => T): T {
  return seed === undefined ? run() : drawingFrom(new Generator(seed).state, run);
}
