import { allocate } from '../core/allocate.ts';
import type { Tensor } from '../core/tensor.ts';
import type { AnySlot } from '../tape/any-slot.ts';
import { detach } from '../tape/leaf.ts';
import { Differentiable } from './differentiable.ts';
import type { Engine } from './engine.ts';
import { Program } from './program.ts';
import { type Structure, withTensors } from './structure.ts';
import type { Condition, Source, Trace } from './trace.ts';

/** One program of a compiled function, with all that it depends on. */
export class Variant {
  readonly key: string;
  readonly program: Program;
  readonly #conditions: readonly Condition[];
  /** The result, with any tensors in it, and where those come from that belong there. */
  readonly #result: Structure;
  readonly #sources: readonly ({ readonly computed: number } | Exclude<Source, { readonly computed: Tensor }>)[];
  readonly #computed: number;
  readonly #slots: readonly AnySlot[];
  readonly #captured: readonly Tensor[];
  readonly #derivatives: Differentiable | undefined;

  constructor(key: string, traced: Trace, engine: () => Engine) {
    const { conditions, result, sources, slotsRead, recorded } = traced;
    this.key = key;
    this.#conditions = conditions;
    let next = 0;
    this.#sources = sources.map((source) => ('computed' in source ? { computed: next++ } : source));
    this.#computed = next;
    this.#result = withTensors(result, sources.map(() => allocate([], 'float32')).values());
    this.#slots = slotsRead.map(({ slot }) => slot);
    this.#captured = recorded?.captured ?? [];
    this.program = new Program(traced, next + (recorded?.filled.length ?? 0), engine());
    this.#derivatives = recorded && new Differentiable(recorded.tape, engine);
    recorded?.cut();
  }

  /** Whether the world is as it was when the function was traced. */
  holds(): boolean {
    return this.#conditions.every(({ read, held }) => read() === held) && this.program.fitsSlots;
  }

  /** The result of the traced run itself. */
  resultOf(traced: Trace, values: readonly Tensor[]): Structure {
    const computed = traced.sources.flatMap((source) => ('computed' in source ? [detach(source.computed)] : []));
    const contents = traced.slotsRead.map(({ before }) => before);
    return this.#finish(values, contents, [...computed, ...(traced.recorded?.filled ?? [])]);
  }

  /** Runs the program. */
  run(values: readonly Tensor[]): Structure {
    // Only a derivative needs to know later what the slots held.
    const contents = this.#derivatives ? this.#slots.map((slot) => slot.peek() as Tensor) : [];
    return this.#finish(values, contents, this.program.run(values));
  }

  dispose(): void {
    this.program.dispose();
    this.#derivatives?.dispose();
  }

  #finish(values: readonly Tensor[], contents: readonly Tensor[], outputs: readonly Tensor[]): Structure {
    const computed = outputs.slice(0, this.#computed);
    const filled = outputs.slice(this.#computed);
    const inputs = [...values, ...contents, ...this.#captured, ...filled];
    const recorded = this.#derivatives?.record(inputs, computed) ?? computed;
    const tensors = this.#sources.map((source) => {
      if ('computed' in source) return recorded[source.computed] as Tensor;
      return 'same' in source ? source.same : (values[source.argument] as Tensor);
    });
    return withTensors(this.#result, tensors.values());
  }
}
