import { describe, expect, test } from 'vitest';
import {
  add,
  customGrad,
  div,
  Generator,
  matmul,
  mean,
  mul,
  neg,
  ones,
  Parameter,
  randn,
  relu,
  reshape,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  t,
  tanh,
  tensor,
  zeros,
} from '../../index.ts';
import { checkDerivation, probe } from '../index.ts';

const generator = new Generator(9);
const draw = (...shape: number[]): Tensor => randn(shape, { generator, dtype: 'float64' });

/** `Σ (x W + b)² / 2` in rows, and its gradients. */
const layer = (W: Tensor, b: Tensor, x: Tensor): Tensor => mul(sum(square(add(matmul(x, W), b))), 0.5);
const derived = (W: Tensor, b: Tensor, x: Tensor) => {
  const z = add(matmul(x, W), b);
  return { W: matmul(t(x), z), b: sum(z, 0), x: matmul(z, t(W)) };
};
const inputs = () => ({ W: draw(3, 2), b: draw(2), x: draw(5, 3) });

describe('the claimed gradients', () => {
  test('may be named, with or without a d, or stand in an array, or alone', () => {
    const all = inputs();
    expect(checkDerivation(derived, layer, all).findings.map(({ name }) => name)).toEqual(['W', 'b', 'x']);
    const named = checkDerivation((...x) => ({ dW: derived(...(x as [Tensor, Tensor, Tensor])).W }), layer, all);
    expect(named.findings.map(({ name, verdict }) => [name, verdict])).toEqual([['W', 'right']]);
    const listed = (W: Tensor, b: Tensor, x: Tensor) => [derived(W, b, x).W, undefined, null];
    expect(checkDerivation(listed, layer, Object.values(all)).findings.map(({ name }) => name)).toEqual(['input 0']);
    expect(
      checkDerivation(
        (x) => x,
        (x) => mul(sum(square(x)), 0.5),
        [draw(3)],
      ).passed,
    ).toBe(true);
  });

  test('may be those of intermediate values, which cost nothing outside of a check', () => {
    const f = (W: Tensor, x: Tensor): Tensor => sum(tanh(probe('z', matmul(x, W))));
    const all = { W: draw(3, 2), x: draw(5, 3) };
    const right = (W: Tensor, x: Tensor) => ({ z: sub(1, square(tanh(matmul(x, W)))) });
    expect(checkDerivation(right, f, all).passed).toBe(true);
    expect(checkDerivation((W, x) => ({ dz: tanh(matmul(x, W)) }), f, all).passed).toBe(false);
    const z = draw(2);
    expect(probe('z', z)).toBe(z);
    expect(probe('z', draw(1))).not.toBe(z);
  });

  test('may be those of parameters', () => {
    const weight = new Parameter(randn([3, 2], { generator }));
    const before = weight.value;
    const f = (x: Tensor): Tensor => layer(weight, zeros([2], { dtype: 'float64' }), x);
    const options = { parameters: [['weight', weight] as const] };
    const right = (x: Tensor) => ({ weight: matmul(t(x), matmul(x, weight)) });
    expect(checkDerivation(right, f, { x: draw(5, 3) }, options).passed).toBe(true);
    const report = checkDerivation(
      (x) => ({ weight: matmul(t(x), neg(matmul(x, weight))) }),
      f,
      { x: draw(5, 3) },
      options,
    );
    expect(report.diagnoses[0].says).toBe('the gradient by weight has the wrong sign.');
    expect(weight.dtype).toBe('float32');
    expect(weight.storage).toBe(before.storage);
  });
});

describe('columns', () => {
  const inColumns = (W: Tensor, b: Tensor, x: Tensor) => {
    const Z = add(matmul(W, x), b);
    return { W: matmul(Z, t(x)), b: sum(Z, 1, { keepDim: true }), x: matmul(t(W), Z) };
  };

  test('give the derivation everything transposed, and take its gradients so', () => {
    const all = inputs();
    expect(checkDerivation(inColumns, layer, all, { columns: true }).passed).toBe(true);
    expect(() => checkDerivation(derived, layer, all, { columns: true })).toThrow('inner sizes');
  });

  test('of some values only', () => {
    const f = (W: Tensor, x: Tensor): Tensor => mul(sum(square(matmul(x, t(W)))), 0.5);
    const derivedFor = (W: Tensor, x: Tensor) => ({ W: matmul(matmul(W, x), t(x)), x: matmul(t(W), matmul(W, x)) });
    const all = { W: draw(2, 3), x: draw(5, 3) };
    expect(checkDerivation(derivedFor, f, all, { columns: ['x'] }).passed).toBe(true);
    expect(() => checkDerivation(derivedFor, f, all, { columns: true })).toThrow('inner sizes');
  });

  test('are not needed where the function is written in them', () => {
    const f = (W: Tensor, x: Tensor): Tensor => mul(sum(square(matmul(W, x))), 0.5);
    const right = (W: Tensor, x: Tensor) => ({ dW: matmul(matmul(W, x), t(x)) });
    expect(checkDerivation(right, f, { W: draw(2, 3), x: draw(3, 5) }).passed).toBe(true);
  });
});

describe('what is right by coincidence', () => {
  const f = (W: Tensor, x: Tensor): Tensor => mul(sum(square(matmul(x, W))), 0.5);
  const wrong = (W: Tensor, x: Tensor) => ({ dW: mul(matmul(t(x), matmul(x, W)), 2) });

  test('is found at other values of the same shapes', () => {
    const all = { W: zeros([3, 2]), x: draw(5, 3) };
    const report = checkDerivation(wrong, f, all);
    expect(report.passed).toBe(false);
    expect(report.diagnoses[0].causes).toEqual(['constant factor']);
    expect(report.notes[0]).toContain('At the given inputs all is right');
    expect(checkDerivation(wrong, f, all, { elsewhere: false }).passed).toBe(true);
  });

  test('one-hot rows, shares and masks stay what they are', () => {
    const loss = (z: Tensor, p: Tensor): Tensor => neg(sum(mul(p, softmax(z, 1).log())));
    const right = (z: Tensor, p: Tensor) => ({ dz: sub(softmax(z, 1), p) });
    const onehot = tensor([
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const shares = tensor([
      [0.2, 0.3, 0.5],
      [0.6, 0.1, 0.3],
    ]);
    for (const p of [onehot, shares]) expect(checkDerivation(right, loss, { z: draw(2, 3), p }).passed).toBe(true);
  });

  test('a derivation that uses values from outside is explained at the given inputs', () => {
    const x = draw(5, 3);
    const outside = (W: Tensor) => ({ W: mul(matmul(t(x), matmul(x, W)), 2) });
    const report = checkDerivation(outside, f, { W: draw(3, 2), x });
    expect(report.diagnoses[0].says).toContain('dW is twice what it must be');
    expect(report.diagnoses[0].says).toContain('values that are not among its arguments');
  });
});

test('numbers that are written into a derivation are told', () => {
  const f = (x: Tensor): Tensor => sum(square(x));
  const report = checkDerivation(() => ({ x: tensor([2, 4]) }), f, { x: tensor([1, 2]) });
  expect(report.diagnoses[0].says).toBe(
    'dx is the same whatever the inputs are: the derivation uses values that are not among its arguments.',
  );
  expect(checkDerivation(() => ({ x: tensor([1, 1]) }), sum, { x: tensor([1, 2]) }).passed).toBe(true);
  expect(checkDerivation(() => ({ x: tensor([1, 3]) }), sum, { x: tensor([1, 2]) }).diagnoses[0].causes).toEqual([]);
});

describe('rounding', () => {
  test('to float32 on the way is told, and is no mistake', () => {
    const third = tensor(1 / 3);
    const report = checkDerivation(
      (x) => ({ x: mul(x, third) }),
      (x) => div(sum(square(x)), 6),
      { x: draw(4) },
    );
    expect(report.passed).toBe(true);
    expect(report.findings[0].verdict).toBe('rounded');
    expect(report.notes[0]).toContain('float32');
  });

  test('of what cancels is allowed for', () => {
    const f = (z: Tensor): Tensor => neg(sum(mul(softmax(z, 0).log(), tensor([1, 0, 0]))));
    const right = (z: Tensor) => ({ z: sub(softmax(z, 0), tensor([1, 0, 0])) });
    expect(checkDerivation(right, f, { z: tensor([30, 0, 1]) }).findings[0].verdict).toBe('right');
  });

  test('a function and a derivation in float32 are compared at that rounding', () => {
    const data = randn([5, 3], { generator });
    const f = (W: Tensor): Tensor => mean(square(matmul(data, W)));
    const right = (W: Tensor) => ({ W: mul(matmul(t(data), matmul(data, W)), 2 / 10) });
    const W = randn([3, 2], { generator });
    expect(checkDerivation(right, f, { W }).findings[0].verdict).toBe('rounded');
    const wrong = checkDerivation((V) => ({ W: mul(right(V).W, 10) }), f, { W });
    expect(wrong.diagnoses[0].says).toContain('10 times');
  });

  test('a gradient in float32 is held to what long sums lose there', () => {
    const f = (x: Tensor): Tensor => mul(sum(square(x)), 0.5);
    const off = (x: Tensor): Tensor => mul(x, 1 + 1e-5);
    expect(checkDerivation((x) => ({ x: off(x).to('float32') }), f, { x: draw(4) }).passed).toBe(true);
    expect(checkDerivation((x) => ({ x: off(x) }), f, { x: draw(4) }).passed).toBe(false);
  });

  test('a mistake in the fifth digit is none of rounding', () => {
    const f = (x: Tensor): Tensor => mul(sum(square(x)), 0.5);
    expect(checkDerivation((x) => ({ x: mul(x, 1 + 1e-5) }), f, { x: draw(4) }).passed).toBe(false);
  });
});

test('points at which the function computes something else do not count', () => {
  const f = (x: Tensor): Tensor => (x.select(0, 0).item() > 0 ? sum(square(x)) : sum(tanh(square(x))));
  const wrong = (x: Tensor) => ({ x: mul(x, x.select(0, 0).item() > 0 ? 14 : 5) });
  const report = checkDerivation(wrong, f, { x: tensor([1, 2, -1, -2, 0.5, -0.5]) });
  expect(report.diagnoses[0].says).toContain('7 times what it must be');
});

test('kinks are named', () => {
  const f = (x: Tensor): Tensor => sum(relu(x));
  const x = tensor([-1, 0, 2, 0.5]);
  const above = checkDerivation((y) => ({ x: mul(ones([4]), y.ge(0)) }), f, { x });
  expect(above.diagnoses[0].causes).toEqual(['mask']);
  const half = checkDerivation((y) => ({ x: y.sign().add(1).mul(0.5) }), f, { x });
  expect(half.diagnoses.map(({ causes }) => causes)).toEqual([['kink']]);
  const elsewhere = checkDerivation((y) => ({ x: y.sign().add(1.01).mul(y.cos()) }), f, { x });
  expect(elsewhere.diagnoses.map(({ causes }) => causes)).toEqual([[]]);
});

test('one mistake that spoils several gradients is told once', () => {
  const f = (W: Tensor, x: Tensor): Tensor => sum(square(add(x, mul(probe('a', tanh(matmul(x, W))), 3))));
  const derivedFor = (W: Tensor, x: Tensor) => {
    const a = tanh(matmul(x, W));
    const dy = mul(add(x, mul(a, 3)), 2);
    const dz = mul(dy, sub(1, square(a))); // times 3
    return { W: matmul(t(x), dz), x: add(dy, matmul(dz, t(W))) };
  };
  const { diagnoses } = checkDerivation(derivedFor, f, { W: draw(3, 3), x: draw(5, 3) });
  expect(diagnoses.map(({ names, causes }) => [names, causes])).toEqual([[['W', 'x'], ['constant factor']]]);
});

test('a wrong tape is not blamed on the derivation', () => {
  const wrong = customGrad({ name: 'wrong', forward: (x) => square(x), backward: (g, [x]) => [mul(g, x)] });
  const report = checkDerivation(
    (x) => ({ x: mul(x, 2) }),
    (x) => sum(wrong(x)),
    { x: draw(4) },
  );
  expect(report.passed).toBe(false);
  expect(report.notes.at(-1)).toContain('Central differences contradict the tape in the derivative by x');
});

test('a derivation of nothing is right', () => {
  expect(
    checkDerivation(
      (x) => ({ x }),
      (x) => mul(sum(square(x)), 0.5),
      { x: zeros([0, 3]) },
    ).passed,
  ).toBe(true);
  expect(
    checkDerivation(
      (x) => ({ x: reshape(x, [1]) }),
      (x) => mul(sum(square(x)), 0.5),
      { x: draw(1) },
    ).passed,
  ).toBe(true);
});
