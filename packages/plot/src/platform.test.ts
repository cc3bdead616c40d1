import { parseHTML } from 'linkedom';
import { afterEach, expect, test, vi } from 'vitest';
import { lineChart } from './line-chart.ts';
import { drawingDocument } from './platform.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('outside of a page there is one document', () => {
  expect(drawingDocument()).toBe(drawingDocument());
});

test('in a page its own document is drawn in, and its serializer used', () => {
  const { document } = parseHTML('<html><body></body></html>');
  const serialized: unknown[] = [];
  class PageSerializer {
    serializeToString(node: Element): string {
      serialized.push(node.ownerDocument);
      return node.outerHTML;
    }
  }
  vi.stubGlobal('document', document);
  vi.stubGlobal('XMLSerializer', PageSerializer);
  expect(drawingDocument()).toBe(document);
  expect(lineChart({ loss: [2, 1] }).svg).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(serialized).toEqual([document]);
});

test('without Node, what only Node can do says so', async () => {
  const picture = lineChart({ loss: [2, 1] });
  vi.stubGlobal('process', undefined);
  expect(() => picture.png()).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: png: pictures become PNG in Node only
      got:   a platform without Node modules
      needs: Node or Deno
      fix:   show or download picture.svg instead]
  `);
  await expect(picture.save('picture.svg')).rejects.toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: save: files are written in Node only
      got:   a platform without Node modules
      needs: Node or Deno
      fix:   use picture.svg]
  `);
});
