import type { FloatArray } from '../product/contraction.ts';
import type { WasmEngine } from '../product/wasm-engine.ts';
import { type ConvolutionCounts, type ConvolutionSizes, countsOf } from './sizes.ts';
import { columnsIn, imageIn, wordsOf } from './spread.ts';
import { overrun, type Plan, planWords } from './write-convolution.ts';

/** Images that have more entries than this, input and output together, are not all in the memory at a time. */
const MOST_ENTRIES = 2 ** 22;
/**
 * The images that are there at a time are shared out in so many parts to sum the weight's cotangent, whatever the number of
 * threads: the order of a sum does not depend on it.
 */
const PARTS = 8;

/** The operands of a convolution in reading order, each of which may be what its transpose computes. */
export interface ConvolutionOperands {
  readonly x: FloatArray;
  readonly weight: FloatArray;
  readonly y: FloatArray;
}

/** Where what is in the memory begins: the numbers of elements. */
interface Room {
  readonly counts: ConvolutionCounts;
  /** So many images are there at a time. */
  readonly images: number;
  readonly plan: number;
  readonly weight: number;
  readonly x: number;
  readonly y: number;
  /** Cotangents of the weight, one for each part of the images. */
  readonly parts: number;
}

/** Images that are in the memory together: the first, and how many. */
type VisitImages = (first: number, images: number) => void;

/**
 * Convolutions by WebAssembly: images are copied into its memory and out of it, and the windows of one image at a time, for
 * each thread, are copied side by side there. Each gives false, with nothing done, if one image does not fit into the memory.
 */
export class WasmConvolution {
  readonly #engine: WasmEngine;
  readonly #mostEntries: number;

  /** @param mostEntries Images of so many entries are in the memory at a time; where one has more, one. */
  constructor(engine: WasmEngine, mostEntries: number = MOST_ENTRIES) {
    this.#engine = engine;
    this.#mostEntries = mostEntries;
  }

  /** y from x and the weight. */
  convolve(sizes: ConvolutionSizes, operands: ConvolutionOperands): boolean {
    return this.#imageByImage('convolve', sizes, operands, { from: 'x', to: 'y' });
  }

  /** x from y and the weight: the transpose in x. */
  convolveBack(sizes: ConvolutionSizes, operands: ConvolutionOperands): boolean {
    return this.#imageByImage('convolveBack', sizes, operands, { from: 'y', to: 'x' });
  }

  #imageByImage(
    procedure: 'convolve' | 'convolveBack',
    sizes: ConvolutionSizes,
    operands: ConvolutionOperands,
    { from, to }: { readonly from: 'x' | 'y'; readonly to: 'x' | 'y' },
  ): boolean {
    const room = this.#makeRoom(sizes);
    if (room === undefined) return false;
    const { plan, weight, counts } = room;
    const entries = { x: counts.input, y: counts.output };
    this.#copyIn(operands.weight, weight);
    eachChunk(sizes, room, (first, images) => {
      const chunkOf = (side: 'x' | 'y'): FloatArray =>
        operands[side].subarray(first * entries[side], (first + images) * entries[side]);
      this.#copyIn(chunkOf(from), room[from]);
      this.#engine.run(
        procedure,
        this.#addresses(images, (i) => [room[from] + i * entries[from], weight, room[to] + i * entries[to], plan]),
      );
      this.#copyOut(chunkOf(to), room[to]);
    });
    return true;
  }

  /** The weight from x and y: the transpose in the weight. */
  convolveWeight(sizes: ConvolutionSizes, { x, weight, y }: ConvolutionOperands): boolean {
    const room = this.#makeRoom(sizes);
    if (room === undefined) return false;
    const { input, output } = room.counts;
    weight.fill(0);
    this.#copyIn(weight, room.weight);
    eachChunk(sizes, room, (first, images) => {
      this.#copyIn(x.subarray(first * input, (first + images) * input), room.x);
      this.#copyIn(y.subarray(first * output, (first + images) * output), room.y);
      this.#sumParts(room, images);
    });
    this.#copyOut(weight, room.weight);
    return true;
  }

  /** Adds the weight's cotangent of the images that are there. */
  #sumParts({ counts, plan, weight, x, y, parts }: Room, images: number): void {
    const size = Math.ceil(images / PARTS);
    const count = Math.ceil(images / size);
    const { bytes } = this.#engine;
    const places = this.#addresses(count, (part) => [
      ...[x + part * size * counts.input, y + part * size * counts.output, parts + part * counts.weight, plan],
    ]);
    this.#engine.run(
      'convolveWeight',
      places.map(([x, y, made, plan], part) => [x, y, made, Math.min(size, images - part * size), plan]),
    );
    for (const [, , made] of places) this.#engine.call('addEntries', [weight * bytes, made, counts.weight]);
  }

  /** Lists of elements as addresses. */
  #addresses(count: number, elements: (i: number) => readonly number[]): number[][] {
    const { bytes } = this.#engine;
    return Array.from({ length: count }, (_, i) => elements(i).map((element) => element * bytes));
  }

  #copyIn(entries: FloatArray, at: number): void {
    this.#engine.memory.viewLike(entries).set(entries, at);
  }

  #copyOut(entries: FloatArray, at: number): void {
    entries.set(this.#engine.memory.viewLike(entries).subarray(at, at + entries.length));
  }

  /** Room for as many images as may be there at a time, with what is known of them written down; undefined if there is none. */
  #makeRoom(sizes: ConvolutionSizes): Room | undefined {
    const { memory, bytes, lanes, threads, firstElement } = this.#engine;
    const counts = countsOf(sizes);
    const images = Math.max(1, Math.min(sizes.batch, Math.floor(this.#mostEntries / (counts.input + counts.output))));
    const spreads = [imageIn(sizes), columnsIn(sizes)].map((spread) => wordsOf(spread, bytes));
    const masks = masksOf(lanes * bytes);
    const wordCount = masks.length + planWords.length + spreads[0].length + spreads[1].length;
    let end = firstElement;
    const take = (elements: number): number => {
      const start = end;
      end += Math.ceil(elements / lanes) * lanes;
      return start;
    };
    const firstWord = take((wordCount * Int32Array.BYTES_PER_ELEMENT) / bytes);
    const plan = firstWord + (masks.length * Int32Array.BYTES_PER_ELEMENT) / bytes;
    const [weight, x, y] = [counts.weight, images * counts.input, images * counts.output].map(take);
    const parts = take(PARTS * counts.weight);
    const ofThread = counts.padded + overrun(lanes) + counts.rows * (counts.positions + sizes.filters);
    const ofThreads = Array.from({ length: threads }, () => take(ofThread));
    // Vectors may be read beyond the last of them.
    if (!memory.reserve((end + lanes) * bytes)) return undefined;
    const words = wordsAt(firstWord * bytes, sizes, masks, spreads, bytes, {
      room: ofThreads[0] * bytes,
      roomBytes: ((end - ofThreads[0]) * bytes) / threads,
    });
    new Int32Array(memory.memory.buffer, firstWord * bytes, words.length).set(words);
    return { counts, images, plan, weight, x, y, parts };
  }
}

/** A vector of set bits, and one of none, of so many bytes each. */
function masksOf(bytes: number): readonly number[] {
  const words = bytes / Int32Array.BYTES_PER_ELEMENT;
  return [...Array<number>(words).fill(-1), ...Array<number>(words).fill(0)];
}

/** What the procedures know of a convolution, as it lies at an address: masks, plan, spreads. */
function wordsAt(
  address: number,
  sizes: ConvolutionSizes,
  masks: readonly number[],
  [image, windows]: readonly (readonly number[])[],
  bytes: number,
  rooms: Pick<Plan<number>, 'room' | 'roomBytes'>,
): number[] {
  const { groups, filters } = sizes;
  const { rows, positions, input, output, padded } = countsOf(sizes);
  const firstSpread = masks.length + planWords.length;
  const addressOf = (word: number): number => address + word * Int32Array.BYTES_PER_ELEMENT;
  const plan: Plan<number> = {
    ...{ groups, filters, rows, positions, ...rooms },
    ...{ inputBytes: input * bytes, outputBytes: output * bytes, paddedBytes: padded * bytes },
    ...{ masks: addressOf(0), image: addressOf(firstSpread), windows: addressOf(firstSpread + image.length) },
  };
  return [...masks, ...planWords.map((name) => plan[name]), ...image, ...windows];
}

/** Goes through the batch, so many images at a time. */
function eachChunk({ batch }: ConvolutionSizes, { images }: Room, visit: VisitImages): void {
  for (let first = 0; first < batch; first += images) visit(first, Math.min(images, batch - first));
}
