import { GradtapeError } from '@gradtape/autograd';
import { base64 } from './base64.ts';
import { onDarkPaper } from './dark.ts';
import { rasterize, writeFile } from './platform.ts';

/** Sharp enough on any screen, and small enough to be kept in a notebook. */
const notebookScale = 1.5;

/** A finished drawing. The same data and options give the same bytes. */
export class Picture {
  /** A whole SVG file. */
  readonly svg: string;
  /** In CSS pixels. */
  readonly width: number;
  /** In CSS pixels. */
  readonly height: number;

  static {
    // How it shows itself as the last value of a cell in a notebook of Deno.
    Object.defineProperty(Picture.prototype, Symbol.for('Jupyter.display'), {
      value(this: Picture) {
        return { 'image/png': base64(this.png(notebookScale)), 'text/plain': `${this.width} × ${this.height} pixels` };
      },
    });
  }

  constructor(svg: string, width: number, height: number) {
    this.svg = svg;
    this.width = width;
    this.height = height;
  }

  /**
   * The bytes of a PNG file, `scale` image pixels for each CSS pixel. Node and Deno only.
   *
   * @throws GradtapeError if `scale` is not a positive number, or in a browser.
   */
  png(scale = 2): Uint8Array {
    if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) {
      throw new GradtapeError('png: the scale is not positive', {
        got: `scale ${scale}`,
        needs: 'image pixels for each CSS pixel, a positive number',
        fix: 'use 1 for the size of the SVG, 2 for sharp text',
      });
    }
    return rasterize(this.svg, scale);
  }

  /** The same drawing on dark paper: lightness turned around, hues and images kept. */
  inDark(): Picture {
    return new Picture(onDarkPaper(this.svg), this.width, this.height);
  }

  /**
   * Writes `path`.svg and `path`.png, or only the one whose extension `path` already has; makes the folders.
   * Returns the paths written. Node and Deno only.
   */
  async save(path: string): Promise<string[]> {
    const files = /\.(svg|png)$/.test(path) ? [path] : [`${path}.svg`, `${path}.png`];
    for (const file of files) await writeFile(file, file.endsWith('.svg') ? this.svg : this.png());
    return files;
  }
}
