/**
 * What can be wrong with a training, in the order in which the course text looks for it (训练技巧 八、额外提示): first what
 * stands together from the start, then the data, then the rate, then the end.
 */
export const symptoms = [
  'wrong pairing',
  'exploding gradients',
  'vanishing gradients',
  'dead units',
  'saturation',
  'labels not aligned',
  'not shuffled',
  'rate too large',
  'unstable start',
  'oscillation',
  'rate too small',
  'overfitting',
] as const;

export type Symptom = (typeof symptoms)[number];

/** What is wrong, how one sees it, and what to do. */
export interface Finding {
  readonly symptom: Symptom;
  /** What was seen, in numbers. */
  readonly seen: string;
  /** The layers where it was seen, by name. */
  readonly layers?: readonly string[];
  readonly remedy: string;
}

export const remedies: Readonly<Record<Symptom, string>> = {
  'wrong pairing':
    'let the loss work on what it is made for: logits with crossEntropy or binaryCrossEntropyWithLogits, whose gradient is y - t; a linear output with the squared error',
  'exploding gradients':
    'initialise for the activation (He for ReLU, Xavier for tanh), clip with clipGradNorm(parameters, 1), or lower the rate; normalisation layers help',
  'vanishing gradients':
    'ReLU with He initialisation in place of sigmoid or tanh; batch or layer normalisation; residual connections; fewer layers',
  'dead units':
    'a smaller learning rate and He initialisation with biases of 0; LeakyReLU keeps a gradient where ReLU has none',
  saturation:
    'standardise the inputs and initialise with Xavier; smaller weights, or ReLU in place of sigmoid and tanh in hidden layers',
  'labels not aligned':
    'check that samples and labels were shuffled together, and look at some of them; check that the input reaches the output',
  'not shuffled': 'shuffle in every epoch: new DataLoader(dataset, { shuffle: true })',
  'rate too large': 'lower the learning rate by 3 to 10 until the loss falls; learningRateRange finds one',
  'unstable start':
    'warm the rate up over the first 500 to 1000 steps: LinearLR or CosineWarmupLR; or begin with a smaller rate',
  oscillation: 'lower the learning rate or raise the momentum (0.9 is usual); check that batches are shuffled',
  'rate too small':
    'raise the learning rate; a schedule (StepLR, CosineAnnealingLR, ReduceLROnPlateau), momentum 0.9, or Adam with lr 1e-3',
  overfitting: 'more data or augmentation, weight decay, dropout, a smaller model; EarlyStopping keeps the best epoch',
};

export function finding(symptom: Symptom, seen: string, layers?: readonly string[]): Finding {
  return { symptom, seen, remedy: remedies[symptom], ...(layers && { layers }) };
}
