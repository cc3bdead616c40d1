import { describe, expect, test } from 'vitest';
import {
  add,
  customGrad,
  detach,
  Generator,
  type GradtapeError,
  log,
  mul,
  Parameter,
  randn,
  relu,
  square,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '../../index.ts';
import { assertGradients, checkGradients } from '../index.ts';

const generator = new Generator(3);
const draw = (...shape: number[]): Tensor => randn(shape, { generator });

/** `c x³`, with a derivative that is `factor` times the right one. */
function cubeWith(factor: number): (x: Tensor) => Tensor {
  return customGrad({
    name: 'cube',
    forward: (x) => mul(x, square(x)),
    backward: (g, [x]) => [mul(g, mul(square(x), 3 * factor))],
  });
}

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as GradtapeError).message;
  }
  return 'no error';
}

describe('reports', () => {
  test('read', () => {
    const x = tensor([1, -2, 0, 3]);
    const y = tensor([
      [1, 2],
      [3, 4],
    ]);
    const f = (a: Tensor, b: Tensor): Tensor => add(sum(cubeWith(2)(relu(a))), sum(square(b)));
    expect(`\n${checkGradients(f, { x, y })}\n`).toMatchInlineSnapshot(`
      "
      checkGradients: failed (8 entries)

        derivative by  shape   tried      worst at  reverse mode  differences  error
        x              [4]     4 entries  [3]                 54           27      5e7  <- wrong
        y              [2, 2]  4 entries  [0, 0]               2            2  0.00033
        error: how far apart; 1 is what rounding and the differences account for
      "
    `);
    expect(`\n${checkGradients((a) => square(a), { a: draw(300) }, { order: 2 })}\n`).toMatchInlineSnapshot(`
      "
      checkGradients: passed (32 random directions)

        derivative by  shape  tried          worst at      reverse mode  differences  error
        a              [300]  16 directions  direction 16       3.91875      3.91875  0.003
        error: how far apart; 1 is what rounding and the differences account for
        the results are several numbers: the derivatives are those of a random sum of them

      derivatives of second order:
        derivative by  shape  tried          worst at      reverse mode  differences  error
        a              [300]  16 directions  direction 11       1.93503      1.93503  0.0039
        error: how far apart; 1 is what rounding and the differences account for
        the results are several numbers: the derivatives are those of a random sum of them
      "
    `);
  });

  test('of nothing', () => {
    expect(checkGradients((a) => sum(a), [zeros([0])]).toString()).toMatchInlineSnapshot(`
      "checkGradients: passed (nothing to try)

        derivative by  shape  tried      worst at  reverse mode  differences  error
        input 0        [0]    0 entries
        error: how far apart; 1 is what rounding and the differences account for"
    `);
  });

  test('become errors', () => {
    const x = tensor([1, -2]);
    expect(message(() => assertGradients((a) => sum(cubeWith(2)(a)), { x }))).toMatchInlineSnapshot(`
      "assertGradients: a derivative on the tape is not that of the function
        got:   by x at [1]: 24 on the tape, 12 by differences (5e7 times what rounding accounts for)
        needs: the same numbers but for rounding
        fix:   look at the operations with a derivative of their own: cube; and for detach or noGrad on the way"
    `);
    expect(message(() => assertGradients((a) => mul(a, detach(a)), { x }))).toMatchInlineSnapshot(`
      "assertGradients: a derivative on the tape is not that of the function
        got:   by x at [1]: 0.494667 on the tape, 0.989334 by differences (5e7 times what rounding accounts for)
        needs: the same numbers but for rounding
        fix:   look for detach, noGrad, item() or toArray() on the way: they cut the tape"
    `);
    expect(message(() => assertGradients((a) => sum(square(a)), { x }))).toBe('no error');
  });
});

test('what cannot be checked is refused', () => {
  const labels = tensor([1, 2], { dtype: 'int32' });
  expect(message(() => checkGradients((x) => sum(x), [labels]))).toMatchInlineSnapshot(`
    "checkGradients: nothing to differentiate by
      got:   input 0 of dtype int32
      needs: an input of dtype float32 or float64, or { parameters: model.parameters() }
      fix:   convert an input: x.to('float64')"
  `);
  expect(message(() => checkGradients((x) => x.gt(0), [draw(2)]))).toMatchInlineSnapshot(`
    "checkGradients: the function has no floating result
      got:   results of dtype int32 or bool, or none
      needs: at least one result of dtype float32 or float64
      fix:   return the values that the decision was made from (scores, not their argmax)"
  `);
  expect(message(() => checkGradients((x) => log(x), [tensor([-1, 1])]))).toMatchInlineSnapshot(`
    "checkGradients: the function is not finite at these inputs
      got:   NaN among its results
      needs: numbers, since differences of infinities and NaN say nothing
      fix:   check the function at other inputs: inside the domain of its logarithms, roots and divisions"
  `);
  expect(message(() => checkGradients((x) => sum(x).item() as never, [draw(2)]))).toMatchInlineSnapshot(`
    "checkGradients: the function gives something that is not a tensor
      got:   a number
      needs: a Tensor, or an array of them
      fix:   leave out item() and toArray()"
  `);
  expect(message(() => checkGradients((x) => x, tensor([1, 2]) as never))).toMatchInlineSnapshot(`
    "checkGradients: no inputs
      got:   a tensor
      needs: the arguments of the function, in an array or by name
      fix:   put it into an array: [x]"
  `);
  expect(message(() => checkGradients((x) => x, undefined as never))).toMatchInlineSnapshot(`
    "checkGradients: no inputs
      got:   undefined
      needs: the arguments of the function, in an array or by name
      fix:   pass them: { x: tensor([1, 2]) }"
  `);
  expect(message(() => checkGradients((x) => x, [[1, 2] as never]))).toMatchInlineSnapshot(`
    "checkGradients: input 0 is not a tensor
      got:   an array
      needs: a Tensor for each argument of the function, in an array or by name
      fix:   wrap data in tensor(…): checkGradients(f, [tensor([1, 2])])"
  `);
  expect(message(() => checkGradients((x) => x, { 0: draw(2) }))).toMatchInlineSnapshot(`
    "checkGradients: a number as the name of an input
      got:   '0'
      needs: a word: JavaScript moves keys that are numbers to the front
      fix:   call it x0"
  `);
  expect(message(() => checkGradients((x) => x, [draw(2)], { parameters: [draw(2) as never] }))).toMatchInlineSnapshot(
    `
    "checkGradients: parameter 0 is not a Parameter
      got:   a tensor
      needs: what model.parameters() or model.namedParameters() gives
      fix:   pass plain tensors as inputs instead"
  `,
  );
  const twice = { parameters: [['x', new Parameter(draw(2))] as const] };
  expect(message(() => checkGradients((x) => x, { x: draw(2) }, twice))).toMatchInlineSnapshot(`
    "checkGradients: a name is used twice
      got:   'x' for two values (inputs, parameters and probes)
      needs: a name of its own for each
      fix:   rename one of them"
  `);
});
