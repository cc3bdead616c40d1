import type { Tensor } from '../../core/tensor.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Observation } from '../derivation/observation.ts';
import { showNumber } from '../text-table.ts';
import type { Words } from './mistake.ts';

/** Longer descriptions leave out what they are computed from. */
const LONGEST = 32;

/** Calls values by their names, where they have one, and else by how they were computed: `tanh(X·W1 + b1)`. */
export function wordsFor({ named }: Observation): Words {
  const names = new Map<Node, string>();
  for (const [name, x] of named) {
    const node = nodeOf(x);
    if (node !== undefined) names.set(node, name);
  }
  // A value that was reshaped before it was named has no other name.
  for (const [node, name] of [...names]) {
    for (let from = sourceOf(node); from !== undefined && !names.has(from); from = sourceOf(from))
      names.set(from, name);
  }
  const value = (x: Tensor): string => {
    const node = nodeOf(x);
    if (node !== undefined) return names.get(node) ?? line(node);
    const same = x.strides.every((stride, d) => stride === 0 || x.shape[d] === 1);
    return same && x.length > 0 ? showNumber(x.storage[x.offset]) : 'a constant';
  };
  const line = (node: Node): string => {
    const written = asWritten(node, node.inputs.map(value));
    return written.length <= LONGEST
      ? written
      : asWritten(
          node,
          node.inputs.map(() => '…'),
        );
  };
  return { value, line };
}

/** What was reshaped into the value of a line. */
function sourceOf({ primitive, inputs: [x] }: Node): Node | undefined {
  return primitive.name === 'reshape' ? nodeOf(x) : undefined;
}

/** Operations that only change how a value lies: it keeps its name. */
const silent = new Set(['watch', 'leaf', 'convert', 'broadcastTo', 'reshape']);
const infix: Readonly<Record<string, string>> = { add: ' + ', sub: ' - ', mul: ' · ', div: ' / ', matmul: '·' };

function asWritten({ primitive: { name } }: Node, inputs: readonly string[]): string {
  if (silent.has(name)) return inputs[0];
  if (name in infix) return inputs.map((input) => inParentheses(input, infix[name])).join(infix[name]);
  if (name === 'neg') return `-${inParentheses(inputs[0], ' · ')}`;
  if (name === 'square') return `${inParentheses(inputs[0], '²')}²`;
  if (name === 'permute') return `${inParentheses(inputs[0], '²')}ᵀ`;
  return `${name}(${inputs.join(', ')})`;
}

function inParentheses(input: string, operator: string): string {
  const isSum = /(?<!\([^)]*) [+-] /.test(input);
  const isProduct = / [·/] /.test(input);
  const binds = operator !== ' + ' && operator !== ' - ';
  return (isSum && binds) || (isProduct && operator !== ' + ' && operator !== ' - ') ? `(${input})` : input;
}

/** A function as formulas write it. */
export function symbolOf(name: string): string {
  return name === 'sigmoid' ? 'σ' : name;
}

/** Whether the other inputs of a line are constants. */
export function isOnlyInput({ inputs }: Node, input: number): boolean {
  return inputs.every((x, i) => i === input || nodeOf(x) === undefined);
}

/** The derivative of a line by one of its inputs: `tanh′(z1)`; for a product the other factor. */
export function derivativeOf(line: Node, input: number, words: Words): string {
  const { primitive, inputs } = line;
  const other = inputs[1 - input];
  if (primitive.name === 'mul') return words.value(other);
  if (primitive.name === 'div' && input === 0) return `1 / ${words.value(other)}`;
  if (isOnlyInput(line, input)) return `${symbolOf(primitive.name)}′(${words.value(inputs[input])})`;
  return `∂${primitive.name}/∂${words.value(inputs[input])}`;
}
