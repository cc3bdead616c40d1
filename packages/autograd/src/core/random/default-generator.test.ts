import { expect, test } from 'vitest';
import { defaultGenerator, manualSeed } from './default-generator.ts';
import { Generator } from './generator.ts';

test('a program that names no seed starts from seed 0', () => {
  expect(defaultGenerator().state).toEqual(new Generator(0).state);
});

test('manualSeed starts the default generator anew', () => {
  const generator = defaultGenerator();
  generator.uniform(new Float32Array(10));
  expect(manualSeed(42)).toBe(generator);
  expect(generator.uniform(new Float32Array(5))).toEqual(new Generator(42).uniform(new Float32Array(5)));
});

test('a bad seed is refused and changes nothing', () => {
  const before = manualSeed(3).state;
  expect(() => manualSeed(1.5)).toThrow(/manualSeed.*got: +1\.5.*needs: +a whole number/s);
  expect(defaultGenerator().state).toEqual(before);
});
