import { fail, GradtapeError } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { isRecording } from '../tape/bind.ts';
import { observer } from '../tape/observer.ts';
import { argumentsKey } from './arguments-key.ts';
import { type EngineName, engineNamed } from './engines.ts';
import { explainProgram } from './explanation/explain-program.ts';
import type { ProgramExplanation } from './explanation/program-explanation.ts';
import { type Structure, tensorsIn } from './structure.ts';
import { trace } from './trace.ts';
import { Variant } from './variant.ts';
import { VaryingArguments } from './varying.ts';

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
  /**
   * The program that was used last: its graph, stages, memory, and the time of each stage, as tables and as a picture. It is
   * measured anew each time, which takes a second at most and changes nothing.
   */
  explain(): ProgramExplanation;
  /**
   * Gives back the memory of its programs. Parameters and states keep what they hold; a later call makes a program again.
   * Functions that nobody can reach any more give theirs back by themselves, some time later.
   */
  dispose(): void;
};

export interface CompileStatistics {
  /** Programs made so far. */
  programs: number;
  /** Calls that ran compiled code. */
  runs: number;
  /** Primitives in the last program that are computed between its loops, by their own code. */
  evaluated: number;
}

/**
 * The same function as one program of fused loops in planned memory: a whole training step, a forward pass, any
 * mathematics. The first call runs as ever, and is written down; later calls run the program.
 *
 * **What goes in.** Tensors, in arrays and plain objects or not, may hold other entries in each call; another shape or dtype
 * makes a further program. Numbers, strings, truth values, functions and parameters are constants: others make a further
 * program, too, so pass a number that varies as a tensor. **What comes out.** Tensors, and numbers and the like, which are
 * what they were when the program was made.
 *
 * **What it changes.** Parameters, their gradients and the states of optimizers and layers, as the plain function does;
 * everybody sees their new values, and the program sees what others assign. Random numbers are the same as without
 * `compile`, and so are schedules and `train()` and `eval()`. No other effect can be seen, so none is repeated: a variable
 * or an array of JavaScript that the function changes or reads (a counter, a list of losses), or `console.log`, is as in the first call.
 *
 * **Derivatives.** A compiled function can be differentiated, to any order and in both modes, with the derivative that the
 * plain function has; that runs compiled, too, and computes the forward pass anew. Under `noGrad` nothing is kept for it: the
 * place for inference. No tape is handed on by what the function changes. Inside of another compiled function it is
 * simply a part of it. It runs as it is, eagerly, while `explain` or another observer looks on, and, after one warning, where
 * the runtime has no WebAssembly with vectors, forbids it, or has too little memory.
 *
 * @param run It must not read values (`item()`, `toArray()`) on the way, and its shapes must not depend on values.
 * @throws GradtapeError on a call: where a value is read or a shape depends on one, with the line; where the function is
 *   asynchronous; where an argument or result is an object of a class; where a gradient collects on a tensor from outside
 *   that is no Parameter.
 * @example
 * import { compile } from '@gradtape/autograd/compile';
 * const w = new Parameter(tensor([1, 2]));
 * const step = compile((x: Tensor, rate: Tensor) => {
 *   const loss = w.mul(x).sum().square();
 *   w.grad = null;
 *   loss.backward();
 *   noGrad(() => w.assign(w.sub(w.grad.mul(rate))));
 *   return loss;
 * });
 * step(tensor([1, 1]), tensor(0.25)).item(); // 9
 * step(tensor([2, 1]), tensor(0.25)).item(); // 0.25
 * w.value; // [0, 0.75]
 */
export function compile<F extends (...values: never[]) => unknown>(run: F, options: CompileOptions = {}): Compiled<F> {
  const compiled = new CompiledFunction(run as unknown as (...values: Structure[]) => Structure, options);
  const call = (...values: Structure[]): Structure => compiled.call(values);
  const { statistics } = compiled;
  return Object.assign(call, {
    statistics,
    explain: () => compiled.explain(),
    dispose: () => compiled.dispose(),
  }) as unknown as Compiled<F>;
}

class CompiledFunction {
  readonly statistics: CompileStatistics = { programs: 0, runs: 0, evaluated: 0 };
  readonly #run: (...values: Structure[]) => Structure;
  readonly #options: Required<CompileOptions>;
  readonly #varying = new VaryingArguments();
  /** The most recently used first. */
  #variants: Variant[] = [];
  /** Whether no program could be made. */
  #isEager = false;

  constructor(run: (...values: Structure[]) => Structure, { programs = 8, engine = 'wasm' }: CompileOptions) {
    this.#run = run;
    this.#options = { programs, engine };
  }

  call(values: readonly Structure[]): Structure {
    // Whoever looks on wants to see every operation; a program that is being made needs them.
    if (this.#isEager || observer !== undefined) return this.#run(...values);
    const tensors = tensorsIn(values);
    const key = argumentsKey(values);
    const whole = key + tapeKey(tensors);
    const found = this.#variants.find((variant) => variant.key === whole && variant.holds());
    if (found === undefined) return this.#make(whole, key, values, tensors);
    if (found !== this.#variants[0]) this.#variants = [found, ...this.#variants.filter((variant) => variant !== found)];
    this.statistics.runs++;
    return found.run(tensors);
  }

  explain(): ProgramExplanation {
    const { program } =
      this.#variants[0] ??
      fail('explain: there is no program yet', {
        got: this.#isEager ? 'a function that runs eagerly' : 'a compiled function that has not been called',
        needs: 'a program, which the first call makes',
        fix: 'call the function once before',
      });
    return explainProgram(program, engineNamed(this.#options.engine).name);
  }

  dispose(): void {
    for (const variant of this.#variants.splice(0)) variant.dispose();
  }

  #make(whole: string, key: string, values: readonly Structure[], tensors: readonly Tensor[]): Structure {
    const traced = trace(this.#run, values);
    try {
      const variant = new Variant(whole, traced, () => engineNamed(this.#options.engine));
      this.#variants.unshift(variant);
      for (const unused of this.#variants.splice(this.#options.programs)) unused.dispose();
      this.#varying.made(key, values);
      this.statistics.programs++;
      this.statistics.evaluated = variant.program.evaluated;
      return variant.resultOf(traced, tensors);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#isEager = true;
      this.dispose();
      console.warn(`compile: no program can be made, so the function runs eagerly from now on.\n${String(error)}`);
      return traced.result;
    }
  }
}

/** Whether the tape records, and which tensors are on it: then results are. */
function tapeKey(tensors: readonly Tensor[]): string {
  return isRecording() ? ` on tape: ${tensors.flatMap((x, i) => (x.node === undefined ? [] : [i]))}` : '';
}

/** Whether the runtime grants too little: no WebAssembly, none with vectors, no permission to compile, no memory. */
function isRefusal(error: unknown): boolean {
  if (error instanceof GradtapeError) return true;
  if (!(error instanceof Error)) return false;
  const isOfRuntime = ['CompileError', 'LinkError', 'EvalError'].includes(error.name);
  const mayBe = ['RangeError', 'ReferenceError'].includes(error.name);
  return isOfRuntime || (mayBe && /webassembly|memory|allocation/i.test(error.message));
}
