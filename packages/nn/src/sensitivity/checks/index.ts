import * as activations from './activations.ts';
import * as backpropagate from './backpropagate.ts';
import * as batch from './batch.ts';
import type { Check } from './check.ts';
import * as dense from './dense.ts';
import * as descent from './descent.ts';
import * as exercises from './exercises.ts';
import * as losses from './losses.ts';
import * as neuron from './neuron.ts';
import * as orthogonal from './orthogonal.ts';
import * as pairings from './pairings.ts';
import * as rates from './rates.ts';
import * as sublayers from './sublayers.ts';
import * as truthTables from './truth-tables.ts';

/** The checks of all rules, by the file that they are in. */
export const checks: Readonly<Record<string, readonly Check[]>> = {
  neuron: neuron.checks,
  'truth-tables': truthTables.checks,
  activations: activations.checks,
  dense: dense.checks,
  batch: batch.checks,
  losses: losses.checks,
  pairings: pairings.checks,
  sublayers: sublayers.checks,
  backpropagate: backpropagate.checks,
  descent: descent.checks,
  rates: rates.checks,
  orthogonal: orthogonal.checks,
  exercises: exercises.checks,
};
