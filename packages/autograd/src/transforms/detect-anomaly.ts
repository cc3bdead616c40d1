import { callSite, describeCallSite } from '../core/call-site.ts';
import { isFloating } from '../core/dtype.ts';
import { fail } from '../core/errors.ts';
import { indexAt, showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { describeValues, valueRangeOf } from '../core/value-range.ts';
import type { Node } from '../tape/node.ts';
import { type Observer, withObserver } from '../tape/observer.ts';
import type { Cotangents, Primitive } from '../tape/primitive.ts';

export interface AnomalyOptions {
  /** Whether infinities count, or only NaN: for programs that use them on purpose, as masks do. Default: true. */
  readonly infinities?: boolean;
}

/**
 * Runs a function, and throws at the first operation that makes a NaN or an infinity, in the forward pass or in a
 * backward one, with the ranges of its inputs and the line that called it. Numbers that were not finite when they came in
 * (data, initial values, a parameter after an update) are reported as such.
 *
 * Everything is looked at and every call is remembered, which takes several times as long: for finding a mistake, not for
 * training. The backward pass must run inside too. What `fuse` computes in one pass (such as an optimizer's update) is
 * looked at when it is next used.
 *
 * @param run Returns when it is done: not an asynchronous function.
 * @returns What `run` returns.
 * @throws GradtapeError at the first NaN or infinity.
 *
 * @example
 * const loss = (x: Tensor) => x.log().mean();
 * detectAnomaly(() => loss(tensor([1, 1])).item()); // 0
 * // detectAnomaly(() => loss(tensor([1, -1]))) throws: log made NaN … log(-1) … and the line that called log
 */
export function detectAnomaly<T>(run: () => T, { infinities = true }: AnomalyOptions = {}): T {
  const result = withObserver(new Detector(infinities), run);
  return result instanceof Promise ? failOnPromise() : result;
}

type Named = readonly [name: string, tensor: Tensor];

/** What an operation, or its derivative, did. */
interface Step {
  readonly name: string;
  readonly given: readonly Named[];
  readonly result: Named;
  readonly calledAt: Error;
  readonly remedy: string;
  /** How one entry came about, where the operation works entry by entry. */
  readonly entry: ((place: number) => string) | undefined;
}

const OF_VALUES =
  'keep the inputs where its value is finite (clamp them, add a small number), or use a form that cannot overflow ' +
  '(crossEntropy of scores, logSumExp, softplus)';
const OF_SLOPES =
  'the value is finite here, the slope is not: keep the input away from this point (sqrt(x + 1e-12), clamp), before ' +
  'the operation and not after it';
const OF_WHAT_CAME_IN = 'look where it comes from: the data, an initial value, or an update with too large a step';
const OF_MASKS = '{ infinities: false } lets through those that are meant, such as the -Infinity of a mask';

class Detector implements Observer {
  readonly #infinities: boolean;
  readonly #calls = new WeakMap<Tensor, Error>();
  #inside = false;

  constructor(infinities: boolean) {
    this.#infinities = infinities;
  }

  evaluate<P>(primitive: Primitive<P>, inputs: readonly Tensor[], params: P): Tensor {
    const [output, outermost] = this.#compute(() => primitive.evaluate(inputs, params));
    if (!outermost) return output;
    const { name, formula } = primitive;
    const calledAt = callSite();
    this.#calls.set(output, calledAt);
    const entry = formula && ((place: number) => `${name}(${inputs.map((x) => entryAt(x, place)).join(', ')})`);
    this.#check({ name, given: named(inputs), result: ['result', output], calledAt, remedy: OF_VALUES, entry });
    return output;
  }

  pullback(line: Node, cotangent: Tensor): Cotangents {
    const [parts, outermost] = this.#compute(() => line.primitive.pullback(cotangent, line));
    if (!outermost) return parts;
    const { primitive, inputs, output } = line;
    const name = `the derivative of ${primitive.name}`;
    const given: readonly Named[] = [...named(inputs), ['value', output], ['cotangent', cotangent]];
    const calledAt = this.#calls.get(output) ?? callSite();
    const entry =
      primitive.formula && ((place: number) => given.map(([of, x]) => `${of} = ${entryAt(x, place)}`).join(', '));
    parts.forEach((part, i) => {
      if (part === undefined || inputs[i].node === undefined) return;
      this.#check({ name, given, result: [`cotangent of input ${i}`, part], calledAt, remedy: OF_SLOPES, entry });
    });
    return parts;
  }

  /** Operations that another one computes with are part of that one: only the outermost is looked at. */
  #compute<T>(compute: () => T): [result: T, outermost: boolean] {
    if (this.#inside) return [compute(), false];
    this.#inside = true;
    try {
      return [compute(), true];
    } finally {
      this.#inside = false;
    }
  }

  #check(step: Step): void {
    if (!this.#isAnomalous(step.result[1])) return;
    const source = step.given.find(([, x]) => this.#isAnomalous(x));
    report(step, source, this.#infinities);
  }

  #isAnomalous(x: Tensor): boolean {
    if (!isFloating(x.dtype)) return false;
    const { nans, infinities } = valueRangeOf(x);
    return nans > 0 || (this.#infinities && infinities > 0);
  }
}

function report(step: Step, source: Named | undefined, infinities: boolean): never {
  const { name, given, result, calledAt, remedy, entry } = step;
  const what = valueRangeOf((source ?? result)[1]).nans > 0 ? 'NaN' : 'an infinity';
  const whereToLook = what === 'NaN' ? OF_WHAT_CAME_IN : `${OF_WHAT_CAME_IN}; ${OF_MASKS}`;
  const place = placeOfAnomaly(result[1], infinities);
  const lines = [
    ...[...given, result].map(([of, x]) => `${of}: ${describeValues(x)}`),
    `first at ${showShape(indexAt(place, result[1].shape))}${entry === undefined ? '' : `: ${entry(place)}`}`,
    ...describeCallSite(calledAt).map((call, i) => `${i === 0 ? 'called from' : '       from'} ${call}`),
  ];
  return fail(`detectAnomaly: ${name} ${source === undefined ? `made ${what}` : `was given ${what} as ${source[0]}`}`, {
    got: lines.join('\n         '),
    needs: infinities ? 'finite numbers' : 'numbers, not NaN',
    fix: source === undefined ? remedy : whereToLook,
  });
}

function named(inputs: readonly Tensor[]): readonly Named[] {
  return inputs.map((x, i) => [`input ${i}`, x]);
}

function placeOfAnomaly(x: Tensor, infinities: boolean): number {
  return [...x.toTypedArray()].findIndex((value) => (infinities ? !Number.isFinite(value) : Number.isNaN(value)));
}

function entryAt(x: Tensor, place: number): string {
  return String(Number(x.toTypedArray()[place].toPrecision(5)));
}

function failOnPromise(): never {
  return fail('detectAnomaly: the function is asynchronous', {
    got: 'a promise: it goes on after detectAnomaly has stopped looking',
    needs: 'a function that returns when it is done',
    fix: 'put detectAnomaly around the forward and backward pass of one step, inside the asynchronous function',
  });
}
