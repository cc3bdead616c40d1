import { commonSource } from '../../kernels/c/vector-source.ts';
import { CWriter } from '../../kernels/c/write-c.ts';
import type { Kernel, Library, Procedure } from '../../kernels/kernel.ts';
import type { Tile } from '../../kernels/product/tile.ts';
import type { ElementType } from '../../kernels/vector-math.ts';
import { storageBytes } from '../stages.ts';

/** Kernels that run one after the other in one call. */
export type Segments = readonly (readonly Kernel[])[];

/** What takes less, in nanoseconds, is not worth another thread. */
const LEAST_SHARED = 30_000;
const LEAST_CHUNK = 15_000;
/** For each thread at most so many chunks: one that comes late takes fewer, and nobody waits long for its last. */
const CHUNKS_PER_THREAD = 8;

/** What kernels say of their costs holds for vectors of so many bytes. */
const COST_BYTES = 16;

const declarations = `
typedef void Kernel(char *memory, I first, I end, I thread);
typedef void Share(Kernel *kernel, char *memory, I units, I size, I threads);
typedef struct { Kernel *kernel; I units, grain; double nanoseconds, start; } Part;
`;

const runners = `
static I smaller(I a, I b) { return a < b ? a : b; }

/* Of fewer chunks the last is waited for longer; of more, what is done for each takes longer. */
static I chunks_per_thread(const Part *part, I threads) {
  double best = part->nanoseconds / (2 * part->start * threads), chunks = ${CHUNKS_PER_THREAD};
  while (chunks > 1 && best < (chunks - 0.5) * (chunks - 0.5)) chunks--;
  return chunks;
}

static void run(const Part *part, char *memory, I threads, Share *share) {
  I grains = (part->units + part->grain - 1) / part->grain;
  I chunks = smaller(threads * chunks_per_thread(part, threads), grains);
  if (part->nanoseconds < chunks * ${LEAST_CHUNK}.0) chunks = (I)(part->nanoseconds / ${LEAST_CHUNK});
  if (threads < 2 || chunks < 2 || part->nanoseconds < ${LEAST_SHARED}) part->kernel(memory, 0, part->units, 0);
  else share(part->kernel, memory, part->units, (grains + chunks - 1) / chunks * part->grain, threads);
}

#define EXPORT __attribute__((visibility("default")))

EXPORT void gradtape_run_kernel(char *memory, int kernel) {
  parts[kernel].kernel(memory, 0, parts[kernel].units, 0);
}

EXPORT void gradtape_run(char *memory, int segment, int threads, Share *share) {
  for (int part = firstParts[segment]; part < firstParts[segment + 1]; part++) {
    run(&parts[part], memory, threads, share);
  }
}
`;

/** The C source of a program: its kernels, a table of them, and the functions that run them. */
export function programSource(segments: Segments, tile: Tile, lanes: (elementType: ElementType) => number): string {
  const writers = new Map<ElementType, WriterWithLibrary>();
  const parts = segments.flat().map((kernel) => {
    const { elementType, name, units, grain = 1, cost, start = 0 } = kernel;
    const { writer, library } = writers.get(elementType) ?? newWriter(elementType, lanes(elementType), tile);
    writers.set(elementType, { writer, library });
    const write = kernel.write(writer, library);
    const procedure = `run_${name}`;
    writer.procedure(procedure, 3, (first, end, thread) => write(first, end, thread));
    const here = (nanoseconds: number): number =>
      Math.min(1e18, (nanoseconds * COST_BYTES) / (lanes(elementType) * storageBytes[elementType]));
    return `{${writer.functionName(procedure)}, ${units}, ${grain}, ${here(cost * units)}, ${here(start)}}`;
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
