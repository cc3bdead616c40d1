import { describe, test } from 'vitest';
import { type Floor, registry } from '../registry.ts';
import { hold } from './expect-laws.ts';
import { trials } from './trials.ts';

const floors: readonly Floor[] = ['linear', 'bilinear', 'smooth', 'piecewise'];

describe.each(floors)('every %s primitive', (floor) => {
  describe.each(trials(floor))('$where', (trial) => {
    describe.each(Object.entries(trial.laws))('%s', (_, law) => {
      test.each(registry[floor])('$name', (primitive) => hold(law, primitive, trial));
    });
  });
});
