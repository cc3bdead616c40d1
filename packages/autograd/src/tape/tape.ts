import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { sameShape, showShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import { type Hook, type Node, nodeOf } from './node.ts';
import { observer } from './observer.ts';
import type { PassMemory } from './pass-memory.ts';
import type { Cotangents } from './primitive.ts';

/** Throws if a backward pass has freed one of the lines: what they were computed from is gone. */
export function checkKept(lines: readonly Node[]): void {
  if (!lines.some((line) => line.released)) return;
  fail('backward: the tape was freed by an earlier backward', {
    got: 'another derivative through the same operations',
    needs: 'a tape that was kept, or a new forward pass',
    fix: 'call the first with { retainGraph: true }, or compute the output again',
  });
}

/** How two cotangents of one tensor are joined; passed in, because operations live above the tape. */
export type Add = (a: Tensor, b: Tensor) => Tensor;

let lastVisit = 0;

/** The lines that the outputs came from, the last first, down to but without those of sequence `after` and before. */
export function linesBehind(outputs: readonly Tensor[], after = -1): Node[] {
  const visit = ++lastVisit;
  const lines: Node[] = [];
  const meet = (x: Tensor): void => {
    const node = nodeOf(x);
    if (node === undefined || node.visit === visit || node.sequence <= after) return;
    node.visit = visit;
    lines.push(node);
  };
  outputs.forEach(meet);
  for (let i = 0; i < lines.length; i++) {
    const { inputs } = lines[i] as Node;
    for (let k = 0; k < inputs.length; k++) meet(inputs[k] as Tensor);
  }
  return lines.sort((a, b) => b.sequence - a.sequence);
}

/** The lines between watched tensors and outputs, the last first, with those of the watched tensors themselves. */
export function linesBetween(watched: readonly Tensor[], outputs: readonly Tensor[]): Node[] {
  const starts = watched.map((x) => nodeOf(x) as Node);
  const first = starts.reduce((lowest, node) => Math.min(lowest, node.sequence), Infinity);
  const dependent = new Set<Node>(starts);
  const behind = linesBehind(outputs, first - 1);
  checkKept(behind);
  for (const line of behind.reverse()) {
    if (line.inputs.some((x) => dependent.has(nodeOf(x) as Node))) dependent.add(line);
  }
  return [...dependent].sort((a, b) => b.sequence - a.sequence);
}

let lastPass = 0;

/**
 * Reverse mode: reads lines (the last first) backwards, from the cotangents of the last ones. Each line whose cotangent
 * is complete is handed to `finished`, and its inputs get their part. A derivative rule may take derivatives itself: a pass
 * over lines of its own leaves those of the pass outside alone. With a `memory`, storages that only the pass used are used
 * again; it must be told of what leaves the pass.
 */
export function pullBack(
  lines: readonly Node[],
  seeds: readonly (readonly [Node, Tensor])[],
  add: Add,
  finished: (line: Node, cotangent: Tensor) => void,
  memory?: PassMemory,
): void {
  if (lines.some((line) => line.pass !== 0)) failOnNesting();
  const pass = ++lastPass;
  try {
    for (const line of lines) line.pass = pass;
    for (const [line, cotangent] of seeds) receive(line, cotangent, add, memory);
    for (const line of lines) {
      let { cotangent } = line;
      if (cotangent === undefined) continue;
      line.cotangent = undefined;
      if (line.hooks !== undefined && line.hooks.length > 0) {
        memory?.letGo(cotangent);
        cotangent = throughHooks(line.hooks, cotangent);
      }
      finished(line, cotangent);
      if (line.inputs.length > 0) passOn(line, cotangent, pass, add, memory);
      memory?.drop(cotangent);
    }
  } finally {
    for (const line of lines) {
      line.pass = 0;
      line.cotangent = undefined;
    }
  }
}

/** A hook may remove itself, or others, while they run. */
function throughHooks(hooks: readonly Hook[], cotangent: Tensor): Tensor {
  return [...hooks].reduce((current, hook) => {
    const replacement = hook(current);
    if (!(replacement instanceof Tensor)) return current;
    if (replacement.dtype !== current.dtype || !sameShape(replacement.shape, current.shape)) {
      failOnReplacement(replacement, current);
    }
    return replacement;
  }, cotangent);
}

function failOnReplacement(replacement: Tensor, cotangent: Tensor): never {
  return fail('backward: a hook gives a gradient that does not fit', {
    got: `${showShape(replacement.shape)} ${replacement.dtype}`,
    needs: `the gradient's own: ${showShape(cotangent.shape)} ${cotangent.dtype}`,
    fix: 'return a tensor of the shape and dtype of what the hook was given, or nothing',
  });
}

function passOn(line: Node, cotangent: Tensor, pass: number, add: Add, memory: PassMemory | undefined): void {
  const mayKeep = line.primitive.mayKeepTensors === true || observer !== undefined;
  if (mayKeep) memory?.letGo(cotangent);
  const parts =
    memory?.isWorth(line) && !mayKeep
      ? memory.during(() => cotangentsOfInputs(line, cotangent))
      : cotangentsOfInputs(line, cotangent);
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const input = line.inputs[i] as Tensor;
    const source = nodeOf(input);
    if (part === undefined || source === undefined || source.pass !== pass) continue;
    if (part.dtype !== input.dtype || !sameShape(part.shape, input.shape)) failOnCotangent(line, i, part, input);
    receive(source, part, add, memory);
  }
  memory?.sweep();
}

function cotangentsOfInputs(line: Node, cotangent: Tensor): Cotangents {
  return observer === undefined ? line.primitive.pullback(cotangent, line) : observer.pullback(line, cotangent);
}

function receive(line: Node, part: Tensor, add: Add, memory: PassMemory | undefined): void {
  const before = line.cotangent;
  const together = before === undefined ? part : sumOf(before, part, add, memory);
  line.cotangent = together;
  memory?.hold(together);
  if (before !== undefined) memory?.drop(before);
}

function sumOf(a: Tensor, b: Tensor, add: Add, memory: PassMemory | undefined): Tensor {
  return memory?.isLarge(a) ? memory.during(() => add(a, b)) : add(a, b);
}

function failOnNesting(): never {
  return fail('backward: a backward pass is under way through the same tape', {
    got: 'a derivative taken inside a hook, through operations that the running pass has not finished',
    needs: 'one pass at a time through an operation',
    fix: 'take the derivative after backward has returned',
  });
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
    if (tangents.has(line) || line.inputs.length === 0 || !isFloating(line.output.dtype)) continue;
    const incoming = line.inputs.map((x) => {
      const source = nodeOf(x);
      return source && tangents.get(source);
    });
    const outgoing = incoming.some(Boolean) ? line.primitive.pushforward(incoming, line) : undefined;
    if (outgoing !== undefined) tangents.set(line, outgoing);
  }
}
