import fc from 'fast-check';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import {
  crossEntropy,
  Generator,
  gelu,
  leakyRelu,
  log,
  mseLoss,
  noGrad,
  Parameter,
  randn,
  relu,
  sigmoid,
  silu,
  softmax,
  softplus,
  type Tensor,
  tanh,
  tensor,
  vjp,
  zeros,
} from '../index.ts';
import { evaluateLatex, type Matrix } from '../kernels/latex/evaluate-latex.ts';
import { lineText } from './derivation-line.ts';
import { type Derivation, derivation, label } from './index.ts';

function matrixOf(x: Tensor): Matrix {
  const entries = [...x.toTypedArray()];
  const columns = x.shape[1] ?? 1;
  return Array.from({ length: x.shape[0] ?? 1 }, (_, i) => entries.slice(i * columns, (i + 1) * columns));
}

/** Computes every line from what stands in those before it. */
function evaluated(lines: Derivation, inputs: Readonly<Record<string, Tensor>>, symbols = {}): Record<string, Matrix> {
  const known: Record<string, Matrix> = {};
  for (const [name, x] of Object.entries(inputs)) known[name] = matrixOf(x);
  for (const [name, value] of Object.entries(symbols)) known[name] = [[value as number]];
  for (const { left, right } of [...lines.forward, ...lines.backward]) {
    const value = evaluateLatex(right[0], known);
    const of = /^\\delta_\{(.*)\}$/.exec(left)?.[1];
    known[left] = of === undefined ? value : repeated(value, known[of]);
  }
  return known;
}

/** Ones that stand alone have no size of their own. */
function repeated(value: Matrix, like: Matrix): Matrix {
  return like.map((row, i) => row.map((_, j) => entryOf(value, i, j)));
}

function entryOf(value: Matrix, i: number, j: number): number {
  const row = value[value.length === 1 ? 0 : i];
  return row[row.length === 1 ? 0 : j];
}

function expectClose(actual: Matrix, expected: Tensor, line: string): void {
  matrixOf(expected).forEach((row, i) => {
    row.forEach((entry, j) => {
      const difference = Math.abs(entryOf(actual, i, j) - entry);
      expect(difference, `entry ${i}, ${j} of ${line}`).toBeLessThan(1e-5 * (1 + Math.abs(entry)));
    });
  });
}

const activations: readonly ((x: Tensor) => Tensor)[] = [
  tanh,
  sigmoid,
  relu,
  leakyRelu,
  gelu,
  silu,
  softplus,
  (x) => x,
];

interface Loss {
  readonly name: string;
  of(Z: Tensor, T: Tensor): Tensor;
  /** Targets `[classes, samples]`. */
  targets(classes: number, samples: number, generator: Generator): Tensor;
}

const anything: Loss['targets'] = (classes, samples, generator) =>
  randn([classes, samples], { generator, dtype: 'float64' });
const probabilities: Loss['targets'] = (...sizes) => softmax(anything(...sizes), 0);
const losses: readonly Loss[] = [
  { name: 'squared error', of: mseLoss, targets: anything },
  { name: 'sum of squares', of: (Z, T) => Z.sub(T).square().sum().mul(0.5), targets: anything },
  { name: 'cross-entropy', of: (Z, T) => crossEntropy(Z.t(), T.t()), targets: probabilities },
  { name: 'cross-entropy of numbers that do not add up', of: (Z, T) => crossEntropy(Z.t(), T.t()), targets: anything },
  {
    name: 'cross-entropy by hand',
    of: (Z, T) =>
      T.mul(log(softmax(Z, 0)))
        .sum()
        .neg(),
    targets: probabilities,
  },
  { name: 'a sum', of: (Z, T) => Z.mul(T).sum(), targets: anything },
  { name: 'a plain sum', of: (Z) => Z.sum(), targets: anything },
];

const networks = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 }),
  samples: fc.integer({ min: 1, max: 4 }),
  activation: fc.constantFrom(...activations),
  loss: fc.constantFrom(...losses),
  named: fc.boolean(),
  rows: fc.boolean(),
  everySensitivity: fc.boolean(),
  shared: fc.boolean(),
  seed: fc.nat(),
});

describe('every line of a derivation', () => {
  test('is true, and leads to the gradients of the tape', () => {
    fc.assert(
      fc.property(networks, ({ sizes, samples, activation, loss, named, rows, everySensitivity, shared, seed }) => {
        // Read back, softmax is that of columns.
        fc.pre(!rows || !loss.name.startsWith('cross-entropy'));
        const generator = new Generator(seed);
        const draw = (shape: number[]): Tensor => randn(shape, { generator, dtype: 'float64' });
        const inputs: Record<string, Tensor> = {};
        const square = shared ? sizes.map(() => sizes[0]) : sizes;
        const layers = square.length - 1;
        for (let l = 0; l < layers; l++) {
          if (shared && l > 0) continue;
          inputs[`W_${l}`] = draw(rows ? [square[l], square[l + 1]] : [square[l + 1], square[l]]);
          inputs[`b_${l}`] = draw(rows ? [square[l + 1]] : [square[l + 1], 1]);
        }
        const by = Object.keys(inputs);
        inputs.X = draw(rows ? [samples, square[0]] : [square[0], samples]);
        inputs.T = loss.targets(square[layers], samples, generator);
        const give = (name: string, x: Tensor): Tensor => (named ? label(name, x) : x);
        const f = (...given: Tensor[]): Tensor => {
          const [X, T] = given.slice(-2);
          let A = X;
          for (let l = 0; l < layers; l++) {
            const [W, b] = given.slice(shared ? 0 : 2 * l);
            const Z = give(`Z_${l}`, rows ? A.matmul(W).add(b) : W.matmul(A).add(b));
            A = l === layers - 1 ? Z : give(`A_${l}`, activation(Z));
          }
          return loss.of(rows ? A.t() : A, T);
        };
        const lines = derivation(f, inputs, { by, everySensitivity });
        const values = evaluated(lines, inputs);
        const [value, pull] = vjp(f, ...Object.values(inputs));
        expectClose(values.E, value, `E of\n${lines}`);
        pull(tensor(1, { dtype: 'float64' }))
          .slice(0, by.length)
          .forEach((gradient, i) => {
            expectClose(values[`\\frac{\\partial E}{\\partial ${by[i]}}`], gradient, `${by[i]} of\n${lines}`);
          });
        katex.renderToString(lines.toLatex(), { displayMode: true, throwOnError: true, strict: 'error' });
      }),
      { numRuns: 200 },
    );
  });

  test('is true with named numbers', () => {
    const inputs = { W: randn([2, 3], { dtype: 'float64' }), X: randn([3, 7], { dtype: 'float64' }) };
    const symbols = { m: 7, '\\lambda': 0.3 };
    const f = (W: Tensor, X: Tensor): Tensor =>
      W.matmul(X)
        .square()
        .sum()
        .mul(1 / 14)
        .add(W.square().sum().mul(0.3));
    const lines = derivation(f, inputs, { by: ['W'], symbols });
    expect(lines.lines).toEqual([
      'E = \\frac{1}{2 m} \\lVert W X \\rVert^{2} + \\lambda \\lVert W \\rVert^{2}',
      '\\frac{\\partial E}{\\partial W} = 2 \\lambda W + \\frac{1}{m} W X X^{\\top}',
    ]);
    const values = evaluated(lines, inputs, symbols);
    const [, pull] = vjp(f, inputs.W, inputs.X);
    expectClose(values['\\frac{\\partial E}{\\partial W}'], pull(tensor(1, { dtype: 'float64' }))[0], `${lines}`);
  });
});

describe('known networks are written as books write them', () => {
  test('recurrent: back through time', () => {
    const inputs = { W: randn([3, 2]), U: randn([3, 3]), x_1: randn([2, 1]), x_2: randn([2, 1]), x_3: randn([2, 1]) };
    const lines = derivation(
      (W, U, ...xs) => {
        let h = zeros([3, 1]);
        for (const [i, x] of xs.entries()) h = label(`h_${i + 1}`, tanh(W.matmul(x).add(U.matmul(h))));
        return h.square().sum().mul(0.5);
      },
      inputs,
      { by: ['U'] },
    );
    expect(lines.backward.map(lineText)).toEqual([
      '\\delta_{h_2} = U^{\\top} (h_3 \\odot (1 - h_3^{\\odot 2}))',
      '\\delta_{h_1} = U^{\\top} (\\delta_{h_2} \\odot (1 - h_2^{\\odot 2}))',
      '\\frac{\\partial E}{\\partial U} = (h_3 \\odot (1 - h_3^{\\odot 2})) h_2^{\\top} + (\\delta_{h_2} \\odot (1 - h_2^{\\odot 2})) h_1^{\\top}',
    ]);
  });

  test('attention, with the root of the width', () => {
    const inputs = { Q: randn([5, 8]), K: randn([6, 8]), V: randn([6, 3]) };
    const attention = (Q: Tensor, K: Tensor, V: Tensor): Tensor => {
      const S = label('S', Q.matmul(K.t()).div(Math.sqrt(8)));
      return label('P', softmax(S, 1)).matmul(V).sum();
    };
    const first = (symbols?: Record<string, number>): string => derivation(attention, inputs, { symbols }).lines[0];
    expect(first()).toBe('S = \\frac{1}{\\sqrt{8}} Q K^{\\top}');
    expect(first({ d: 8 })).toBe('S = \\frac{1}{\\sqrt{d}} Q K^{\\top}');
  });

  test('layer normalisation: a line for the mean and for the variance', () => {
    const lines = derivation(
      (x) => {
        const mean = label('\\mu', x.mean());
        const s = label('s', x.sub(mean).square().mean());
        return label('y', x.sub(mean).div(s.sqrt())).pow(3).sum();
      },
      { x: randn([4]) },
    );
    expect(lines.backward.map(({ left }) => left)).toEqual([
      '\\delta_{y}',
      '\\delta_{s}',
      '\\delta_{\\mu}',
      '\\frac{\\partial E}{\\partial x}',
    ]);
  });
});

const W = tensor([[1, 2]]);
const x = tensor([[3], [4]]);
const loss = (W: Tensor, x: Tensor): Tensor => label('z', W.matmul(x)).square().sum();

describe('what is asked for', () => {
  test('parameters of a module are differentiated by, under their names', () => {
    const weight = new Parameter(tensor([[0.5, -1]]));
    const steps = derivation((x) => weight.matmul(x).sum(), { x }, { parameters: [['fc.weight', weight]] });
    expect(steps.lines).toEqual([
      'E = \\mathrm{fc.weight} \\, x',
      '\\frac{\\partial E}{\\partial \\mathrm{fc.weight}} = x^{\\top}',
    ]);
    expect(weight.grad).toBe(null);
  });

  test('what requires a gradient is differentiated by, if nothing is said; else all', () => {
    const gradientsOf = (...inputs: Tensor[]): number =>
      derivation(loss, { W: inputs[0], x: inputs[1] }).backward.length;
    expect(gradientsOf(tensor([[1, 2]], { requiresGrad: true }), x)).toBe(2);
    expect(gradientsOf(W, x)).toBe(3);
  });

  test('an input that the loss does not depend on has gradient 0', () => {
    expect(derivation((W) => W.mul(2).sum(), { W, x }).lines.at(-1)).toBe('\\frac{\\partial E}{\\partial x} = 0');
  });

  test('sensitivities that are only passed through, on request', () => {
    const f = (W: Tensor, x: Tensor): Tensor =>
      label('a', tanh(label('z', W.matmul(x))))
        .square()
        .sum();
    const lines = (everySensitivity: boolean): readonly string[] =>
      derivation(f, { W, x }, { by: ['W'], everySensitivity }).backward.map(
        ({ left, right }) => `${left} = ${right[0]}`,
      );
    expect(lines(false)).toEqual([
      '\\delta_{z} = 2 a (1 - a^{2})',
      '\\frac{\\partial E}{\\partial W} = \\delta_{z} x^{\\top}',
    ]);
    expect(lines(true)).toEqual([
      '\\delta_{a} = 2 a',
      '\\delta_{z} = \\delta_{a} (1 - a^{2})',
      '\\frac{\\partial E}{\\partial W} = \\delta_{z} x^{\\top}',
    ]);
  });

  test('the loss may have a name, and constants get one', () => {
    const offset = tensor([[3, 5]]);
    const steps = derivation((W) => label('L', W.mul(offset).sum()), { W });
    expect(steps.lines).toEqual(['L = \\sum (W \\odot C_{1})', '\\frac{\\partial L}{\\partial W} = C_{1}']);
    const named = derivation((W) => W.mul(label('K', offset)).sum(), { W });
    expect(named.lines).toEqual(['E = \\sum (W \\odot K)', '\\frac{\\partial E}{\\partial W} = K']);
  });

  test('a value may have two names', () => {
    const f = (x: Tensor): Tensor =>
      label('a_1', label('z_1', label('a_0', x).mul(2)))
        .square()
        .sum();
    expect(derivation(f, { x }).lines).toEqual([
      'a_0 = x',
      'z_1 = 2 x',
      'a_1 = z_1',
      'E = \\lVert z_1 \\rVert^{2}',
      '\\frac{\\partial E}{\\partial x} = 4 z_1',
    ]);
  });

  test('long expressions are cut, under names that are free', () => {
    const f = (v: Tensor): Tensor => [1, 2, 3, 4].reduce((sum, k) => tanh(sum.mul(v).add(v.mul(k))), v).sum();
    const steps = derivation(f, { v_1: tensor([1, 2]) });
    expect(steps.forward.length).toBeGreaterThan(1);
    expect(steps.forward.map(({ left }) => left)).not.toContain('v_{1}');
    for (const line of steps.lines) expect(line.length).toBeLessThan(200);
  });

  test('a long tape is read without end of the stack', () => {
    let steps = 0;
    const f = (x: Tensor): Tensor => {
      let y = x;
      for (; steps < 3000; steps++) y = y.mul(1.0001).add(x);
      return y.sum();
    };
    expect(derivation(f, { x: tensor([1, 2]) }).lines.length).toBeGreaterThan(1);
  });
});

describe('renderings', () => {
  const steps = derivation(loss, { W, x }, { by: ['W'], learningRate: 0.5 });

  test('text, LaTeX and Markdown', () => {
    expect(`${steps}`).toBe(steps.lines.join('\n'));
    expect(steps.toMarkdown()).toBe(
      [
        'Forward:',
        '$$\n\\begin{aligned}\nz &= W x \\\\\nE &= z^{2}\n\\end{aligned}\n$$',
        'Backward, with $\\delta_{v} = \\frac{\\partial E}{\\partial v}$:',
        '$$\n\\begin{aligned}\n\\delta_{z} &= 2 z \\\\\n\\frac{\\partial E}{\\partial W} &= \\delta_{z} x^{\\top}\n\\end{aligned}\n$$',
        'A step of gradient descent:',
        '$$\n\\begin{aligned}\nW &\\leftarrow W - \\eta \\, \\frac{\\partial E}{\\partial W}\n\\end{aligned}\n$$',
        '',
      ].join('\n\n'),
    );
    expect(steps.toLatex()).toContain('\\delta_{z} &= 2 z \\\\\n');
  });

  test('what was used of the data is said', () => {
    const T = tensor([
      [1, 0],
      [0, 1],
    ]);
    const f = (Z: Tensor, T: Tensor): Tensor => crossEntropy(Z, T);
    expect(derivation(f, { Z: zeros([2, 2]), T }, { by: ['Z'] }).remarks).toEqual(['each row of $T$ adds up to 1']);
    const byColumns = derivation((Z, T) => f(Z.t(), T.t()), { Z: zeros([2, 2]), T }, { by: ['Z'] });
    expect(byColumns.remarks).toEqual(['each column of $T$ adds up to 1']);
    expect(byColumns.toMarkdown()).toContain('This uses that each column of $T$ adds up to 1.');
  });

  test('notebooks', () => {
    const show = (steps as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for('Jupyter.display')];
    const bundle = show.call(steps);
    expect(Object.keys(bundle)).toEqual(['text/plain', 'text/latex', 'text/markdown']);
    expect(bundle['text/latex']).toBe(`$$\n${steps.toLatex()}\n$$`);
  });
});

describe('bad input', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['an array of inputs', () => derivation(loss, [W, x] as never), /inputs are not tensors by name[\s\S]*an array/],
    ['an input that is no tensor', () => derivation(loss, { W, x: 3 as never }), /x, which is a number/],
    ['no tape', () => derivation((W) => noGrad(() => W.sum()), { W }), /on no tape[\s\S]*noGrad/],
    ['tensors from outside', () => derivation(() => W.sum(), { x }), /depends on nothing/],
    ['a number', () => derivation((W) => W.sum().item() as never, { W }), /not a tensor[\s\S]*item\(\)/],
    ['a promise', () => derivation((async () => W) as never, { W }), /a promise[\s\S]*not async/],
    ['several numbers', () => derivation((W) => W.mul(2), { W }), /does not give a loss[\s\S]*\[1, 2\] float32/],
    ['an unknown name', () => derivation(loss, { W, x }, { by: ['V'] }), /no such input[\s\S]*'W', 'x'/],
    ['a name used twice', () => derivation((W) => label('W', W.mul(2)).sum(), { W }), /name is used twice/],
    [
      'a label used twice',
      () => derivation((W) => label('z', label('z', W.mul(2)).mul(3)).sum(), { W }),
      /a name is used twice/,
    ],
    ['the name of the loss taken', () => derivation((E) => E.sum(), { E: W }), /E is taken[\s\S]*label\('L', loss\)/],
    ['nothing to differentiate by', () => derivation((x) => x.sum(), { x, W }, { by: ['W'] }), /depends on nothing/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });

  test('nothing is recorded or changed after an error', () => {
    expect(() => derivation((W) => W.mul(2), { W })).toThrow();
    expect(W.node).toBe(undefined);
    expect(W.mul(2).node).toBe(undefined);
    expect(label('free', W)).toBe(W);
  });
});
