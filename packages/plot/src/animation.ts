import { GradtapeError } from '@gradtape/autograd';
import { base64 } from './base64.ts';
import type { Picture } from './picture.ts';
import { writeFile } from './platform.ts';

export interface AnimationOptions {
  /** How long each picture is shown, in seconds. Default 0.4. */
  readonly secondsEach?: number;
  /** How long the last one is shown, in seconds. Default 2. */
  readonly secondsLast?: number;
  /** Image pixels for each CSS pixel. Default 1. */
  readonly scale?: number;
}

/**
 * Pictures of one size, one after the other, over and over: a boundary as it learns. A PNG with further frames (APNG), which
 * every browser plays, and which shows the last picture where only the first is seen. Node and Deno only.
 *
 * @example
 * const at = (epoch: number): Picture => lineChart({ loss: [3, 2, 1].slice(0, epoch + 1) }, { title: `Epoch ${epoch}` });
 * const animation = animate([at(0), at(1), at(2)]);
 * animation.png().length > 1000; // true
 */
export class Animation {
  readonly #bytes: Uint8Array;
  readonly count: number;

  static {
    Object.defineProperty(Animation.prototype, Symbol.for('Jupyter.display'), {
      value(this: Animation) {
        return { 'image/png': base64(this.#bytes), 'text/plain': `${this.count} pictures` };
      },
    });
  }

  constructor(bytes: Uint8Array, count: number) {
    this.#bytes = bytes;
    this.count = count;
  }

  /** The bytes of the file. */
  png(): Uint8Array {
    return this.#bytes.slice();
  }

  /** Writes the file; its name should end in `.png`. Returns its path. */
  async save(path: string): Promise<string> {
    await writeFile(path, this.#bytes);
    return path;
  }
}

/**
 * Makes an animation of pictures.
 *
 * @throws GradtapeError if there are none, they are not of one size, or a time is not positive.
 */
export function animate(pictures: readonly Picture[], options: AnimationOptions = {}): Animation {
  const { secondsEach = 0.4, secondsLast = 2, scale = 1 } = options;
  checkFrames(pictures, secondsEach, secondsLast);
  const frames = pictures.map((picture) => chunksOf(picture.png(scale)));
  const last = frames.length - 1;
  const header = (frames[last] as Chunk[])[0] as Chunk;
  const parts: Uint8Array[] = [signature, chunk('IHDR', header.data), chunk('acTL', numbers(frames.length, 0))];
  let sequence = 0;
  // The image that those see who do not see animations is the last one; it is no frame.
  for (const { type, data } of frames[last] as Chunk[]) if (type === 'IDAT') parts.push(chunk('IDAT', data));
  for (const [k, chunks] of frames.entries()) {
    const milliseconds = Math.round(1000 * (k === last ? secondsLast : secondsEach));
    parts.push(
      chunk('fcTL', concat([numbers(sequence++), header.data.slice(0, 8), numbers(0, 0), delay(milliseconds)])),
    );
    for (const { type, data } of chunks)
      if (type === 'IDAT') parts.push(chunk('fdAT', concat([numbers(sequence++), data])));
  }
  parts.push(chunk('IEND', new Uint8Array()));
  return new Animation(concat(parts), frames.length);
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

// The format: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", sections 5 and 11.3.6.
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

function chunksOf(png: Uint8Array): Chunk[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = concat([Uint8Array.from(type, (letter) => letter.charCodeAt(0)), data]);
  return concat([numbers(data.length), named, numbers(checksum(named))]);
}

/** Whole numbers of 32 bits, the highest byte first. */
function numbers(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [k, value] of values.entries()) view.setUint32(4 * k, value);
  return new Uint8Array(view.buffer);
}

/** How long a frame is shown; before the next the picture is left as it is, which covers it whole. */
function delay(milliseconds: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(6));
  view.setUint16(0, milliseconds);
  view.setUint16(2, 1000);
  return new Uint8Array(view.buffer);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

/** CRC-32. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (remainders[(sum ^ byte) & 255] as number) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function checkFrames(pictures: readonly Picture[], ...seconds: readonly number[]): void {
  const sizes = new Set(pictures.map(({ width, height }) => `${width} × ${height}`));
  const areTimes = seconds.every((time) => time > 0 && time <= 60);
  if (sizes.size === 1 && areTimes) return;
  throw new GradtapeError('animate: not pictures of an animation', {
    got: areTimes
      ? sizes.size === 0
        ? 'no pictures'
        : `pictures of ${[...sizes].join(', ')} pixels`
      : `${seconds.join(' and ')} seconds`,
    needs: areTimes ? 'at least one picture, all of one size' : 'times above 0, at most 60 seconds',
    fix: areTimes
      ? 'give each picture titles and keys of equally many lines'
      : 'leave them out for 0.4, and 2 for the last',
  });
}
