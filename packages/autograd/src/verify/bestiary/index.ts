import type { Beast } from './beast.ts';
import { broadcasts } from './broadcasts.ts';
import { degrees } from './degrees.ts';
import { factors } from './factors.ts';
import { indices } from './indices.ts';
import { manners } from './manners.ts';
import { masks } from './masks.ts';
import { missingTerms } from './missing-terms.ts';
import { modes } from './modes.ts';
import { partialDerivatives } from './partials.ts';
import { softmaxes } from './softmax.ts';
import { statistics } from './statistics.ts';
import { transposes } from './transposes.ts';

export type { Beast } from './beast.ts';

/** Wrong on purpose, one way each, by the kind of mistake: a law that catches none of them is too weak. */
export const bestiary: Readonly<Record<string, readonly Beast[]>> = {
  'A constant factor': factors,
  'A transpose': transposes,
  'A broadcast': broadcasts,
  'A partial derivative': partialDerivatives,
  'A mask': masks,
  'An output and its loss': softmaxes,
  Statistics: statistics,
  'A missing term': missingTerms,
  'An index': indices,
  'One mode, one order': modes,
  Manners: manners,
  'The degree': degrees,
};
