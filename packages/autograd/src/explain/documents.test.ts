import { describe, expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  dot,
  log,
  randn,
  relu,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
  tensor,
} from '../index.ts';
import { derivation, label } from './index.ts';

// The networks of the documents, in their notation, against their own lines. Each line that is expected here is a formula
// of the documents, with the derivative of the activation and the name of the layer written out.

/** As the documents write it: no spaces of LaTeX's own, and no braces around a single sign. */
function plain(latex: string): string {
  return latex.replace(/\\[,!]|\\left|\\right|\s+/g, '').replaceAll('^{\\top}', '^\\top');
}

const m = 4;
const sizes = { x: 3, hidden: 5, classes: 2 };
const weights = {
  'W^{(1)}': randn([sizes.hidden, sizes.x]),
  'b^{(1)}': randn([sizes.hidden, 1]),
  'W^{(2)}': randn([sizes.classes, sizes.hidden]),
  'b^{(2)}': randn([sizes.classes, 1]),
};
const X = randn([sizes.x, m]);
const T = tensor([
  [1, 0, 0, 1],
  [0, 1, 1, 0],
]);
const options = {
  by: Object.keys(weights),
  symbols: { m },
  delta: (name: string) => name.replace(/^[zu]/, '\\delta').replace(/^[ZU]/, '\\Delta'),
};

type Layer = (x: Tensor) => Tensor;
type Loss = (Z: Tensor, T: Tensor) => Tensor;

function batch(activation: Layer, loss: Loss): (...x: Tensor[]) => Tensor {
  return (W1, b1, W2, b2, X, T) => {
    const Z1 = label('Z^{(1)}', W1.matmul(X).add(b1));
    const A1 = label('A^{(1)}', activation(Z1));
    const Z2 = label('Z^{(2)}', W2.matmul(A1).add(b2));
    return loss(Z2, T);
  };
}

function linesOf(activation: Layer, loss: Loss, inputs: Readonly<Record<string, Tensor>> = {}): string[] {
  const { lines } = derivation(batch(activation, loss), { ...weights, X, T, ...inputs }, options);
  return lines.map(plain);
}

/** 四、向量形式的前向计算; 七、向量形式的反向传播（批量）; the gradients of a whole loss carry its 1/m in Δ. */
const gradients = [
  '\\frac{\\partial E}{\\partial W^{(2)}} = \\Delta^{(2)} (A^{(1)})^\\top',
  '\\frac{\\partial E}{\\partial b^{(2)}} = \\Delta^{(2)} \\mathbf{1}',
  '\\frac{\\partial E}{\\partial W^{(1)}} = \\Delta^{(1)} X^\\top',
  '\\frac{\\partial E}{\\partial b^{(1)}} = \\Delta^{(1)} \\mathbf{1}',
];
const layers = [
  'Z^{(1)} = W^{(1)} X + b^{(1)} \\mathbf{1}^\\top',
  'Z^{(2)} = W^{(2)} A^{(1)} + b^{(2)} \\mathbf{1}^\\top',
];

describe('the batch networks', () => {
  test('tanh, identity and squared error', () => {
    expect(
      linesOf(tanh, (Z, T) =>
        Z.sub(T)
          .square()
          .sum()
          .mul(1 / (2 * m)),
      ),
    ).toEqual(
      [
        layers[0],
        'A^{(1)} = \\tanh(Z^{(1)})',
        layers[1],
        'E = \\frac{1}{2m} \\lVert Z^{(2)} - T \\rVert^{2}',
        '\\Delta^{(2)} = \\frac{1}{m} (Z^{(2)} - T)',
        gradients[0],
        gradients[1],
        '\\Delta^{(1)} = (W^{(2)})^\\top \\Delta^{(2)} \\odot (1 - (A^{(1)})^{\\odot 2})',
        gradients[2],
        gradients[3],
      ].map(plain),
    );
  });

  const reluLines = (named: string, loss: string, delta: string): string[] =>
    [
      layers[0],
      'A^{(1)} = \\max(0, Z^{(1)})',
      layers[1],
      named,
      loss,
      delta,
      gradients[0],
      gradients[1],
      '\\Delta^{(1)} = (W^{(2)})^\\top \\Delta^{(2)} \\odot \\mathbb{1}[Z^{(1)} > 0]',
      gradients[2],
      gradients[3],
    ].map(plain);

  const Y = 'Y = \\operatorname{softmax}(Z^{(2)})';
  const crossEntropyLine = 'E = -\\frac{1}{m} \\sum (T \\odot \\log(Y))';

  test('relu, softmax and cross-entropy', () => {
    const loss: Loss = (Z, T) => {
      label('Y', softmax(Z, 0));
      return crossEntropy(Z.t(), T.t());
    };
    expect(linesOf(relu, loss)).toEqual(reluLines(Y, crossEntropyLine, '\\Delta^{(2)} = \\frac{1}{m} (Y - T)'));
  });

  test('the same, written down as the documents define it', () => {
    const loss: Loss = (Z, T) =>
      log(label('Y', softmax(Z, 0)))
        .mul(T)
        .sum()
        .mul(-1 / m);
    expect(linesOf(relu, loss)).toEqual(
      reluLines(Y, 'E = -\\frac{1}{m} \\sum (\\log(Y) \\odot T)', '\\Delta^{(2)} = \\frac{1}{m} (Y - T)'),
    );
  });

  test('the same, with labels', () => {
    const labels = tensor([0, 1, 1, 0], { dtype: 'int32' });
    const loss: Loss = (Z, t) => {
      label('Y', softmax(Z, 0));
      return crossEntropy(Z.t(), t);
    };
    expect(linesOf(relu, loss, { T: labels })).toEqual(
      reluLines(Y, 'E = -\\frac{1}{m} \\sum \\log(Y_{T})', '\\Delta^{(2)} = \\frac{1}{m} (Y - \\mathbb{1}[k = T])'),
    );
  });

  test('labels without a name that happen to count up are no index', () => {
    const labels = tensor([0, 1, 2], { dtype: 'int32' });
    const { lines } = derivation((Z) => crossEntropy(Z, labels), { Z: randn([3, 3]) });
    expect(lines.map(plain)).toEqual([
      plain('E = -\\frac{1}{3} \\sum \\log(\\operatorname{softmax}(Z)_{C_{1}})'),
      plain('\\frac{\\partial E}{\\partial Z} = \\frac{1}{3} (\\operatorname{softmax}(Z) - \\mathbb{1}[k = C_{1}])'),
    ]);
  });

  test('one sample with a label', () => {
    const { lines } = derivation((z, t) => crossEntropy(z, t), { z: randn([3]), t: tensor(1, { dtype: 'int32' }) });
    expect(plain(lines[1])).toBe(
      plain('\\frac{\\partial E}{\\partial z} = \\operatorname{softmax}(z) - \\mathbb{1}[k = t]'),
    );
  });

  describe('sigmoid and binary cross-entropy', () => {
    const one = { 'W^{(2)}': randn([1, sizes.hidden]), 'b^{(2)}': randn([1, 1]), T: tensor([[1, 0, 0, 1]]) };
    const A = 'A = \\sigma(Z^{(2)})';
    const byDefinition = 'E = -\\frac{1}{m} \\sum (T \\odot \\log(A) + (1 - T) \\odot \\log(1 - A))';
    const delta = '\\Delta^{(2)} = \\frac{1}{m} (A - T)';

    test('of probabilities', () => {
      const loss: Loss = (Z, T) => binaryCrossEntropy(label('A', sigmoid(Z)), T);
      expect(linesOf(relu, loss, one)).toEqual(reluLines(A, byDefinition, delta));
    });

    test('of scores', () => {
      const loss: Loss = (Z, T) => {
        label('A', sigmoid(Z));
        return binaryCrossEntropyWithLogits(Z, T);
      };
      expect(linesOf(relu, loss, one)).toContain(plain(delta));
    });

    test('by its definition', () => {
      const loss: Loss = (Z, T) => {
        const a = label('A', sigmoid(Z));
        const [no, not] = [T, a].map((x) => x.neg().add(1));
        return T.mul(log(a))
          .add(no.mul(log(not)))
          .mean()
          .neg();
      };
      expect(linesOf(relu, loss, one)).toEqual(reluLines(A, byDefinition, delta));
    });
  });
});

describe('one sample, as columns', () => {
  const inputs = { W: randn([1, 3]), b: randn([1]), x: randn([3]), t: tensor([1]) };
  const linesOfOne = (loss: (a: Tensor, t: Tensor) => Tensor): string[] =>
    derivation((W, b, x, t) => loss(label('a', sigmoid(label('z', W.matmul(x).add(b)))), t), inputs, {
      by: ['W', 'b'],
      delta: () => '\\delta',
    }).lines.map(plain);

  test('sigmoid and squared error: (a - t) a (1 - a), 五、MSE 层的局部敏感度', () => {
    expect(linesOfOne((a, t) => a.sub(t).square().sum().mul(0.5))).toEqual(
      [
        'z = W x + b',
        'a = \\sigma(z)',
        'E = \\frac{1}{2} (a - t)^{2}',
        '\\delta = (a - t) a (1 - a)',
        '\\frac{\\partial E}{\\partial W} = \\delta x^\\top',
        '\\frac{\\partial E}{\\partial b} = \\delta',
      ].map(plain),
    );
  });

  test('sigmoid and binary cross-entropy: a - t', () => {
    expect(linesOfOne(binaryCrossEntropy)).toContain(plain('\\delta = a - t'));
  });
});

test('the step of ADALINE, in numbers: 小例子（数值一步）', () => {
  const steps = derivation(
    (w, b, x, t) => {
      const z = label('z', dot(w, x).add(b));
      return t.sub(z).square().mul(0.5);
    },
    { w: tensor([0, 0]), b: tensor(0), x: tensor([1, 1]), t: tensor(1) },
    { by: ['w', 'b'], numbers: true, learningRate: 0.1 },
  );
  const column = (a: string | number): string => `\\begin{bmatrix} ${a} \\\\ ${a} \\end{bmatrix}`;
  expect(steps.lines).toEqual([
    `z = w^{\\top} x + b = ${column(0)}^{\\top} ${column(1)} + 0 = 0`,
    'E = \\frac{1}{2} (t - z)^{2} = \\frac{1}{2} \\cdot (1 - 0)^{2} = 0.5',
    '\\delta_{z} = z - t = 0 - 1 = -1',
    `\\frac{\\partial E}{\\partial w} = \\delta_{z} x = (-1) \\cdot ${column(1)} = ${column(-1)}`,
    '\\frac{\\partial E}{\\partial b} = \\delta_{z} = -1',
    `w \\leftarrow w - \\eta \\, \\frac{\\partial E}{\\partial w} = ${column(0)} - 0.1 \\cdot ${column(-1)} = ${column(0.1)}`,
    'b \\leftarrow b - \\eta \\, \\frac{\\partial E}{\\partial b} = 0 - 0.1 \\cdot (-1) = 0.1',
  ]);
});
