import type { Size } from '../sizes.ts';

/** A factor that is easily forgotten, or put in once too often. */
interface Origin {
  readonly factor: number;
  readonly says: string;
}

const two: readonly Origin[] = [
  { factor: 2, says: '_is_ twice what _it_ must be: a factor ½ is missing, or a 2 too many' },
  { factor: 1 / 2, says: '_is_ half of what _it_ must be: a factor 2 is missing (of a square?), or a ½ too many' },
];

function ofSize({ size, says, letter }: Size): readonly Origin[] {
  const [name, over] = [letter ?? String(size), letter === 'm' ? 'the mean over the batch' : 'the division by it'];
  return [
    {
      factor: size,
      says: `_is_ ${size} times too large: ${size} is ${says}, so ${over} is missing (divide by ${name})`,
    },
    {
      factor: 1 / size,
      says: `_is_ ${size} times too small: ${size} is ${says}, so there is a mean in the place of a sum, or a division by ${name} too many`,
    },
  ];
}

function ofRoot({ size, says }: Size): readonly Origin[] {
  return [
    {
      factor: Math.sqrt(size),
      says: `_is_ √${size} times too large: ${size} is ${says}, and a factor 1/√${size} is missing`,
    },
    {
      factor: 1 / Math.sqrt(size),
      says: `_is_ √${size} times too small: ${size} is ${says}, and there is a factor 1/√${size} too many`,
    },
  ];
}

function ofOneLess({ size, says, letter }: Size): readonly Origin[] {
  if (size < 3) return [];
  const n = letter ?? String(size);
  return [
    {
      factor: size / (size - 1),
      says: `_is_ ${size} / ${size - 1} times too large: ${size} is ${says}, and ${n} - 1 is divided by where ${n} belongs`,
    },
    {
      factor: (size - 1) / size,
      says: `_is_ ${size} / ${size - 1} times too small: ${size} is ${says}, and ${n} is divided by where ${n} - 1 belongs`,
    },
  ];
}

function withTwo({ size, says }: Size): readonly Origin[] {
  return [
    { factor: 2 * size, says: `_is_ 2 · ${size} times too large: ${size} is ${says}` },
    { factor: size / 2, says: `_is_ ${size} / 2 times too large: ${size} is ${says}` },
    { factor: 2 / size, says: `_is_ ${size} / 2 times too small: ${size} is ${says}` },
    { factor: 1 / (2 * size), says: `_is_ 2 · ${size} times too small: ${size} is ${says}` },
  ];
}

/** A search asks for them a thousand times. */
const known = new WeakMap<readonly Size[], readonly Origin[]>();

function originsOf(sizes: readonly Size[]): readonly Origin[] {
  const before = known.get(sizes);
  if (before !== undefined) return before;
  const origins = [...two, ...[ofSize, ofRoot, withTwo, ofOneLess].flatMap((of) => sizes.flatMap(of))];
  known.set(sizes, origins);
  return origins;
}

/** What a factor comes from, in words; undefined if nothing is known that it could be. */
export function originOf(c: number, sizes: readonly Size[], tolerance: number): string | undefined {
  if (Math.abs(c) < tolerance) return '_is_ zero everywhere';
  if (Math.abs(c + 1) < tolerance) return '_has_ the wrong sign';
  const found = originsOf(sizes).find(({ factor }) => Math.abs(Math.abs(c) / factor - 1) < tolerance);
  return found && (c < 0 ? `_has_ the wrong sign, and ${found.says}` : found.says);
}
