import { fail } from '../../core/errors.ts';
import type { Kernel } from '../../kernels/kernel.ts';
import { numbers } from '../../kernels/numbers.ts';
import { type Vectors, vectorSupport } from '../../kernels/wasm/vector-support.ts';
import { libraryImport } from '../../kernels/wasm/wasm-module.ts';
import type { ProgramMemory } from '../memory/program-memory.ts';
import { MOST_THREADS } from './helper.ts';
import { sharedTeam, type Team } from './team.ts';
import { type ExportedFunction, type Step, writeProgram } from './write-program.ts';

/** A program of kernels as WebAssembly. */
export interface WasmProgram {
  /** The size of its code. */
  readonly bytes: number;
  /**
   * Runs the kernels of a segment, in order.
   * @throws GradtapeError if a helping thread was lost in the middle: what the segment writes then holds anything.
   */
  run(segment: number): void;
  /** Runs one kernel, counted over all segments, on the calling thread. */
  runKernel(kernel: number): void;
  /** Lets the helping threads forget the program. */
  dispose(): void;
}

/**
 * Writes and compiles segments of kernels that compute in a memory. Where the memory is shared, up to `threads` threads
 * work together on what is large; the results are the same with any number of them.
 */
export function buildWasm(
  segments: readonly (readonly Kernel[])[],
  memory: ProgramMemory,
  threads: number,
  teamOfThreads: () => Team = sharedTeam,
): WasmProgram {
  const options = { ...supportedVectors(), sharedMemory: memory.shared };
  const written = writeProgram(segments, options, memory.shared ? Math.min(threads, MOST_THREADS) : 1);
  const modules = written.modules.map((bytes) => new WebAssembly.Module(bytes));
  const imports = { ...memory.imports, [libraryImport]: { ...numbers } };
  const instances = modules.map((module) => new WebAssembly.Instance(module, imports));
  const functionOf = ({ module, name }: ExportedFunction): KernelFunction =>
    instances[module].exports[name] as KernelFunction;

  const kernels = segments.flat().map(({ units }, i) => ({ units, run: functionOf(written.kernels[i]) }));
  const sent = modules.map((module) => (needsLibrary(module) ? undefined : module));
  const isShared = (step: Step): boolean => 'shared' in step && sent[written.kernels[step.shared].module] !== undefined;
  const team = written.segments.flat().some(isShared) ? teamOfThreads() : undefined;
  const program = team?.add({ modules: sent, imports: memory.imports, kernels: written.kernels }, threads) ?? 0;
  const stepOf = (step: Step): (() => void) => {
    if ('alone' in step) return functionOf(step.alone);
    const { units, run } = kernels[step.shared];
    if (!team || !isShared(step)) return () => run(0, units, 0);
    const { chunks, nanoseconds } = written.kernels[step.shared];
    const shared = { program, kernel: step.shared, chunks, nanoseconds, threads, run };
    return () => team.run(shared);
  };
  const steps = written.segments.map((segment) => segment.map(stepOf));

  return {
    bytes: written.modules.reduce((sum, { length }) => sum + length, 0),
    run(segment) {
      team?.check();
      for (const step of steps[segment]) step();
    },
    runKernel: (kernel) => kernels[kernel].run(0, kernels[kernel].units, 0),
    dispose: () => team?.forget(program),
  };
}

/** Takes the first unit, the one behind the last, and the number of the thread. */
type KernelFunction = (...values: number[]) => void;

/** Whether a module calls JavaScript's functions, which cannot be sent to a helper. Only float64 needs them. */
function needsLibrary(module: WebAssembly.Module): boolean {
  return WebAssembly.Module.imports(module).some((entry) => entry.module === libraryImport);
}

function supportedVectors(): Vectors {
  return (
    vectorSupport() ??
    fail('compile', {
      got: 'a runtime without vectors in WebAssembly',
      needs: 'WebAssembly SIMD, which Node and all browsers have had since 2023',
      fix: 'update the runtime, or run eagerly',
    })
  );
}
