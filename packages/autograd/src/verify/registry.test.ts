import { describe, test } from 'vitest';
import { type Floor, registry } from '../registry.ts';
import type { Primitive } from '../tape/primitive.ts';
import { hold } from './expect-laws.ts';
import { laws, lawsEverywhere } from './laws.ts';

const floors: readonly Floor[] = ['linear', 'bilinear', 'smooth', 'piecewise'];

function byName(floor: Floor): readonly (readonly [string, Primitive])[] {
  return registry[floor].map((primitive) => [primitive.name, primitive]);
}

describe.each(floors)('every %s primitive', (floor) => {
  describe.each(Object.entries(laws(floor)))('%s', (_, law) => {
    test.each(byName(floor))('%s', (_, primitive) => hold(law, primitive));
  });
});

describe.each(floors)('every %s primitive, also at kinks and ties', (floor) => {
  describe.each(Object.entries(lawsEverywhere(floor)))('%s', (_, law) => {
    test.each(byName(floor))('%s', (_, primitive) => hold(law, primitive, { runs: 25, entries: 'halves' }));
  });
});

describe.each(floors)('every %s primitive, also at NaN, infinities and zeros of both signs', (floor) => {
  const { valueFollowsFormula, nothingIsWritten, cotangentsDependOnNothingElse } = laws(floor);
  const lawsOfSpecials = { valueFollowsFormula, nothingIsWritten, cotangentsDependOnNothingElse };
  describe.each(Object.entries(lawsOfSpecials))('%s', (_, law) => {
    test.each(byName(floor))('%s', (_, primitive) => hold(law, primitive, { runs: 100, entries: 'special' }));
  });
});

describe.each(floors)('every %s primitive, also of whole numbers', (floor) => {
  const { valueFollowsFormula } = laws(floor);
  test.each(byName(floor))('%s', (_, primitive) => hold(valueFollowsFormula, primitive, { dtypes: ['int32'] }));
});
