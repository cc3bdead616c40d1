import type { Told } from '../course.ts';
import type { ItemName } from '../items.ts';
import { display } from './display.ts';

/** What a lesson says of a run, and what was measured. */
export interface Claim extends Told {
  /** What of the documents it shows. */
  readonly shows?: readonly ItemName[];
  /** The numbers, as text with units: rounded so far that they are the same on every machine. */
  readonly measured: string | number;
  /** Whether it is so. A claim that does not hold ends the run. */
  readonly holds: boolean;
  /** Where the documents say something else: what they say. */
  readonly documentSays?: Told;
}

/** The media type under which a notebook keeps a claim, for the table of what the documents state. */
export const claimType = 'application/vnd.gradtape.claim+json';

/**
 * States what was measured, in the notebook and for the table in the docs.
 *
 * @throws Error if it does not hold.
 */
export async function claim({ holds, ...stated }: Claim): Promise<void> {
  const { en, zh, measured, documentSays } = stated;
  if (!holds) throw new Error(`A claim does not hold: ${en}. Measured: ${measured}`);
  const sides = documentSays === undefined ? '' : `\n  ≠ ${documentSays.en}（${documentSays.zh}）`;
  await display({ [claimType]: stated, 'text/plain': `✓ ${en}\n  ${zh}\n  → ${measured}${sides}` });
}
