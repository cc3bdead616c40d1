import { showShape } from '../../core/shape.ts';
import type { Value } from '../graph.ts';
import {
  bufferOfInput,
  inputsOf,
  type LoopStage,
  type MapStep,
  type Operand,
  type ReduceStep,
  type Stage,
} from '../stages.ts';
import type { ProgramView } from './program-view.ts';
import { numberInWords, type ValueNames } from './value-names.ts';
import { call, operand, type Phrase, wordsMath } from './words-math.ts';

/** Parts of a formula that are longer get a line of their own. */
const LONGEST = 72;

/** What a stage computes, line by line: `#12 = maximum(#9 + state 2, 0)`. */
export function formulasOf(stage: Stage, program: ProgramView, names: ValueNames): readonly string[] {
  if (stage.kind === 'loops') return new LoopFormulas(stage, program, names).lines();
  const { graph } = program;
  const { primitive, output } = stage.node;
  const operands = inputsOf(stage).map((x) => {
    const { shape } = graph.values[x] as Value;
    return `${names.nameOf(names.originOf(x) === 'constant' ? x : bufferOfInput(stage, x, graph))} ${showShape(shape)}`;
  });
  const product = stage.kind === 'node' ? stage.folded?.product : undefined;
  const inner = `${(product?.primitive ?? primitive).name}(${operands.join(', ')})`;
  return [`${names.nameOf(output)} = ${product ? `${primitive.name}(${inner})` : inner}`];
}

class LoopFormulas {
  readonly #stage: LoopStage;
  readonly #program: ProgramView;
  readonly #names: ValueNames;
  readonly #uses = new Map<number, number>();
  /** What steps give that needs no line of its own. */
  readonly #inside = new Map<number, Phrase>();

  constructor(stage: LoopStage, program: ProgramView, names: ValueNames) {
    this.#stage = stage;
    this.#program = program;
    this.#names = names;
    for (const part of stage.steps.flatMap(operandsOf)) {
      if (part.kind === 'register') this.#uses.set(part.buffer, (this.#uses.get(part.buffer) ?? 0) + 1);
    }
  }

  lines(): readonly string[] {
    return this.#stage.steps.flatMap((step) => {
      const phrase = step.kind === 'map' ? this.#map(step) : this.#reduce(step);
      const { offsets, inPlace } = this.#program.plan;
      const isStored = step.kind === 'reduce' || offsets.has(step.result) || inPlace.has(step.result);
      if (!isStored && this.#uses.get(step.result) === 1 && phrase.text.length <= LONGEST) {
        this.#inside.set(step.result, operand(phrase.text, phrase.isLoose));
        return [];
      }
      const replaced = inPlace.get(step.result);
      const place = replaced === undefined ? '' : ` → ${this.#names.nameOf(replaced)}`;
      return [`#${step.result}${place} = ${phrase.text}`];
    });
  }

  /** A primitive of one operation is written as that operation, any other by its name. */
  #map({ node, formula, operands }: MapStep): Phrase {
    const phrases = operands.map((part) => this.#operand(part));
    const written = formula(wordsMath, ...phrases);
    return written.operations <= 1 ? written : call(node.primitive.name, ...phrases);
  }

  #reduce({ node, operand: part }: ReduceStep): Phrase {
    const { kernel, name } = node.primitive;
    const dims = kernel?.kind === 'reduce' ? kernel.dims(node.params) : [];
    return operand(`${name}(${this.#operand(part).text}) over ${dims.join(', ')}`, true);
  }

  #operand(part: Operand): Phrase {
    if (part.kind === 'number') return operand(numberInWords(part.value), part.value < 0);
    const buffer = part.kind === 'memory' ? part.access.buffer : part.buffer;
    return this.#inside.get(buffer) ?? operand(this.#names.nameOf(buffer));
  }
}

function operandsOf(step: MapStep | ReduceStep): readonly Operand[] {
  return step.kind === 'map' ? step.operands : [step.operand];
}
