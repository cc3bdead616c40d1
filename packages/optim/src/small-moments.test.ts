import { Parameter, smallestNormal, tensor, zeros } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyOptimizer, optimizers } from './test-optimizers.ts';

/** Gradients of which a moment's part, or its next tenth, is below the smallest normal number. */
const exponents = fc.array(fc.integer({ min: -23, max: 70 }), { minLength: 3, maxLength: 3 });
/** Steps in which the gradient is zero again: a mean that keeps 0.9 of itself loses three quarters. */
const STEPS = 15;

describe.each(Object.entries(optimizers).filter(([name]) => !name.startsWith('LBFGS')))('%s', (_, make) => {
  test.each([
    ['float32', false],
    ['float32', true],
    ['float64', false],
  ] as const)('keeps nothing below the smallest normal number: %s, compiled: %s', (dtype, isCompiled) => {
    const smallest = smallestNormal(dtype);
    fc.assert(
      fc.property(exponents, (drawn) => {
        const w = new Parameter(zeros([3], { dtype }));
        const optimizer = make([w]);
        const plain = (g: ReturnType<typeof zeros>): void => {
          w.grad = g.clone();
          optimizer.step();
        };
        const step = isCompiled ? compile(plain) : plain;
        const gradient = tensor(
          drawn.map((exponent, i) => (i === 1 ? -1 : 1) * smallest * 2 ** exponent),
          { dtype },
        );
        for (let k = 0; k <= STEPS; k++) {
          step(k === 0 ? gradient : zeros([3], { dtype }));
          expect(kept(optimizer).filter((x) => x !== 0 && Math.abs(x) < smallest)).toEqual([]);
        }
      }),
      { numRuns: isCompiled ? 3 : 20 },
    );
  });
});

/** The entries of all tensors that an optimizer keeps. */
function kept(optimizer: AnyOptimizer): number[] {
  const { state } = optimizer.stateDict();
  return Object.values(state).flatMap((of) =>
    Object.values(of).flatMap((x) =>
      typeof x === 'object' && x !== null && 'toTypedArray' in x ? [...x.toTypedArray()] : [],
    ),
  );
}
