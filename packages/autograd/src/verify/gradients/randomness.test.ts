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
import { checkDerivation, checkGradients } from '../index.ts';

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

  test('are refused though they rarely give another number', () => {
    for (let seed = 0; seed < 50; seed++) {
      manualSeed(seed);
      const rarely = (x: Tensor): Tensor => mul(x.sum(), sum(bernoulli(mul(ones([1]), 0.25))));
      expect(message(() => checkGradients(rarely, [draw(2)]))).toContain('the function is random');
    }
    const same = (x: Tensor): Tensor => {
      manualSeed(1);
      return sum(mul(x, rand([3])));
    };
    expect(checkGradients(same, [draw(3)]).passed).toBe(true);
  });

  test('are refused as derivations, where they are wrong', () => {
    const random = (x: Tensor) => ({ dx: mul(x, bernoulli(mul(ones([8]), 0.5))) });
    const { notes } = checkDerivation(random, (x) => sum(mul(x, x)), { x: draw(8) });
    expect(notes.join()).toContain('The derivation gives other numbers each time: it is random.');
    expect(
      checkDerivation(
        (x) => ({ dx: x }),
        (x) => sum(mul(x, x)),
        { x: draw(8) },
      ).notes,
    ).toEqual([]);
  });

  test('do not disturb the default generator', () => {
    manualSeed(5);
    const undisturbed = rand([3]).toArray();
    manualSeed(5);
    checkGradients(dropout, [draw(8)], { seed: 1 });
    expect(rand([3]).toArray()).toEqual(undisturbed);
  });
});
