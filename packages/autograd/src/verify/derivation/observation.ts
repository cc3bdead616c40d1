import { filled } from '../../core/allocate.ts';
import { isFloating } from '../../core/dtype.ts';
import { fail } from '../../core/errors.ts';
import { showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { withRecording } from '../../tape/bind.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Named } from '../named.ts';
import type { Program } from '../program.ts';
import { cotangentAt, cotangentsOf, type Run, runOf } from '../run.ts';
import { type Claimed, readClaims } from './claims.ts';
import { type Columns, fromColumns, toColumns } from './columns.ts';

/** A function with a single number as result, and the gradients that somebody derived. */
export interface Derivation {
  readonly program: Program;
  /** All inputs, also those that are held. */
  readonly inputs: readonly Named[];
  readonly claimed: (...inputs: Tensor[]) => Claimed;
  readonly columns: Columns;
}

/** What the tape and a derivation say at one point. */
export interface Observation {
  readonly derivation: Derivation;
  readonly values: readonly Tensor[];
  readonly run: Run;
  /** The derivative of the result by each line. */
  readonly cotangents: ReadonlyMap<Node, Tensor>;
  /** Inputs, parameters and probes by name, as they stand on the tape. */
  readonly named: ReadonlyMap<string, Tensor>;
  /** The gradients by those names, from the tape. */
  readonly truth: ReadonlyMap<string, Tensor>;
  readonly claims: ReadonlyMap<string, Tensor>;
}

/** Runs function and derivation at some values. */
export function observe(derivation: Derivation, values: readonly Tensor[]): Observation {
  const taped = tapedAt(derivation.program, values);
  return { derivation, values, ...taped, claims: claimsAt(derivation, values, taped.run) };
}

/** What the tape says at some values. */
export function tapedAt(
  program: Program,
  values: readonly Tensor[],
): Pick<Observation, 'run' | 'cotangents' | 'named' | 'truth'> {
  const run = program.run(values);
  const cotangents = cotangentsOf(run, [one(run)]);
  const named = namedIn(run, program);
  const truth = new Map(Array.from(named, ([name, x]) => [name, cotangentAt(cotangents, x)]));
  return { run, cotangents, named, truth };
}

/** The same gradients, computed on the tape: from it follows what rounding does to them. */
export function gradientsOnTape(program: Program, values: readonly Tensor[], names: readonly string[]): Run {
  return withRecording(true, () => {
    const { run, truth } = tapedAt(program, values);
    const gradients = names.map((name) => truth.get(name) as Tensor);
    return runOf(run.variables, gradients, run.probes);
  });
}

function one({ outputs }: Run): Tensor {
  return filled(outputs[0].shape, outputs[0].dtype, 1);
}

/** Inputs, parameters and probes by name. */
export function namedIn({ variables, probes }: Run, { names }: Program): ReadonlyMap<string, Tensor> {
  const both = names.find((name) => probes.has(name));
  if (both !== undefined) {
    fail('checkDerivation: a name is used twice', {
      got: `'${both}' for an input and for a probe`,
      needs: 'a name of its own for each',
      fix: 'rename the probe',
    });
  }
  return new Map([...names.map((name, i) => [name, variables[i]] as const), ...probes]);
}

/** Whether a derivation gives the same gradients once more. */
export function isRepeatable(derivation: Derivation, { values, run, claims }: Observation): boolean {
  const again = claimsAt(derivation, values, run);
  return [...claims].every(([name, claim]) => {
    const entries = again.get(name)?.toTypedArray();
    return entries !== undefined && claim.toTypedArray().every((entry, i) => Object.is(entry, entries[i]));
  });
}

function claimsAt(
  { program, inputs, claimed, columns }: Derivation,
  values: readonly Tensor[],
  run: Run,
): ReadonlyMap<string, Tensor> {
  const known = namedIn(run, program);
  const claims = program.at(values, (all) =>
    readClaims(claimed(...all.map((x, i) => toColumns(columns, inputs[i].name, x))), {
      inputs: inputs.map(({ name }) => name),
      others: [...known.keys()].filter((name) => !inputs.some((input) => input.name === name)),
    }),
  );
  return new Map(
    Array.from(claims, ([name, gradient]) => {
      const x = known.get(name) ?? failOnHeld(name, inputs);
      return [name, fromColumns(columns, name, gradient, x)];
    }),
  );
}

function failOnHeld(name: string, inputs: readonly Named[]): never {
  const dtype = inputs.find((input) => input.name === name)?.tensor.dtype;
  return fail(`checkDerivation: ${name} has no gradient`, {
    got: `a gradient by ${name}, which is of dtype ${dtype}`,
    needs: 'gradients by values of dtype float32 or float64',
    fix: 'leave it out; whole numbers and truth values are held',
  });
}

/** Throws unless the result is a single number that derivatives lead back from. */
export function checkSingle(outputs: readonly Tensor[]): void {
  if (outputs.length === 1 && outputs[0].length === 1) return;
  fail('checkDerivation: the function does not give a single number', {
    got: outputs.map(({ shape }) => `shape ${showShape(shape)}`).join(' and '),
    needs: 'one entry, of which gradients are taken',
    fix: 'reduce the result with sum() or mean(); multiply it first by what your derivation multiplies the Jacobian with',
  });
}

/** Whether derivatives lead from the result back to a value. */
export function isReached({ cotangents }: Observation, x: Tensor): boolean {
  const node = nodeOf(x);
  return isFloating(x.dtype) && node !== undefined && cotangents.has(node);
}
