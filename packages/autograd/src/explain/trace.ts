import { fail } from '../core/errors.ts';
import { Tensor } from '../core/tensor.ts';
import { collectLabels } from '../tape/label.ts';
import { follow, type Parameter } from '../tape/leaf.ts';
import { type Node, nodeOf, savedTensor } from '../tape/node.ts';
import { withEverythingRecorded } from './everything-recorded.ts';

/** What a function is called with, in the order of its arguments, by name. The names are read as LaTeX: `W_1`. */
export type NamedTensors = Readonly<Record<string, Tensor>>;
/** A function of tensors, in the order of their names. */
export type TracedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface TraceOptions {
  /** Parameters that the function uses without being given them, as `namedParameters()` of a module gives them. */
  readonly parameters?: readonly (readonly [name: string, parameter: Parameter])[];
}

/** A tensor on the tape, and its name. */
export interface Named {
  readonly name: string;
  readonly tensor: Tensor;
}

/** What a function did. */
export interface Trace {
  /** Inputs and parameters. */
  readonly inputs: readonly Named[];
  /** Values that the function named with `label`. */
  readonly labelled: readonly Named[];
  /** Second names of inputs and of labelled values. */
  readonly aliases: readonly Named[];
  readonly outputs: readonly Tensor[];
  /** The tape, the first line first; it begins with the inputs. */
  readonly lines: readonly Node[];
}

/** Runs a function on the tape. What is not on a tape yet is followed from here, constants and whole numbers too. */
export function traceOf(
  operation: string,
  f: TracedFunction,
  inputs: NamedTensors,
  { parameters = [] }: TraceOptions = {},
): Trace {
  checkInputs(operation, inputs);
  return withEverythingRecorded(() => {
    const given = Object.entries(inputs).map(([name, x]) => ({ name, tensor: nodeOf(x)?.isLeaf ? x : follow(x) }));
    const { result, labels } = collectLabels(() => f(...given.map(({ tensor }) => tensor)));
    const outputs = checkOutputs(operation, result);
    const known = [...given, ...parameters.map(([name, tensor]) => ({ name, tensor }))].map(asSaved);
    const all = [...known, ...[...labels].map(([name, tensor]) => asSaved({ name, tensor }))];
    checkNames(operation, all);
    const isFirst = ({ tensor }: Named, i: number): boolean => all.findIndex((x) => x.tensor === tensor) === i;
    const labelled = all.filter((x, i) => i >= known.length && isFirst(x, i));
    const aliases = all.filter((x, i) => !isFirst(x, i));
    const ends = [...outputs, ...labelled.map(({ tensor }) => tensor)];
    return { inputs: known, labelled, aliases, outputs, lines: linesFrom(known, ends) };
  });
}

/** With the tensor that lines keep: of a parameter the one it holds. */
function asSaved({ name, tensor }: Named): Named {
  return { name, tensor: savedTensor(tensor) };
}

/** The lines between inputs and what came out, with those of the inputs themselves. */
function linesFrom(inputs: readonly Named[], ends: readonly Tensor[]): readonly Node[] {
  const starts = new Set(inputs.map(({ tensor }) => nodeOf(tensor)));
  const lines = new Set<Node>();
  const waiting = ends.flatMap((x) => nodeOf(x) ?? []);
  for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
    if (lines.has(line)) continue;
    lines.add(line);
    if (!starts.has(line))
      for (const x of line.inputs) waiting.push(...[nodeOf(x)].filter((node) => node !== undefined));
  }
  return [...lines].sort((a, b) => a.sequence - b.sequence);
}

function checkInputs(operation: string, inputs: NamedTensors): void {
  const entries = Array.isArray(inputs) ? [] : Object.entries(inputs);
  const wrong = entries.find(([, x]) => !(x instanceof Tensor));
  if (!Array.isArray(inputs) && wrong === undefined) return;
  fail(`${operation}: the inputs are not tensors by name`, {
    got:
      wrong === undefined ? 'an array' : `${wrong[0]}, which is ${wrong[1] === null ? 'null' : `a ${typeof wrong[1]}`}`,
    needs: 'an object whose keys are the names: they stand in what is written',
    fix: `${operation}((W, x) => …, { W, x }), with data wrapped in tensor(…)`,
  });
}

function checkOutputs(operation: string, result: Tensor | readonly Tensor[]): readonly Tensor[] {
  const outputs: readonly unknown[] = Array.isArray(result) ? result : [result];
  const tensors = outputs.filter((y) => y instanceof Tensor);
  if (tensors.length < outputs.length || tensors.length === 0) {
    fail(`${operation}: the function gives something that is not a tensor`, {
      got: result instanceof Promise ? 'a promise' : `a ${typeof result}`,
      needs: 'a Tensor, or an array of them',
      fix: result instanceof Promise ? 'pass a function that is not async' : 'leave out item() and toArray()',
    });
  }
  if (tensors.some((y) => nodeOf(y) === undefined)) {
    fail(`${operation}: a result is on no tape`, {
      got: 'a result that was computed inside of noGrad, or by nothing at all',
      needs: 'a result computed from the tensors that the function is given',
      fix: 'use the arguments of the function; name parameters of a module with { parameters: model.namedParameters() }',
    });
  }
  return tensors;
}

function checkNames(operation: string, named: readonly Named[]): void {
  const names = named.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  fail(`${operation}: a name is used twice`, {
    got: `'${twice}' for two values (inputs, parameters and labels)`,
    needs: 'a name of its own for each',
    fix: 'rename one of them',
  });
}
