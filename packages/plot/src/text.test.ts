import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCount, printable, shortenText, textWidth, widestText, wrapText } from './text.ts';

const require = createRequire(import.meta.url);
const fontFiles = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));

/** The width of what is drawn, that is without the space that the font leaves at both ends. */
function drawnWidth(text: string, weight: 'normal' | 'bold'): number {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const style = `font-family="DejaVu Sans" font-size="100" font-weight="${weight}" xml:space="preserve"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="100" ${style}>${escaped}</text></svg>`;
  return new Resvg(svg, { font: { fontFiles, loadSystemFonts: false } }).getBBox()?.width ?? 0;
}

const blocks = {
  Latin: [0x21, 0x17f],
  Greek: [0x370, 0x3ff],
  Cyrillic: [0x400, 0x45f],
  'sub- and superscripts': [0x2070, 0x209c],
  arrows: [0x2190, 0x21ff],
  'mathematical operators up to ∬': [0x2200, 0x222c],
  'mathematical relations': [0x2231, 0x22d7],
} as const;

test.each(Object.entries(blocks))('%s characters are no wider than said', (_name, [first, last]) => {
  const characters = Array.from({ length: last - first + 1 }, (_, i) => String.fromCodePoint(first + i));
  const visible = characters.filter((character) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(character));
  for (const weight of ['normal', 'bold'] as const) {
    const tooWide = visible.filter((character) => drawnWidth(character, weight) > textWidth(character, 100, weight));
    expect(tooWide).toEqual([]);
  }
});

test('the width is near the true one for English words', () => {
  for (const text of ['cross-entropy', 'Learning rate 0.001', 'validation', 'MNIST, 784-128-10']) {
    const width = textWidth(text, 100);
    expect(width).toBeGreaterThanOrEqual(drawnWidth(text, 'normal'));
    expect(width).toBeLessThan(1.25 * drawnWidth(text, 'normal'));
  }
});

test('the widest of several texts', () => {
  expect(widestText(['i', 'mmm', 'a'], 10)).toBe(textWidth('mmm', 10));
  expect(widestText([], 10)).toBe(0);
});

test('wrapping loses nothing, and no line is too wide', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 20, max: 300 }), (text, width) => {
      const lines = wrapText(text, width, 12);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(/[ \r\n]/g, ''));
      for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(width);
    }),
  );
});

test('wrapping breaks at spaces, in words only where it must, and at line ends', () => {
  expect(wrapText('one two three', 60, 12)).toEqual(['one two', 'three']);
  expect(wrapText('abcdefghijkl', 40, 12)).toEqual(['abcde', 'fghijk', 'l']);
  expect(wrapText('one\ntwo', 1000, 12)).toEqual(['one', 'two']);
});

test('text is shortened to fit one line', () => {
  expect(shortenText('learning rate', 200, 12)).toBe('learning rate');
  expect(shortenText('learning rate', 60, 12)).toBe('learnin…');
  expect(shortenText('learning\r\nrate\nof', 200, 12)).toBe('learning rate of');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 14, max: 200 }), (text, width) => {
      expect(textWidth(shortenText(text, width, 12), 12)).toBeLessThanOrEqual(width);
    }),
  );
});

test('what XML cannot hold is replaced, all else kept', () => {
  expect(printable('a\u0000b\ud800c\uffffd')).toBe('a\ufffdb\ufffdc\ufffdd');
  expect(printable('tab\t, ∂ 😀 <&>')).toBe('tab\t, ∂ 😀 <&>');
});

test('counts have commas', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
});
