import { countingDim } from '../core/counting.ts';
import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { type Expression, keyOf, type Name } from '../kernels/latex/expression.ts';
import { latexNotation } from '../kernels/latex/latex.ts';
import { type NoticeSumOfOne, spread } from '../kernels/latex/matrices.ts';
import { leastTransposed, replace, transposed } from '../kernels/latex/rewrite.ts';
import { simplify, weight } from '../kernels/latex/simplify.ts';
import type { Notation } from '../kernels/notation.ts';
import { transposeMatrix } from '../primitives/linear/permute.ts';
import { withRecording } from '../tape/bind.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import type { Line } from '../tape/primitive.ts';
import { numberInWords, type Symbols, uniformValue } from './constants.ts';

/** An unnamed value whose expression grew too long, and the name that it got. */
export interface Aside {
  readonly name: Name;
  readonly tensor: Tensor;
  readonly expression: Expression;
}

/** Longer expressions are cut: the part gets a name and a line of its own. */
const LONGEST = 12;

/** Reads back from the tape what is written for a tensor. */
export interface Reader {
  /** Its name, or how it is computed from values that have one. */
  read(x: Tensor): Expression;
  /** How a value is computed, even if it has a name. */
  define(x: Tensor): Expression;
  /** From now on this expression is written as the name of that value. */
  remember(x: Tensor, e: Expression): void;
  /** The same for values of the backward pass, whose expressions are simplified. */
  derive(x: Tensor): Expression;
  /** Gives a tensor a name. */
  name(x: Tensor, text: string): void;
  /** What got a name since this was last asked. */
  takeAsides(): readonly Aside[];
}

export interface ReaderOptions {
  readonly symbols: Symbols;
  /** Whether a tensor is data, of which may be used that its sums are 1. */
  isData(x: Tensor): boolean;
  readonly notice: NoticeSumOfOne;
}

export function readerOf({ symbols, isData, notice }: ReaderOptions): Reader {
  const m = latexNotation(notice);
  const written = new Map<Tensor, Expression>();
  const defined = new Map<string, Expression>();
  const constants = new WeakSet<Tensor>();
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  let asides: Aside[] = [];

  const numbered = (letter: string): string => {
    const count = (counts.get(letter) ?? 0) + 1;
    counts.set(letter, count);
    const text = `${letter}_{${count}}`;
    return taken.has(text) || taken.has(`${letter}_${count}`) ? numbered(letter) : text;
  };
  const nameOf = (x: Tensor, text: string): Name => ({
    kind: 'name',
    text,
    id: text,
    single: x.length === 1,
    tensor: x,
    addsUpToOne: isData(x) ? dimsOfSumsOfOne(x) : undefined,
  });
  const read = (x: Tensor): Expression => written.get(x) ?? readBehind(x);
  /** Reads lines in their order, so that none waits for another: a tape may be longer than the stack is deep. */
  const readBehind = (x: Tensor): Expression => {
    for (const y of unreadBehind(x, written)) {
      written.set(y, shortened(y, isConstant(y) ? constant(y) : compute(y)));
    }
    return written.get(x) as Expression;
  };
  /** Off the tape, or computed from nothing else. */
  const isConstant = (x: Tensor): boolean => {
    const line = nodeOf(x);
    if (line === undefined) return true;
    if (line.inputs.length === 0) return false;
    const fixed = (input: Tensor): boolean =>
      constants.has(input) || (line.primitive.formula === undefined && !isFloating(input.dtype));
    return isFloating(x.dtype) && line.inputs.every(fixed) && uniformValue(x) !== undefined;
  };
  const constant = (x: Tensor): Expression => {
    const value = uniformValue(x);
    if (value !== undefined) {
      constants.add(x);
      return numberInWords(value, x, symbols);
    }
    const dim = countingDim(x);
    return dim === undefined ? nameOf(x, numbered('C')) : m.place(dim);
  };
  const compute = (x: Tensor): Expression => {
    const line = nodeOf(x) as Node;
    if (line.isLeaf) return nameOf(x, numbered('\\theta'));
    const operands = line.inputs.map(read);
    const e = asSingle(write(m, line, operands), x);
    return defined.get(keyOf(e)) ?? e;
  };
  /** However long. */
  const whole = (x: Tensor): Expression => {
    nodeOf(x)?.inputs.forEach(read);
    return isConstant(x) ? constant(x) : compute(x);
  };
  const shortened = (x: Tensor, e: Expression): Expression => {
    if (weight(e) <= LONGEST) return e;
    const short = simplify(withNames(e));
    if (weight(short) <= LONGEST) return short;
    const expression = leastTransposed(short);
    const isTransposed = expression !== short && x.rank === 2;
    const tensor = isTransposed ? withRecording(false, () => transposeMatrix(x)) : x;
    const name = nameOf(tensor, numbered('v'));
    asides.push({ name, tensor, expression: isTransposed ? expression : short });
    return isTransposed ? transposed(name) : name;
  };
  const withNames = (e: Expression): Expression => replace(e, (part) => defined.get(keyOf(part)));

  return {
    read,
    define: (x) => ofShape(withNames(whole(x)), x),
    remember: (x, e) => {
      if (weight(e) < 2 || defined.has(keyOf(e))) return;
      defined.set(keyOf(e), read(x));
      defined.set(keyOf(transposed(e)), transposed(read(x)));
    },
    derive: (x) => ofShape(simplify(withNames(written.get(x) ?? whole(x))), x),
    name: (x, text) => {
      taken.add(text);
      written.set(x, nameOf(x, text));
    },
    takeAsides: () => {
      const taken = asides;
      asides = [];
      return taken;
    },
  };
}

/** The tensors that went into one and were not read yet, and itself: the first computed first. */
function unreadBehind(x: Tensor, written: ReadonlyMap<Tensor, Expression>): readonly Tensor[] {
  const unread = new Set<Tensor>([x]);
  for (const y of unread) for (const input of nodeOf(y)?.inputs ?? []) if (!written.has(input)) unread.add(input);
  return [...unread].sort((a, b) => (nodeOf(a)?.sequence ?? -1) - (nodeOf(b)?.sequence ?? -1));
}

/** An operation on paper: as it says itself, or its formula, or its name. */
export function write<T>(m: Notation<T>, line: Line & Pick<Node, 'primitive'>, operands: readonly T[]): T {
  const { primitive, params } = line;
  if (primitive.latex) return primitive.latex(m, operands, line);
  if (primitive.formula) return primitive.formula(m, ...operands);
  const { dim, dims } = (params ?? {}) as { dim?: number; dims?: readonly number[] };
  const along = dim ?? dims?.join(', ') ?? '';
  return m.apply(`\\operatorname{${primitive.name}}${along === '' ? '' : `_{${along}}`}`, ...operands);
}

/** As it stands in a line of its own: a tensor with one number everywhere is a matrix of it. */
function ofShape(e: Expression, x: Tensor): Expression {
  return x.rank > 2 ? e : spread(e, x.shape);
}

/** What a tensor of one entry is: one number. */
function asSingle(e: Expression, x: Tensor): Expression {
  return x.length === 1 && (e.kind === 'call' || e.kind === 'part') ? { ...e, single: true } : e;
}

/** The dims of a matrix over which all sums are 1; -1 for all entries together. */
function dimsOfSumsOfOne(x: Tensor): readonly number[] {
  if (x.rank > 2 || x.length === 0) return [];
  const entries = x.toTypedArray();
  const [rows, columns] = [x.shape[0] ?? 1, x.shape[1] ?? 1];
  const sums = [new Float64Array(columns), new Float64Array(rows), new Float64Array(1)];
  entries.forEach((entry, i) => {
    sums[0][i % columns] += entry;
    sums[1][Math.floor(i / columns)] += entry;
    sums[2][0] += entry;
  });
  const dims = x.rank === 2 ? [0, 1, -1] : [-1];
  return dims.filter((dim) => sums[dim === -1 ? 2 : dim].every((sum) => Math.abs(sum - 1) < 1e-6));
}
