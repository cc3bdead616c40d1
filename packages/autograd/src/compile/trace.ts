import { adopt, withStoragesApart } from '../core/allocate.ts';
import { callSite, describeCallSite } from '../core/call-site.ts';
import { isFloating, type Storage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { type Entries, withReadingWatch } from '../core/reading.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import type { AnySlot } from '../tape/any-slot.ts';
import { isRecording } from '../tape/bind.ts';
import { detach, Parameter, watchPrimitive } from '../tape/leaf.ts';
import { lastSequence, Node, nodeOf, savedTensor } from '../tape/node.ts';
import { type Observer, type Recorder, withObserver } from '../tape/observer.ts';
import type { Cotangents, Primitive } from '../tape/primitive.ts';
import { linesBehind } from '../tape/tape.ts';
import type { Graph, GraphNode, Input, Value } from './graph.ts';
import { checkResult, type Structure, tensorsIn, withTensors } from './structure.ts';
import { TracedTape } from './traced-tape.ts';

/** A run of a function, written down: what it computed, and what it did beside. */
export interface Trace {
  readonly graph: Graph;
  /** Numbers of the values of the tensors among the arguments, in order. */
  readonly arguments: readonly number[];
  /** Slots whose content came in, with what it was. */
  readonly slotsRead: readonly { readonly slot: AnySlot; readonly value: number; readonly before: Tensor }[];
  /** What slots held at the end that had been given something: a value, or nothing. */
  readonly slotsWritten: readonly { readonly slot: AnySlot; readonly value: number | null }[];
  /** What JavaScript did, in order: to be done again before each run. */
  readonly actions: readonly Action[];
  /** What must be the same for the trace to hold. */
  readonly conditions: readonly Condition[];
  readonly result: Structure;
  /** Where each tensor of the result comes from. Those that are computed are the graph's first outputs. */
  readonly sources: readonly Source[];
  readonly recorded: Recorded | undefined;
}

/** What the tape tells of a run whose result others can differentiate. */
export interface Recorded {
  /** Its inputs are the arguments, what the slots held that were read, the captured tensors, and what was filled. */
  readonly tape: TracedTape;
  /** Tensors of tapes outside that the function did not get as arguments. */
  readonly captured: readonly Tensor[];
  /** What JavaScript filled; in the graph's outputs it follows what is computed of the result. */
  readonly filled: readonly Tensor[];
  /** Lets go of the tape outside, from which the arguments came. */
  cut(): void;
}

/** Where a tensor of a result comes from: it is computed, or an argument, or always the same. */
export type Source = { readonly computed: Tensor } | { readonly argument: number } | { readonly same: Tensor };

export type Action =
  | { readonly run: () => void }
  | { readonly value: number; readonly fill: (entries: Storage) => void };

export interface Condition {
  readonly read: () => unknown;
  readonly held: unknown;
}

/**
 * Runs a function on copies of its arguments, as ever, and writes down what it does. Slots are left as the function leaves
 * them. If it throws, they are as they were.
 */
export function trace(run: (...values: Structure[]) => Structure, values: readonly Structure[]): Trace {
  const tracer = new Tracer();
  const copies = tensorsIn(values).map((tensor) => tracer.takeArgument(tensor));
  const given = withTensors(values, copies.map(({ tensor }) => tensor).values()) as Structure[];
  try {
    const result = tracer.during(() => run(...given));
    checkResult(result);
    return tracer.finish(result, copies);
  } catch (error) {
    tracer.restore();
    throw error;
  }
}

/** A value that comes in, and the tensor that stands for it. */
export interface Incoming {
  readonly tensor: Tensor;
  readonly value: number;
}

export class Tracer implements Observer, Recorder {
  readonly recorder: Recorder = this;
  /** Lines of the tape up to here were written outside. */
  readonly #before = lastSequence();
  readonly #values: Value[] = [];
  readonly #inputs: Input[] = [];
  readonly #nodes: GraphNode[] = [];
  /** Values that may be others in each run. */
  readonly #varying = new Set<number>();
  /** Values by their storage, and there by the place in it. */
  readonly #byStorage = new Map<Storage, Map<string, number>>();
  readonly #slots = new Map<
    AnySlot,
    { readonly before: Tensor | null; readonly comesIn: Tensor | null; readonly seen: Tensor | null; written: boolean }
  >();
  readonly #actions: Action[] = [];
  readonly #conditions: Condition[] = [];
  readonly #settings = new Set<() => unknown>();
  /** Whether a primitive computes: what it calls and reads is its own affair. */
  #inside = false;
  /** Whether the function has returned. Derivatives of what it has computed may still be traced. */
  #isFinished = false;
  /** Tensors on the tape that the function did not get but knows. */
  readonly #captured = new Set<Tensor>();
  readonly #filled: Tensor[] = [];

  /** Traces a function, or the derivatives of one that was traced. */
  during<T>(run: () => T): T {
    return withObserver(this, () =>
      withStoragesApart(() => withReadingWatch((x, method) => this.watchReading(x, method), run)),
    );
  }

  /** The graph as it is, with these outputs. */
  graphOf(outputs: readonly Tensor[]): Graph {
    return {
      values: [...this.#values],
      inputs: [...this.#inputs],
      nodes: [...this.#nodes],
      outputs: outputs.map((x) => this.#numberOf(x)),
    };
  }

  /** A copy of an argument, on the tape if the argument is. */
  takeArgument(x: Tensor): Incoming {
    const copy = this.comeIn(x);
    if (!isRecording() || x.node === undefined || !isFloating(x.dtype)) return copy;
    const node = new Node(watchPrimitive, [savedTensor(x)], undefined, copy.tensor);
    node.hooks = [() => failOnGradientOutside(x)];
    copy.tensor.node = node;
    return copy;
  }

  /** A copy of a tensor that is another in each run. */
  comeIn(x: Tensor): Incoming {
    const tensor = adopt(x.toTypedArray(), x.shape, x.dtype);
    return { tensor, value: this.#addInput(tensor) };
  }

  evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
    if (this.#inside) return primitive.evaluate(inputs, params);
    for (const x of inputs) this.#noticeTape(x);
    if (primitive.isComposite) return primitive.evaluate(inputs, params);
    if (primitive.shapeDependsOnValues) return this.#evaluateConstant(primitive, inputs, params);
    const operands = inputs.map((x) => this.#numberOf(x));
    const output = this.#insidePrimitive(() => primitive.evaluate(inputs, params));
    const value = this.#addValue(output);
    this.#nodes.push({ primitive: primitive as Primitive, params, inputs: operands, output: value });
    if (operands.some((operand) => this.#varying.has(operand))) this.#varying.add(value);
    return output;
  }

  /** What no program can hold may still be computed once and for all. */
  #evaluateConstant<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
    if (!inputs.some((x) => this.#varying.has(this.#numberOf(x))))
      return this.#insidePrimitive(() => primitive.evaluate(inputs, params));
    const [line = 'unknown'] = describeCallSite(callSite(), 1);
    return fail('compile: a shape depends on values', {
      got: `${primitive.name} of a tensor of shape ${showShape((inputs[0] as Tensor).shape)} that the function computes, at ${line}`,
      needs: 'shapes that are the same for all values of the arguments: a program is made for them',
      fix: 'choose with where(mask, x, 0) and keep the shape, or do this part outside of the compiled function',
    });
  }

  #insidePrimitive<T>(run: () => T): T {
    this.#inside = true;
    try {
      return run();
    } finally {
      this.#inside = false;
    }
  }

  #noticeTape(x: Tensor): void {
    const node = isRecording() ? nodeOf(x) : undefined;
    if (node !== undefined && node.sequence <= this.#before && isFloating(x.dtype)) this.#captured.add(savedTensor(x));
  }

  pullback(line: Node, cotangent: Tensor): Cotangents {
    return line.primitive.pullback(cotangent, line);
  }

  slotRead(slot: AnySlot): void {
    if (this.#slots.has(slot)) return;
    this.#checkUnfinished('reads a parameter, or a state, that the function has not read');
    const before = slot.peek();
    if (before !== null && this.#byStorage.has(before.storage) && !this.#isConstant(before)) return; // made inside
    if (isRecording() && before?.node !== undefined && !(before.node as Node).isLeaf) failOnTapeInState(before);
    if (before === null) {
      this.#conditions.push({ read: () => slot.isFull, held: false });
      this.#slots.set(slot, { before, comesIn: null, seen: null, written: false });
      return;
    }
    const { tensor } = this.comeIn(before);
    slot.put(tensor);
    this.#slots.set(slot, { before, comesIn: tensor, seen: slot.peek(), written: false });
  }

  slotWritten(slot: AnySlot): void {
    this.#checkUnfinished('changes a parameter, or a state');
    const known = this.#slots.get(slot);
    if (known) known.written = true;
    else this.#slots.set(slot, { before: slot.peek(), comesIn: null, seen: null, written: true });
  }

  repeat(run: () => void): void {
    this.#checkUnfinished('has an effect beside it');
    this.#actions.push({ run });
  }

  filled(x: Tensor, fill: (entries: Storage) => void): void {
    this.#checkUnfinished('draws random numbers');
    this.#filled.push(detach(x));
    this.#actions.push({ value: this.#addInput(x), fill });
  }

  dependsOn(read: () => string | number | boolean): void {
    this.#checkUnfinished('depends on a setting');
    if (this.#settings.has(read)) return;
    this.#settings.add(read);
    this.#conditions.push({ read, held: read() });
  }

  gradientCollected({ holder, sequence }: Node): void {
    if (holder !== undefined && !(holder instanceof Parameter) && sequence <= this.#before)
      failOnGradientOutside(holder);
  }

  /** Derivatives of the function are traced when it has returned: only what they compute can be part of a program. */
  #checkUnfinished(what: string): void {
    if (!this.#isFinished) return;
    fail('compile: a derivative does more than compute', {
      got: `a derivative with a rule of its own (customGrad, or a hook) that ${what}`,
      needs: 'a rule that computes with the tensors that it is given',
      fix: 'give what the rule needs as an input of its function, or differentiate inside of the compiled function',
    });
  }

  watchReading(x: Entries, method: string): void {
    if (this.#inside) return;
    const values = this.#byStorage.get(x.storage);
    if (values === undefined) return;
    const [line = 'unknown'] = describeCallSite(callSite(), 1);
    fail(`compile: a value is read while the program is made (${method})`, {
      got: `${method}() of a tensor of shape ${showShape(x.shape)} that the function computes, at ${line}`,
      needs: 'a program that computes the same for all values: what it reads now would be fixed for ever',
      fix: 'choose with where(condition, a, b) in place of if, or read after the compiled call has returned',
    });
  }

  finish(result: Structure, copies: readonly Incoming[]): Trace {
    const sources = tensorsIn(result).map((tensor) => this.#sourceOf(tensor, copies));
    const computed = sources.flatMap((source) => ('computed' in source ? [source.computed] : []));
    for (const node of nodesOf(copies)) node.hooks = undefined;
    const recorded = isRecording() ? this.#recorded(computed, copies) : undefined;
    const slotsRead: { slot: AnySlot; value: number; before: Tensor }[] = [];
    const slotsWritten: { slot: AnySlot; value: number | null }[] = [];
    for (const [slot, { before, comesIn, written }] of this.#slots) {
      if (comesIn !== null && before !== null) slotsRead.push({ slot, value: this.#numberOf(comesIn), before });
      if (written) {
        this.#checkLeft(slot);
        slotsWritten.push({ slot, value: this.#valueIn(slot) });
      } else if (before !== null) slot.put(before);
    }
    const kept = slotsWritten.flatMap(({ value }) => (value === null ? [] : [value]));
    const { outputs, ...graph } = this.graphOf([...computed, ...(recorded?.filled ?? [])]);
    this.#isFinished = true;
    return {
      graph: { ...graph, outputs: [...outputs, ...kept] },
      arguments: copies.map(({ value }) => value),
      slotsRead,
      slotsWritten,
      actions: this.#actions,
      conditions: this.#conditions,
      result,
      sources,
      recorded,
    };
  }

  #sourceOf(x: Tensor, copies: readonly Incoming[]): Source {
    const argument = copies.findIndex(({ tensor }) => tensor === x);
    if (argument >= 0) return { argument };
    const value = this.#byStorage.get(x.storage)?.get(placeKey(x));
    const isOutside = x.node === undefined || x.node.sequence <= this.#before;
    const isSame = value === undefined ? !this.#byStorage.has(x.storage) : this.#isConstantValue(value);
    return isSame && isOutside ? { same: x } : { computed: x };
  }

  /** Undefined if no tensor of the result is on a tape that others can see. */
  #recorded(computed: readonly Tensor[], copies: readonly Incoming[]): Recorded | undefined {
    const captured = [...this.#captured];
    const filled = this.#filled;
    const seen = [...this.#slots.values()].flatMap((slot) => (slot.seen === null ? [] : [slot.seen]));
    const tape = new TracedTape(
      this,
      [...copies.map(({ tensor }) => tensor), ...seen, ...captured, ...filled],
      computed,
    );
    const cut = (): void => {
      for (const node of nodesOf(copies)) node.inputs = [];
    };
    return tape.isEmpty ? undefined : { tape, captured, filled, cut };
  }

  restore(): void {
    for (const [slot, { before }] of this.#slots) slot.put(before);
  }

  /** A program leaves entries in a slot, and no tape. */
  #checkLeft(slot: AnySlot): void {
    const content = slot.peek();
    if (content?.node === undefined || !isFloating(content.dtype) || (content.node as Node).isLeaf) return;
    const lines = linesBehind([content]);
    if (lines.some((line) => line.released)) return;
    if (lines.some((line) => line.isLeaf || line.sequence <= this.#before)) failOnTapeInState(content);
  }

  #valueIn(slot: AnySlot): number | null {
    const content = slot.peek();
    return content === null ? null : this.#numberOf(content);
  }

  /** The number of a tensor's value; one that the function did not compute is a constant. */
  #numberOf(x: Tensor): number {
    const known = this.#byStorage.get(x.storage)?.get(placeKey(x));
    if (known !== undefined) return known;
    if (this.#byStorage.has(x.storage) && !this.#isConstant(x)) {
      throw new Error(`compile: an unknown view of shape ${showShape(x.shape)}`);
    }
    return this.#addInput(x, detach(x));
  }

  #isConstant(x: Tensor): boolean {
    const [value] = this.#byStorage.get(x.storage)?.values() ?? [];
    return value !== undefined && this.#isConstantValue(value);
  }

  #isConstantValue(value: number): boolean {
    return this.#inputs.some((input) => input.value === value && input.constant !== undefined);
  }

  #addInput(x: Tensor, constant?: Tensor): number {
    const value = this.#addValue(x);
    this.#inputs.push(constant ? { value, constant } : { value });
    if (constant === undefined) this.#varying.add(value);
    return value;
  }

  #addValue(x: Tensor): number {
    const value = this.#values.length;
    const [first] = this.#byStorage.get(x.storage)?.values() ?? [];
    const buffer = first === undefined ? value : (this.#values[first] as Value).place.buffer;
    const { shape, dtype, offset, strides } = x;
    this.#values.push({ shape, dtype, place: { buffer, offset, strides } });
    this.#remember(x, value);
    return value;
  }

  #remember(x: Tensor, value: number): void {
    const places = this.#byStorage.get(x.storage) ?? new Map<string, number>();
    // A view of the same entries in the same order is the same value: the first one stands for it.
    if (!places.has(placeKey(x))) places.set(placeKey(x), value);
    this.#byStorage.set(x.storage, places);
  }
}

function placeKey({ offset, shape, strides }: Tensor): string {
  return `${offset}|${shape.join()}|${strides.join()}`;
}

function nodesOf(copies: readonly Incoming[]): Node[] {
  return copies.flatMap(({ tensor }) => nodeOf(tensor) ?? []);
}

export function failOnTapeInState({ shape }: Tensor): never {
  return fail('compile: a state, or a gradient, is on the tape', {
    got: `a tensor of shape ${showShape(shape)} on a tape, in the state of a layer or in the grad of a parameter`,
    needs: 'entries alone: a program hands no tape on from one run to the next through what it changes',
    fix: 'detach() what goes into the state, call backward() without createGraph, or return the tensor as a result',
  });
}

function failOnGradientOutside(x: Tensor): never {
  return fail('compile: a gradient would collect outside', {
    got: `backward() inside of the function, on its way to a tensor of shape ${showShape(x.shape)} that is no Parameter`,
    needs: 'Parameters: a program can fill their gradients anew in each run',
    fix: 'make the tensor a Parameter, pass x.detach(), or return the gradient: grad(f)(x)',
  });
}
