import { describe, expect, test } from 'vitest';
import {
  bernoulli,
  Generator,
  type GradtapeError,
  manualSeed,
  mul,
  ones,
  rand,
  randn,
  sum,
  type Tensor,
} from '../../index.ts';
import { checkGradients } from '../index.ts';

const generator = new Generator(3);
const draw = (...shape: number[]): Tensor => randn(shape, { generator });

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as GradtapeError).message;
  }
  return 'no error';
}

describe('functions with randomness', () => {
  const dropout = (x: Tensor): Tensor => sum(mul(x, bernoulli(mul(ones([8]), 0.5))));

  test('are refused unless they are seeded', () => {
    expect(message(() => checkGradients(dropout, [draw(8)]))).toMatchInlineSnapshot(`
      "checkGradients: the function is random
        got:   two evaluations at the same inputs that differ
        needs: the same result each time: differences of random results say nothing about the derivative
        fix:   pass { seed: 1 }, which seeds the default generator before each evaluation; or switch dropout off: model.eval()"
    `);
    expect(checkGradients(dropout, [draw(8)], { seed: 1 }).passed).toBe(true);
    const own = (x: Tensor): Tensor => sum(mul(x, rand([8], { generator })));
    expect(message(() => checkGradients(own, [draw(8)], { seed: 1 }))).toMatchInlineSnapshot(`
      "checkGradients: the function is random
        got:   two evaluations at the same inputs that differ, although the default generator was seeded
        needs: the same result each time: differences of random results say nothing about the derivative
        fix:   seed the generator that the function draws from inside the function: new Generator(1)"
    `);
  });

  test('do not disturb the default generator', () => {
    manualSeed(5);
    const undisturbed = rand([3]).toArray();
    manualSeed(5);
    checkGradients(dropout, [draw(8)], { seed: 1 });
    expect(rand([3]).toArray()).toEqual(undisturbed);
  });
});
