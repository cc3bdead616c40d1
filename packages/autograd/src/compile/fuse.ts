import { type Shape, sameShape } from '../core/shape.ts';
import type { KernelKind } from '../kernels/kinds.ts';
import type { Formula } from '../kernels/scalar-math.ts';
import type { ElementType } from '../kernels/vector-math.ts';
import { foldedProducts } from './folded-products.ts';
import { type Graph, type GraphNode, isView, type Value } from './graph.ts';
import { onlyEntry } from './simplify.ts';
import {
  type Access,
  type AxesAccess,
  type FoldedProduct,
  isEmpty,
  isWhole,
  type LoopStage,
  type Operand,
  type ReduceStep,
  type Stage,
  type StorageType,
  storageOf,
  withoutSingles,
} from './stages.ts';
import { type UnmadeCopies, unmadeCopies } from './unmade-copies.ts';

/** More steps than this in one loop would not find room in registers. */
const MOST_STEPS = 48;
/** Of single numbers; what is not used again soon goes through memory. */
const MOST_SINGLE_STEPS = 400;

const identity: Formula = (_, x) => x;

export interface FusedProgram {
  readonly stages: readonly Stage[];
  /** How the buffers are stored, by number. */
  readonly storage: ReadonlyMap<number, StorageType>;
}

/** Puts the nodes of a graph into as few stages as it can: what works entry by entry on one shape shares its loops. */
export function fuse(graph: Graph): FusedProgram {
  return new Fusion(graph).run();
}

class Fusion {
  readonly #graph: Graph;
  readonly #stages: Stage[] = [];
  readonly #storage = new Map<number, StorageType>();
  /** The stage that computes each buffer. */
  readonly #stageOf = new Map<number, number>();
  readonly #constants: ReadonlyMap<number, number>;
  readonly #firstReader: Map<number, GraphNode>;
  readonly #copies: UnmadeCopies;
  readonly #folded: ReadonlyMap<number, FoldedProduct>;
  /** The last loops of each shape and element type. */
  readonly #latest = new Map<string, number[]>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#constants = numbersIn(graph);
    this.#copies = unmadeCopies(graph);
    this.#folded = foldedProducts(graph);
    this.#firstReader = new Map(
      [...graph.nodes].reverse().flatMap((node) => node.inputs.map((x) => [x, node] as const)),
    );
  }

  run(): FusedProgram {
    for (const { value } of this.#graph.inputs) this.#comeIn(value);
    for (const node of this.#graph.nodes) {
      if (!isView(this.#graph, node.output)) this.#add(node);
    }
    return { stages: this.#stages, storage: this.#storage };
  }

  #comeIn(value: number): void {
    const { dtype, place } = this.#value(value);
    if (place.buffer !== value) return;
    const reader = dtype === 'bool' ? this.#readerOf(value) : undefined;
    this.#storage.set(value, storageOf(dtype, reader === undefined ? 'float32' : this.#elementType(reader)));
  }

  /** The first node that computes with a value, through whatever views. */
  #readerOf(value: number): GraphNode | undefined {
    const reader = this.#firstReader.get(value);
    return reader && isView(this.#graph, reader.output) ? this.#readerOf(reader.output) : reader;
  }

  #value(value: number): Value {
    return this.#graph.values[value] as Value;
  }

  #add(node: GraphNode): void {
    const { formula, kernel } = node.primitive;
    const elementType = this.#elementType(node);
    const { shape, dtype } = this.#value(node.output);
    this.#storage.set(node.output, storageOf(dtype, elementType));
    if (isEmpty(shape) || this.#copies.has(node.output) || this.#isFolded(node)) return;
    if (formula) this.#addMap(node, formula, shape, elementType);
    else if (kernel?.kind === 'view') {
      this.#addMap(node, identity, this.#value(node.inputs[0]).shape, elementType);
    } else if (kernel?.kind === 'reduce' && !isEmpty(this.#value(node.inputs[0]).shape)) {
      this.#addReduce(node, kernel, elementType);
    } else if (kernel && this.#hasLoops(node, kernel)) {
      const folded = this.#folded.get(node.output);
      const through = this.#through(folded?.product ?? node);
      this.#push({ kind: 'node', elementType, node, through, folded }, node.output);
    } else this.#push({ kind: 'evaluate', node }, node.output);
  }

  /** The type in which a node is computed: the widest of what it reads and gives; whole numbers alone as float64. */
  #elementType(node: GraphNode): ElementType {
    const output = this.#value(node.output).dtype;
    const { kernel } = node.primitive;
    const kind = kernel?.kind;
    if (kernel?.kind === 'block' && kernel.elementType !== undefined) return kernel.elementType;
    // Whole numbers are copied as they are: their elements are as wide as those of float32.
    if (output === 'int32' && kind === 'gather') return 'float32';
    const data = kind === 'gather' || kind === 'scatter' ? node.inputs.slice(0, -1) : node.inputs;
    // In formulas, a number that is the same everywhere has no storage.
    const read = kernel === undefined ? data.filter((x) => !this.#constants.has(x)) : data;
    const dtypes = [output, ...read.map((x) => this.#value(x).dtype)];
    const areStoredWide = read.some((x) => this.#storage.get(this.#value(x).place.buffer) === 'float64');
    if (areStoredWide || output === 'float64') return 'float64';
    return dtypes.includes('int32') && !dtypes.includes('float32') ? 'float64' : 'float32';
  }

  /** Whether the loops of a kind can do this node: a product of no depth or of whole numbers they cannot. */
  #hasLoops(node: GraphNode, { kind }: KernelKind<unknown>): boolean {
    if (kind === 'product') {
      return this.#value(node.inputs[0]).shape.at(-1) !== 0 && this.#value(node.output).dtype !== 'int32';
    }
    if (kind === 'largest') return !isEmpty(this.#value(node.inputs[0]).shape);
    return kind !== 'reduce' && kind !== 'view';
  }

  #addMap(node: GraphNode, formula: Formula, over: Shape, elementType: ElementType): void {
    const { shape } = withoutSingles(over, over);
    const inputs = node.inputs.map((x) => this.#access(x, over));
    const stage = this.#loopsFor(shape, elementType, inputs, undefined);
    stage.loops.steps.push({
      kind: 'map',
      node,
      formula,
      operands: inputs.map((input) => this.#operand(input, stage)),
      result: node.output,
      isTruth: this.#value(node.output).dtype === 'bool',
    });
    this.#stageOf.set(node.output, stage.index);
  }

  #addReduce(
    node: GraphNode,
    { combine, initial, dims }: { combine: Formula; initial: number; dims(params: unknown): readonly number[] },
    elementType: ElementType,
  ): void {
    const [x] = node.inputs as [number];
    const over = this.#value(x).shape;
    const kept = over.flatMap((size, d) => (size === 1 ? [] : [d]));
    const reduced = dims(node.params).flatMap((d) => (kept.includes(d) ? [kept.indexOf(d)] : []));
    const { shape } = withoutSingles(over, over);
    const input = this.#access(x, over);
    const stage = this.#loopsFor(
      shape,
      elementType,
      [input],
      reduced.sort((a, b) => a - b),
    );
    const step: ReduceStep = {
      kind: 'reduce',
      node,
      combine,
      initial,
      operand: this.#operand(input, stage),
      result: node.output,
    };
    stage.loops.reduced = reduced;
    stage.loops.steps.push(step);
    this.#stageOf.set(node.output, stage.index);
  }

  /** How loops over a shape go through a value; a number where it is the same everywhere. */
  #access(x: number, over: Shape): Access | number {
    const constant = this.#constants.get(x);
    if (constant !== undefined) return constant;
    const { place } = this.#value(x);
    const { strides } = withoutSingles(over, place.strides);
    return { buffer: place.buffer, offset: place.offset, strides };
  }

  /** A sum of these loops is never an operand here: {@link #earliest} sends what reads it to later ones. */
  #operand(input: Access | number, { index }: { index: number }): Operand {
    if (typeof input === 'number') return { kind: 'number', value: input };
    const isHere = this.#stageOf.get(input.buffer) === index;
    return isHere ? { kind: 'register', buffer: input.buffer } : { kind: 'memory', access: input };
  }

  /**
   * The loops that a step joins: the first ones behind everything that it reads, with which it has a value or a buffer
   * in common, or the last ones of all; else new ones.
   */
  #loopsFor(
    shape: Shape,
    elementType: ElementType,
    inputs: readonly (Access | number)[],
    reduced: readonly number[] | undefined,
  ): { index: number; loops: LoopStage } {
    const reads = inputs.filter((input): input is Access => typeof input !== 'number');
    const after = Math.max(-1, ...reads.map((read) => this.#earliest(read, shape)));
    const key = `${elementType}|${shape.join()}`;
    const most = shape.length === 0 ? MOST_SINGLE_STEPS : MOST_STEPS;
    const known = this.#latest.get(key) ?? [];
    const fits = known.find((index) => {
      const loops = this.#stages[index] as LoopStage;
      if (index < after || loops.steps.length >= most) return false;
      if (reduced !== undefined && loops.reduced !== undefined && !sameShape(reduced, loops.reduced)) return false;
      return shape.length === 0 || index === this.#stages.length - 1 || this.#shares(loops, index, reads);
    });
    if (fits !== undefined) return { index: fits, loops: this.#stages[fits] as LoopStage };
    const loops: LoopStage = { kind: 'loops', elementType, shape, reduced: undefined, steps: [] };
    const index = this.#stages.push(loops) - 1;
    this.#latest.set(key, [...known.slice(-4), index]);
    return { index, loops };
  }

  /** The first stage that may read a buffer in this way: the one that computes it if it passes on each entry as it is made. */
  #earliest(read: Access, shape: Shape): number {
    const index = this.#stageOf.get(read.buffer);
    if (index === undefined) return -1;
    const stage = this.#stages[index] as Stage;
    const isEntry =
      stage.kind === 'loops' && sameShape(stage.shape, shape) && !isReduced(stage, read.buffer) && isWhole(read, shape);
    return isEntry ? index : index + 1;
  }

  #shares(loops: LoopStage, index: number, reads: readonly Access[]): boolean {
    return reads.some(
      (read) =>
        this.#stageOf.get(read.buffer) === index ||
        loops.steps.some((step) =>
          (step.kind === 'map' ? step.operands : [step.operand]).some(
            (operand) => operand.kind === 'memory' && operand.access.buffer === read.buffer,
          ),
        ),
    );
  }

  /** Whether a product is made where it is added to its places. */
  #isFolded(node: GraphNode): boolean {
    return [...this.#folded.values()].some(({ product }) => product === node);
  }

  /** Where a node finds the entries of copies that are not made. */
  #through({ inputs }: GraphNode): ReadonlyMap<number, AxesAccess> {
    return new Map(
      inputs.flatMap((x) => {
        const access = this.#copies.get(this.#value(x).place.buffer)?.get(x);
        return access ? [[x, access] as const] : [];
      }),
    );
  }

  #push(stage: Stage, output: number): void {
    this.#stageOf.set(output, this.#stages.push(stage) - 1);
  }
}

/** Values that are one number everywhere: such constants, and every look at them. */
function numbersIn(graph: Graph): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const { value, constant } of graph.inputs) {
    const entry = constant && onlyEntry(constant);
    if (entry !== undefined) numbers.set(value, entry);
  }
  for (const { inputs, output } of graph.nodes) {
    const entry = isView(graph, output) ? numbers.get(inputs[0] as number) : undefined;
    if (entry !== undefined) numbers.set(output, entry);
  }
  return numbers;
}

function isReduced(loops: LoopStage, buffer: number): boolean {
  return loops.steps.some((step) => step.kind === 'reduce' && step.result === buffer);
}
