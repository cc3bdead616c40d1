import { adopt, withStoragesApart } from '../core/allocate.ts';
import { callSite, describeCallSite } from '../core/call-site.ts';
import type { Storage } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { withReadingWatch } from '../core/reading.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { detach } from '../tape/leaf.ts';
import type { Node } from '../tape/node.ts';
import { type Observer, type Recorder, withObserver } from '../tape/observer.ts';
import type { Cotangents, Primitive } from '../tape/primitive.ts';
import type { AnySlot } from '../tape/slot.ts';
import type { Graph, GraphNode, Input, Value } from './graph.ts';
import { type Structure, tensorsIn, withTensors } from './structure.ts';

/** A run of a function, written down: what it computed, and what it did beside. */
export interface Trace {
  readonly graph: Graph;
  /** Numbers of the values of the tensors among the arguments, in order. */
  readonly arguments: readonly number[];
  /** Slots whose content came in. */
  readonly slotsRead: readonly { readonly slot: AnySlot; readonly value: number }[];
  /** What slots held at the end that had been given something: a value, or nothing. */
  readonly slotsWritten: readonly { readonly slot: AnySlot; readonly value: number | null }[];
  /** What JavaScript did, in order: to be done again before each run. */
  readonly actions: readonly Action[];
  /** What must be the same for the trace to hold. */
  readonly conditions: readonly Condition[];
  /** The result; its tensors are the graph's first outputs. */
  readonly result: Structure;
}

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
  const copies = tensorsIn(values).map(({ tensor }) => tracer.comeIn(tensor));
  const given = withTensors(values, copies.map(({ tensor }) => tensor).values()) as Structure[];
  try {
    const result = withObserver(tracer, () =>
      withStoragesApart(() =>
        withReadingWatch(
          (x, method) => tracer.watchReading(x, method),
          () => run(...given),
        ),
      ),
    );
    return tracer.finish(
      result,
      copies.map(({ value }) => value),
    );
  } catch (error) {
    tracer.restore();
    throw error;
  }
}

class Tracer implements Observer, Recorder {
  readonly recorder: Recorder = this;
  readonly #values: Value[] = [];
  readonly #inputs: Input[] = [];
  readonly #nodes: GraphNode[] = [];
  /** Values by their storage, and there by the place in it. */
  readonly #byStorage = new Map<Storage, Map<string, number>>();
  readonly #slots = new Map<
    AnySlot,
    { readonly before: Tensor | null; readonly comesIn: Tensor | null; written: boolean }
  >();
  readonly #actions: Action[] = [];
  readonly #conditions: Condition[] = [];
  /** Whether a primitive computes: what it calls and reads is its own affair. */
  #inside = false;

  /** A copy of a tensor that is another in each run. */
  comeIn(x: Tensor): { readonly tensor: Tensor; readonly value: number } {
    const tensor = adopt(x.toTypedArray(), x.shape, x.dtype);
    return { tensor, value: this.#addInput(tensor) };
  }

  evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
    if (this.#inside || primitive.isComposite) return primitive.evaluate(inputs, params);
    const operands = inputs.map((x) => this.#numberOf(x));
    this.#inside = true;
    let output: Tensor;
    try {
      output = primitive.evaluate(inputs, params);
    } finally {
      this.#inside = false;
    }
    const value = this.#addValue(output);
    this.#nodes.push({ primitive: primitive as Primitive, params, inputs: operands, output: value });
    return output;
  }

  pullback(line: Node, cotangent: Tensor): Cotangents {
    return line.primitive.pullback(cotangent, line);
  }

  slotRead(slot: AnySlot): void {
    if (this.#slots.has(slot)) return;
    this.#conditions.push({ read: () => slot.isFull, held: slot.isFull });
    const before = slot.peek();
    if (before === null) {
      this.#slots.set(slot, { before, comesIn: null, written: false });
      return;
    }
    const { tensor } = this.comeIn(before);
    slot.put(tensor);
    this.#slots.set(slot, { before, comesIn: tensor, written: false });
  }

  slotWritten(slot: AnySlot): void {
    const known = this.#slots.get(slot);
    if (known) known.written = true;
    else this.#slots.set(slot, { before: slot.peek(), comesIn: null, written: true });
  }

  repeat(run: () => void): void {
    this.#actions.push({ run });
  }

  filled(x: Tensor, fill: (entries: Storage) => void): void {
    this.#actions.push({ value: this.#addInput(x), fill });
  }

  dependsOn(read: () => string | number | boolean): void {
    this.#conditions.push({ read, held: read() });
  }

  watchReading(x: Tensor, method: string): void {
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

  finish(result: Structure, argumentValues: readonly number[]): Trace {
    const slotsRead: { slot: AnySlot; value: number }[] = [];
    const slotsWritten: { slot: AnySlot; value: number | null }[] = [];
    for (const [slot, { before, comesIn, written }] of this.#slots) {
      if (comesIn !== null) slotsRead.push({ slot, value: this.#numberOf(comesIn) });
      if (written) slotsWritten.push({ slot, value: this.#valueIn(slot) });
      else if (before !== null) slot.put(before);
    }
    const results = tensorsIn(result).map(({ tensor }) => this.#numberOf(tensor));
    const kept = slotsWritten.flatMap(({ value }) => (value === null ? [] : [value]));
    return {
      graph: { values: this.#values, inputs: this.#inputs, nodes: this.#nodes, outputs: [...results, ...kept] },
      arguments: argumentValues,
      slotsRead,
      slotsWritten,
      actions: this.#actions,
      conditions: this.#conditions,
      result,
    };
  }

  restore(): void {
    for (const [slot, { before }] of this.#slots) slot.put(before);
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
    return this.#inputs.some((input) => input.value === value && input.constant !== undefined);
  }

  #addInput(x: Tensor, constant?: Tensor): number {
    const value = this.#addValue(x);
    this.#inputs.push(constant ? { value, constant } : { value });
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
    places.set(placeKey(x), value);
    this.#byStorage.set(x.storage, places);
  }
}

function placeKey({ offset, shape, strides }: Tensor): string {
  return `${offset}|${shape.join()}|${strides.join()}`;
}
