import { describe, test } from 'vitest';
import { registry } from '../registry.ts';
import { hold } from './expect-laws.ts';
import { laws, lawsEverywhere } from './laws.ts';

const floors = ['linear', 'bilinear', 'smooth', 'piecewise'] as const;

describe.each(floors)('every %s primitive', (floor) => {
  describe.each(Object.entries(laws(floor)))('%s', (_, law) => {
    test.each(registry[floor].map((primitive) => [primitive.name, primitive] as const))('%s', (_, primitive) => {
      hold(law, primitive);
    });
  });
});

describe.each(floors)('every %s primitive, also at kinks and ties', (floor) => {
  describe.each(Object.entries(lawsEverywhere(floor)))('%s', (_, law) => {
    test.each(registry[floor].map((primitive) => [primitive.name, primitive] as const))('%s', (_, primitive) => {
      hold(law, primitive, { atKinks: true });
    });
  });
});
