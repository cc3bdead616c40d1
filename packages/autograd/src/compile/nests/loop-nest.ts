import { contiguousStrides } from '../../core/shape.ts';
import { loopNest } from '../../kernels/iteration.ts';
import type { Kernel, Procedure } from '../../kernels/kernel.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import type { Graph, Value } from '../graph.ts';
import {
  type Access,
  type LoopStage,
  type MapStep,
  type ReduceStep,
  type StorageType,
  stridesOfResult,
} from '../stages.ts';
import type { Addresses } from './addresses.ts';
import { accessKey } from './loop-body.ts';
import { loopCost } from './loop-cost.ts';
import { type Dim, NestWriter, sharesTwoLoops, unitOf } from './nest-writer.ts';

/** What loops are written from. */
export interface LoopContext {
  readonly graph: Graph;
  /** Results of steps that others read. */
  readonly stored: ReadonlySet<number>;
  readonly addresses: Addresses;
}

/** The kernel of loops over one shape. */
export function loopKernel(name: string, stage: LoopStage, context: LoopContext): Kernel {
  const nest = new Nest(stage, context);
  return {
    name,
    elementType: stage.elementType,
    units: nest.units,
    cost: loopCost(stage) / nest.units,
    write: (w) => nest.write(w, name),
  };
}

/** In how many rows loops can be cut from the front: turns of their outermost loops, or single entries. */
export function rowsOf(
  stage: LoopStage,
  graph: Graph,
  stored: ReadonlySet<number>,
  storage: ReadonlyMap<number, StorageType>,
): number {
  const addresses: Addresses = {
    addressOf: () => 0,
    storageOf: (buffer: number) => storage.get(buffer) ?? 'float32',
    scratch: () => 0,
    scratchOfThreads: () => ({ address: 0, step: 0 }),
    table: () => 0,
  };
  return new Nest(stage, { graph, stored, addresses }).rows;
}

/** The kernel of stages that are cut in rows; several are done row by row. */
export function rowsKernel(name: string, stages: readonly LoopStage[], rows: number, context: LoopContext): Kernel {
  const nests = stages.map((stage) => new Nest(stage, context));
  return {
    name,
    elementType: (stages[0] as LoopStage).elementType,
    units: rows,
    cost: stages.reduce((sum, stage) => sum + loopCost(stage), 0) / rows,
    write: (w) =>
      w.procedure(name, 3, (from, to) => {
        const [first, ...others] = nests as [Nest, ...Nest[]];
        if (others.length === 0) first.writeRows(w, from, to, rows);
        else {
          w.loop(w.minus(to, from), [[w.fix(from), 1]], (row) => {
            for (const nest of nests) nest.writeRow(w, row, rows);
          });
        }
      }),
  };
}

/** The loops of a stage: which dims they go over, in which order, and where each access is in them. */
class Nest {
  readonly units: number;
  readonly #stage: LoopStage;
  readonly #addresses: Addresses;
  readonly #accesses: readonly Access[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #stored: ReadonlyMap<number, Access>;
  readonly #reductions: readonly { readonly step: ReduceStep; readonly access: Access }[];
  /** Loops around the innermost: of kept dims, then of reduced ones. */
  readonly #kept: readonly Dim[];
  readonly #reduced: readonly Dim[];
  readonly #inner: Dim;

  constructor(stage: LoopStage, { graph, stored, addresses }: LoopContext) {
    this.#stage = stage;
    this.#addresses = addresses;
    const accessTo = (step: MapStep | ReduceStep): Access => {
      const strides = stridesOfResult(stage, step, graph.values[step.result] as Value);
      if (strides === undefined) throw new Error(`compile: no loops lead through buffer ${step.result} as it lies`);
      return { buffer: step.result, offset: 0, strides };
    };
    const results = stage.steps.filter(({ kind, result }) => kind === 'map' && stored.has(result));
    this.#stored = new Map(results.map((step) => [step.result, accessTo(step)]));
    this.#reductions = stage.steps.flatMap((step) =>
      step.kind === 'reduce' ? [{ step, access: accessTo(step) }] : [],
    );
    const all = [...readsOf(stage), ...this.#stored.values(), ...this.#reductions.map(({ access }) => access)];
    const distinct = new Map(all.map((access) => [accessKey(access), access]));
    this.#accesses = [...distinct.values()];
    this.#places = new Map([...distinct.keys()].map((key, k) => [key, k]));
    const dims = this.#dims(new Set(stage.reduced ?? []));
    this.#inner = dims[dims.length - 1] ?? { size: 1, steps: this.#accesses.map(() => 0), isReduced: false };
    const outer = dims.slice(0, -1);
    this.#kept = outer.filter((dim) => !dim.isReduced);
    this.#reduced = outer.filter((dim) => dim.isReduced);
    this.units = this.#unitCount();
  }

  write<I, V>(w: LoopMath<I, V>, name: string): Procedure<I> {
    const writer = this.#writer(w);
    return w.procedure(name, 3, (from, to) => writer.writeUnits(from, to, this.#kept, this.#reduced, this.#inner));
  }

  /** What belongs to one of so many rows. */
  writeRow<I, V>(w: LoopMath<I, V>, row: I, rows: number): void {
    const each = this.rows / rows;
    const first = w.fix(w.times(row, each));
    this.#writePart(w, first, { count: w.index(each), known: each });
  }

  /** What belongs to some of so many rows, from the first to before the last. */
  writeRows<I, V>(w: LoopMath<I, V>, from: I, to: I, rows: number): void {
    const each = this.rows / rows;
    const first = w.fix(w.times(from, each));
    this.#writePart(w, first, { count: w.fix(w.minus(w.times(to, each), first)), known: undefined });
  }

  #writePart<I, V>(w: LoopMath<I, V>, first: I, part: { count: I; known: number | undefined }): void {
    const writer = this.#writer(w);
    if (this.#kept.length === 0) writer.writePiece(first, part, this.#inner);
    else writer.writeUnits(first, w.plus(first, part.count), this.#kept, this.#reduced, this.#inner);
  }

  /** In how many rows the loops can be cut: only where the dims that are reduced come last. */
  get rows(): number {
    const { reduced = [], shape } = this.#stage;
    if (reduced.some((d) => d < shape.length - reduced.length)) return 0;
    if (this.#kept.length > 0) return this.units;
    return reduced.length > 0 ? 0 : this.#inner.size;
  }

  #writer<I, V>(w: LoopMath<I, V>): NestWriter<I, V> {
    return new NestWriter(w, this.#stage, {
      reads: readsOf(this.#stage),
      accesses: this.#accesses,
      places: this.#places,
      stored: this.#stored,
      reductions: this.#reductions,
      addresses: this.#addresses,
    });
  }

  /** The fewest loops, outermost first, with all accesses as operands, and marks that keep reduced dims apart from others. */
  #dims(reduced: ReadonlySet<number>): Dim[] {
    const kept = contiguousStrides(this.#stage.shape.map((size, d) => (reduced.has(d) ? 1 : size)));
    const marks = kept.map((step, d) => (reduced.has(d) ? 0 : step));
    const operands = [...this.#accesses.map(({ strides }) => strides), ...(reduced.size > 0 ? [marks] : [])];
    const nest = loopNest(this.#stage.shape, operands);
    return nest.sizes.map((size, d) => ({
      size,
      steps: this.#accesses.map((_, k) => nest.strides[k]?.[d] as number),
      isReduced: reduced.size > 0 && nest.strides[this.#accesses.length]?.[d] === 0,
    }));
  }

  #unitCount(): number {
    const [outermost, second] = this.#kept;
    if (outermost) return outermost.size * (sharesTwoLoops(outermost, second) ? second.size : 1);
    if (this.#inner.isReduced) return 1;
    return Math.ceil(this.#inner.size / unitOf(this.#reduced));
  }
}

function readsOf(stage: LoopStage): Access[] {
  return stage.steps.flatMap((step) =>
    (step.kind === 'map' ? step.operands : [step.operand]).flatMap((operand) =>
      operand.kind === 'memory' ? [operand.access] : [],
    ),
  );
}
