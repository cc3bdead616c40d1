import { commonSource } from '../../kernels/c/vector-source.ts';
import { CWriter } from '../../kernels/c/write-c.ts';
import type { Kernel, Library, Procedure } from '../../kernels/kernel.ts';
import type { Tile } from '../../kernels/product/tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { chunksOf } from '../chunks.ts';
import { storageBytes } from '../stages.ts';

/** Kernels that run one after the other in one call. */
export type Segments = readonly (readonly Kernel[])[];

/** In nanoseconds. */
const LEAST_CHUNK = 15_000;

const declarations = `
typedef void Kernel(char *memory, I first, I end, I thread);
typedef void Share(Kernel *kernel, char *memory, const I *firsts, I chunks, I threads);
/* Of each chunk the first unit, and the end of the last. */
typedef struct { Kernel *kernel; I chunks; const I *firsts; } Part;
`;

const runners = `
static void run(const Part *part, char *memory, I threads, Share *share) {
  const I *firsts = part->firsts;
  if (threads < 2 || part->chunks < 2) part->kernel(memory, firsts[0], firsts[part->chunks], 0);
  else share(part->kernel, memory, firsts, part->chunks, threads);
}

#define EXPORT __attribute__((visibility("default")))

EXPORT void gradtape_run_kernel(char *memory, int kernel) {
  const Part *part = &parts[kernel];
  part->kernel(memory, part->firsts[0], part->firsts[part->chunks], 0);
}

EXPORT void gradtape_run(char *memory, int segment, int threads, Share *share) {
  for (int part = firstParts[segment]; part < firstParts[segment + 1]; part++) {
    run(&parts[part], memory, threads, share);
  }
}
`;

/** What a program is written for. */
export interface ProgramOptions {
  readonly tile: Tile;
  readonly lanes: (elementType: ElementType) => number;
  /** So many at most share its kernels. */
  readonly threads: number;
}

/** The C source of a program: its kernels, a table of them, and the functions that run them. */
export function programSource(segments: Segments, { tile, lanes, threads }: ProgramOptions): string {
  const writers = new Map<ElementType, WriterWithLibrary>();
  const parts = segments.flat().map((kernel) => {
    const { elementType, name } = kernel;
    const { writer, library } = writers.get(elementType) ?? newWriter(elementType, lanes(elementType), tile);
    writers.set(elementType, { writer, library });
    const write = kernel.write(writer, library);
    const procedure = `run_${name}`;
    writer.procedure(procedure, 3, (first, end, thread) => write(first, end, thread));
    const vectorBytes = lanes(elementType) * storageBytes[elementType];
    const chunks = chunksOf(kernel, { threads, leastChunk: LEAST_CHUNK, vectorBytes });
    const firsts = [...chunks.map(([first]) => first), kernel.units];
    return `{${writer.functionName(procedure)}, ${chunks.length}, (const I[]){${firsts.join(', ')}}}`;
  });
  const firstParts = [0];
  for (const kernels of segments) firstParts.push(firstParts[firstParts.length - 1] + kernels.length);

  const sources = [...writers.values()].map(({ writer }) => writer.source());
  const tables = [
    `static const Part parts[] = {${parts.join(',\n')}};`,
    `static const int firstParts[] = {${firstParts.join(', ')}};`,
  ];
  return [commonSource, ...sources, declarations, ...tables, runners].join('\n');
}

interface WriterWithLibrary {
  readonly writer: CWriter;
  readonly library: Library<string>;
}

function newWriter(elementType: ElementType, lanes: number, tile: Tile): WriterWithLibrary {
  const procedures = new Map<string, Procedure<string>>();
  const procedure = (name: string, write: () => Procedure<string>): Procedure<string> => {
    const written = procedures.get(name) ?? write();
    procedures.set(name, written);
    return written;
  };
  return { writer: new CWriter({ elementType, lanes }), library: { tile, procedure } };
}
