// What people get wrong, and what they are told: every message read as its reader would.
import { describe, expect, test } from 'vitest';
import {
  add,
  cos,
  div,
  Generator,
  type GradtapeError,
  matmul,
  mean,
  mul,
  neg,
  ones,
  randn,
  relu,
  sigmoid,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  t,
  tanh,
  tensor,
} from '../../index.ts';
import { assertDerivation, checkDerivation, probe } from '../index.ts';

const generator = new Generator(4);
const draw = (...shape: number[]): Tensor => randn(shape, { generator, dtype: 'float64' });
const m = 128;
const inputs = { W1: draw(3, 4), b1: draw(4), W2: draw(4, 2), X: draw(m, 3), T: draw(m, 2) };

/** Two layers with tanh, and the square error for each sample. */
function loss(W1: Tensor, b1: Tensor, W2: Tensor, X: Tensor, T: Tensor): Tensor {
  const z1 = probe('z1', add(matmul(X, W1), b1));
  const a1 = probe('a1', tanh(z1));
  return mul(sum(square(sub(probe('z2', matmul(a1, W2)), T))), 0.5 / m);
}

interface Steps {
  error(z2: Tensor, T: Tensor): Tensor;
  slope(z1: Tensor, a1: Tensor): Tensor;
  back(dz2: Tensor, W2: Tensor): Tensor;
  b1(dz1: Tensor): Tensor;
  more(dz1: Tensor, dz2: Tensor, a1: Tensor): Record<string, Tensor>;
}

const right: Steps = {
  error: (z2, T) => div(sub(z2, T), m),
  slope: (_, a1) => sub(1, square(a1)),
  back: (dz2, W2) => matmul(dz2, t(W2)),
  b1: (dz1) => sum(dz1, 0),
  more: () => ({}),
};

/** The derivation, with other steps in the place of some. */
function derivation(steps: Partial<Steps>) {
  const { error, slope, back, b1, more } = { ...right, ...steps };
  return (W1: Tensor, bias: Tensor, W2: Tensor, X: Tensor, T: Tensor) => {
    const z1 = add(matmul(X, W1), bias);
    const a1 = tanh(z1);
    const dz2 = error(matmul(a1, W2), T);
    const dz1 = mul(back(dz2, W2), slope(z1, a1));
    return { dW1: matmul(t(X), dz1), db1: b1(dz1), dW2: matmul(t(a1), dz2), ...more(dz1, dz2, a1) };
  };
}

function told(steps: Partial<Steps>): string {
  return checkDerivation(derivation(steps), loss, inputs)
    .diagnoses.map(({ says }) => says)
    .join('\n');
}

describe('diagnoses', () => {
  test('of factors', () => {
    expect(told({ error: (z2, T) => sub(z2, T) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2 are 128 times too large: 128 is the batch size, so the mean over the batch is missing (divide by m)."`,
    );
    expect(told({ error: (z2, T) => div(sub(z2, T), m * m) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2 are 128 times too small: 128 is the batch size, so there is a mean in the place of a sum, or a division by m too many."`,
    );
    expect(told({ error: (z2, T) => div(sub(T, z2), m) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2 have the wrong sign."`,
    );
    expect(told({ error: (z2, T) => div(sub(z2, T), 2 * m) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2 are half of what they must be: a factor 2 is missing (of a square?), or a ½ too many."`,
    );
    expect(told({ error: (z2, T) => mul(sub(z2, T), 2) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2 are 256 times too large: 256 is the number of entries of T, so the division by it is missing (divide by 256)."`,
    );
    expect(told({ b1: (dz1) => mean(dz1, 0) })).toMatchInlineSnapshot(
      `"db1 is 128 times too small: 128 is the batch size, so there is a mean in the place of a sum, or a division by m too many."`,
    );
    expect(told({ b1: (dz1) => mul(sum(dz1, 0), 0.3) })).toMatchInlineSnapshot(
      `"db1 is 0.3 times what it must be, at all points alike."`,
    );
    expect(told({ b1: (dz1) => mul(sum(dz1, 0), 0) })).toMatchInlineSnapshot(`"db1 is zero everywhere."`);
  });

  test('of sums', () => {
    expect(told({ b1: (dz1) => dz1 })).toMatchInlineSnapshot(
      `"db1 has shape [128, 4], not [4]: the sum over dim 0 (the batch) is left out."`,
    );
    expect(told({ b1: (dz1) => dz1.select(0, -1) })).toMatchInlineSnapshot(
      `"db1: the gradient by b1 has only the last of the 128 terms that must be added up."`,
    );
    expect(told({ b1: (dz1) => sum(dz1, 0, { keepDim: true }) })).toMatchInlineSnapshot(
      `"db1 has shape [1, 4] instead of [4], with the entries in the right order."`,
    );
  });

  test('of derivatives', () => {
    expect(told({ slope: (z1) => mul(ones(z1.shape), 1) })).toMatchInlineSnapshot(
      `"dW1 and db1: the factor tanh′(z1) is missing."`,
    );
    expect(told({ slope: (_, a1) => square(sub(1, square(a1))) })).toMatchInlineSnapshot(
      `"dW1 and db1: the factor tanh′(z1) is multiplied with once too often."`,
    );
    expect(told({ slope: (z1) => sub(1, square(z1)) })).toMatchInlineSnapshot(
      `"dW1 and db1: tanh′(z1) is written in terms of a1, but computed from z1."`,
    );
    expect(told({ slope: (_, a1) => sub(1, square(tanh(a1))) })).toMatchInlineSnapshot(
      `"dW1 and db1: tanh′ is taken at a1 instead of z1."`,
    );
  });

  test('of targets, transposes, and gradients of other values', () => {
    expect(told({ error: (z2) => div(z2, m) })).toMatchInlineSnapshot(
      `"dW1, db1 and dW2: T is forgotten: it is the gradient for a T of zeros."`,
    );
    expect(told({ more: (dz1) => ({ dW1: t(matmul(t(inputs.X), dz1)) }) })).toMatchInlineSnapshot(
      `"dW1 is transposed. (This explains the given inputs, but not others of the same shapes: does the derivation use values that are not among its arguments?)"`,
    );
    expect(
      told({ more: (_dz1, dz2) => ({ z2: neg(dz2), a1: matmul(dz2, t(inputs.W2)), z1: mul(dz2, 0) }) }),
    ).toMatchInlineSnapshot(`
      "dz2 has the wrong sign.
      dz1 has shape [128, 2], but z1 has [128, 4]; a gradient has the shape of its tensor, and neither a transpose nor a sum makes this one right."
    `);
  });

  test('of two mistakes', () => {
    expect(told({ slope: (z1) => ones(z1.shape), error: (z2, T) => sub(z2, T) })).toMatchInlineSnapshot(`
      "dW2 is 128 times too large: 128 is the batch size, so the mean over the batch is missing (divide by m).
      dW1 and db1: the factor tanh′(z1) is missing; besides, they are 128 times too large: 128 is the batch size, so the mean over the batch is missing (divide by m)."
    `);
  });

  test('of what is met at a kink', () => {
    const f = (x: Tensor): Tensor => sum(mul(relu(x), tensor([1, 2, 3, 4])));
    const x = tensor([-1, 0, 2, 0.5]);
    const masked = (mask: (y: Tensor) => Tensor) => (y: Tensor) => ({ dx: mul(tensor([1, 2, 3, 4]), mask(y)) });
    const says = (mask: (y: Tensor) => Tensor): string => checkDerivation(masked(mask), f, { x }).diagnoses[0].says;
    expect(says((y) => y.ge(0))).toMatchInlineSnapshot(
      `"dx: the mask relu′(x) is taken from the other side of the kink (≥ for >): at 0 the derivative has no one value, and gradtape, as PyTorch, takes 0."`,
    );
    expect(says((y) => y.le(0))).toMatchInlineSnapshot(
      `"dx: the mask relu′(x) is inverted: it has 1 where 0 belongs, and the reverse."`,
    );
    expect(says((y) => y.sign().add(1).mul(0.5))).toMatchInlineSnapshot(
      `"dx is right elsewhere; here relu(x) stands exactly at its kink, at [1]. There the derivative has no one value: all between those of the two sides are as good, and gradtape, as PyTorch, takes 0."`,
    );
  });

  test('of softmax and sigmoid', () => {
    const f = (z: Tensor, c: Tensor): Tensor => sum(mul(softmax(z, 1), c));
    const diagonal = (z: Tensor, c: Tensor) => ({ z: mul(c, mul(softmax(z, 1), sub(1, softmax(z, 1)))) });
    const all = { z: draw(3, 4), c: draw(3, 4) };
    expect(checkDerivation(diagonal, f, all).diagnoses[0].says).toMatchInlineSnapshot(
      `"dz: the Jacobian of the softmax is taken as diagonal, but every probability depends on every score: the terms -yᵢyⱼ are missing."`,
    );
    const entropy = (z: Tensor, T: Tensor): Tensor =>
      neg(mean(add(mul(T, sigmoid(z).log()), mul(sub(1, T), sub(1, sigmoid(z)).log()))));
    const extra = (z: Tensor, T: Tensor) => {
      const a = sigmoid(z);
      return { z: div(mul(sub(a, T), mul(a, sub(1, a))), 6) };
    };
    expect(
      checkDerivation(extra, entropy, { z: draw(6), T: tensor([1, 0, 1, 1, 0, 1]) }).diagnoses[0].says,
    ).toMatchInlineSnapshot(`"dz: the factor σ′(z) is multiplied with once too often."`);
  });

  test('that there is none, with what may help', () => {
    expect(
      told({ slope: (z1) => cos(square(z1)), more: (dz1, dz2) => ({ dz1, dz2 }) }).split('\n\n')[0],
    ).toMatchInlineSnapshot(`
      "dW1: no known mistake explains it. The first entries:
        entry   claimed    tape       ratio
        [0, 0]   0.172405   0.210195  0.820213
        [0, 1]  -0.174529   -0.25474  0.685126
        [0, 2]  -0.371728  -0.229896   1.61694
        [0, 3]  0.0296575   0.193837  0.153003
        [1, 0]  -0.190516   -0.21947   0.86807
        [1, 1]   0.826099   0.589213   1.40204
        the way back on the tape: sum((z2 - T)²) · 0.00390625 ← sum((z2 - T)²) ← (z2 - T)² ← z2 - T ← z2 ← a1 ← z1 ← X·W1 ← W1
      db1: no known mistake explains it. The first entries:
        entry  claimed   tape       ratio
        [0]    0.234212   0.168433  1.39054
        [1]    0.310011  0.0186288  16.6414
        [2]    -0.24433  -0.131986  1.85118
        [3]    0.144904    0.11145  1.30018
        the way back on the tape: sum((z2 - T)²) · 0.00390625 ← sum((z2 - T)²) ← (z2 - T)² ← z2 - T ← z2 ← a1 ← z1 ← b1
      dz1: no known mistake explains it. The first entries:
        entry   claimed     tape          ratio
        [0, 0]  0.00733661    0.00719073   1.02029
        [0, 1]   0.0256188  -0.000450683  -56.8444
        [0, 2]  -0.0123672   -0.00987379   1.25252
        [0, 3]  0.00351761    0.00276077   1.27414
        [1, 0]  0.00413994     0.0031256   1.32452
        [1, 1]  -0.0111379   -0.00880665   1.26471
        the way back on the tape: sum((z2 - T)²) · 0.00390625 ← sum((z2 - T)²) ← (z2 - T)² ← z2 - T ← z2 ← a1 ← z1"
    `);
  });
});

describe('reports', () => {
  test('read', () => {
    expect(`\n${checkDerivation(derivation({}), loss, inputs)}\n`).toMatchInlineSnapshot(`
      "
      checkDerivation: passed (3 gradients)

        dW1  [3, 4]  right
        db1  [4]     right
        dW2  [4, 2]  right
      "
    `);
    const wrong = derivation({ error: (z2, T) => sub(z2, T), b1: (dz1) => dz1 });
    expect(`\n${checkDerivation(wrong, loss, inputs)}\n`).toMatchInlineSnapshot(`
      "
      checkDerivation: 3 of 3 gradients wrong

        dW1  [3, 4]    wrong        at [1, 1]: 75.4192 claimed, 0.589213 on the tape (9e12 times what rounding accounts for)
        db1  [128, 4]  wrong shape
        dW2  [4, 2]    wrong        at [1, 1]: -134.908 claimed, -1.05397 on the tape (9e12 times what rounding accounts for)

      dW1 and dW2 are 128 times too large: 128 is the batch size, so the mean over the batch is missing (divide by m).

      db1 has shape [128, 4], not [4]: the mean over dim 0 (the batch) is left out.
      "
    `);
  });

  test('become errors', () => {
    expect(
      message(() =>
        assertDerivation(
          (x) => ({ dx: x }),
          (x) => sum(square(x)),
          { x: tensor([1, 2]) },
        ),
      ),
    ).toMatchInlineSnapshot(`
      "assertDerivation: a derived gradient is wrong
        got:   dx  [2]  wrong  at [1]: 2 claimed, 4 on the tape (4e12 times what rounding accounts for)
        needs: the gradients of the tape, up to rounding
        fix:   dx is half of what it must be: a factor 2 is missing (of a square?), or a ½ too many."
    `);
    expect(
      message(() =>
        assertDerivation(
          (x) => ({ dx: mul(x, 2) }),
          (x) => sum(square(x)),
          { x: tensor([1, 2]) },
        ),
      ),
    ).toBe('no error');
  });
});

function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as GradtapeError).message;
  }
  return 'no error';
}

describe('bad input', () => {
  const f = (W: Tensor, x: Tensor, _unused: Tensor, labels: Tensor): Tensor =>
    add(sum(square(matmul(probe('z', x), W))), mul(sum(labels), 0));
  const all = { W: draw(3, 2), x: draw(5, 3), unused: draw(4), labels: tensor([1, 2], { dtype: 'int32' }) };
  const say = (claimed: () => unknown): string => {
    try {
      return checkDerivation(claimed as () => Tensor, f, all)
        .diagnoses.map(({ says }) => says)
        .join('\n');
    } catch (error) {
      return (error as GradtapeError).message;
    }
  };

  test('gradients of the wrong shape, with NaN, or of what has none', () => {
    expect(say(() => ({ W: draw(4, 4) }))).toMatchInlineSnapshot(
      `"dW has shape [4, 4], but W has [3, 2]; a gradient has the shape of its tensor, and neither a transpose nor a sum makes this one right."`,
    );
    expect(say(() => ({ W: mul(ones([3, 2]), Number.NaN) }))).toMatchInlineSnapshot(
      `"dW has NaN at [0, 0] and 5 more like it, where the tape has numbers: look for a division by zero or a logarithm of zero."`,
    );
    expect(say(() => ({ unused: draw(4) }))).toMatchInlineSnapshot(
      `"The result does not depend on unused: its gradient is zero. Either unused is not used, or detach, noGrad or item() cuts it off."`,
    );
    expect(say(() => ({ labels: draw(2) }))).toMatchInlineSnapshot(`
      "checkDerivation: labels has no gradient
        got:   a gradient by labels, which is of dtype int32
        needs: gradients by values of dtype float32 or float64
        fix:   leave it out; whole numbers and truth values are held"
    `);
    expect(say(() => ({ unused: mul(draw(4), 0) }))).toBe('');
  });

  test('the wrong number of gradients, names that nobody knows, and things that are no gradients', () => {
    expect(say(() => [draw(3, 2)])).toMatchInlineSnapshot(`
      "checkDerivation: the wrong number of gradients
        got:   1 for 4 inputs (W, x, unused, labels)
        needs: one for each input in their order, undefined for those that were not derived
        fix:   or give them by name: return { W: dW, b: db }"
    `);
    expect(say(() => ({ dV: draw(3, 2) }))).toMatchInlineSnapshot(`
      "checkDerivation: no value is called 'dV'
        got:   a gradient by 'dV'
        needs: one of W, x, unused, labels, z (or with a d before it)
        fix:   name an intermediate value in the function, probe('V', …), or an input by its key"
    `);
    expect(say(() => ({ W: draw(3, 2), dW: draw(3, 2) }))).toMatchInlineSnapshot(`
      "checkDerivation: two gradients by W
        got:   both 'W' and 'dW'
        needs: one of them
        fix:   give each gradient under one name"
    `);
    expect(say(() => ({}))).toMatchInlineSnapshot(`
      "checkDerivation: the derivation gives no gradients
        got:   not one tensor
        needs: at least one gradient, of W, x, unused, labels, z
        fix:   return { W: dW, b: db }"
    `);
    expect(say(() => 3)).toMatchInlineSnapshot(`
      "checkDerivation: the derivation gives no gradients
        got:   a number
        needs: tensors by name, or an array of them
        fix:   return { W: dW, b: db }"
    `);
    expect(say(async () => ({ W: draw(3, 2) }))).toMatchInlineSnapshot(`
      "checkDerivation: the derivation gives no gradients
        got:   a promise
        needs: tensors by name, or an array of them
        fix:   pass a function that is not async"
    `);
    expect(say(() => ({ W: [1, 2] }))).toMatchInlineSnapshot(`
      "checkDerivation: the gradient of W is not a tensor
        got:   an array
        needs: a Tensor of the shape of W
        fix:   wrap numbers in tensor(…)"
    `);
  });

  test('functions that have no gradients', () => {
    const claim = (x: Tensor) => ({ x });
    expect(message(() => checkDerivation(claim, (x) => square(x), { x: draw(2) }))).toMatchInlineSnapshot(`
      "checkDerivation: the function does not give a single number
        got:   shape [2]
        needs: one entry, of which gradients are taken
        fix:   reduce the result with sum() or mean(); multiply it first by what your derivation multiplies the Jacobian with"
    `);
    expect(
      message(() => checkDerivation(claim, (x) => sum(probe('x', mul(x, 2))), { x: draw(2) })),
    ).toMatchInlineSnapshot(`
      "checkDerivation: a name is used twice
        got:   'x' for an input and for a probe
        needs: a name of its own for each
        fix:   rename the probe"
    `);
    expect(
      message(() => checkDerivation(claim, (x) => add(sum(probe('y', x)), sum(probe('y', mul(x, 2)))), { x: draw(2) })),
    ).toMatchInlineSnapshot(`
      "label, probe: a name is used twice
        got:   'y' for a second value
        needs: a name of its own for each value
        fix:   number the values: \`y_\${layer}\`"
    `);
  });
});
