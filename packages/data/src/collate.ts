import { fromArray, GradtapeError, stack, Tensor } from '@gradtape/autograd';

/**
 * What a batch of samples is: of tensors a tensor with one more dim in front; of numbers an int32 tensor, of booleans a
 * bool tensor, both of shape [samples]; of texts a list; of tuples and objects the same, with a batch in each place. Of
 * samples that are still to come, it is the promise of that.
 */
export type Collated<Sample> = Sample extends Tensor | number | boolean
  ? Tensor
  : Sample extends string
    ? string[]
    : Sample extends PromiseLike<infer Coming>
      ? Promise<Collated<Coming>>
      : Sample extends object
        ? { -readonly [Key in keyof Sample]: Collated<Sample[Key]> }
        : never;

/**
 * Joins samples of one kind to a batch. Numbers are labels, and become int32 whatever their values are; what is measured
 * comes as a tensor.
 *
 * @throws GradtapeError if there is no sample, the samples are of different kinds or shapes, or a number is not whole.
 * @example
 * const batch = collate([{ x: tensor([1, 2]), label: 0 }, { x: tensor([3, 4]), label: 1 }]);
 * batch.x.shape; // [2, 2]
 * batch.label.dtype; // 'int32'
 */
export function collate<Sample>(samples: readonly Sample[]): Collated<Sample> {
  // Which of its branches the type takes is known here only at run time.
  return collateWith(samples, (tensors) => stack(tensors)) as Collated<Sample>;
}

/** Joins samples as {@link collate} does, but tensors in a way of one's own. */
export function collateWith<Joined>(samples: readonly unknown[], joinTensors: JoinTensors<Joined>): Batch<Joined> {
  if (samples.length === 0) {
    throw new GradtapeError('collate: there is nothing to join', {
      got: 'no samples',
      needs: 'at least one',
      fix: 'leave out empty batches',
    });
  }
  return join(samples, 'sample', joinTensors);
}

export type JoinTensors<Joined> = (tensors: readonly Tensor[], place: string) => Joined;

type Batch<Joined> = Joined | Tensor | string[] | Batch<Joined>[] | { [key: string]: Batch<Joined> };

function join<Joined>(parts: readonly unknown[], place: string, joinTensors: JoinTensors<Joined>): Batch<Joined> {
  const kind = kindOf(parts[0]);
  const other = parts.map(kindOf).find((each) => each !== kind);
  if (other !== undefined) failOnKinds(place, kind, other);
  switch (kind) {
    case 'tensor':
      return joinTensors(parts as Tensor[], place);
    case 'number':
      return fromArray(Int32Array.from(parts as number[], checkWhole), [parts.length]);
    case 'boolean':
      return fromArray(Uint8Array.from(parts as boolean[], Number), [parts.length]);
    case 'string':
      return [...parts] as string[];
    case 'tuple':
      return joinTuples(parts as unknown[][], place, joinTensors);
    case 'object':
      return joinObjects(parts as Record<string, unknown>[], place, joinTensors);
    default:
      return failOnKinds(place, kind, kind);
  }
}

function kindOf(part: unknown): string {
  if (part instanceof Tensor) return 'tensor';
  if (Array.isArray(part)) return 'tuple';
  return part === null ? 'null' : typeof part;
}

function checkWhole(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw new GradtapeError('collate: a number of a sample is no label', {
    got: `${value}`,
    needs: 'whole numbers below 2^31, which become int32',
    fix: 'return what is measured as a tensor: tensor(0.5) in place of 0.5',
  });
}

function joinTuples<Joined>(
  tuples: readonly (readonly unknown[])[],
  place: string,
  joinTensors: JoinTensors<Joined>,
): Batch<Joined>[] {
  const [first] = tuples as [readonly unknown[]];
  const odd = tuples.find((tuple) => tuple.length !== first.length);
  if (odd !== undefined) failOnKinds(place, `a tuple of ${first.length}`, `a tuple of ${odd.length}`);
  return first.map((_, i) =>
    join(
      tuples.map((tuple) => tuple[i]),
      `${place}[${i}]`,
      joinTensors,
    ),
  );
}

function joinObjects<Joined>(
  objects: readonly Record<string, unknown>[],
  place: string,
  joinTensors: JoinTensors<Joined>,
): Record<string, Batch<Joined>> {
  const keys = Object.keys(objects[0] as object);
  return Object.fromEntries(
    keys.map((key) => [
      key,
      join(
        objects.map((object) => object[key]),
        `${place}.${key}`,
        joinTensors,
      ),
    ]),
  );
}

function failOnKinds(place: string, first: string, other: string): never {
  throw new GradtapeError('collate: the samples cannot be joined', {
    got: first === other ? `${first} in ${place}` : `${first} and ${other} in ${place}`,
    needs: 'tensors, numbers, booleans, strings, or tuples and objects of them; the same in every sample',
    fix: 'return such samples from get, or pass a collate function to the DataLoader',
  });
}
