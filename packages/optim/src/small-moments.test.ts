import { Parameter, smallestNormal, tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { describe, expect, test } from 'vitest';
import { Adam, AdamW, type Optimizer, type OptimizerOptions, RMSprop, SGD } from './index.ts';

type Make = (params: readonly Parameter[]) => Optimizer<OptimizerOptions>;

const makers: Readonly<Record<string, Make>> = {
  Adam: (params) => new Adam(params, { betas: [0.5, 0.5] }),
  AdamW: (params) => new AdamW(params, { betas: [0.5, 0.5], amsgrad: true }),
  'SGD, momentum': (params) => new SGD(params, { lr: 0.1, momentum: 0.5 }),
  RMSprop: (params) => new RMSprop(params, { alpha: 0.5, momentum: 0.5, centered: true }),
};

/** Steps in which a moment that halves goes from 1 to nothing, in float64 too. */
const STEPS = 1100;

describe.each(Object.entries(makers))('%s', (_, make) => {
  test.each([
    ['float32', false],
    ['float32', true],
    ['float64', false],
  ] as const)('moments of a gradient that stays zero become zero: %s, compiled: %s', (dtype, isCompiled) => {
    const w = new Parameter(tensor([1, -2, 3], { dtype }));
    const optimizer = make([w]);
    const gradient = tensor([1, -1, 0], { dtype });
    const zero = tensor([0, 0, 0], { dtype });
    const plain = (g: typeof gradient): void => {
      w.grad = g.clone();
      optimizer.step();
    };
    const step = isCompiled ? compile(plain) : plain;
    step(gradient);
    let smallest = 1;
    for (let k = 0; k < STEPS; k++) {
      step(zero);
      for (const moment of moments(optimizer)) {
        for (const x of moment) if (x !== 0) smallest = Math.min(smallest, Math.abs(x));
      }
    }
    expect(smallest).toBeGreaterThanOrEqual(smallestNormal(dtype));
    expect(smallest).toBeLessThan(16 * smallestNormal(dtype));
    expect([...w.toTypedArray()].every(Number.isFinite)).toBe(true);
  });
});

/** The entries of all moments that an optimizer keeps. */
function moments(optimizer: Optimizer<OptimizerOptions>): number[][] {
  const { state } = optimizer.stateDict();
  return Object.values(state).flatMap((of) =>
    Object.values(of).flatMap((x) =>
      typeof x === 'object' && x !== null && 'toTypedArray' in x ? [[...x.toTypedArray()]] : [],
    ),
  );
}
