import type { Kernel, Library, Procedure } from '../../kernels/kernel.ts';
import type { Tile } from '../../kernels/product/tile.ts';
import { wasmTileWith } from '../../kernels/product/wasm-tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { type LoopWriter, type LoopWriterOptions, loopWriter } from '../../kernels/wasm/loop-writer.ts';
import type { Index } from '../../kernels/wasm/write-wasm.ts';
import type { Chunk } from '../chunks.ts';
import { chunksOfSegment } from './chunks.ts';

/** A function of a module. */
export interface ExportedFunction {
  /** The number of the module. */
  readonly module: number;
  readonly name: string;
}

/** A part of a segment: kernels that the calling thread runs in one call, or one that threads share. */
export type Step = { readonly alone: ExportedFunction } | { readonly shared: number };

/** A function that takes the first unit, the one behind the last, and the number of the thread. */
export interface WrittenKernel extends ExportedFunction {
  readonly chunks: readonly Chunk[];
  /** About how many nanoseconds a chunk takes. */
  readonly nanoseconds: number;
}

export interface WrittenProgram {
  readonly modules: readonly Uint8Array<ArrayBuffer>[];
  /** In the order of the segments. */
  readonly kernels: readonly WrittenKernel[];
  readonly segments: readonly (readonly Step[])[];
}

/** Writes segments of kernels as modules, one for each element type. */
export function writeProgram(
  segments: readonly (readonly Kernel[])[],
  options: Omit<LoopWriterOptions, 'elementType'>,
  threads: number,
): WrittenProgram {
  const writers: ModuleWriter[] = [];
  const writerFor = (elementType: ElementType): ModuleWriter => {
    const found = writers.find((writer) => writer.elementType === elementType);
    if (found) return found;
    const made = new ModuleWriter(writers.length, { ...options, elementType });
    writers.push(made);
    return made;
  };

  const chunks = segments.map((segment) => chunksOfSegment(segment, threads));
  const kernels = segments.map((segment, i) =>
    segment.map((kernel, j) => {
      const nanoseconds = (kernel.units * kernel.cost) / chunks[i][j].length;
      return { ...writerFor(kernel.elementType).kernel(kernel), chunks: chunks[i][j], nanoseconds };
    }),
  );
  let first = 0;
  const steps = segments.map((segment, i) => {
    const written = stepsOf(segment, first, chunks[i], writerFor);
    first += segment.length;
    return written;
  });
  return { modules: writers.map((writer) => writer.bytes()), kernels: kernels.flat(), segments: steps };
}

/** Kernels of one element type that follow one another and are not shared become one function. */
function stepsOf(
  segment: readonly Kernel[],
  first: number,
  chunks: readonly (readonly Chunk[])[],
  writerFor: (elementType: ElementType) => ModuleWriter,
): Step[] {
  const steps: Step[] = [];
  let together: Kernel[] = [];
  const endTogether = (): void => {
    if (together.length > 0) steps.push({ alone: writerFor(together[0].elementType).run(together) });
    together = [];
  };
  segment.forEach((kernel, i) => {
    const isShared = chunks[i].length > 1;
    if (isShared || together[0]?.elementType !== kernel.elementType) endTogether();
    if (isShared) steps.push({ shared: first + i });
    else if (kernel.units > 0) together.push(kernel);
  });
  endTogether();
  return steps;
}

/** Writes the kernels of one element type. Names of its functions have a space, so that they are nobody else's. */
class ModuleWriter implements Library<Index> {
  readonly elementType: ElementType;
  readonly tile: Tile;
  readonly #number: number;
  readonly #writer: LoopWriter;
  readonly #kernels: Map<Kernel, { procedure: Procedure<Index>; name: string }> = new Map();
  readonly #library: Map<string, Procedure<Index>> = new Map();
  #runs = 0;

  constructor(number: number, options: LoopWriterOptions) {
    this.elementType = options.elementType;
    this.#number = number;
    this.tile = wasmTileWith(options.relaxed);
    this.#writer = loopWriter(options);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#writer.module();
  }

  procedure(name: string, write: () => Procedure<Index>): Procedure<Index> {
    const written = this.#library.get(name) ?? write();
    this.#library.set(name, written);
    return written;
  }

  /** The function of a kernel, which is written once. */
  kernel(kernel: Kernel): ExportedFunction {
    return { module: this.#number, name: this.#write(kernel).name };
  }

  /** A function that runs kernels one after the other, with all their units. */
  run(kernels: readonly Kernel[]): ExportedFunction {
    const w = this.#writer;
    const name = `run ${this.#runs++}`;
    w.procedure(name, 0, () => {
      const thread = 0;
      for (const kernel of kernels) {
        this.#write(kernel).procedure(w.index(0), w.index(kernel.units), w.index(thread));
      }
    });
    return { module: this.#number, name };
  }

  #write(kernel: Kernel): { procedure: Procedure<Index>; name: string } {
    const found = this.#kernels.get(kernel);
    if (found) return found;
    const name = `kernel ${kernel.name}`;
    const procedure = kernel.write(this.#writer, this);
    this.#writer.procedure(name, 3, procedure);
    const written = { procedure, name };
    this.#kernels.set(kernel, written);
    return written;
  }
}
