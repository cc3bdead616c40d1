import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import katex from 'katex';
import { expect, test } from 'vitest';
import { tensor } from '../index.ts';
import { derivation, withFonts } from './index.ts';

const folder = dirname(createRequire(import.meta.url).resolve('katex'));
const read = (file: string): Uint8Array => readFileSync(join(folder, file));
const css = readFileSync(join(folder, 'katex.css'), 'utf8');

test("KaTeX's style sheet holds every font, and names no file any more", () => {
  const faces = css.match(/@font-face/g)?.length;
  const addresses = [...withFonts(css, read).matchAll(/url\(([^)]*)\)/g)].map(([, address]) => address);
  expect(faces).toBeGreaterThan(10);
  expect(addresses).toHaveLength(faces as number);
  for (const address of addresses) expect(address).toMatch(/^data:font\/woff2;base64,[A-Za-z0-9+/]{1000,}=*$/);
});

test('the bytes are those of the file', () => {
  const written = withFonts(
    `@font-face{src:url('a.woff2') format('woff2'),url(a.ttf) format('truetype')}p{margin:0}`,
    () => Uint8Array.of(0, 255, 128, 7),
  );
  expect(written).toBe('@font-face{src: url(data:font/woff2;base64,AP+ABw==) format("woff2")}p{margin:0}');
});

test('a page with it asks for nothing', () => {
  const html = derivation((x) => x.square().sum(), { x: tensor([1, 2]) }).toHTML({ katex, css: withFonts(css, read) });
  expect(html).toContain('katex-html');
  expect(html).not.toMatch(/<(link|script|img|iframe)|@import|\b(src|href)=|url\((?!data:)/);
});
