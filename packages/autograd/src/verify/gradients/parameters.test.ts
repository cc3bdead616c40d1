import { describe, expect, test } from 'vitest';
import {
  add,
  customGrad,
  Generator,
  matmul,
  mean,
  mul,
  Parameter,
  randn,
  square,
  sum,
  type Tensor,
  zeros,
} from '../../index.ts';
import { checkGradients } from '../index.ts';

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

describe('parameters', () => {
  const build = (): { weight: Parameter; bias: Parameter; f: (x: Tensor) => Tensor } => {
    const [weight, bias] = [new Parameter(draw(3, 2)), new Parameter(draw(2))];
    return { weight, bias, f: (x) => mean(square(add(matmul(x, weight), bias))) };
  };

  test('are moved, and hold what they held', () => {
    const { weight, bias, f } = build();
    const before = { entries: weight.toTypedArray(), storage: weight.storage };
    const kept = zeros([2]);
    bias.grad = kept;
    const report = checkGradients(
      f,
      { x: draw(4, 3) },
      { parameters: [['weight', weight] as const, ['bias', bias] as const] },
    );
    expect(report.passed).toBe(true);
    expect(report.orders[0].inputs.map(({ name, count }) => [name, count])).toEqual([
      ['x', 12],
      ['weight', 6],
      ['bias', 2],
    ]);
    expect(weight.toTypedArray()).toEqual(before.entries);
    expect(weight.storage).toBe(before.storage);
    expect(weight.dtype).toBe('float32');
    expect(weight.grad).toBeNull();
    expect(bias.grad).toBe(kept);
  });

  test('also if the function throws on the way', () => {
    const { weight, bias, f } = build();
    const before = weight.toTypedArray();
    let calls = 0;
    const tired = (x: Tensor): Tensor => {
      if (++calls > 30) throw new Error('tired');
      return f(x);
    };
    expect(() => checkGradients(tired, [draw(4, 3)], { parameters: [weight, bias] })).toThrow('tired');
    expect(weight.toTypedArray()).toEqual(before);
    expect(weight.dtype).toBe('float32');
  });

  test('of a wrong derivative are told', () => {
    const weight = new Parameter(draw(3));
    const report = checkGradients(() => sum(cubeWith(2)(weight)), [], { parameters: [weight] });
    expect(report.passed).toBe(false);
    expect(report.orders[0].inputs[0].name).toBe('parameter 0');
  });

  test('of a function that computes in float32 keep their dtype', () => {
    const { weight, bias } = build();
    const data = draw(4, 3);
    const f = (): Tensor => mean(square(add(matmul(data, weight), bias)));
    const report = checkGradients(f, [], { parameters: [weight, bias] });
    expect(report.passed, report.toString()).toBe(true);
    expect(report.orders[0].notes).toHaveLength(1);
    expect(weight.dtype).toBe('float32');
  });
});
