import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import { linesBetween, pullBack, pushForward } from '../tape/tape.ts';

/** What a function did at some values: the tape between what was varied and what came out. */
export interface Run {
  /** What derivatives are taken by, in the order of the program's names. */
  readonly variables: readonly Tensor[];
  /** The floating results. */
  readonly outputs: readonly Tensor[];
  /** Intermediate values that the function named. */
  readonly probes: ReadonlyMap<string, Tensor>;
  /** The last line first. */
  readonly lines: readonly Node[];
}

export function runOf(
  variables: readonly Tensor[],
  outputs: readonly Tensor[],
  probes: ReadonlyMap<string, Tensor>,
): Run {
  return { variables, outputs, probes, lines: linesBetween(variables, outputs) };
}

/** Reverse mode from cotangents of the outputs: the cotangents of all lines that any reaches. */
export function cotangentsOf({ lines, outputs }: Run, cotangents: readonly Tensor[]): ReadonlyMap<Node, Tensor> {
  const found = new Map<Node, Tensor>();
  const seeds = outputs.flatMap((y, i): [Node, Tensor][] => {
    const node = nodeOf(y);
    return node !== undefined && lines.includes(node) ? [[node, cotangents[i]]] : [];
  });
  pullBack(lines, seeds, add, (line, cotangent) => found.set(line, cotangent));
  return found;
}

/** The cotangent of a tensor of the run: zero where none came by. */
export function cotangentAt(found: ReadonlyMap<Node, Tensor>, x: Tensor): Tensor {
  const node = nodeOf(x);
  return (node && found.get(node)) ?? allocate(x.shape, x.dtype);
}

/** Reverse mode: the cotangents of the variables. */
export function pullThrough(run: Run, cotangents: readonly Tensor[]): readonly Tensor[] {
  const found = cotangentsOf(run, cotangents);
  return run.variables.map((x) => cotangentAt(found, x));
}

/** Forward mode: the tangents of all lines, from that of one variable while the others stay. */
export function tangentsOf({ lines, variables }: Run, variable: number, tangent: Tensor): ReadonlyMap<Node, Tensor> {
  const known = new Map<Node, Tensor>([[nodeOf(variables[variable]) as Node, tangent]]);
  pushForward(lines, known);
  return known;
}
