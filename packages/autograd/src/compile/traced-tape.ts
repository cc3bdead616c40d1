import { allocate } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { withRecording } from '../tape/bind.ts';
import { Parameter, watch } from '../tape/leaf.ts';
import { type Node, nodeOf } from '../tape/node.ts';
import { linesBehind, linesBetween, pullBack, pushForward } from '../tape/tape.ts';
import { packedLike, unpack } from '../transforms/packing.ts';
import type { Graph } from './graph.ts';

/** A trace that goes on: what runs `during` it is added to its graph. */
export interface OpenTrace {
  during<T>(run: () => T): T;
  comeIn(x: Tensor): { readonly tensor: Tensor };
  graphOf(outputs: readonly Tensor[]): Graph;
}

/**
 * The tape that was written while a function was traced. Derivatives are taken on that tape, so that they are those that
 * the function has eagerly, with everything that no graph shows: what it detached, and rules of its own. They are traced
 * in turn, and have a tape.
 */
export class TracedTape {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly #trace: OpenTrace;
  readonly #starts: ReadonlyMap<Node, number>;
  readonly #lines: readonly Node[];
  readonly #onTape: ReadonlySet<Node>;

  /** Outputs that depend on what was assigned to a parameter, which is no input. */
  readonly #ofAssigned: ReadonlySet<Tensor>;

  /** @param inputs Those on the tape are where derivatives end, whatever they came from. */
  constructor(trace: OpenTrace, inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    this.#trace = trace;
    this.inputs = inputs;
    const starts = inputs.flatMap((x, i): [Node, number][] => {
      const node = isFloating(x.dtype) ? nodeOf(x) : undefined;
      return node === undefined ? [] : [[node, i]];
    });
    this.#starts = new Map(starts);
    // What was computed from a tape that is gone is on none.
    const whole = (y: Tensor): boolean =>
      isFloating(y.dtype) && this.#apart(() => linesBehind([y]).every((line) => !line.released));
    const isNoStart = (line: Node): boolean => line.holder instanceof Parameter && !this.#starts.has(line);
    this.outputs = outputs;
    const kept = outputs.filter(whole);
    const watched = starts.map(([, i]) => inputs[i] as Tensor);
    this.#lines = this.#apart(() => linesBetween(watched, kept));
    this.#onTape = new Set(this.#lines);
    this.#ofAssigned = new Set(kept.filter((y) => this.#apart(() => linesBehind([y])).some(isNoStart)));
  }

  /** Whether no output has a derivative. */
  get isEmpty(): boolean {
    return this.outputs.every((_, k) => !this.dependsOnInputs(k) && !this.dependsOnAssigned(k));
  }

  /** Whether an output has a derivative. */
  dependsOnInputs(output: number): boolean {
    const node = nodeOf(this.outputs[output] as Tensor);
    return node !== undefined && this.#onTape.has(node) && !this.dependsOnAssigned(output);
  }

  /** Whether an output depends on what was assigned to a parameter: then there is no telling its derivative. */
  dependsOnAssigned(output: number): boolean {
    return this.#ofAssigned.has(this.outputs[output] as Tensor);
  }

  /** Whether derivatives are taken by an input. */
  isOnTape(input: number): boolean {
    return this.#starts.has(nodeOf(this.inputs[input] as Tensor) as Node);
  }

  /** From the inputs, and the packed cotangent of some outputs, to the cotangents of some inputs: undefined is zero. */
  pullback(outputs: readonly number[], wanted: readonly number[]): Derived {
    const values = outputs.map((k) => this.outputs[k] as Tensor);
    const packed = this.#comeIn(packedLike(values));
    const results = this.#trace.during(() =>
      withRecording(true, () => {
        const parts = unpack(packed, values);
        const seeds = values.map((y, k): [Node, Tensor] => [nodeOf(y) as Node, parts[k] as Tensor]);
        const cotangents = new Map<Node, Tensor>();
        this.#apart(() => pullBack(this.#lines, seeds, add, (line, cotangent) => cotangents.set(line, cotangent)));
        return wanted.map((i) => cotangents.get(nodeOf(this.inputs[i] as Tensor) as Node));
      }),
    );
    return this.#derived([packed], results);
  }

  /** From the inputs, and tangents of some of them, to the tangents of some outputs: undefined is zero. */
  pushforward(outputs: readonly number[], given: readonly number[]): Derived {
    const tangents = given.map((i) => this.#comeIn(this.inputs[i] as Tensor));
    const results = this.#trace.during(() =>
      withRecording(true, () => {
        const known = new Map(given.map((i, k) => [nodeOf(this.inputs[i] as Tensor) as Node, tangents[k] as Tensor]));
        this.#apart(() => pushForward(this.#lines, known));
        return outputs.map((k) => known.get(nodeOf(this.outputs[k] as Tensor) as Node));
      }),
    );
    return this.#derived(tangents, results);
  }

  /** What computes the outputs, and all else that was traced. */
  graph(): Graph {
    return this.#trace.graphOf(this.outputs);
  }

  /** The numbers of the inputs in the graph. */
  inputNumbers(): readonly number[] {
    return this.#trace.graphOf(this.inputs).outputs;
  }

  /** An input, with zeros in it while it is traced. */
  #comeIn({ shape, dtype }: Pick<Tensor, 'shape' | 'dtype'>): Tensor {
    return watch(this.#trace.comeIn(allocate(shape, dtype)).tensor);
  }

  #derived(more: readonly Tensor[], results: readonly (Tensor | undefined)[]): Derived {
    const outputs = results.flatMap((x) => (x === undefined ? [] : [x]));
    let next = 0;
    return {
      tape: new TracedTape(this.#trace, [...this.inputs, ...more], outputs),
      places: results.map((x) => (x === undefined ? undefined : next++)),
    };
  }

  /**
   * Looks at the tape as if it began with the inputs. Their lines may belong to a tape outside, and a pass over that may be
   * under way: what it has left there, and its hooks, come back afterwards.
   */
  #apart<T>(run: () => T): T {
    const starts = [...this.#starts.keys()];
    const before = starts.map(({ inputs, hooks, pass, cotangent }) => ({ inputs, hooks, pass, cotangent }));
    for (const start of starts) Object.assign(start, { inputs: [], hooks: undefined, pass: 0, cotangent: undefined });
    try {
      return run();
    } finally {
      for (const [k, start] of starts.entries()) Object.assign(start, before[k]);
    }
  }
}

/** A derivative as a traced function, with the place of each result among its outputs. */
export interface Derived {
  readonly tape: TracedTape;
  readonly places: readonly (number | undefined)[];
}
