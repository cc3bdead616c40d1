// Times the check of a network of the document's size: 784-256-128-10, vector form against tape, from a cold start.
// npx tsx --conditions=@gradtape/source tools/rules-table/time-vector-form.ts
import { crossEntropy, linear, randn, relu, softmax, type Tensor } from '../../packages/autograd/src/index.ts';
import { checkDerivation } from '../../packages/autograd/src/verify/index.ts';
import * as sensitivity from '../../packages/nn/src/sensitivity/index.ts';

const widths = [784, 256, 128, 10];

for (const dtype of ['float64', 'float32'] as const) {
  for (const m of [1, 64, 128]) {
    const began = performance.now();
    const weights = widths.slice(1).map((n, l) => randn([n, widths[l]], { dtype }).mul((2 / widths[l]) ** 0.5));
    const biases = widths.slice(1).map((n) => randn([n], { dtype }).mul(0.1));
    const X = randn([widths[0], m], { dtype });
    const T = softmax(randn([10, m], { dtype }), 0);

    const byHand = (...given: Tensor[]): Tensor[] => {
      const [W, b] = [given.slice(0, 3), given.slice(3)];
      const hidden = [0, 1].map((l) => ({ W: W[l], b: b[l], f: sensitivity.relu }));
      const output = { W: W[2], b: b[2], pairing: sensitivity.softmaxCrossEntropy };
      const { dW, db } = sensitivity.backpropagate({ hidden, output }, X, T);
      return [...dW, ...db];
    };
    const loss = (...given: Tensor[]): Tensor => {
      const rows = [0, 1].reduce((a, l) => relu(linear(a, given[l], given[l + 3])), X.t());
      return crossEntropy(linear(rows, given[2], given[5]), T.t());
    };
    const report = checkDerivation(byHand, loss, [...weights, ...biases]);
    const took = Math.round(performance.now() - began);
    console.log(`${dtype}, ${m} samples: ${took} ms, ${report.passed ? 'passed' : report}`);
  }
}
