// The one file that knows what a platform has: a document to draw in, a rasterizer, files.
// The libraries are loaded when first needed, so that a page that bundles this package gets none of them.
import type * as fs from 'node:fs/promises';
import type * as path from 'node:path';
import { GradtapeError } from '@gradtape/autograd';
import type * as resvg from '@resvg/resvg-js';
import type * as linkedom from 'linkedom';

type Require = ReturnType<typeof import('node:module').createRequire>;

function nodeRequire(operation: string, fix: string): Require {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  if (module !== undefined) return module.createRequire(import.meta.url);
  throw new GradtapeError(operation, { got: 'a platform without Node modules', needs: 'Node or Deno', fix });
}

let drawing: Document | undefined;

/** The document that pictures are drawn in: the page's own in a browser, else one of linkedom. */
export function drawingDocument(): Document {
  if (globalThis.document !== undefined) return globalThis.document;
  if (drawing === undefined) {
    const require = nodeRequire('picture: there is no document to draw in', 'draw in a page or in Node');
    const { DOMParser } = require('linkedom') as typeof linkedom;
    // As an SVG document it escapes attributes as XML wants them; an HTML one does not.
    const svg = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');
    drawing = svg as unknown as Document;
  }
  return drawing;
}

/** The XML text of a drawing. */
export function serialize(svg: SVGSVGElement): string {
  return globalThis.XMLSerializer === undefined ? svg.outerHTML : new XMLSerializer().serializeToString(svg);
}

/** The bytes of a PNG of an SVG text, `scale` pixels for each unit, drawn with the DejaVu fonts only. */
export function rasterize(svg: string, scale: number): Uint8Array {
  const require = nodeRequire('png: pictures become PNG in Node only', 'show or download picture.svg instead');
  const { Resvg } = require('@resvg/resvg-js') as typeof resvg;
  const fontFiles = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) =>
    require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`),
  );
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return new Uint8Array(new Resvg(svg, { font, fitTo: { mode: 'zoom', value: scale } }).render().asPng());
}

/** Writes a file, and the folders that lead to it. */
export async function writeFile(file: string, contents: string | Uint8Array): Promise<void> {
  const require = nodeRequire('save: files are written in Node only', 'use picture.svg');
  const { mkdir, writeFile } = require('node:fs/promises') as typeof fs;
  const { dirname } = require('node:path') as typeof path;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
}
