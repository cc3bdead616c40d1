import { adopt } from '../core/allocate.ts';
import { type DType, isFloating, newStorage, unitRoundoff } from '../core/dtype.ts';
import { Generator } from '../core/random/generator.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { add, sub } from '../functions/index.ts';
import { rand } from '../functions/random.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import type { Primitive } from '../tape/primitive.ts';
import { firstDifference, firstOf, magnitude, numbersOf } from '../verify/compare.ts';
import { inDType } from '../verify/function-at.ts';
import { compile } from './compile.ts';
import type { EngineName } from './engines.ts';
import type { Graph, GraphNode, Value } from './graph.ts';
import { interpretGraph } from './interpret-graph.ts';
import { simplify } from './simplify.ts';
import { type Trace, trace } from './trace.ts';

/** A function of tensors of any precision, and arguments for it. */
export interface Calculation {
  readonly run: (...given: readonly Tensor[]) => readonly Tensor[];
  readonly given: readonly Tensor[];
  /** Whether an entry of a result depends only on the entries at the same place. Default: false. */
  readonly isEntrywise?: boolean;
}

/** Several calculations as one: their results one after the other. */
export function together(calculations: readonly Calculation[]): Calculation {
  return {
    run: (...given) => {
      const rest = [...given];
      return calculations.flatMap((calculation) => calculation.run(...rest.splice(0, calculation.given.length)));
    },
    given: calculations.flatMap(({ given }) => given),
  };
}

/** Roundings of its largest number by which two orders of a calculation may differ; beside one for each term of a sum. */
const OPERATIONS = 16;
/** How many times more than the calculation's own error two orders of it may differ by. */
const CONDITION = 4;

/**
 * Whether a compiled calculation gives what the eager one gives: undefined, or a sentence that says where it does not.
 *
 * THE TOLERANCE of compiled code: roundings of the largest number among the arguments and in the result, `OPERATIONS` of
 * them and as many as an argument has entries, for sums; and `CONDITION` times the error that the eager calculation has
 * itself. That error is what the calculation gives in the other floating precision less what it gives in its own, counted
 * in roundings of float32. It is one draw, and small by chance where large terms cancel: then its condition counts in its
 * place, which is what a rounding of each argument changes and what random roundings of all that is computed change. Where
 * results are computed entry by entry, all this holds of each entry alone, and without sums. Of two precisions the coarser
 * counts. Truth values, whole numbers, NaN and infinities are equal.
 */
export function disagreement(calculation: Calculation, compiled: readonly Tensor[]): string | undefined {
  const expected = calculation.run(...calculation.given);
  const other = inOtherPrecision(calculation);
  const beside = other.run(...other.given);
  if (compiled.length !== expected.length) return `${compiled.length} results, not ${expected.length}`;
  return firstOf(expected, (x, k) => {
    const name = `result ${k}`;
    const got = compiled[k];
    if (showShape(got.shape) !== showShape(x.shape) || got.dtype !== x.dtype) {
      return `${name} is of ${got.dtype} and ${showShape(got.shape)}, not ${x.dtype} and ${showShape(x.shape)}`;
    }
    const entries = numbersOf(x);
    if (!isFloating(x.dtype)) return firstDifference(name, got, entries);
    const ownError = numbersOf(beside[k]).map((entry, i) => (entry - entries[i]) / unitRoundoff('float32'));
    const difference = firstDifference(name, got, entries, allowedFor(x, ownError, calculation));
    if (difference === undefined) return undefined;
    const [ofArguments, ofSteps] = [changedByArguments(calculation)[k], changedBySteps(calculation)[k]];
    const condition = ofArguments.map((change, i) => Math.max(change, ofSteps[i] ?? 0));
    return firstDifference(name, got, entries, allowedFor(x, condition, calculation));
  });
}

/** What each entry may be off by, given its error or condition, in roundings. */
function allowedFor(
  expected: Tensor,
  errors: readonly number[],
  { given, isEntrywise }: Calculation,
): (i: number) => number {
  const unit = Math.max(...[expected, ...given].filter((x) => isFloating(x.dtype)).map((x) => unitRoundoff(x.dtype)));
  const entries = numbersOf(expected);
  const floating = given.filter((x) => isFloating(x.dtype)).map(numbersOf);
  const allow = (operations: number, numbers: readonly number[], error: readonly number[]): number =>
    unit * (operations * Math.max(1, magnitude(numbers)) + CONDITION * magnitude(error));
  if (isEntrywise) return (i) => allow(OPERATIONS, [entries[i], ...floating.map((list) => list[i])], [errors[i]]);
  const terms = Math.max(0, ...floating.map((list) => list.length));
  const allowed = allow(OPERATIONS + terms, [magnitude(entries, ...floating)], errors);
  return () => allowed;
}

/**
 * How many roundings of float32 each entry of each result changes by, if every argument in turn changes by one of its own:
 * the second one, since the first may be what leaves a kink or a tie.
 */
function changedByArguments(calculation: Calculation): readonly (readonly number[])[] {
  const { run, given } = inDouble(calculation);
  const changed = (at: number, roundings: number): readonly (readonly number[])[] =>
    run(...given.with(at, mul(given[at], 1 + roundings * ROUNDING))).map(numbersOf);
  const pairs = given.flatMap((x, at) => (isFloating(x.dtype) ? [[changed(at, 1), changed(at, 2)]] : []));
  return run(...given).map((result, k) =>
    numbersOf(result).map((_, i) => pairs.reduce((sum, [a, b]) => sum + Math.abs(b[k][i] - a[k][i]), 0) / ROUNDING),
  );
}

const ROUNDING = unitRoundoff('float32');
/** How often the steps of a calculation are rounded at random: the largest change of so many is seldom small by chance. */
const TRIES = 6;

/** By how many roundings of float32 each entry of each result changes at most, if all that is computed is rounded at random. */
function changedBySteps(calculation: Calculation): readonly (readonly number[])[] {
  const { run, given } = inDouble(calculation);
  const { graph, arguments: numbers, sources } = traced(run, given);
  const inputs = new Map(numbers.map((value, i) => [value, given[i]]));
  const exact = interpretGraph(graph, inputs).map(numbersOf);
  const generator = new Generator(1);
  const tries = Array.from({ length: TRIES }, () =>
    interpretGraph(withRoundings(graph, generator), inputs).map(numbersOf),
  );
  const changes = exact.map((entries, k) =>
    entries.map((entry, i) => Math.max(...tries.map((tried) => Math.abs(tried[k][i] - entry))) / ROUNDING),
  );
  // Results that are arguments, or always the same, are not computed.
  return sources.map((source) => ('computed' in source ? (changes.shift() ?? []) : []));
}

/** A graph whose nodes change what they compute by up to a rounding of float32; views are exact. */
function withRoundings(graph: Graph, generator: Generator): Graph {
  const rounded = (x: Tensor): Tensor => {
    if (!isFloating(x.dtype)) return x;
    const roundings = sub(mul(rand(x.shape, { generator, dtype: 'float64' }), 2), 1);
    return mul(x, add(mul(roundings, ROUNDING), 1));
  };
  const nodes = graph.nodes.map((node) => {
    const { primitive } = node;
    const evaluate: Primitive['evaluate'] = (inputs, params) => rounded(primitive.evaluate(inputs, params));
    return primitive.kernel?.kind === 'view' ? node : { ...node, primitive: { ...primitive, evaluate } };
  });
  return { ...graph, nodes };
}

function inDouble({ run, given }: Calculation): Calculation {
  return { run, given: given.map((x) => (isFloating(x.dtype) ? inDType(x, 'float64') : x)) };
}

function inOtherPrecision({ run, given }: Calculation): Calculation {
  const other: Partial<Record<DType, DType>> = { float32: 'float64', float64: 'float32' };
  return { run, given: given.map((x) => inDType(x, other[x.dtype] ?? x.dtype)) };
}

/** The same entries the other way round, so that they are as admissible as before. */
function turned(x: Tensor): Tensor {
  const storage = newStorage(x.dtype, x.length);
  storage.set(x.toTypedArray().reverse());
  return adopt(storage, x.shape, x.dtype);
}

/**
 * The results of compiled code: of a program that was made with other numbers.
 *
 * @throws If no compiled code ran, or a primitive was computed between the loops that has loops of its own.
 */
export function compiledResults({ run, given }: Calculation, engine: EngineName): readonly Tensor[] {
  const list = (...values: Tensor[]): readonly Tensor[] => run(...values);
  const compiled = compile(list, { engine });
  compiled(...given.map(turned));
  const results = compiled(...given);
  const { runs, programs, evaluated } = compiled.statistics;
  if (runs !== 1 || programs !== 1) throw new Error(`${runs} runs of ${programs} programs`);
  if (evaluated === 0) return results;
  const allowed = nodesWithoutLoops(list, given);
  if (evaluated > allowed.length) {
    const names = allowed.map(({ primitive }) => primitive.name).join(', ');
    throw new Error(`${evaluated} primitives are computed between the loops; there are no loops only for: ${names}`);
  }
  return results;
}

/** The primitives of a calculation for which programs have no loops. */
function nodesWithoutLoops(run: (...given: Tensor[]) => readonly Tensor[], given: readonly Tensor[]): GraphNode[] {
  const { graph } = simplify(traced(run, given).graph);
  return graph.nodes.filter((node) => hasNoLoops(graph, node));
}

function traced(run: Calculation['run'], given: readonly Tensor[]): Trace {
  return trace(run as (...values: unknown[]) => unknown, given);
}

/**
 * No loops are there for primitives that declare neither a formula nor a kind of loop; for products of whole numbers; and for
 * sums and products of nothing.
 */
function hasNoLoops(graph: Graph, { primitive, inputs, output }: GraphNode): boolean {
  const { formula, kernel } = primitive;
  const described = (value: number): Value => graph.values[value];
  return (
    (formula === undefined && kernel === undefined) ||
    (kernel?.kind === 'product' && described(output).dtype === 'int32') ||
    (kernel?.kind === 'reduce' && described(inputs[0]).shape.includes(0)) ||
    (kernel?.kind === 'product' && described(inputs[0]).shape.at(-1) === 0)
  );
}
