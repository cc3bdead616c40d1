import { expect, test } from 'vitest';
import { bestiary } from './bestiary.ts';
import { isBroken } from './expect-laws.ts';
import { laws } from './laws.ts';

test.each(bestiary.map((beast) => [beast.wrong, beast.caughtBy, beast] as const))('%s: %s', (_, name, beast) => {
  expect(isBroken(laws(beast.floor)[name], beast.primitive)).toBe(true);
});

test('every law catches one of them', () => {
  const floors = ['linear', 'bilinear', 'smooth', 'piecewise'] as const;
  const names = new Set(floors.flatMap((floor) => Object.keys(laws(floor))));
  const caught = new Set(bestiary.map((beast) => beast.caughtBy));
  expect([...names].filter((name) => !caught.has(name))).toEqual([]);
});
