import { expect, test } from 'vitest';
import { colourOf, dashOf, ink, palette, quietInk, tint } from './style.ts';

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrastOnWhite(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05);
}

test('text has the contrast that WCAG asks for, and no series vanishes on white', () => {
  expect(contrastOnWhite(ink)).toBeGreaterThan(7);
  expect(contrastOnWhite(quietInk)).toBeGreaterThan(4.5);
  for (const colour of palette) expect(contrastOnWhite(colour)).toBeGreaterThan(2);
});

test('no two of 28 series look the same', () => {
  const looks = Array.from({ length: 28 }, (_, i) => `${colourOf(i)} ${dashOf(i)}`);
  expect(new Set(looks).size).toBe(28);
});

test('a tint goes from white to the colour', () => {
  expect([0, 0.5, 1].map((amount) => tint('#0072b2', amount))).toEqual(['#ffffff', '#80b9d9', '#0072b2']);
});
