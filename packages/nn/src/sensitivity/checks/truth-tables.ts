import { type Tensor, tensor } from '@gradtape/autograd';
import { andOfPerceptron, xorOfProductFeatures, xorOfTwoLayers } from '../truth-tables.ts';
import { againstDefinition, type Check } from './check.ts';
import type { Draw } from './draw.ts';

interface Inputs {
  readonly x: Tensor;
  /** Of as many numbers, one for each sample, a tensor of what the samples give. */
  readonly of: (answer: (x1: number, x2: number) => number) => Tensor;
}

/** Samples of 0 and 1, in any number and order, or one alone. */
function drawInputs(draw: Draw): Inputs {
  const shape = draw.among([[], [draw.size()]]);
  const { dtype } = draw;
  const samples = Array.from({ length: shape[0] ?? 1 }, () => [draw.integer(0, 1), draw.integer(0, 1)] as const);
  const of: Inputs['of'] = (answer) =>
    tensor(
      samples.map(([x1, x2]) => answer(x1, x2)),
      { dtype },
    ).reshape(shape);
  const x = tensor([...samples.map(([x1]) => x1), ...samples.map(([, x2]) => x2)], { dtype }).reshape([2, ...shape]);
  return { x, of };
}

const xor = (x1: number, x2: number): number => x1 ^ x2;

export const checks: readonly Check[] = [
  againstDefinition(andOfPerceptron, (rule, draw) => {
    const { x, of } = drawInputs(draw);
    return [{ got: rule(x), want: of((x1, x2) => x1 & x2) }];
  }),
  againstDefinition(xorOfProductFeatures, (rule, draw) => {
    const { x, of } = drawInputs(draw);
    return [{ got: rule(x), want: of(xor) }];
  }),
  // h counts the inputs that are 1, and those beyond the first.
  againstDefinition(xorOfTwoLayers, (rule, draw) => {
    const { x, of } = drawInputs(draw);
    const { h, y } = rule(x);
    const count = x.sum(0);
    return [
      { got: h.select(0, 0), want: count },
      { got: h.select(0, 1), want: count.sub(of((x1, x2) => x1 | x2)) },
      { got: y, want: of(xor) },
    ];
  }),
];
