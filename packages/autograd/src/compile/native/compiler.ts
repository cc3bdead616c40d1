import { meaningFlags } from '../../kernels/c/vector-source.ts';
import { NativeFailure } from './failure.ts';
import type { NodeModules } from './node-modules.ts';
import type { Surroundings } from './surroundings.ts';

/** Ways to ask for all that this processor can do, the first that the compiler understands. */
const NATIVE_FLAGS: readonly (readonly string[])[] = [['-march=native'], ['-mcpu=native'], []];
// -O3, and what is left out of -O2, take long and make nothing faster. -O1 makes no vectors of loops over lanes.
const COMMON_FLAGS = [
  '-x',
  'c',
  '-std=gnu11',
  '-O2',
  '-fno-ivopts',
  '-fno-tree-pre',
  '-w',
  '-shared',
  '-fPIC',
  '-fvisibility=hidden',
  '-pthread',
];
/** Lines of what a compiler says that are passed on. */
const LINES_TOLD = 8;

/** A C compiler of this machine. */
export interface Compiler {
  /** All that decides what it makes of a source: its flags, its version, and what this processor can do. */
  readonly identity: string;
  /** Whether it defines this name (`__AVX2__`) when it compiles for this processor. */
  defines(name: string): boolean;
  /** Compiles the source to a shared library in this file. */
  build(source: string, library: string): NativeFailure | undefined;
}

export function findCompiler(node: NodeModules, surroundings: Surroundings): Compiler | NativeFailure {
  const chosen = surroundings.environment.CC;
  const candidates = chosen ? [chosen] : ['cc', 'gcc', 'clang'];
  for (const candidate of candidates) {
    for (const nativeFlags of NATIVE_FLAGS) {
      const [command, ...words] = candidate.split(' ').filter((word) => word !== '');
      const run: Run = (flags, input) => runCommand(node, surroundings, command, [...words, ...flags], input);
      const macros = run([...nativeFlags, '-x', 'c', '-dM', '-E', '-'], '');
      if (macros.failed === undefined) return new FoundCompiler(run, nativeFlags, macros.output, surroundings.platform);
    }
  }
  return new NativeFailure('no compiler', {
    got: `no C compiler that runs (tried ${candidates.join(', ')})`,
    needs: 'GCC or Clang',
    fix: chosen
      ? 'let the environment variable CC name a compiler that runs, or unset it'
      : 'install a C compiler, or let the environment variable CC name one',
  });
}

interface RunResult {
  readonly output: string;
  /** What it said, if it did not succeed. */
  readonly failed: string | undefined;
}
type Run = (flags: readonly string[], input: string) => RunResult;

function runCommand(
  { childProcess }: NodeModules,
  { environment }: Surroundings,
  command: string,
  flags: readonly string[],
  input: string,
): RunResult {
  const options = { input, encoding: 'utf8', env: environment, windowsHide: true, maxBuffer: 2 ** 26 } as const;
  const { error, status, stdout, stderr } = childProcess.spawnSync(command, [...flags], options);
  if (error) return { output: '', failed: error.message };
  return { output: stdout, failed: status === 0 ? undefined : stderr || `it ended with ${status}` };
}

class FoundCompiler implements Compiler {
  readonly identity: string;
  readonly #run: Run;
  readonly #flags: readonly string[];
  readonly #libraries: readonly string[];
  readonly #names: ReadonlySet<string>;

  constructor(run: Run, nativeFlags: readonly string[], macros: string, platform: string) {
    this.#run = run;
    this.#flags = [...COMMON_FLAGS, ...nativeFlags, ...meaningFlags];
    this.#libraries = platform === 'linux' ? ['-lm', '-ldl'] : ['-lm'];
    this.#names = new Set(macros.split('\n').map((line) => line.split(' ')[1]));
    this.identity = [...this.#flags, ...this.#libraries, macros].join('\n');
  }

  defines(name: string): boolean {
    return this.#names.has(name);
  }

  build(source: string, library: string): NativeFailure | undefined {
    const { failed } = this.#run([...this.#flags, '-o', library, '-', ...this.#libraries], source);
    if (failed === undefined) return undefined;
    return new NativeFailure('build failed', {
      got: failed.trim().split('\n').slice(0, LINES_TOLD).join('\n         '),
      needs: 'a C compiler that builds shared libraries from C11 with vector extensions',
      fix: 'let the environment variable CC name a newer GCC or Clang',
    });
  }
}
