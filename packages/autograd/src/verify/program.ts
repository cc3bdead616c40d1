import { type DType, isFloating } from '../core/dtype.ts';
import { GradtapeError } from '../core/errors.ts';
import { defaultGenerator } from '../core/random/default-generator.ts';
import type { Tensor } from '../core/tensor.ts';
import { withRecording } from '../tape/bind.ts';
import { collectLabels } from '../tape/label.ts';
import { detach, type Parameter, watch } from '../tape/leaf.ts';
import { numbersOf } from './compare.ts';
import { inDType } from './function-at.ts';
import { holdingParameters, seeded } from './held.ts';
import { checkNames, type Named } from './named.ts';
import { checkOutputs, failOnRandomness, failWithoutVariables, resultsOf } from './refusals.ts';
import { pullThrough, type Run, runOf } from './run.ts';

/** What checks are asked about. */
export interface Question {
  readonly operation: string;
  readonly f: (...inputs: Tensor[]) => Tensor | readonly Tensor[];
  readonly inputs: readonly Named[];
  readonly parameters: readonly Named<Parameter>[];
  readonly seed: number | undefined;
}

/** A function as checks see it: of the floating inputs and the parameters, all in one list, while the others are held. */
export interface Program {
  readonly names: readonly string[];
  /** Where it is asked about, in the dtypes that it is computed with. */
  readonly start: readonly Tensor[];
  /** Calls `use` with all inputs, while the parameters hold what they must. */
  at<T>(values: readonly Tensor[], use: (inputs: readonly Tensor[]) => T): T;
  /** Computes on the tape. */
  run(values: readonly Tensor[]): Run;
  /** Computes the floating results, without the tape. */
  evaluate(values: readonly Tensor[]): readonly Tensor[];
}

/**
 * What `use` makes of the program of a question. float32 values are converted to float64; where something refuses that
 * (because it holds float32 tensors of its own, for instance), all keep their dtypes. Parameters are left as they were.
 */
export function withProgram<T>(question: Question, use: (program: Program) => T): T {
  const slots = question.parameters.map(({ tensor }) => tensor);
  const ask = (dtype?: DType): T =>
    holdingParameters(slots, () => {
      const program = programIn(question, dtype);
      checkRepeatable(question, program);
      return use(program);
    });
  if ([...question.inputs, ...question.parameters].some(({ tensor }) => tensor.dtype === 'float32')) {
    try {
      return ask('float64');
    } catch (error) {
      if (!(error instanceof GradtapeError)) throw error;
    }
  }
  return ask();
}

/** How often a function is evaluated to see whether it is random: one that drops a few entries often drops the same ones. */
const EVALUATIONS = 4;
/** And one that is seen to draw from the default generator. */
const EVALUATIONS_OF_DRAWING = 64;

function checkRepeatable({ operation, seed }: Question, program: Program): void {
  const before = defaultGenerator().state.block;
  const first = program.evaluate(program.start);
  const isDrawing = defaultGenerator().state.block !== before;
  checkOutputs(operation, first);
  const entries = first.flatMap(numbersOf);
  for (let count = 1; count < (isDrawing ? EVALUATIONS_OF_DRAWING : EVALUATIONS); count++) {
    const again = program.evaluate(program.start).flatMap(numbersOf);
    if (!entries.every((entry, i) => Object.is(entry, again[i]))) failOnRandomness(operation, seed);
  }
}

function programIn({ operation, f, inputs, parameters, seed }: Question, dtype?: DType): Program {
  const floating = inputs.filter(({ tensor }) => isFloating(tensor.dtype));
  const variables = [...floating, ...parameters];
  if (variables.length === 0) failWithoutVariables(operation, inputs);
  checkNames(
    operation,
    [...inputs, ...parameters].map(({ name }) => name),
  );
  const at = <T>(values: readonly Tensor[], use: (all: readonly Tensor[]) => T): T => {
    parameters.forEach(({ tensor }, i) => {
      const value = values[floating.length + i];
      tensor.convert(value.dtype as 'float32' | 'float64');
      tensor.assign(value);
    });
    const given = values.values();
    const all = inputs.map(({ tensor }) => (isFloating(tensor.dtype) ? (given.next().value as Tensor) : tensor));
    return seeded(seed, () => use(all));
  };
  const resultsAt = (values: readonly Tensor[]) => {
    const { result, labels } = at(values, (all) => collectLabels(() => f(...all)));
    return { outputs: resultsOf(operation, result).filter((y) => isFloating(y.dtype)), probes: labels };
  };
  return {
    names: variables.map(({ name }) => name),
    start: variables.map(({ tensor }) => (dtype ? inDType(detach(tensor), dtype) : detach(tensor))),
    at,
    run: (values) =>
      withRecording(true, () => {
        const watched = values.map((x, i) => (i < floating.length ? watch(x) : x));
        const { outputs, probes } = resultsAt(watched);
        const leaves = parameters.map(({ tensor }) => tensor.value);
        return runOf([...watched.slice(0, floating.length), ...leaves], outputs, probes);
      }),
    evaluate: (values) => withRecording(false, () => resultsAt(values).outputs),
  };
}

/** The gradient of a program as a program: reverse mode from fixed cotangents of the outputs. */
export function gradientOf(program: Program, cotangents: readonly Tensor[]): Program {
  const run = (values: readonly Tensor[]): Run =>
    withRecording(true, () => {
      const first = program.run(values);
      return runOf(first.variables, pullThrough(first, cotangents), first.probes);
    });
  return { ...program, run, evaluate: (values) => run(values).outputs };
}

/** Where a program is asked about, but for one variable. */
export function valuesWith({ start }: Program, variable: number, x: Tensor): readonly Tensor[] {
  return start.map((value, i) => (i === variable ? (x.dtype === value.dtype ? x : inDType(x, value.dtype)) : value));
}
