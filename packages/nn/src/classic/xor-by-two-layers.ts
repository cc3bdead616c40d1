import { defaultGenerator, type Generator, GradtapeError, randn, type Tensor, tensor, zeros } from '@gradtape/autograd';
import { relu } from '../sensitivity/activations/relu.ts';
import { backpropagate } from '../sensitivity/backpropagate.ts';
import { dense } from '../sensitivity/dense.ts';
import { gradientStep } from '../sensitivity/descent.ts';
import { heVariance } from '../sensitivity/initialization.ts';
import { decide, netInput } from '../sensitivity/neuron.ts';
import { identityMse } from '../sensitivity/pairings.ts';
import { checkLabels, columnsOf, questionsOf } from './samples.ts';

export interface XorByTwoLayersOptions {
  /** How many hidden neurons `fit` has. The document's weights need two; learned ones rarely find it with so few. Default: 8. */
  readonly hidden?: number;
  /** η, above 0. Default: 0.1. */
  readonly learningRate?: number;
  /** How many steps a start has. Default: 1000. */
  readonly epochs?: number;
  /** The loss at which it is content. Default: 1e-3. */
  readonly tolerance?: number;
  /** How many starts it has: the ReLUs of an unlucky one die, and it is left for another. Default: 10. */
  readonly starts?: number;
  /** Draws the starts. Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** The weights of a network of one hidden layer: V `[hidden, 2]`, c `[hidden]`, w `[hidden]`, b `[]`. */
export interface TwoLayers {
  readonly V: Tensor;
  readonly c: Tensor;
  readonly w: Tensor;
  readonly b: Tensor;
}

/**
 * XOR by a hidden layer of ReLU, `z = wᵀ ReLU(V x + c) + b`, answered with 1 from z = 0.5 on. Unless it is taught, it has the document's
 * weights (whose z is never below 0, so that the document's ReLU at the output changes nothing). `fit` learns others
 * by {@link backpropagate}, with all samples in each step. 多层感知机 五、再看异或（XOR）问题
 *
 * @example
 * const X = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
 * const y = tensor([0, 1, 1, 0]);
 * const xor = new XorByTwoLayers();
 * xor.decisionFunction(X); // [0, 1, 1, 0]
 * xor.fit(X, y).score(X, y); // 1
 */
export class XorByTwoLayers {
  readonly #options: Required<Omit<XorByTwoLayersOptions, 'generator'>> & { readonly generator?: Generator };
  #weights: TwoLayers = {
    V: tensor([
      [1, 1],
      [1, 1],
    ]),
    c: tensor([0, -1]),
    w: tensor([1, -2]),
    b: tensor(0),
  };
  #losses: number[] = [];

  /** @throws GradtapeError for an option out of range. */
  constructor(options: XorByTwoLayersOptions = {}) {
    this.#options = { hidden: 8, learningRate: 0.1, epochs: 1000, tolerance: 1e-3, starts: 10, ...options };
    checkOptions(this.#options);
  }

  get weights(): TwoLayers {
    return this.#weights;
  }

  /** The mean of `(z - t)² / 2` before each step of the last start. */
  get losses(): readonly number[] {
    return this.#losses;
  }

  /** Begins anew, and learns from X `[N, 2]`, y `[N]` of 0 and 1. */
  fit(X: Tensor, y: Tensor): this {
    const { starts, tolerance } = this.#options;
    const columns = columnsOf('XorByTwoLayers', X, y);
    questionsOf('XorByTwoLayers', X, 2);
    checkLabels('XorByTwoLayers', columns.t, [0, 1]);
    for (let start = 0; start < starts; start++) {
      const last = this.#descend(columns.X, columns.t.unsqueeze(0));
      if (last <= tolerance) break;
    }
    return this;
  }

  /** The net inputs z `[N]` of X `[N, 2]`. */
  decisionFunction(X: Tensor): Tensor {
    const { V, c, w, b } = this.#weights;
    const x = questionsOf('XorByTwoLayers', X, 2).to(V.dtype);
    return netInput(w, b, relu(dense(V, x, c)));
  }

  /** The answers `[N]` to X `[N, 2]`, int32. */
  predict(X: Tensor): Tensor {
    return decide(this.decisionFunction(X), 0.5).to('int32');
  }

  /** The share of right answers. */
  score(X: Tensor, y: Tensor): number {
    const { t } = columnsOf('XorByTwoLayers', X, y);
    checkLabels('XorByTwoLayers', t, [0, 1]);
    return this.predict(X).eq(t.to('int32')).to('float64').mean().item();
  }

  /** From one start down to where the steps or the loss end; gives the last loss. */
  #descend(X: Tensor, T: Tensor): number {
    const { hidden, epochs, learningRate, tolerance, generator = defaultGenerator() } = this.#options;
    const drawn = { dtype: X.dtype as 'float32' | 'float64', generator };
    let V: Tensor = randn([hidden, 2], drawn).mul(Math.sqrt(heVariance(2)));
    let W: Tensor = randn([1, hidden], drawn).mul(Math.sqrt(heVariance(hidden)));
    let [c, b]: Tensor[] = [zeros([hidden], { dtype: X.dtype }), zeros([1], { dtype: X.dtype })];
    this.#losses = [];
    let loss = Infinity;
    for (let epoch = 0; epoch < epochs && loss > tolerance; epoch++) {
      const network = { hidden: [{ W: V, b: c, f: relu }], output: { W, b, pairing: identityMse } };
      const { dW, db, loss: before } = backpropagate(network, X, T);
      loss = before.item();
      this.#losses.push(loss);
      [V, W] = [gradientStep(V, dW[0], learningRate), gradientStep(W, dW[1], learningRate)];
      [c, b] = [gradientStep(c, db[0], learningRate), gradientStep(b, db[1], learningRate)];
    }
    this.#weights = { V, c, w: W.squeeze(0), b: b.squeeze(0) };
    return loss;
  }
}

function checkOptions({
  hidden,
  learningRate,
  epochs,
  tolerance,
  starts,
}: Required<Omit<XorByTwoLayersOptions, 'generator'>>): void {
  const areCounts = [hidden, epochs, starts].every((count) => Number.isSafeInteger(count) && count >= 1);
  if (areCounts && learningRate > 0 && learningRate < Infinity && tolerance >= 0) return;
  throw new GradtapeError('XorByTwoLayers: an option is out of range', {
    got: `hidden = ${hidden}, learningRate = ${learningRate}, epochs = ${epochs}, tolerance = ${tolerance}, starts = ${starts}`,
    needs: 'whole numbers from 1, a rate above 0, a tolerance of 0 or more',
    fix: 'the defaults learn XOR: new XorByTwoLayers()',
  });
}
