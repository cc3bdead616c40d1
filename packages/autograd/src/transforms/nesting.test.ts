import { describe, expect, test } from 'vitest';
import { grad, jvp, type Tensor, tensor, vjp } from '../index.ts';

type Scalar = (x: Tensor) => Tensor;

const number = (value: number): Tensor => tensor(value, { dtype: 'float64' });
const one = number(1);

/** The derivative of a function of one number, by each mode. */
const derivativeBy = {
  reverse: (f: Scalar): Scalar => grad(f),
  pulled:
    (f: Scalar): Scalar =>
    (x) =>
      vjp(f, x)[1](one)[0],
  forward:
    (f: Scalar): Scalar =>
    (x) =>
      jvp(f, [x], [one])[1],
} as const;
type Mode = keyof typeof derivativeBy;
const modes: readonly Mode[] = ['reverse', 'pulled', 'forward'];

describe('the fourth derivative, in every mix of modes', () => {
  const functions: readonly (readonly [string, Scalar, (x: number) => number])[] = [
    ['exp(2x)', (x) => x.mul(2).exp(), (x) => 16 * Math.exp(2 * x)],
    ['sin x', (x) => x.sin(), Math.sin],
    ['x⁶', (x) => x.pow(6), (x) => 360 * x * x],
    ['x³ x³', (x) => x.mul(x).mul(x).mul(x.pow(3)), (x) => 360 * x * x],
    ['log x', (x) => x.log(), (x) => -6 / x ** 4],
    ['1 / x', (x) => x.reciprocal(), (x) => 24 / x ** 5],
    ['x / (1 + x)', (x) => x.div(x.add(1)), (x) => -24 / (1 + x) ** 5],
    ['√x', (x) => x.sqrt(), (x) => (-15 / 16) * x ** -3.5],
    [
      'tanh x',
      (x) => x.tanh(),
      (x) => {
        const [t, s] = [Math.tanh(x), 1 / Math.cosh(x) ** 2];
        return 16 * t * s * s - 8 * t ** 3 * s;
      },
    ],
    ['max(x, 0)³ x', (x) => x.relu().pow(3).mul(x), () => 24],
  ];
  const mixes = modes.flatMap((a) => modes.flatMap((b) => modes.flatMap((c) => modes.map((d) => [a, b, c, d]))));

  test.each(functions)('of %s', (_, f, fourth) => {
    for (const mix of mixes) {
      const derivative = mix.reduce((inner, mode) => derivativeBy[mode](inner), f);
      for (const x of [0.6, 1.3]) {
        const got = derivative(number(x)).item();
        expect(Math.abs(got - fourth(x)) / (1 + Math.abs(fourth(x))), `${mix} at ${x}`).toBeLessThan(1e-12);
      }
    }
  });
});

describe.each(modes)('perturbations are not confused: outside %s,', (outer) => {
  describe.each(modes)('inside %s,', (inner) => {
    const [D, d] = [derivativeBy[outer], derivativeBy[inner]];

    test('d/dx x (d/dy (x + y) at 1) = 1', () => {
      expect(D((x) => x.mul(d((y) => x.add(y))(number(1))))(number(1)).item()).toBe(1);
    });

    test('d/dx x (d/dy x y at 2) = 2x', () => {
      expect(D((x) => x.mul(d((y) => x.mul(y))(number(2))))(number(3)).item()).toBe(6);
    });

    test('d/dx (d/dy x y² at x) = 4x', () => {
      expect(D((x) => d((y) => x.mul(y).mul(y))(x))(number(3)).item()).toBe(12);
    });

    test('a derivative inside that does not use x is a constant', () => {
      expect(D((x) => x.mul(d((y) => y.mul(y))(number(3))))(number(5)).item()).toBe(6);
      expect(D(() => d((y) => y.mul(y))(number(3)))(number(5)).item()).toBe(0);
    });

    test('what is held by detach is held in the inner derivative only', () => {
      expect(D((x) => d((y) => y.mul(x.detach()).mul(x))(number(2)))(number(3)).item()).toBe(3);
    });

    test('three deep', () => {
      const f: Scalar = (x) => x.mul(d((y) => y.mul(D((z) => x.mul(y).mul(z).mul(z))(y)))(x));
      // d/dz xyz² = 2xyz at y: 2xy²; d/dy 2xy³ = 6xy² at x: 6x³; f = 6x⁴, and its derivative 24x³.
      expect(D(f)(number(2)).item()).toBe(192);
    });
  });
});

test('a derivative that is taken while another tape is written leaves it as it is', () => {
  const x = tensor(3, { requiresGrad: true });
  const slope = grad((y: Tensor) => y.mul(y).mul(x))(tensor(2));
  slope.mul(x).backward();
  expect(slope.item()).toBe(12);
  expect(x.grad?.item()).toBe(2 * 4 * 3);
});
