// Mistakes that are told of one step each, where the messages of a whole network would hide them.
import { expect, test } from 'vitest';
import {
  add,
  amax,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  clamp,
  conv2d,
  cumsum,
  embedding,
  erf,
  exp,
  flip,
  Generator,
  gelu,
  grad,
  huberLoss,
  layerNorm,
  leakyRelu,
  linear,
  matmul,
  mean,
  mul,
  outer,
  randn,
  sigmoid,
  sign,
  silu,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  t,
  tanh,
  tensor,
  variance,
  where,
  zeros,
} from '../../../index.ts';
import { checkDerivation, type Inputs } from '../../index.ts';

const generator = new Generator(9);
const draw = (...shape: number[]): Tensor => randn(shape, { generator, dtype: 'float64' });

type Derivation = (...inputs: Tensor[]) => Tensor | Record<string, Tensor>;

function told(f: (...inputs: Tensor[]) => Tensor, claimed: Derivation, inputs: Inputs): string {
  return checkDerivation(claimed, f, inputs)
    .diagnoses.map(({ says }) => says)
    .join('\n');
}

test('the derivative of another activation, or half of one', () => {
  const [w, x] = [draw(6), draw(6)];
  const says = (f: (x: Tensor) => Tensor, slope: (x: Tensor, y: Tensor) => Tensor): string =>
    told(
      (x, w) => sum(mul(w, f(x))),
      (x, w) => ({ dx: mul(w, slope(x, f(x))) }),
      { x, w },
    );
  expect(says(tanh, (_, a) => mul(a, sub(1, a)))).toMatchInlineSnapshot(
    `"dx: the derivative of σ, written in terms of tanh(x), stands where tanh′(x) belongs."`,
  );
  expect(says(sigmoid, (_, a) => sub(1, square(a)))).toMatchInlineSnapshot(
    `"dx: the derivative of tanh, written in terms of sigmoid(x), stands where σ′(x) belongs."`,
  );
  expect(says(sigmoid, (_, a) => a)).toMatchInlineSnapshot(
    `"dx: sigmoid(x) itself stands where its derivative σ′(x) belongs."`,
  );
  expect(says(tanh, (_, a) => sub(1, a))).toMatchInlineSnapshot(
    `"dx: 1 - tanh(x) stands where tanh′(x) belongs: another factor, or a square, is forgotten."`,
  );
  expect(says(gelu, (z, a) => a.div(z))).toMatchInlineSnapshot(
    `"dx: of the two terms of the product rule for gelu′(x) there is only gelu(x) / x."`,
  );
  const atZero = tensor([0, 1, -2, 0.5, 3, -1]);
  const half = told(
    (x, w) => sum(mul(w, gelu(x))),
    (x, w) => ({ dx: mul(w, mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)) }),
    { x: atZero, w },
  );
  expect(half).toContain('of the two terms of the product rule for gelu′(x) there is only gelu(x) / x');
  expect(says(silu, (z) => sigmoid(z))).toMatchInlineSnapshot(
    `"dx: of the two terms of the product rule for silu′(x) there is only silu(x) / x."`,
  );
  expect(
    says(
      (z) => leakyRelu(z, 0.1),
      (z) => where(z.gt(0), 1, zeros([6])),
    ),
  ).toMatchInlineSnapshot(`"dx: the derivative of relu, at x, stands where leakyRelu′(x) belongs."`);
});

test('a normalization without its 1 / s, or with another variance', () => {
  const x = draw(4, 5);
  const centred = (x: Tensor): Tensor => sub(x, mean(x, 1, { keepDim: true }));
  const deviation = (x: Tensor): Tensor => sqrt(mean(square(centred(x)), 1, { keepDim: true }));
  const f = (x: Tensor, c: Tensor): Tensor => sum(mul(c, centred(x).div(deviation(x))));
  const claimed = (x: Tensor, c: Tensor) => {
    const y = centred(x).div(deviation(x));
    return { dx: sub(centred(c), mul(y, mean(mul(c, y), 1, { keepDim: true }))) };
  };
  expect(told(f, claimed, { x, c: draw(4, 5) })).toMatchInlineSnapshot(
    `"dx: it is multiplied with sqrt(…) once too often, or divided by it once too few."`,
  );
  expect(
    told(
      (x) => variance(x),
      (x) => sub(x, mean(x)).mul(2 / 6),
      { x: draw(6) },
    ),
  ).toMatchInlineSnapshot(
    `"dx is 6 / 5 times too small: 6 is the batch size, and m is divided by where m - 1 belongs."`,
  );
});

test('sums over another dim, and one term of them', () => {
  const f = (W: Tensor, b: Tensor, X: Tensor): Tensor => sum(exp(matmul(X, W).add(b)));
  const inputs = { W: draw(2, 3), b: draw(3), X: draw(3, 2) };
  const claimed =
    (rows: (g: Tensor) => Tensor, product: (X: Tensor, g: Tensor) => Tensor) => (W: Tensor, b: Tensor, X: Tensor) => {
      const g = exp(matmul(X, W).add(b));
      return { dW: product(X, g), db: rows(g) };
    };
  const right = (X: Tensor, g: Tensor): Tensor => matmul(t(X), g);
  expect(
    told(
      f,
      claimed((g) => sum(g, 1), right),
      inputs,
    ),
  ).toMatchInlineSnapshot(`"db: what comes back to the copies of b is added up over dim 1 instead of dim 0."`);
  const first = (X: Tensor, g: Tensor): Tensor => mul(X.select(0, 0).reshape([2, 1]), g.select(0, 0));
  expect(
    told(
      f,
      claimed((g) => sum(g, 0), first),
      inputs,
    ),
  ).toMatchInlineSnapshot(`"dW: the gradient by W has only the first of the 3 terms that must be added up."`);
});

test('of a softmax', () => {
  const f = (z: Tensor, c: Tensor): Tensor => sum(mul(softmax(z, 1), c));
  const inputs = { z: draw(3, 3), c: draw(3, 3) };
  const overDim = (dim: number) => (z: Tensor, c: Tensor) => {
    const y = softmax(z, 1);
    return { dz: mul(y, sub(c, sum(mul(c, y), dim, { keepDim: true }))) };
  };
  expect(told(f, overDim(1), inputs)).toBe('');
  expect(told(f, overDim(0), inputs)).toMatchInlineSnapshot(
    `"dz: in the derivative of the softmax, the sum over all classes is taken over dim 0."`,
  );
  expect(told(f, (z, c) => ({ dz: mul(softmax(z, 1), c) }), inputs)).toMatchInlineSnapshot(
    `"dz: of the Jacobian of the softmax only the yᵢ on the diagonal are there: y ⊙ g stands where y ⊙ (g - Σ g y) belongs."`,
  );
  const ofScores = (z: Tensor, T: Tensor): Tensor => binaryCrossEntropyWithLogits(z, T, { reduction: 'sum' });
  expect(told(ofScores, (z, T) => ({ dz: sub(z, T) }), { z: draw(4), T: tensor([0, 1, 1, 0]) })).toMatchInlineSnapshot(
    `"dz: z stands where σ(z) belongs: z - t for σ(z) - t."`,
  );
  const entropy = (z: Tensor, T: Tensor): Tensor => sum(mul(T, softmax(z, 1).log())).neg();
  const T = tensor([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(told(entropy, (z, T) => ({ dz: sub(z, T) }), { z: draw(3, 3), T })).toMatchInlineSnapshot(
    `"dz: the scores stand where the probabilities belong: z - t for y - t."`,
  );
  expect(told(entropy, (_, T) => ({ dz: T.neg() }), { z: draw(3, 3), T })).toMatchInlineSnapshot(
    `"dz: the probabilities are forgotten: -t stands where y - t belongs."`,
  );
});

test('of products', () => {
  const f = (x: Tensor, y: Tensor): Tensor => sum(mul(tanh(x), y));
  expect(told(f, (x) => ({ dy: x }), { x: draw(5), y: draw(5) })).toMatchInlineSnapshot(
    `"dy: x stands where tanh(x) belongs, in the step from tanh(x) · y to y."`,
  );
  const g = (A: Tensor, B: Tensor, C: Tensor): Tensor => sum(mul(C, matmul(A, B)));
  const squares = { A: draw(3, 3), B: draw(3, 3), C: draw(3, 3) };
  expect(told(g, (_A, B, C) => ({ dA: matmul(t(C), t(B)) }), squares)).toMatchInlineSnapshot(
    `"dA: the gradient by A·B is transposed, and must not be, in the step from A·B to A."`,
  );
});

test('of what is picked', () => {
  const indices = tensor([0, 2, 2, 1], { dtype: 'int32' });
  const f = (E: Tensor, C: Tensor): Tensor => sum(mul(C, embedding(indices, E)));
  const claimed = (_E: Tensor, C: Tensor) => ({ dE: embedding(tensor([0, 3, 2], { dtype: 'int32' }), C) });
  expect(told(f, claimed, { E: draw(3, 2), C: draw(4, 2) })).toMatchInlineSnapshot(
    `"dE: where gather(E, a constant) takes an entry of E several times, only the last counts: the gradients of its copies must be added up, not overwritten."`,
  );
  const whole = (x: Tensor) => ({ dx: x.eq(amax(x)).to('float64') });
  expect(told((x) => amax(x), whole, { x: tensor([3, 1, 3, 2, 0.5]) })).toMatchInlineSnapshot(
    `"dx: several are equal in amax(x), and each is given the whole gradient, which they must share."`,
  );
});

test('of a layer and a normalization, which have a derivative of their own', () => {
  const f = (x: Tensor, W: Tensor, b: Tensor): Tensor => sum(square(linear(tanh(x), W, b)));
  const g = (x: Tensor, W: Tensor, b: Tensor): Tensor => mul(linear(tanh(x), W, b), 2);
  const inputs = { x: draw(5, 3), W: draw(3, 3), b: draw(3) };
  expect(told(f, (x, W, b) => ({ dW: matmul(t(g(x, W, b)), x) }), inputs)).toMatchInlineSnapshot(
    `"dW: x stands where tanh(x) belongs, in the step from tanh(x)·Wᵀ to Wᵀ."`,
  );
  expect(told(f, (x, W, b) => ({ db: g(x, W, b).select(0, -1) }), inputs)).toMatchInlineSnapshot(
    `"db: the gradient by b has only the last of the 5 terms that must be added up."`,
  );
  const slope = (x: Tensor): Tensor => sub(1, square(tanh(x)));
  expect(told(f, (x, W, b) => ({ dx: mul(matmul(g(x, W, b), t(W)), slope(x)) }), inputs)).toMatchInlineSnapshot(
    `"dx: Wᵀ is not transposed in the step from tanh(x)·Wᵀ to tanh(x)."`,
  );
  const normalized = (x: Tensor, c: Tensor): Tensor => sum(mul(c, layerNorm(x, 4)));
  const deviation = (x: Tensor): Tensor => sqrt(variance(x, 1, { correction: 0, keepDim: true }).add(1e-5));
  const constant = (x: Tensor, c: Tensor) => ({ dx: sub(c, mean(c, 1, { keepDim: true })).div(deviation(x)) });
  const both = (x: Tensor, c: Tensor) => ({ dx: c.div(deviation(x)) });
  expect(told(normalized, both, { x: draw(3, 4), c: draw(3, 4) })).toMatchInlineSnapshot(
    `"dx: the gradient by x - sum(x) · 0.25 is a sum, and the term that comes through (x - sum(x) · 0.25)² is missing; and the gradient by x is a sum, and the term that comes through sum(x) is missing."`,
  );
  expect(told(normalized, constant, { x: draw(3, 4), c: draw(3, 4) })).toMatchInlineSnapshot(
    `"dx: the gradient by x - sum(x) · 0.25 is a sum, and the term that comes through (x - sum(x) · 0.25)² is missing."`,
  );
});

test('a branch that is never taken is not said to be exchanged', () => {
  const f = (x: Tensor): Tensor => sum(mul(tanh(x), where(x.lt(100), x, zeros([6]))));
  const claimed = (x: Tensor) => ({ dx: mul(sub(1, square(tanh(x))), x) });
  const [{ says, others }] = checkDerivation(claimed, f, { x: draw(6) }).diagnoses;
  expect(says).toContain('is a sum, and the term that comes through where(');
  expect(others.join()).not.toContain('inverted');
});

test('a factor that is computed from the gradient itself is not taken for another value', () => {
  const f = (x: Tensor, c: Tensor): Tensor => mul(sum(mul(x, c)), sum(mul(x, c)));
  const squared = (x: Tensor, c: Tensor) => ({ dx: mul(c, mul(sum(mul(x, c)).square(), 2)) });
  expect(told(f, squared, { x: draw(5), c: draw(5) })).not.toContain('stands where');
});

test('of branches and of linear maps', () => {
  const f = (x: Tensor, c: Tensor): Tensor => sum(mul(c, where(x.gt(0), x, mul(x, 0.1))));
  const wrongSide = (x: Tensor, c: Tensor) => ({ dx: mul(c, where(x.gt(0), 0.1, zeros([7]).add(1))) });
  expect(told(f, wrongSide, { x: draw(7), c: draw(7) })).toMatchInlineSnapshot(
    `"dx: the condition of where(x, x · 0.1, gt(x, 0)) is inverted: each branch is given the gradient where the other was taken."`,
  );
  const sums = (x: Tensor, c: Tensor): Tensor => sum(mul(c, cumsum(x, 0)));
  expect(told(sums, (_, c) => ({ dx: cumsum(c, 0) }), { x: draw(5), c: draw(5) })).toMatchInlineSnapshot(
    `"dx: cumsum is applied once more on the way back through cumsum(x), instead of its transpose."`,
  );
  const reversed = (x: Tensor, c: Tensor): Tensor => sum(mul(c, flip(x, [0])));
  expect(told(reversed, (_, c) => ({ dx: c }), { x: draw(5), c: draw(5) })).toMatchInlineSnapshot(
    `"dx: the gradient is left as it is on the way back through slice(x), where it must be put back in place."`,
  );
});

test('a slope of ones is not taken for one that uses no inputs', () => {
  expect(
    told(
      (x) => sum(x.abs()),
      () => tensor([1, 1, 1]),
      { x: tensor([1, -2, 3]) },
    ),
  ).toMatchInlineSnapshot(`"dx: the factor abs′(x) is missing."`);
});

test('of a single number nothing is told that explains it at one point only', () => {
  const f = (w: Tensor, b: Tensor, X: Tensor): Tensor => sum(square(tanh(matmul(X, w).add(b))));
  const claimed = (w: Tensor, b: Tensor, X: Tensor) => {
    const z = matmul(X, w).add(b);
    return { db: sum(clamp(square(z), 0, 1)).reshape([1]) };
  };
  expect(told(f, claimed, { w: draw(2), b: draw(1), X: draw(4, 2) })).toContain('no known mistake explains it');
});

test('a factor too many is not taken for the product that it makes', () => {
  const f = (x: Tensor, w: Tensor): Tensor => sum(mul(tanh(x), exp(w)));
  const slope = (x: Tensor): Tensor => sub(1, square(tanh(x)));
  const twice = (x: Tensor, w: Tensor) => ({ dx: mul(slope(x), mul(tanh(x), exp(w))) });
  expect(told(f, twice, { x: draw(5), w: draw(5) })).toMatchInlineSnapshot(
    `"dx: it is multiplied with tanh(x) once too often, or divided by it once too few."`,
  );
  const g = (x: Tensor, w: Tensor): Tensor => sum(exp(mul(tanh(x), exp(w))));
  const expTwice = (x: Tensor, w: Tensor) => {
    const y = exp(mul(tanh(x), exp(w)));
    return { dx: mul(mul(slope(x), exp(w)), mul(y, y)) };
  };
  expect(told(g, expTwice, { x: draw(5), w: draw(5) })).toMatchInlineSnapshot(
    `"dx: the factor exp′(tanh(x) · exp(w)) is multiplied with once too often."`,
  );
});

test('a derivative too many is told where weights begin at zero, so that it is a quarter', () => {
  const f = (W: Tensor, X: Tensor, T: Tensor): Tensor => binaryCrossEntropyWithLogits(matmul(X, W), T);
  const claimed = (W: Tensor, X: Tensor, T: Tensor) => {
    const y = sigmoid(matmul(X, W));
    return { dW: matmul(t(X), mul(sub(y, T), mul(y, sub(1, y)))).div(5) };
  };
  const inputs = { W: zeros([3, 1], { dtype: 'float64' }), X: draw(5, 3), T: tensor([[0], [1], [1], [0], [1]]) };
  expect(told(f, claimed, inputs)).toMatchInlineSnapshot(`"dW: there is a factor σ′(X·W) too many."`);
});

test('of the Huber error, whose middle part is the error and whose outer parts are ±δ', () => {
  const delta = 1.5;
  const inputs = { y: mul(draw(8), 3), T: draw(8) };
  const f = (y: Tensor, T: Tensor): Tensor => huberLoss(y, T, { delta, reduction: 'sum' });
  const says = (slope: (error: Tensor) => Tensor): string =>
    told(f, (y, T) => ({ dy: slope(sub(y, T)), dT: slope(sub(y, T)).neg() }), inputs);
  expect(says((error) => clamp(error, -delta, delta))).toBe('');
  expect(says((error) => error)).toMatchInlineSnapshot(
    `"dy and dT: in the derivative of huberError(y, T, 1.5) the error is not clipped: it stands where ±δ belongs, also beyond δ, as in a square error."`,
  );
  expect(says((error) => mul(sign(error), delta))).toMatchInlineSnapshot(
    `"dy and dT: in the derivative of huberError(y, T, 1.5) ±δ stands where the error itself belongs, also within δ, as in an absolute error."`,
  );
  expect(says((error) => where(error.abs().le(delta), error, sign(error)))).toMatchInlineSnapshot(
    `"dy and dT: in the derivative of huberError(y, T, 1.5) δ is missing beyond δ: ±1 stands where ±δ belongs."`,
  );
  expect(says((error) => clamp(error, -1, 1))).toMatchInlineSnapshot(
    `"dy and dT: in the derivative of huberError(y, T, 1.5) the error is clipped at ±1 where ±δ belongs."`,
  );
  expect(says((error) => where(error.abs().le(delta), mul(sign(error), delta), error))).toMatchInlineSnapshot(
    `"dy and dT: in the derivative of huberError(y, T, 1.5) the two parts are exchanged: ±δ stands within δ, and the error beyond it."`,
  );
});

test('of a convolution, whose kernel is turned by 180° on the way back', () => {
  const back = (W: Tensor, C: Tensor): Tensor => conv2d(C, W.permute([1, 0, 2, 3]), null, { padding: [1, 2] });
  const f = (x: Tensor, W: Tensor, C: Tensor): Tensor => sum(mul(C, conv2d(x, W)));
  const inputs = { x: draw(2, 2, 5, 6), W: draw(3, 2, 2, 3), C: draw(2, 3, 4, 4) };
  expect(told(f, (_, W, C) => ({ dx: back(flip(W, [2, 3]), C) }), inputs)).toBe('');
  expect(told(f, (_, W, C) => ({ dx: back(W, C) }), inputs)).toMatchInlineSnapshot(
    `"dx: the kernel is not turned by 180° where the gradient by x is a convolution with it."`,
  );
});

test('of a binary cross-entropy written by hand', () => {
  const f = (W: Tensor, X: Tensor, T: Tensor): Tensor => {
    const y = sigmoid(matmul(X, W));
    return mean(add(mul(T, y.log()), mul(sub(1, T), sub(1, y).log()))).neg();
  };
  const claimed = (W: Tensor, X: Tensor, T: Tensor) => ({ dW: matmul(t(X), sub(matmul(X, W), T)).div(5) });
  const inputs = { W: draw(3, 1), X: draw(5, 3), T: tensor([[0], [1], [1], [0], [1]]) };
  expect(told(f, claimed, inputs)).toMatchInlineSnapshot(`"dW: X·W stands where σ(X·W) belongs: z - t for σ(z) - t."`);
  const ofProbabilities = (W: Tensor, X: Tensor, T: Tensor): Tensor => binaryCrossEntropy(sigmoid(matmul(X, W)), T);
  expect(told(ofProbabilities, claimed, inputs)).toMatchInlineSnapshot(
    `"dW: X·W stands where σ(X·W) belongs: z - t for σ(z) - t."`,
  );
});

test('of a variance, whose count is one too many or too few', () => {
  const m = 6;
  const centred = (x: Tensor): Tensor => sub(x, mean(x, 0, { keepDim: true }));
  const deviation = (x: Tensor, count: number): Tensor =>
    sqrt(sum(square(centred(x)), 0, { keepDim: true }).div(count));
  const f = (count: number) => (x: Tensor, c: Tensor) => sum(mul(c, centred(x).div(deviation(x, count))));
  const derived = (count: number, taken: number) => (x: Tensor, c: Tensor) => {
    const s = deviation(x, count);
    const y = centred(x).div(s);
    return { dx: sub(centred(c), mul(y, sum(mul(c, y), 0, { keepDim: true })).div(taken)).div(s) };
  };
  const inputs = { x: draw(m, 3), c: draw(m, 3) };
  expect(told(f(m - 1), derived(m - 1, m - 1), inputs)).toBe('');
  expect(told(f(m - 1), derived(m - 1, m), inputs)).toMatchInlineSnapshot(
    `"dx: the gradient by x is a sum of 4 terms, and the term that comes through x - sum(x) · 0.166667 is divided by 6 where 5 belongs: by m for m - 1."`,
  );
  expect(told(f(m), derived(m, m - 1), inputs)).toMatchInlineSnapshot(
    `"dx: the gradient by x is a sum of 4 terms, and the term that comes through x - sum(x) · 0.166667 is divided by 5 where 6 belongs: by m - 1 for m."`,
  );
});

test('of a gelu, whose approximation has another derivative', () => {
  const f = (x: Tensor, c: Tensor): Tensor => sum(mul(c, gelu(x)));
  const approximate = (x: Tensor, c: Tensor): Tensor => sum(mul(c, gelu(x, { approximate: 'tanh' })));
  const inputs = { x: draw(6), c: draw(6) };
  const derivativeOf = (loss: typeof f) => (x: Tensor, c: Tensor) => ({ dx: grad((y: Tensor) => loss(y, c))(x) });
  expect(told(f, derivativeOf(approximate), inputs)).toMatchInlineSnapshot(
    `"dx: the derivative of geluTanh, at x, stands where gelu′(x) belongs."`,
  );
  expect(told(approximate, derivativeOf(f), inputs)).toMatchInlineSnapshot(
    `"dx: the derivative of gelu, at x, stands where geluTanh′(x) belongs."`,
  );
});

test('in columns: one sample of a bias, and what is the batch and what the classes', () => {
  const f = (W: Tensor, b: Tensor, X: Tensor): Tensor => sum(exp(matmul(W, X).add(b)));
  const inputs = { W: draw(3, 2), b: draw(3, 1), X: draw(2, 5) };
  const last = (W: Tensor, b: Tensor, X: Tensor) => ({ db: exp(matmul(W, X).add(b)).select(1, -1).reshape([3, 1]) });
  expect(told(f, last, inputs)).toMatchInlineSnapshot(
    `"db: the gradient by b has only the last of the 5 terms that must be added up."`,
  );
  const entropy = (Z: Tensor, T: Tensor): Tensor => sum(mul(T, softmax(Z, 0).log())).mul(-1 / 4);
  const T = tensor([
    [1, 0, 0, 1],
    [0, 0, 1, 0],
    [0, 1, 0, 0],
  ]);
  expect(told(entropy, (Z, T) => ({ dZ: sub(softmax(Z, 0), T) }), { Z: draw(3, 4), T })).toMatchInlineSnapshot(
    `"dZ is 4 times too large: 4 is the batch size, so the mean over the batch is missing (divide by m)."`,
  );
});

test('y - t for targets that do not add up to 1', () => {
  const entropy = (z: Tensor, t: Tensor): Tensor => sum(mul(t, softmax(z, 0).log())).neg();
  const difference = (z: Tensor, t: Tensor) => ({ dz: sub(softmax(z, 0), t) });
  expect(told(entropy, difference, { z: draw(3), t: tensor([1, 1, 0]) })).toMatchInlineSnapshot(
    `"dz: y - t stands where y Σ t - t belongs: they are equal only where the targets add up to 1."`,
  );
  expect(told(entropy, difference, { z: draw(3), t: tensor([0, 1, 0]) })).toBe('');
});

test('the net input of a single sample, which is a product with a vector', () => {
  const f = (W: Tensor, x: Tensor, t: Tensor): Tensor => sum(square(sub(tanh(matmul(W, x)), t)));
  const slopes = (slope: (u: Tensor) => Tensor) => (W: Tensor, x: Tensor, t: Tensor) => {
    const u = matmul(W, x);
    return { dW: outer(mul(sub(tanh(u), t), slope(u)).mul(2), x) };
  };
  const inputs = { W: draw(3, 3), x: draw(3), t: draw(3) };
  expect(
    told(
      f,
      slopes((u) => sub(1, square(tanh(u)))),
      inputs,
    ),
  ).toBe('');
  expect(
    told(
      f,
      slopes((u) => sub(1, square(u))),
      inputs,
    ),
  ).toMatchInlineSnapshot(`"dW: tanh′(W·x) is written in terms of tanh(W·x), but computed from W·x."`);
});
