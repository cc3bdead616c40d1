import type { Tensor } from '../../core/tensor.ts';
import { sumKept } from '../../primitives/linear/sum.ts';
import { exp } from '../../primitives/smooth/exponential.ts';
import type { Node } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';
import type { Observation } from '../derivation/observation.ts';

/** A whole number that a derivation may divide by, and what it is. */
export interface Size {
  readonly size: number;
  /** `the batch size`, `the size of dim 1 of W1` */
  readonly says: string;
  /** What formulas call it: `m`. */
  readonly letter: string | undefined;
}

/** The sizes that a wrong factor may come from, the likeliest first. */
export function sizesIn(observation: Observation): readonly Size[] {
  const scores = scoresIn(observation);
  const allClasses = scores.flatMap(({ classes }) => classes);
  const ofData = batchSize(observation);
  const isUnclear = ofData === undefined || allClasses.includes(ofData);
  const batch = (isUnclear ? shared(scores.flatMap(({ samples }) => samples)) : undefined) ?? ofData;
  const classes = allClasses.filter((size) => size !== batch);
  const named: readonly Size[] = [
    ...(batch === undefined ? [] : [{ size: batch, says: 'the batch size', letter: 'm' }]),
    ...classes.map((size) => ({ size, says: 'the number of classes', letter: undefined })),
  ];
  const products = named.flatMap((a) =>
    dimsIn(observation).map((b) => ({ size: a.size * b.size, says: `${a.says} times ${b.says}`, letter: undefined })),
  );
  return [...named, ...dimsIn(observation), ...entryCounts(observation), ...products].filter(({ size }) => size > 1);
}

/** The size that all inputs share whose gradients are not claimed: of the first dim, or of the last. */
function batchSize({ derivation: { inputs }, claims }: Observation): number | undefined {
  const data = inputs.filter(({ name, tensor }) => !claims.has(name) && tensor.rank > 0);
  const shapes = (data.length > 0 ? data : inputs.filter(({ tensor }) => tensor.rank > 0)).map(
    ({ tensor }) => tensor.shape,
  );
  return [0, -1].map((d) => shared(shapes.map((shape) => shape.at(d)))).find((size) => size !== undefined);
}

function shared(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.length > 0 && sizes.every((size) => size === sizes[0]) ? sizes[0] : undefined;
}

/** What goes into a softmax or a cross-entropy: the sizes of the dim of the classes, and of the others. */
interface Scores {
  readonly classes: readonly number[];
  readonly samples: readonly number[];
}

function scoresIn({ run }: Observation): readonly Scores[] {
  return run.lines
    .filter(({ primitive: { name } }) => /softmax|crossEntropy/i.test(name))
    .flatMap((line): readonly Scores[] => {
      const { shape } = line.inputs[0];
      const dim = shape.findLastIndex((_, d) => isOfClasses(line, d));
      return dim < 0 ? [] : [{ classes: [shape[dim]], samples: shape.toSpliced(dim, 1) }];
    });
}

/** Whether probabilities add up to 1 along a dim. */
function isOfClasses({ primitive: { name }, inputs: [scores], output }: Node, dim: number): boolean {
  if (name === 'crossEntropy') return dim === (scores.rank === 1 ? 0 : 1);
  const probabilities: Tensor = name === 'logSoftmax' ? exp(output) : output;
  return numbersOf(sumKept(probabilities, [dim])).every((total) => Math.abs(total - 1) < 1e-5);
}

function dimsIn({ named, derivation: { inputs } }: Observation): readonly Size[] {
  const held = inputs.filter(({ name }) => !named.has(name)).map(({ name, tensor }) => [name, tensor] as const);
  return [...named, ...held].flatMap(([name, { shape }]) =>
    shape.map((size, d) => ({ size, says: `the size of dim ${d} of ${name}`, letter: undefined })),
  );
}

function entryCounts({ named }: Observation): readonly Size[] {
  return Array.from(named, ([name, x]) => ({
    size: x.length,
    says: `the number of entries of ${name}`,
    letter: undefined,
  }));
}
