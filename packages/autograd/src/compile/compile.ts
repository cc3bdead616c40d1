import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { isRecording } from '../tape/bind.ts';
import { lastSequence } from '../tape/node.ts';
import { isTracing } from '../tape/observer.ts';
import { linesBehind } from '../tape/tape.ts';
import { type EngineName, engineNamed } from './engines.ts';
import { Program } from './program.ts';
import { constantsIn, type Structure, tensorsIn, withTensors } from './structure.ts';
import { trace } from './trace.ts';

export interface CompileOptions {
  /** Programs that are kept: one for each choice of shapes and dtypes, the least recently used goes first. Default: 8. */
  readonly programs?: number;
  /**
   * What the programs run on: WebAssembly, or with `native` code that the machine's C compiler makes (in Node, with the
   * package koffi), where there is one. Default: `wasm`.
   */
  readonly engine?: EngineName;
}

/** A function that {@link compile} made. */
export type Compiled<F> = F & {
  /** What became of the function: programs made, runs of compiled code. */
  readonly statistics: CompileStatistics;
};

export interface CompileStatistics {
  /** Programs made so far. */
  programs: number;
  /** Calls that ran compiled code. */
  runs: number;
  /** Primitives in the last program that are computed between its loops, by their own code. */
  evaluated: number;
}

interface Variant {
  readonly key: string;
  readonly program: Program;
  readonly conditions: readonly { read: () => unknown; held: unknown }[];
  readonly result: Structure;
  /** Whether the result is on the tape if one records: then compiled code would lose it. */
  readonly isRecorded: boolean;
}

export function compile<F extends (...values: never[]) => unknown>(run: F, options: CompileOptions = {}): Compiled<F> {
  const { programs: most = 8, engine = 'wasm' } = options;
  const variants: Variant[] = [];
  const statistics: CompileStatistics = { programs: 0, runs: 0, evaluated: 0 };
  const plain = run as unknown as (...values: Structure[]) => Structure;
  const call = (...values: Structure[]): Structure => {
    const tensors = tensorsIn(values).map(({ tensor }) => tensor);
    if (isTracing() || (isRecording() && tensors.some((x) => x.node !== undefined))) return plain(...values);
    const key = keyOf(values);
    const found = variants.find((variant) => variant.key === key && holds(variant));
    if (found !== undefined) {
      if (found.isRecorded && isRecording()) return plain(...values);
      variants.splice(variants.indexOf(found), 1);
      variants.unshift(found);
      statistics.runs++;
      return withTensors(found.result, found.program.run(tensors).values());
    }
    const before = lastSequence();
    const traced = trace(plain, values);
    const results = tensorsIn(traced.result).map(({ tensor }) => tensor);
    const program = new Program(traced, results.length, engineNamed(engine));
    const isRecorded = leadOutside(results, before);
    variants.unshift({ key, program, conditions: traced.conditions, result: traced.result, isRecorded });
    variants.splice(most);
    statistics.programs++;
    statistics.evaluated = program.evaluated;
    return traced.result;
  };
  return Object.assign(call, { statistics }) as unknown as Compiled<F>;
}

/** Whether the tape behind tensors leads to what others can see: leaves, and lines before a certain one. */
function leadOutside(results: readonly Tensor[], before: number): boolean {
  return linesBehind(results).some((line) => line.isLeaf || line.sequence <= before);
}

function holds({ conditions }: Variant): boolean {
  return conditions.every(({ read, held }) => read() === held);
}

/** What of the arguments a program depends on. */
function keyOf(values: readonly Structure[]): string {
  const tensors = tensorsIn(values).map(({ path, tensor }) => `${path}:${showShape(tensor.shape)}${tensor.dtype}`);
  const constants = constantsIn(values).map(({ path, constant }) => `${path}=${describe(constant)}`);
  return [...tensors, ...constants].join(';');
}

function describe(constant: unknown): string {
  if (typeof constant === 'object' && constant !== null) {
    fail('compile: an argument cannot be told from others', {
      got: `an object of class ${constant.constructor?.name ?? 'unknown'}`,
      needs: 'tensors, numbers, strings, truth values, and arrays and plain objects of them',
      fix: 'let the function close over it: () => run(object)',
    });
  }
  return typeof constant === 'function' ? 'function' : `${typeof constant} ${String(constant)}`;
}
