import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Node, nodeOf } from './node.ts';

/** How two cotangents of one tensor are joined; passed in, because operations live above the tape. */
export type Add = (a: Tensor, b: Tensor) => Tensor;

/** The lines that the outputs came from, the last first, down to but without those of sequence `after` and before. */
export function linesBehind(outputs: readonly Tensor[], after = -1): Node[] {
  const lines = new Set<Node>();
  const waiting: Node[] = [];
  const meet = (x: Tensor): void => {
    const node = nodeOf(x);
    if (node === undefined || node.sequence <= after || lines.has(node)) return;
    lines.add(node);
    waiting.push(node);
  };
  outputs.forEach(meet);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) for (const x of node.inputs) meet(x);
  return [...lines].sort((a, b) => b.sequence - a.sequence);
}

/** The lines between watched tensors and outputs, the last first, with those of the watched tensors themselves. */
export function linesBetween(watched: readonly Tensor[], outputs: readonly Tensor[]): Node[] {
  const starts = watched.map((x) => nodeOf(x) as Node);
  const first = starts.reduce((lowest, node) => Math.min(lowest, node.sequence), Infinity);
  const dependent = new Set<Node>(starts);
  for (const line of linesBehind(outputs, first - 1).reverse()) {
    if (line.inputs.some((x) => dependent.has(nodeOf(x) as Node))) dependent.add(line);
  }
  return [...dependent].sort((a, b) => b.sequence - a.sequence);
}

/** The cotangents of a reverse pass, by the line whose output they belong to. */
export type CotangentsOf = Map<Node, Tensor>;

/**
 * Reverse mode: reads lines (the last first) backwards. `cotangents` starts with the outputs' and is filled on the way;
 * a line whose cotangent is complete is handed to `finished` and, if it goes on, to its inputs.
 */
export function pullBack(
  lines: readonly Node[],
  cotangents: CotangentsOf,
  add: Add,
  finished: (line: Node, cotangent: Tensor) => void = () => {},
): void {
  const within = new Set(lines);
  for (const line of lines) {
    let cotangent = cotangents.get(line);
    if (cotangent === undefined) continue;
    if (line.hooks !== undefined) {
      for (const hook of line.hooks) cotangent = hook(cotangent) ?? cotangent;
      cotangents.set(line, cotangent);
    }
    finished(line, cotangent);
    if (line.inputs.length === 0) continue;
    const parts = line.primitive.pullback(cotangent, line);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      const input = line.inputs[i] as Tensor;
      const source = nodeOf(input);
      if (part === undefined || source === undefined || !within.has(source)) continue;
      if (!sameShape(part.shape, input.shape) || part.dtype !== input.dtype) failOnCotangent(line, i, part, input);
      const before = cotangents.get(source);
      cotangents.set(source, before === undefined ? part : add(before, part));
    }
  }
}

function failOnCotangent(line: Node, i: number, part: Tensor, input: Tensor): never {
  return fail(`${line.primitive.name}: its derivative is declared wrong`, {
    got: `for input ${i} a cotangent of shape ${showShape(part.shape)}, dtype ${part.dtype}`,
    needs: `the input's own: ${showShape(input.shape)}, ${input.dtype}`,
    fix: 'sum over the dims that were broadcast, or transpose back, in the declaration of the derivative',
  });
}

/** Forward mode: reads the same lines the other way. Gives the tangents by line; one that is missing is zero. */
export function pushForward(lines: readonly Node[], tangents: Map<Node, Tensor>): void {
  for (let k = lines.length - 1; k >= 0; k--) {
    const line = lines[k] as Node;
    if (tangents.has(line) || line.inputs.length === 0) continue;
    const incoming = line.inputs.map((x) => {
      const source = nodeOf(x);
      return source && tangents.get(source);
    });
    const outgoing = incoming.some(Boolean) ? line.primitive.pushforward(incoming, line) : undefined;
    if (outgoing !== undefined) tangents.set(line, outgoing);
  }
}
