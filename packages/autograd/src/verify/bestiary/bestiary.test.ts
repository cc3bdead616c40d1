import { describe, expect, test } from 'vitest';
import { laws } from '../laws.ts';
import { lawsThatCatch } from './catch.ts';
import { bestiary } from './index.ts';

const beasts = Object.values(bestiary).flat();

describe.each(Object.entries(bestiary))('%s', (_, ofKind) => {
  test.each(ofKind)('$wrong: $caughtBy', (beast) => {
    expect(lawsThatCatch(beast, [beast.caughtBy])).toEqual([beast.caughtBy]);
  });
});

test('each is wrong in a way of its own', () => {
  expect(new Set(beasts.map(({ wrong }) => wrong)).size).toBe(beasts.length);
});

test('every law catches one of them', () => {
  const floors = ['linear', 'bilinear', 'smooth', 'piecewise'] as const;
  const names = new Set(floors.flatMap((floor) => Object.keys(laws(floor))));
  const caught = new Set(beasts.map(({ caughtBy }) => caughtBy));
  expect([...names].filter((name) => !caught.has(name))).toEqual([]);
});

test('a right primitive is no beast', () => {
  const [{ right, degreeOfRight, ...beast }] = beasts;
  expect(lawsThatCatch({ ...beast, right, degreeOfRight, primitive: right })).toEqual([]);
});
