import { view } from '../core/allocate.ts';
import { entriesOf, sameShape } from '../core/shape.ts';
import { Tensor } from '../core/tensor.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Tile } from '../kernels/product/tile.ts';
import type { AnySlot } from '../tape/any-slot.ts';
import { withRecording } from '../tape/bind.ts';
import { withObserver } from '../tape/observer.ts';
import { type Chain, chainGroups } from './chains.ts';
import { arrayAt, compiledMemory, copyOut, type Home, homeOf, writeEntries } from './compiled-memory.ts';
import type { Engine, RunningKernels } from './engine.ts';
import { type FusedProgram, fuse } from './fuse.ts';
import type { Graph, GraphNode, Input, Value } from './graph.ts';
import { layOutOperands } from './lay-out-operands.ts';
import { roomOf } from './memory/room.ts';
import type { Addresses } from './nests/addresses.ts';
import { kernelsOfChain } from './nests/chain-kernels.ts';
import { rowsOf } from './nests/loop-nest.ts';
import { partsInPlace, withParts } from './parts-in-place.ts';
import { placeBuffers } from './place-buffers.ts';
import { type Plan, plan, storedBuffers } from './plan.ts';
import { groupRows } from './rows.ts';
import { simplify } from './simplify.ts';
import type { Stage, StorageType } from './stages.ts';
import type { Action, Trace } from './trace.ts';

type Entries = Float32Array | Float64Array | Int32Array;

/** A step of a program: kernels that the engine runs, or something that JavaScript does between them. */
type Step = { readonly segment: number } | { readonly run: () => void; readonly stage: number };

/** A trace as kernels in memory, ready to run. */
export class Program {
  readonly graph: Graph;
  readonly fused: FusedProgram;
  readonly plan: Plan;
  /** Stages that share a kernel. */
  readonly chains: readonly Chain[];
  readonly kernels: readonly Kernel[];
  /** Primitives in the trace, before it was simplified. */
  readonly recorded: number;
  /** How many primitives are computed by their own `evaluate`. */
  readonly evaluated: number;
  /** The values that slots bring. */
  readonly slotValues: readonly number[];
  readonly argumentValues: readonly number[];
  /** The values that are returned. */
  readonly resultValues: readonly number[];
  readonly #addresses: Addresses;
  readonly #running: RunningKernels;
  readonly #copy: Engine['copy'];
  readonly #segments: readonly (readonly Kernel[])[];
  /** What was allocated for this program alone. */
  readonly #room = roomOf(this);
  readonly #steps: Step[] = [];
  readonly #stageOfKernel: number[] = [];
  readonly #actions: readonly Action[];
  readonly #slotsRead: readonly { readonly slot: AnySlot; readonly home: Home; readonly value: number }[];
  readonly #slotsWritten: readonly SlotWritten[];
  readonly #checks: (() => void)[] = [];
  readonly #arrays = new Map<number, Entries>();
  /** The arguments whose entries lie in memory, each in a set of its own: a `WeakRef` keeps what it refers to until the event loop goes on. */
  readonly #arrived: WeakSet<Tensor>[] = [];
  #hasRun = false;
  #generation = compiledMemory().generation;

  constructor(trace: Trace, resultCount: number, engine: Engine) {
    this.recorded = trace.graph.nodes.length;
    this.#copy = engine.copy;
    const { graph: simple, numberOf } = simplify(trace.graph);
    const graph = layOutOperands(simple);
    this.graph = graph;
    this.argumentValues = trace.arguments.map(numberOf);
    this.resultValues = graph.outputs.slice(0, resultCount);
    this.#actions = trace.actions.map((action) =>
      'fill' in action ? { ...action, value: numberOf(action.value) } : action,
    );
    this.fused = fuse(graph);
    const written = trace.slotsWritten.map(({ slot, value }) => ({
      slot,
      value: value === null ? null : numberOf(value),
    }));
    this.#slotsRead = trace.slotsRead.map(({ slot, value }) => ({
      slot,
      value,
      home: homeOf(slot, this.#value(value), this.#storageOf(value)),
    }));
    this.slotValues = this.#slotsRead.map(({ value }) => value);
    const stored = storedBuffers(this.fused, graph);
    const kept = new Set(graph.outputs.map((y) => this.#value(y).place.buffer));
    const replaced = this.#replaced(written);
    const inside = partsInPlace(this.fused, graph, new Set([...kept, ...replaced.keys()]));
    const placed = withParts(graph, inside);
    const { stages, storage } = this.fused;
    const groups = groupRows(stages, placed, (stage) => rowsOf(stage, placed, stored, storage));
    this.chains = chainGroups(groups, stages, placed, storage, stored, engine.tile);
    this.plan = plan(this.fused, graph, stored, kept, replaced, inside, this.chains);
    this.evaluated = this.fused.stages.filter(({ kind }) => kind === 'evaluate').length;
    try {
      const homes = new Map(this.#slotsRead.map(({ value, home }) => [value, home.address]));
      this.#addresses = placeBuffers(graph, this.fused, this.plan, homes, this.#room);
      this.#segments = this.#cut(placed, stored, engine.tile);
      this.kernels = this.#segments.flat();
      const running = engine.build(this.#segments);
      this.#room.alsoRelease(running);
      this.#running = running;
    } catch (error) {
      this.#room.release();
      throw error;
    }
    this.#slotsWritten = written.map(({ slot, value }) => this.#writtenSlot(slot, value));
  }

  /** Gives its memory back. What slots hold stays; the program cannot run again. */
  dispose(): void {
    for (const written of this.#slotsWritten) written.bringHome?.();
    this.#room.release();
  }

  /** Whether the slots that it reads hold tensors of the shapes and dtypes that it was made for. */
  get fitsSlots(): boolean {
    return this.#slotsRead.every(({ slot, home, value }) => {
      if (slot.version === home.version) return true;
      const [content, { shape, dtype }] = [slot.peek(), this.#value(value)];
      return content !== null && content.dtype === dtype && sameShape(content.shape, shape);
    });
  }

  /** Runs the program on its arguments; what it wrote into slots is left in memory until somebody asks. */
  run(values: readonly Tensor[]): Tensor[] {
    this.#renewArrays();
    for (const action of this.#actions) this.#act(action);
    for (const [k, value] of this.argumentValues.entries()) this.#arrive(k, value, (values[k] as Tensor).held);
    this.#hasRun = true;
    this.#bringSlots();
    for (const check of this.#checks) check();
    for (const step of this.#steps) {
      if ('segment' in step) this.#running.run(step.segment);
      else step.run();
    }
    // All is read before anything is written over what slots held.
    const results = this.resultValues.map((value) => this.#read(value));
    for (const written of this.#slotsWritten) written.save?.();
    for (const written of this.#slotsWritten) written.leave();
    return results;
  }

  /**
   * Goes through the program with what came in last, to measure it: each piece of work is handed over with the number of its
   * stage, and may be done several times. Nobody outside sees a trace of it: afterwards the memory is as before.
   */
  rehearse(measure: (stage: number, work: () => void) => void): void {
    this.#renewArrays();
    this.#bringSlots();
    if (!this.#hasRun) for (const { value } of this.#comingIn()) this.#array(value).fill(0);
    for (const check of this.#checks) check();
    const written = [...this.#kept()].map((buffer) => this.#array(buffer));
    const before = written.map((entries) => entries.slice());
    let kernel = 0;
    try {
      for (const step of this.#steps) {
        if ('run' in step) measure(step.stage, step.run);
        else {
          const end = kernel + (this.#segments[step.segment] as Kernel[]).length;
          for (; kernel < end; kernel++) {
            const number = kernel;
            measure(this.#stageOfKernel[number] as number, () => this.#running.runKernel(number));
          }
        }
      }
    } finally {
      for (const [k, entries] of written.entries()) entries.set(before[k] as Entries);
    }
  }

  /** Computed buffers that are read after the run. */
  #kept(): Set<number> {
    const buffers = this.graph.outputs.map((y) => this.#value(y).place.buffer);
    return new Set(buffers.filter((buffer) => this.plan.offsets.has(buffer) || this.plan.inPlace.has(buffer)));
  }

  /** What comes in anew in each run, and is in no slot. */
  #comingIn(): Input[] {
    const inSlots = new Set(this.#slotsRead.map(({ value }) => value));
    return this.graph.inputs.filter(({ value, constant }) => constant === undefined && !inSlots.has(value));
  }

  #bringSlots(): void {
    for (const { slot, home, value } of this.#slotsRead) {
      if (slot.version === home.version) continue;
      writeEntries(slot.peek() as Tensor, this.#array(value), this.#copy);
      home.version = slot.version;
    }
  }

  #value(value: number): Value {
    return this.graph.values[value] as Value;
  }

  #storageOf(buffer: number): StorageType {
    return this.fused.storage.get(buffer) ?? 'float32';
  }

  /** For the whole new content of a slot, the buffer of the old. */
  #replaced(written: readonly { slot: AnySlot; value: number | null }[]): Map<number, number> {
    const before = new Map(this.#slotsRead.map(({ slot, value }) => [slot, value]));
    const seen = new Set<number>();
    return new Map(
      written.flatMap(({ slot, value }) => {
        const old = before.get(slot);
        if (old === undefined || value === null || this.#value(value).place.buffer !== value || seen.has(value))
          return [];
        seen.add(value);
        return [[value, old] as const];
      }),
    );
  }

  /** The kernels in segments, between which JavaScript has something to do. */
  #cut(graph: Graph, stored: ReadonlySet<number>, tile: Tile): Kernel[][] {
    const context = { graph, stages: this.fused.stages, stored, addresses: this.#addresses, tile };
    const segments: Kernel[][] = [];
    let together: Kernel[] = [];
    const end = (): void => {
      if (together.length > 0) this.#steps.push({ segment: segments.push(together) - 1 });
      together = [];
    };
    for (const chain of this.chains) {
      const [index] = chain.stages as [number];
      const before = this.#before(this.fused.stages[index] as Stage);
      if (before !== undefined) {
        end();
        this.#steps.push({ run: before, stage: index });
      }
      const kernels = kernelsOfChain(chain, context);
      together.push(...kernels);
      this.#stageOfKernel.push(...kernels.map(() => index));
    }
    end();
    return segments;
  }

  /** What JavaScript does before a stage. Checks of what comes in are done before everything. */
  #before(stage: Stage): (() => void) | undefined {
    if (stage.kind === 'evaluate') return () => this.#evaluate(stage.node);
    const check = stage.kind === 'node' ? this.#indexCheck(stage.node) : undefined;
    const index = stage.kind === 'node' ? stage.node.inputs.at(-1) : undefined;
    const comesIn =
      index !== undefined && this.graph.inputs.some(({ value }) => value === this.#value(index).place.buffer);
    if (check === undefined || !comesIn) return check;
    this.#checks.push(check);
    return undefined;
  }

  #indexCheck({ primitive, params, inputs, output }: GraphNode): (() => void) | undefined {
    const { kernel } = primitive;
    if (kernel?.kind !== 'gather' && kernel?.kind !== 'scatter') return undefined;
    const { dim, check } = kernel.along(params);
    const size = this.#value(kernel.kind === 'gather' ? (inputs[0] as number) : output).shape[dim] as number;
    const index = inputs.at(-1) as number;
    return check && !this.#countsUpTo(index, size) ? () => check(this.#tensor(index), size) : undefined;
  }

  /** Whether an index is a place among at most so many entries, or comes from a table of such: it needs no check. */
  #countsUpTo(index: number, size: number): boolean {
    const { buffer } = this.#value(index).place;
    const maker = this.graph.nodes.find(({ output }) => output === buffer);
    if (maker === undefined) return false;
    if (maker.primitive.kernel?.kind === 'gather') {
      const table = this.#constantBehind(maker.inputs[0] as number)?.toTypedArray();
      return table?.every((entry: number) => entry >= 0 && entry < size) ?? false;
    }
    const dims = placesAlong(maker);
    if (dims === undefined) return false;
    const { shape } = this.#value(maker.inputs[0] as number);
    return entriesOf(dims.map((d) => shape[d] as number)) <= size;
  }

  #evaluate({ primitive, params, inputs, output }: GraphNode): void {
    const result = withObserver(undefined, () =>
      withRecording(false, () =>
        primitive.evaluate(
          inputs.map((x) => this.#tensor(x)),
          params,
        ),
      ),
    );
    writeEntries(result, this.#array(output));
  }

  /** A value as a tensor that looks into the memory; truth values are copied. */
  #tensor(value: number): Tensor {
    const { shape, dtype, place } = this.#value(value);
    const constant = this.#constantBehind(value);
    if (constant !== undefined) return view(constant, shape, place.strides, place.offset);
    const entries = this.#array(place.buffer);
    const storage = dtype === 'bool' ? Uint8Array.from(entries) : entries;
    return new Tensor(storage, dtype, shape, place.strides, place.offset);
  }

  #constantBehind(value: number): Tensor | undefined {
    const { buffer } = this.#value(value).place;
    return this.graph.inputs.find((input) => input.value === buffer)?.constant;
  }

  #read(value: number): Tensor {
    return copyOut(this.#tensor(value), this.#copy);
  }

  #writtenSlot(slot: AnySlot, value: number | null): SlotWritten {
    if (value === null) return { leave: () => slot.put(null) };
    const home = this.#slotsRead.find((read) => read.slot === slot)?.home;
    const { buffer } = this.#value(value).place;
    let saved: Tensor | undefined;
    const save = (): void => {
      saved = this.#read(value);
    };
    if (home === undefined && !this.plan.offsets.has(buffer)) return { save, leave: () => slot.put(saved as Tensor) };
    if (home === undefined) {
      const fetch = (): Tensor => {
        this.#renewArrays();
        return this.#read(value);
      };
      let left = -1;
      return {
        leave: () => {
          slot.leaveElsewhere(fetch);
          left = slot.version;
        },
        bringHome: () => {
          if (slot.version === left) slot.peek();
        },
      };
    }
    const isThere = this.#addresses.addressOf(buffer) === home.address && this.plan.inPlace.has(value);
    const isOfOther = this.#slotsRead.some(
      (read) => read.slot !== slot && this.#value(read.value).place.buffer === buffer,
    );
    const { shape } = this.#value(value);
    return {
      ...(isOfOther ? { save } : {}),
      leave: () => {
        if (!isThere) writeEntries(saved ?? this.#tensor(value), arrayAt(home.address, home.type, entriesOf(shape)));
        saved = undefined;
        slot.leaveElsewhere(home.fetch);
        home.version = slot.version;
      },
    };
  }

  /** Copies an argument, unless it is the one that lies there already: tensors do not change. */
  #arrive(k: number, value: number, x: Tensor): void {
    if (this.#arrived[k]?.has(x)) return;
    writeEntries(x, this.#array(value), this.#copy);
    this.#arrived[k] = new WeakSet([x]);
  }

  #act(action: Action): void {
    if ('run' in action) action.run();
    else if (this.#value(action.value).dtype === 'bool') {
      const truths = new Uint8Array(entriesOf(this.#value(action.value).shape));
      action.fill(truths);
      this.#array(action.value).set(truths);
    } else action.fill(this.#array(action.value));
  }

  #array(buffer: number): Entries {
    const known = this.#arrays.get(buffer);
    if (known !== undefined) return known;
    const { shape } = this.#value(buffer);
    const array = arrayAt(this.#addresses.addressOf(buffer), this.#storageOf(buffer), entriesOf(shape));
    this.#arrays.set(buffer, array);
    return array;
  }

  #renewArrays(): void {
    const { generation } = compiledMemory();
    if (generation !== this.#generation) this.#arrays.clear();
    this.#generation = generation;
  }
}

/** The dims of its first input along which a node gives places. */
function placesAlong({ primitive, params }: GraphNode): readonly number[] | undefined {
  const { kernel } = primitive;
  if (kernel?.kind === 'largest') return kernel.dims(params);
  const dim = kernel?.kind === 'scan' || kernel?.kind === 'block' ? kernel.placesAlong?.(params) : undefined;
  return dim === undefined ? undefined : [dim];
}

interface SlotWritten {
  /** Reads the content where that will be written over when other slots are left. */
  save?(): void;
  /** Says where the slot's content lies after a run. */
  leave(): void;
  /** Brings the content to the slot where it lies in the program's own memory. */
  bringHome?(): void;
}
