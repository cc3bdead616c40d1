import { type Tensor, vjp, zerosLike } from '@gradtape/autograd';
import { backpropagate, type Network } from '../backpropagate.ts';
import { againstTape, type Check, type Comparison } from './check.ts';
import type { Draw } from './draw.ts';
import { type PairingOnTape, pairingsOnTape } from './pairings.ts';
import { activationsOnTape, fewestUnits, onTape, sensitivityTerms } from './with-tape.ts';

/** A network, a batch for it, and the same loss in functions that people call. */
export interface Trial {
  readonly network: Network;
  readonly X: Tensor;
  readonly T: Tensor;
  readonly loss: PairingOnTape['loss'];
}

function drawTrial(draw: Draw): Trial {
  const known = draw.among(pairingsOnTape);
  const m = draw.size();
  const hidden = Array.from({ length: draw.integer(0, 3) }, () => draw.among([...activationsOnTape.keys()]));
  const activations = [...hidden, known.pairing.activation];
  const widths = [draw.size(), ...activations.map((f) => draw.size(fewestUnits(f)))];
  // Units are saturated by their bias: weights of that size would multiply the rounding of one layer by the next's.
  const layers = activations.map((f, l) => ({
    W: draw.between(-1, 1, [widths[l + 1], widths[l]]),
    b: draw.tensor([widths[l + 1]]),
    f,
  }));
  const { W, b } = layers[layers.length - 1];
  return {
    network: { hidden: layers.slice(0, -1), output: { W, b, pairing: known.pairing } },
    X: draw.among([draw.tensor, (shape: readonly number[]) => draw.between(-2, 2, shape)])([widths[0], m]),
    T: known.targets(draw, [W.shape[0], m]),
    loss: known.loss,
  };
}

/** What the tape finds, layer by layer. A perturbation of zeros stands beside each net input: its gradient is Δ / m. */
function throughTape({ network, X, T, loss }: Trial): {
  readonly Z: readonly Tensor[];
  readonly A: readonly Tensor[];
  readonly Delta: readonly Tensor[];
  readonly dW: readonly Tensor[];
  readonly db: readonly Tensor[];
  readonly loss: Tensor;
} {
  const layers = [...network.hidden, { ...network.output, f: network.output.pairing.activation }];
  const [depth, m] = [layers.length, X.shape[1]];
  const Z: Tensor[] = [];
  const A: Tensor[] = [X];
  const forward = (...given: Tensor[]): Tensor => {
    layers.forEach(({ f }, l) => {
      const [W, b, perturbation] = [0, 1, 2].map((part) => given[part * depth + l]);
      Z.push(W.matmul(A[l]).add(b.unsqueeze(1)).add(perturbation));
      A.push(onTape(f)(Z[l]));
    });
    return loss(Z[depth - 1], T)
      .sum()
      .div(m);
  };
  const perturbations = layers.map(({ b }) => b.unsqueeze(1).mul(0).expand([b.length, m]));
  const inputs = [...layers.map(({ W }) => W), ...layers.map(({ b }) => b), ...perturbations];
  const [value, pull] = vjp(forward, ...inputs);
  const found = pull(zerosLike(value).add(1));
  const ofPart = (part: number): Tensor[] => found.slice(part * depth, (part + 1) * depth);
  return { Z, A, Delta: ofPart(2).map((g) => g.mul(m)), dW: ofPart(0), db: ofPart(1), loss: value };
}

function compareEach(
  got: readonly Tensor[],
  want: readonly Tensor[],
  terms: (l: number) => Tensor | undefined,
): readonly Comparison[] {
  return want.map((tensor, l) => ({ got: got[l], want: tensor, terms: terms(l) }));
}

/**
 * How large the terms of each Z and A are, those of the layers before among them: what is rounded there goes through all
 * layers behind. Back from there it changes `f′(Z)` by at most as much, since no second derivative is above 1.
 */
function forwardTerms(
  { network: { hidden, output } }: Trial,
  A: readonly Tensor[],
): { sizeOfZ: readonly Tensor[]; sizeOfA: readonly Tensor[] } {
  const sizeOfZ: Tensor[] = [];
  const sizeOfA = [A[0].abs()];
  [...hidden, { ...output, f: output.pairing.activation }].forEach(({ W, b, f }, l) => {
    sizeOfZ.push(W.abs().matmul(sizeOfA[l]).add(b.abs().unsqueeze(1)));
    sizeOfA.push(sensitivityTerms(f, sizeOfZ[l]).add(A[l + 1].abs()));
  });
  return { sizeOfZ, sizeOfA };
}

/** Everything that backpropagation gives, beside what the tape finds. */
export function compareWithTape(rule: typeof backpropagate, trial: Trial): readonly Comparison[] {
  const { network, X, T } = trial;
  const { hidden, output } = network;
  const got = rule(network, X, T);
  const want = throughTape(trial);
  const layers = [...hidden, output];
  const m = X.shape[1];

  const { sizeOfZ, sizeOfA } = forwardTerms(trial, want.A);
  const last = hidden.length;
  const sizes: Tensor[] = [];
  sizes[last] = sensitivityTerms(output.pairing.activation, sizeOfA[last + 1].add(T.abs())).mul(sizeOfZ[last].add(1));
  for (let l = last - 1; l >= 0; l--) {
    const g = layers[l + 1].W.t()
      .abs()
      .matmul(sizes[l + 1]);
    sizes[l] = sensitivityTerms(hidden[l].f, g).mul(sizeOfZ[l].add(1));
  }
  return [
    ...compareEach(got.Z, want.Z, (l) => sizeOfZ[l]),
    ...compareEach(got.A, want.A, (l) => sizeOfA[l]),
    ...compareEach(got.Delta, want.Delta, (l) => sizes[l]),
    ...compareEach(got.dW, want.dW, (l) => sizes[l].matmul(sizeOfA[l].t()).div(m)),
    ...compareEach(got.db, want.db, (l) => sizes[l].sum(1).div(m)),
    { got: got.loss, want: want.loss, terms: sizeOfZ[last].add(T.abs()).square().sum().div(m) },
  ];
}

export const checks: readonly Check[] = [
  againstTape(backpropagate, (rule, draw) => compareWithTape(rule, drawTrial(draw))),
];
