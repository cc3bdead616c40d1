import type { Tensor } from '../core/tensor.ts';
import { type Expression, number } from '../kernels/latex/expression.ts';
import type { NoticeSumOfOne } from '../kernels/latex/matrices.ts';
import { print } from '../kernels/latex/print.ts';
import { mul } from '../primitives/bilinear/mul.ts';
import { sub } from '../primitives/linear/arithmetic.ts';
import { withRecording } from '../tape/bind.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import type { Symbols } from './constants.ts';
import { Derivation } from './derivation.ts';
import type { DerivationLine } from './derivation-line.ts';
import { chosenInputs, lossOf, pullBackSteps, type Step } from './derive.ts';
import { inNumbers, valueText } from './fill.ts';
import { latexName } from './names.ts';
import { type Reader, readerOf } from './reader.ts';
import type { Named, Trace } from './trace.ts';

export interface DerivationOptions {
  /** The names of the inputs to differentiate by. Default: parameters and what requires a gradient; if there are none, all. */
  readonly by?: readonly string[];
  /**
   * Numbers that have a name: with `{ m: 4 }` a quarter is written `1/m`. Choose numbers that come up nowhere else, so that
   * they can be told apart.
   */
  readonly symbols?: Symbols;
  /** How the sensitivity of a value is written. Default: `\delta_{name}`. */
  readonly delta?: (name: string) => string;
  /** A line also for sensitivities that an activation only passes through. Default: false. */
  readonly everySensitivity?: boolean;
  /** Fill in the numbers, where tensors are small. Default: false. */
  readonly numbers?: boolean;
  /** Add a step of gradient descent, with this learning rate. Default: none. */
  readonly learningRate?: number;
}

/** The derivation of a loss that was computed on the tape. */
export function writeDerivation(trace: Trace, options: DerivationOptions = {}): Derivation {
  const { delta = (name) => `\\delta_{${name}}`, symbols = {}, everySensitivity = false, numbers = false } = options;
  const loss = lossOf(trace);
  const by = chosenInputs(trace, options.by);
  const remarks = new Set<string>();
  const data = new Set(trace.inputs.filter((x) => !by.includes(x)).map(({ tensor }) => tensor));
  const notice: NoticeSumOfOne = (e, dims) => remarks.add(sumsOfOne(e, dims));
  const reader = readerOf({ symbols, isData: (x) => data.has(x), notice });
  const names = [...trace.inputs, ...trace.labelled, loss];
  for (const { name, tensor } of names) reader.name(tensor, latexName(name));
  const writer: Writer = { reader, numbers };

  const values = inOrder([...trace.labelled.filter(({ tensor }) => tensor !== loss.tensor), loss]);
  const definitions = new Map<Tensor, Expression>();
  const ofInputs = trace.inputs.flatMap((input) => aliasesOf(trace, input));
  const ofValues = values.flatMap((value) => {
    const e = reader.define(value.tensor);
    definitions.set(value.tensor, e);
    if (value !== loss) reader.remember(value.tensor, e);
    const line = { left: latexName(value.name), sign: '=' as const, right: written(writer, e, value.tensor) };
    return [...withAsides(writer, line), ...aliasesOf(trace, value)];
  });

  const named = new Set([...by, ...trace.labelled].map(({ tensor }) => tensor));
  const steps = pullBackSteps(trace, loss.tensor, by, (value, line, wanted, isFirst) => {
    if (everySensitivity || wanted.length !== 1) return false;
    return isActivation(line, definitions.get(value.tensor)) && (isFirst || named.has(wanted[0]));
  });
  const lossName = latexName(loss.name);
  for (const { of, renamed } of steps) if (renamed) reader.name(renamed, delta(latexName(of.name)));
  const backward = withRecording(true, () => steps.flatMap((step) => backwardLine(writer, step, { delta, lossName })));
  const { learningRate } = options;
  const updates =
    learningRate === undefined ? [] : steps.flatMap((step) => update(writer, step, lossName, learningRate));
  const sensitivity = `${delta('v')} = ${partial(lossName, 'v')}`;
  return new Derivation({ forward: [...ofInputs, ...ofValues], backward, updates, sensitivity, remarks: [...remarks] });
}

/** Whether a value is computed entry by entry, or along a dim. */
function isActivation({ primitive }: Node, definition: Expression | undefined): boolean {
  return primitive.formula !== undefined || (definition?.kind === 'call' && definition.reading !== 'whole');
}

/** `A = Z` for a value that has two names. */
function aliasesOf({ aliases }: Trace, { name, tensor }: Named): readonly DerivationLine[] {
  const others = aliases.filter((alias) => alias.tensor === tensor);
  return others.map((alias) => ({ left: latexName(alias.name), sign: '=', right: [latexName(name)] }));
}

interface Writer {
  readonly reader: Reader;
  readonly numbers: boolean;
}

function partial(loss: string, name: string): string {
  return `\\frac{\\partial ${loss}}{\\partial ${name}}`;
}

/** Values that were computed, the first first. */
function inOrder(values: readonly Named[]): readonly Named[] {
  const place = ({ tensor }: Named): number => (nodeOf(tensor) as Node).sequence;
  return values.filter(({ tensor }) => nodeOf(tensor)).sort((a, b) => place(a) - place(b));
}

function written({ numbers }: Writer, e: Expression, value: Tensor): readonly string[] {
  return [print(e), ...(numbers ? inNumbers(e, value) : [])];
}

/** A line, behind those of the values that had to be given a name for it. */
function withAsides(writer: Writer, line: DerivationLine): readonly DerivationLine[] {
  const asides = writer.reader.takeAsides().map(
    ({ name, expression, tensor }): DerivationLine => ({
      left: name.text,
      sign: '=',
      right: written(writer, expression, tensor),
    }),
  );
  return [...asides, line];
}

function backwardLine(
  writer: Writer,
  { of, kind, cotangent }: Step,
  { delta, lossName }: { delta: (name: string) => string; lossName: string },
): readonly DerivationLine[] {
  const name = latexName(of.name);
  const left = kind === 'sensitivity' ? delta(name) : partial(lossName, name);
  const e = cotangent === undefined ? number(0) : writer.reader.derive(cotangent);
  return withAsides(writer, { left, sign: '=', right: cotangent ? written(writer, e, cotangent) : [print(e)] });
}

/** `w ← w - η ∂E/∂w`. */
function update(
  { numbers }: Writer,
  { of, kind, cotangent }: Step,
  lossName: string,
  learningRate: number,
): readonly DerivationLine[] {
  if (kind === 'sensitivity' || cotangent === undefined) return [];
  const name = latexName(of.name);
  const formula = `${name} - \\eta \\, ${partial(lossName, name)}`;
  const next = withRecording(false, () => sub(of.tensor, mul(cotangent, learningRate)));
  const [before, gradient, after] = [of.tensor, cotangent, next].map(valueText);
  const filled = numbers && before && gradient && after;
  const factor = gradient?.text.startsWith('-') ? `(${gradient.text})` : gradient?.text;
  const inNumbers = filled ? [`${before.text} - ${learningRate} \\cdot ${factor}`, after.text] : [];
  return [{ left: name, sign: '\\leftarrow', right: [formula, ...inNumbers] }];
}

/** What was used of data, in words. */
function sumsOfOne(e: Expression, dims: readonly number[]): string {
  const isTransposed = e.kind === 'transposed';
  const text = `$${print(isTransposed ? e.of : e)}$`;
  const shape = e.kind === 'name' ? e.tensor?.shape : undefined;
  if (dims.length !== 1 || shape?.length === 1) return `the entries of ${text} add up to 1`;
  return `each ${(dims[0] === 0) === isTransposed ? 'row' : 'column'} of ${text} adds up to 1`;
}
