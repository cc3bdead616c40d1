import {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  Linear,
  LogSoftmax,
  type Module,
  MSELoss,
  NLLLoss,
  Sigmoid,
  Softmax,
} from '@gradtape/nn';
import { type Finding, finding } from './finding.ts';

type Class = abstract new (...args: never[]) => Module;

/** Outputs and losses that do not go together, and why. */
const wrongPairs: readonly (readonly [outputs: readonly Class[], loss: Class, why: string])[] = [
  [
    [Sigmoid, Softmax],
    MSELoss,
    'the gradient of the squared error has the factor f′(z), near 0 where the output is surely wrong',
  ],
  [
    [Softmax, Sigmoid],
    CrossEntropyLoss,
    'the loss takes the softmax itself, of logits: taken twice it cannot become small',
  ],
  [
    [Sigmoid, Softmax],
    BCEWithLogitsLoss,
    'the loss takes the sigmoid itself, of logits: taken twice it cannot become small',
  ],
  [[Linear, LogSoftmax], BCELoss, 'the loss needs probabilities'],
  [[Linear, Softmax, Sigmoid], NLLLoss, 'the loss needs the logarithms of probabilities'],
];

/** What the last module of a model and its loss tell. */
export function findByPairing(model: Module, criterion: Module): Finding[] {
  const output = model.modules().findLast((module) => module.children().length === 0);
  if (output === undefined) return [];
  const pair = wrongPairs.find(
    ([outputs, loss]) => criterion instanceof loss && outputs.some((kind) => output instanceof kind),
  );
  if (pair === undefined) return [];
  return [finding('wrong pairing', `${output.constructor.name} with ${criterion.constructor.name}: ${pair[2]}`)];
}
