import { fromArray, full, GradtapeError, type Tensor } from '@gradtape/autograd';
import { type Collated, collateWith } from './collate.ts';

/** Sequences of different lengths in one tensor. */
export interface Padded {
  /** The sequences, each as long as the longest: [samples, longest, …]. */
  readonly values: Tensor;
  /** How long each was: int32 [samples]. */
  readonly lengths: Tensor;
  /** Where `values` holds no entry of a sequence, as `keyPaddingMask` of attention takes it: bool [samples, longest]. */
  readonly paddingMask: Tensor;
}

/** What `padCollate` makes of samples: as `collate`, but every tensor is {@link Padded}. */
export type PadCollated<Sample> = Sample extends Tensor
  ? Padded
  : Sample extends number | boolean | string
    ? Collated<Sample>
    : { -readonly [Key in keyof Sample]: PadCollated<Sample[Key]> };

export interface PadCollateOptions {
  /** What stands in place of missing entries. Default: 0. */
  readonly paddingValue?: number;
  /** On which side of the sequence it stands. Default: 'right'. */
  readonly paddingSide?: 'left' | 'right';
}

/**
 * A collate function for samples whose tensors are sequences of different lengths along their first dim, such as
 * [length] or [length, features]: each is padded to the longest of the batch. Numbers, booleans and texts are joined as by
 * `collate`, in tuples and objects alike.
 *
 * @throws GradtapeError if the side is none; on samples, as `collate` does, and if tensors have no dim, or differ in dtype
 * or in another size than the first.
 * @example
 * const samples = [{ tokens: tensor([5, 6, 7]), label: 1 }, { tokens: tensor([8]), label: 0 }];
 * const { tokens, label } = padCollate()(samples);
 * tokens.values; // [[5, 6, 7], [8, 0, 0]]
 * tokens.lengths; // [3, 1]
 * tokens.paddingMask; // [[false, false, false], [false, true, true]]
 */
export function padCollate(
  options: PadCollateOptions = {},
): <Sample>(samples: readonly Sample[]) => PadCollated<Sample> {
  const { paddingValue = 0, paddingSide = 'right' } = options;
  if (paddingSide !== 'left' && paddingSide !== 'right') failOnSide(paddingSide);
  return <Sample>(samples: readonly Sample[]) =>
    // Which of its branches the type takes is known here only at run time.
    collateWith(samples, (tensors, place) => pad(tensors, place, { paddingValue, paddingSide })) as PadCollated<Sample>;
}

function pad(sequences: readonly Tensor[], place: string, options: Required<PadCollateOptions>): Padded {
  const [first] = sequences as readonly [Tensor];
  checkSequences(sequences, first, place);
  const lengths = Int32Array.from(sequences, (sequence) => sequence.shape[0]);
  const longest = Math.max(...lengths);
  const rest = first.shape.slice(1);
  const width = rest.reduce((product, size) => product * size, 1);
  const values = full([sequences.length, longest, ...rest], options.paddingValue, {
    dtype: first.dtype,
  }).toTypedArray();
  const mask = new Uint8Array(sequences.length * longest).fill(1);
  sequences.forEach((sequence, i) => {
    const length = lengths[i];
    const begin = i * longest + (options.paddingSide === 'left' ? longest - length : 0);
    values.set(sequence.toTypedArray(), begin * width);
    mask.fill(0, begin, begin + length);
  });
  return {
    values: fromArray(values, [sequences.length, longest, ...rest]),
    lengths: fromArray(lengths, [sequences.length]),
    paddingMask: fromArray(mask, [sequences.length, longest]),
  };
}

function checkSequences(sequences: readonly Tensor[], first: Tensor, place: string): void {
  const restOf = (x: Tensor): string => `${x.rank} ${x.dtype} ${x.shape.slice(1)}`;
  const odd = sequences.find((sequence) => sequence.rank === 0 || restOf(sequence) !== restOf(first));
  if (odd === undefined) return;
  const show = (x: Tensor): string => `[${x.shape.join(', ')}] ${x.dtype}`;
  throw new GradtapeError('padCollate: the sequences cannot be padded to one shape', {
    got: odd.rank === 0 ? `a tensor without dims in ${place}` : `${show(first)} and ${show(odd)} in ${place}`,
    needs: 'tensors of one dtype, whose shapes differ in the first size only',
    fix:
      odd.rank === 0 ? 'return labels as numbers, or of shape [1]' : 'put the dim that varies first: x.transpose(0, 1)',
  });
}

function failOnSide(side: string): never {
  throw new GradtapeError('padCollate: no such side', {
    got: `paddingSide '${side}'`,
    needs: "'left' or 'right'",
    fix: "leave it out for 'right'",
  });
}
