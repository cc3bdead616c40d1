import { allocate } from '../core/allocate.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import type { Tensor } from '../core/tensor.ts';
import { concatAlong } from '../primitives/linear/concat.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { bind, isRecording } from '../tape/bind.ts';
import { detach } from '../tape/leaf.ts';
import { Node, nodeOf } from '../tape/node.ts';
import { isTracing } from '../tape/observer.ts';
import type { Cotangents, Primitive, Tangents } from '../tape/primitive.ts';
import { pack, unpack } from '../transforms/packing.ts';
import type { Engine } from './engine.ts';
import type { Graph, Value } from './graph.ts';
import { Program } from './program.ts';
import { failOnTapeInState, type Trace } from './trace.ts';
import type { Derived, TracedTape } from './traced-tape.ts';

/**
 * The derivatives of a program, to any order: each is a program too, made when it is first asked for. It computes anew what
 * it needs of the forward pass.
 */
export class Differentiable {
  readonly #tape: TracedTape;
  readonly #engine: () => Engine;
  /** Outputs on the tape, those of one dtype together. */
  readonly #groups: readonly (readonly number[])[];
  readonly #derived = new Map<string, DerivedProgram>();

  constructor(tape: TracedTape, engine: () => Engine) {
    this.#tape = tape;
    this.#engine = engine;
    const places = tape.outputs.flatMap((_, k) => (tape.dependsOnInputs(k) ? [k] : []));
    this.#groups = (['float32', 'float64'] as const)
      .map((dtype) => places.filter((k) => (tape.outputs[k] as Tensor).dtype === dtype))
      .filter((group) => group.length > 0);
  }

  /** The outputs of a run on the tape that is being written, if one is: one line for all of one dtype. */
  record(inputs: readonly Tensor[], outputs: readonly Tensor[]): readonly Tensor[] {
    if (!isRecording()) return outputs;
    const recorded = outputs.map((y, k) => (this.#tape.dependsOnAssigned(k) ? withoutDerivative(y) : y));
    for (const group of this.#groups) {
      const values = group.map((k) => outputs[k] as Tensor);
      const packed = bind(this.#primitive(group, pack(values)), inputs, undefined);
      for (const [k, part] of unpack(packed, values).entries()) recorded[group[k] as number] = part;
    }
    return recorded;
  }

  /** Gives back the memory of all that was made. What is on a tape may still ask for it, and then makes it again. */
  dispose(): void {
    for (const derived of this.#derived.values()) derived.dispose();
    this.#derived.clear();
  }

  #primitive(group: readonly number[], packed: Tensor): Primitive<undefined> {
    return {
      name: 'compiled',
      mayKeepTensors: true,
      isComposite: true,
      evaluate: () => packed,
      pullback: (cotangent, { inputs }) => this.#pullback(group, cotangent, inputs),
      pushforward: (tangents, { inputs }) => this.#pushforward(group, tangents, inputs),
      sample: failOnLaw,
    };
  }

  #pullback(group: readonly number[], cotangent: Tensor, inputs: readonly Tensor[]): Cotangents {
    this.#checkInputs(inputs);
    const wanted = inputs.flatMap((x, i) => (nodeOf(x) !== undefined && this.#tape.isOnTape(i) ? [i] : []));
    const pulled = this.#derivative(`pullback ${group} by ${wanted}`, () => this.#tape.pullback(group, wanted));
    const results = pulled.run([...inputs, cotangent]);
    return inputs.map((_, i) => (wanted.includes(i) ? results[wanted.indexOf(i)] : undefined));
  }

  #pushforward(group: readonly number[], tangents: Tangents, inputs: readonly Tensor[]): Tensor | undefined {
    this.#checkInputs(inputs);
    const given = tangents.flatMap((tangent, i) => (tangent !== undefined && this.#tape.isOnTape(i) ? [i] : []));
    const pushed = this.#derivative(`pushforward ${group} by ${given}`, () => this.#tape.pushforward(group, given));
    const results = pushed.run([...inputs, ...given.map((i) => tangents[i] as Tensor)]);
    if (results.every((result) => result === undefined)) return undefined;
    const parts = group.map((k, at) => {
      const { shape, dtype } = this.#tape.outputs[k] as Tensor;
      return results[at] ?? allocate(shape, dtype);
    });
    if (parts.length === 1) return parts[0];
    const flat = parts.map((part) => reshape(part, [part.length]));
    return concatAlong(flat, 0);
  }

  /** A state that was on no tape when the function was traced is on one now: no derivative leads there. */
  #checkInputs(inputs: readonly Tensor[]): void {
    const lost = inputs.find((x, i) => x.node !== undefined && isFloating(x.dtype) && !this.#tape.isOnTape(i));
    if (lost !== undefined) failOnTapeInState(lost);
  }

  #derivative(key: string, derive: () => Derived): DerivedProgram {
    if (isTracing()) failOnTapeOutside();
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    const made = new DerivedProgram(derive(), this.#engine);
    this.#derived.set(key, made);
    return made;
  }
}

/** A derivative as a program. */
class DerivedProgram {
  readonly #places: Derived['places'];
  readonly #program: Program | undefined;
  /** The inputs that it takes. */
  readonly #needed: readonly number[];
  readonly #derivatives: Differentiable;

  constructor({ tape, places }: Derived, engine: () => Engine) {
    this.#places = places;
    this.#derivatives = new Differentiable(tape, engine);
    const graph = partOf(tape.graph());
    const comesIn = new Set(graph.inputs.map(({ value }) => value));
    const numbers = tape.inputNumbers();
    this.#needed = numbers.flatMap((value, i) => (comesIn.has(value) ? [i] : []));
    if (tape.outputs.length === 0) return;
    const traced: Trace = {
      graph,
      arguments: this.#needed.map((i) => numbers[i] as number),
      slotsRead: [],
      slotsWritten: [],
      actions: [],
      conditions: [],
      result: tape.outputs,
      sources: [],
      recorded: undefined,
    };
    this.#program = new Program(traced, tape.outputs.length, engine());
  }

  /** The results, on the tape if one is written; undefined is zero. */
  run(inputs: readonly Tensor[]): readonly (Tensor | undefined)[] {
    const outputs = this.#program?.run(this.#needed.map((i) => inputs[i] as Tensor)) ?? [];
    const recorded = this.#derivatives.record(inputs, outputs);
    return this.#places.map((place) => (place === undefined ? undefined : recorded[place]));
  }

  dispose(): void {
    this.#program?.dispose();
    this.#derivatives.dispose();
  }
}

/** A graph without inputs that its outputs do not depend on. */
function partOf(graph: Graph): Graph {
  const needed = new Set<number>();
  const need = (value: number): void => {
    needed.add(value);
    needed.add((graph.values[value] as Value).place.buffer);
  };
  graph.outputs.forEach(need);
  const nodes = [...graph.nodes].reverse().filter(({ inputs, output }) => {
    if (!needed.has(output)) return false;
    inputs.forEach(need);
    return true;
  });
  return { ...graph, nodes: nodes.reverse(), inputs: graph.inputs.filter(({ value }) => needed.has(value)) };
}

/** A tensor on the tape, through which no derivative can be taken. */
function withoutDerivative(x: Tensor): Tensor {
  const y = detach(x);
  y.node = new Node(assigned, [x], undefined, y);
  return y;
}

const assigned: Primitive<undefined> = {
  name: 'compiled',
  evaluate: ([x]) => detach(x as Tensor),
  pullback: failOnAssigned,
  pushforward: failOnAssigned,
  sample: failOnLaw,
};

function failOnLaw(): never {
  return fail('compiled', { got: 'a law', needs: 'a primitive of the registry', fix: 'use checkGradients' });
}

function failOnAssigned(): never {
  return fail('compile: a derivative by a parameter that the function has assigned', {
    got: 'a result computed after an assignment inside of the compiled function',
    needs: 'a function that assigns to its parameters, or one whose result is differentiated outside, not both',
    fix: 'call backward() inside, or return what was computed before the assignment',
  });
}

function failOnTapeOutside(): never {
  return fail('compile: a derivative leads out of the function', {
    got: 'backward() inside of a compiled function, through a compiled call that was made before it',
    needs: 'the whole way from the parameters to the loss on one side',
    fix: 'make that call inside of the function, or call backward() outside',
  });
}
