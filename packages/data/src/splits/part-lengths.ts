import { GradtapeError } from '@gradtape/autograd';

/**
 * How many samples go into each part. Fractions that sum to 1 are of all samples, rounded down; what is left over goes one
 * each to the first parts. Source: `torch.utils.data.random_split`.
 *
 * @throws GradtapeError if the lengths are neither counts that sum to the number of samples, nor fractions that sum to 1.
 */
export function partLengths(operation: string, lengths: readonly number[], samples: number): number[] {
  const sum = lengths.reduce((total, length) => total + length, 0);
  if (lengths.length === 0 || !lengths.every((length) => length >= 0))
    return failOnLengths(operation, lengths, samples);
  // As close to 1 as Python's `math.isclose` takes for the same.
  if (Math.abs(sum - 1) <= 1e-9) {
    const parts = lengths.map((fraction) => Math.floor(samples * fraction));
    const rest = samples - parts.reduce((total, part) => total + part, 0);
    return parts.map((part, i) => part + (i < rest ? 1 : 0));
  }
  if (!lengths.every(Number.isInteger) || sum !== samples) return failOnLengths(operation, lengths, samples);
  return [...lengths];
}

function failOnLengths(operation: string, lengths: readonly number[], samples: number): never {
  const sum = lengths.reduce((total, length) => total + length, 0);
  throw new GradtapeError(`${operation}: the lengths do not divide the dataset`, {
    got: lengths.length === 0 ? 'no lengths' : `[${lengths.join(', ')}], in sum ${sum}`,
    needs: `counts that sum to ${samples}, or fractions that sum to 1; none below 0`,
    fix: 'write [0.8, 0.2], or [n, dataset.length - n]',
  });
}
