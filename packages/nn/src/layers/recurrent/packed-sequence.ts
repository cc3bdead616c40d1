// Sequences of different lengths in one tensor, without padding: PyTorch's torch.nn.utils.rnn.
import {
  concat,
  fromArray,
  full,
  GradtapeError,
  indexSelect,
  narrow,
  type Tensor,
  transpose,
} from '@gradtape/autograd';

/** Sequences time by time: the first entries of all, then the second ones of all that have so many, … */
export interface PackedSequence {
  /** `[Σ lengths, …]`. */
  readonly data: Tensor;
  /** How many sequences reach each time: it falls. */
  readonly batchSizes: readonly number[];
  /** The sequences by falling length, where they were not given so; null where they were. */
  readonly sortedIndices: readonly number[] | null;
  /** Where each of the sequences given is among the sorted ones; null as above. */
  readonly unsortedIndices: readonly number[] | null;
}

export interface BatchFirstOptions {
  /** Whether padded sequences are `[batch, time, …]` instead of `[time, batch, …]`. Default: false. */
  readonly batchFirst?: boolean;
}

export interface PackOptions {
  /** Whether the sequences must come by falling length; otherwise they are sorted, and results sorted back. Default: true. */
  readonly enforceSorted?: boolean;
}

export interface PaddingOptions extends BatchFirstOptions {
  /** What is put where a sequence has ended. Default: 0. */
  readonly paddingValue?: number;
}

export interface PadSequenceOptions extends PaddingOptions {
  /** The side of the padding. Default: `right`. */
  readonly paddingSide?: 'right' | 'left';
}

export interface PadPackedOptions extends PaddingOptions {
  /** How many times there shall be, at least as many as the longest has. Default: as many. */
  readonly totalLength?: number | null;
}

/** Lengths as numbers, or as a tensor of dtype int32. */
export type Lengths = readonly number[] | Tensor;

/**
 * Padded sequences without their padding. Recurrent layers take them, and never see a padded entry.
 *
 * @param input `[time, batch, …]`, or `[batch, time, …]` with batchFirst.
 * @param lengths How long each sequence is, from 1 to the size of the time.
 * @throws GradtapeError if the lengths do not fit the input, or do not fall and are not to be sorted.
 * @example
 * const packed = packPaddedSequence(tensor([[1, 4], [2, 5], [3, 0]]), [3, 2]);
 * packed.data; // [1, 4, 2, 5, 3]
 * packed.batchSizes; // [2, 2, 1]
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Lengths,
  { batchFirst = false, enforceSorted = true }: BatchFirstOptions & PackOptions = {},
): PackedSequence {
  const [times, batch] = timesAndBatch('packPaddedSequence', input, batchFirst);
  const given = checkLengths('packPaddedSequence', lengths, batch, times);
  const sorted = Array.from(given.keys()).sort((a, b) => given[b] - given[a]);
  const isSorted = sorted.every((index, k) => index === k);
  if (enforceSorted && !isSorted) failOnOrder(given);
  const ordered = sorted.map((k) => given[k]);
  const batchSizes = batchSizesOf(ordered);
  const places = batchSizes.flatMap((size, time) =>
    sorted.slice(0, size).map((b) => (batchFirst ? b * times + time : time * batch + b)),
  );
  const data = reorder(input.reshape([times * batch, ...input.shape.slice(2)]), 0, places);
  if (enforceSorted) return { data, batchSizes, sortedIndices: null, unsortedIndices: null };
  return { data, batchSizes, sortedIndices: sorted, unsortedIndices: inverted(sorted) };
}

/**
 * The padded sequences that were packed, in the order in which they came.
 *
 * @returns `[time, batch, …]`, or `[batch, time, …]` with batchFirst, and how long each sequence is.
 * @throws GradtapeError if `totalLength` is less than the longest.
 */
export function padPackedSequence(
  { data, batchSizes, unsortedIndices }: PackedSequence,
  { batchFirst = false, paddingValue = 0, totalLength = null }: PadPackedOptions = {},
): [padded: Tensor, lengths: readonly number[]] {
  const [longest, batch] = [batchSizes.length, batchSizes[0] ?? 0];
  const times = totalLength ?? longest;
  if (!(Number.isInteger(times) && times >= longest)) {
    throw new GradtapeError('padPackedSequence: totalLength is too short', {
      got: `totalLength ${totalLength} for sequences of up to ${longest}`,
      needs: `a whole number from ${longest}`,
      fix: 'leave it out for the length of the longest',
    });
  }
  const starts = startsOf(batchSizes);
  const order = unsortedIndices ?? Array.from({ length: batch }, (_, b) => b);
  const lengths = order.map((b) => batchSizes.filter((size) => size > b).length);
  const placeOf = (time: number, b: number): number => (time < lengths[b] ? starts[time] + order[b] : data.shape[0]);
  return [padded(data, placeOf, { times, batch, batchFirst, paddingValue }), lengths];
}

/**
 * Sequences of different lengths as one tensor.
 *
 * @param sequences `[lengthᵢ, …]` each, alike but for their lengths.
 * @returns `[longest, batch, …]`, or `[batch, longest, …]` with batchFirst.
 * @throws GradtapeError if there are none, or they differ in more than their length.
 * @example
 * padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true }); // [[1, 2, 3], [4, 0, 0]]
 */
export function padSequence(
  sequences: readonly Tensor[],
  { batchFirst = false, paddingValue = 0, paddingSide = 'right' }: PadSequenceOptions = {},
): Tensor {
  const lengths = checkSequences('padSequence', sequences);
  if (paddingSide !== 'right' && paddingSide !== 'left') {
    throw new GradtapeError('padSequence: no such side', {
      got: `paddingSide '${paddingSide}'`,
      needs: "'right' or 'left'",
      fix: "leave it out for 'right'",
    });
  }
  const data = concat(sequences);
  const starts = startsOf(lengths);
  const times = Math.max(...lengths);
  const placeOf = (time: number, b: number): number => {
    const at = paddingSide === 'left' ? time - (times - lengths[b]) : time;
    return at >= 0 && at < lengths[b] ? starts[b] + at : data.shape[0];
  };
  return padded(data, placeOf, { times, batch: lengths.length, batchFirst, paddingValue });
}

/**
 * Sequences of different lengths, packed.
 *
 * @param sequences `[lengthᵢ, …]` each, alike but for their lengths, by falling length unless `enforceSorted` is false.
 * @throws GradtapeError as {@link padSequence} and {@link packPaddedSequence}.
 */
export function packSequence(sequences: readonly Tensor[], { enforceSorted = true }: PackOptions = {}): PackedSequence {
  const lengths = checkSequences('packSequence', sequences);
  return packPaddedSequence(padSequence(sequences), lengths, { enforceSorted });
}

/**
 * The sequences in padded ones: {@link padSequence} turned round. Views.
 *
 * @param input `[time, batch, …]`, or `[batch, time, …]` with batchFirst.
 * @throws GradtapeError if the lengths do not fit the input.
 */
export function unpadSequence(
  input: Tensor,
  lengths: Lengths,
  { batchFirst = false }: BatchFirstOptions = {},
): Tensor[] {
  const [times, batch] = timesAndBatch('unpadSequence', input, batchFirst);
  const batches = batchFirst ? input : transpose(input, 0, 1);
  return checkLengths('unpadSequence', lengths, batch, times).map((length, b) =>
    narrow(batches.select(0, b), 0, 0, length),
  );
}

/** The sequences that were packed, in the order in which they came. Views of their padded form. */
export function unpackSequence(packed: PackedSequence): Tensor[] {
  return unpadSequence(...padPackedSequence(packed));
}

/** Whole indices of a dim in another order, or some of them; null leaves it as it is. */
export function reorder(x: Tensor, dim: number, order: readonly number[] | null): Tensor {
  return order === null ? x : indexSelect(x, dim, fromArray(Int32Array.from(order), [order.length]));
}

/** How many sequences reach each time, from their lengths, which fall. */
function batchSizesOf(lengths: readonly number[]): number[] {
  return Array.from({ length: lengths[0] ?? 0 }, (_, time) => lengths.filter((length) => length > time).length);
}

function startsOf(sizes: readonly number[]): number[] {
  let start = 0;
  return sizes.map((size) => {
    start += size;
    return start - size;
  });
}

function inverted(order: readonly number[]): number[] {
  const places = new Array<number>(order.length);
  for (const [k, place] of order.entries()) places[place] = k;
  return places;
}

interface PaddedForm {
  readonly times: number;
  readonly batch: number;
  readonly batchFirst: boolean;
  readonly paddingValue: number;
}

/** Rows put into times and batch; the place after the last row stands for padding. */
function padded(
  data: Tensor,
  placeOf: (time: number, b: number) => number,
  { times, batch, batchFirst, paddingValue }: PaddedForm,
): Tensor {
  const features = data.shape.slice(1);
  const withPadding = concat([data, full([1, ...features], paddingValue, { dtype: data.dtype })]);
  const sizes = batchFirst ? [batch, times] : [times, batch];
  const places = Array.from({ length: times * batch }, (_, k) => {
    const [outer, inner] = [Math.floor(k / sizes[1]), k % sizes[1]];
    return batchFirst ? placeOf(inner, outer) : placeOf(outer, inner);
  });
  return reorder(withPadding, 0, places).reshape([...sizes, ...features]);
}

function timesAndBatch(operation: string, input: Tensor, batchFirst: boolean): [times: number, batch: number] {
  const [first, second] = input.shape;
  if (second !== undefined) return batchFirst ? [second, first] : [first, second];
  throw new GradtapeError(`${operation}: not padded sequences`, {
    got: `shape [${input.shape.join(', ')}]`,
    needs: '[time, batch, …], or [batch, time, …] with { batchFirst: true }',
    fix: 'one sequence alone needs no padding; unsqueeze adds a batch',
  });
}

function checkLengths(operation: string, lengths: Lengths, batch: number, times: number): number[] {
  const numbers = 'dtype' in lengths ? Array.from(lengths.toTypedArray()) : [...lengths];
  if (numbers.length === batch && numbers.every((n) => Number.isInteger(n) && n >= 1 && n <= times)) return numbers;
  throw new GradtapeError(`${operation}: the lengths do not fit the sequences`, {
    got: `lengths [${numbers.join(', ')}] for ${batch} sequences of ${times} times`,
    needs: `${batch} whole numbers from 1 to ${times}`,
    fix: 'check batchFirst: without it the time is dim 0 and the batch dim 1',
  });
}

function failOnOrder(lengths: readonly number[]): never {
  throw new GradtapeError('packPaddedSequence: the sequences do not come by falling length', {
    got: `lengths [${lengths.join(', ')}]`,
    needs: 'the longest first',
    fix: '{ enforceSorted: false } sorts them, and sorts results back',
  });
}

function checkSequences(operation: string, sequences: readonly Tensor[]): number[] {
  const features = sequences.map(({ shape }) => shape.slice(1).join());
  const fits = sequences.length > 0 && sequences.every((x, k) => x.rank > 0 && features[k] === features[0]);
  if (fits) return sequences.map(({ shape }) => shape[0]);
  throw new GradtapeError(`${operation}: these are not sequences that differ in their lengths alone`, {
    got: sequences.map(({ shape }) => `[${shape.join(', ')}]`).join(', ') || 'none',
    needs: 'one or more of shape [length, …]',
    fix: 'the time is dim 0 of each sequence',
  });
}
