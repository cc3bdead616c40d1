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
  const batch = batchSize(observation);
  const classes = numberOfClasses(observation).filter((size) => size !== batch);
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

/** The other dims of what goes into a softmax or a cross-entropy. */
function numberOfClasses({ run }: Observation): readonly number[] {
  return run.lines
    .filter(({ primitive: { name } }) => /softmax|crossEntropy/i.test(name))
    .flatMap(({ inputs: [scores] }) => scores.shape);
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
