import { isFloating } from '../../core/dtype.ts';
import { sameShape, showShape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import { bind, withRecording } from '../../tape/bind.ts';
import { watch } from '../../tape/leaf.ts';
import { type Node, nodeOf } from '../../tape/node.ts';
import type { Domain, Draw } from '../../tape/primitive.ts';
import { vjp } from '../../transforms/vjp.ts';
import { DIFFERENCES, firstDifference, firstOf, innerProduct, magnitude, numbersOf, ROUNDING } from '../compare.ts';
import { differencesAlong, moved, REACH } from '../differences.ts';
import {
  besideOf,
  drawBeside,
  type FunctionAt,
  forwardOf,
  functionOf,
  inDType,
  inPrecision,
  movedTo,
  pulled,
  pushed,
  resultsOf,
  reverseOf,
  valuesOf,
} from '../function-at.ts';
import type { Law } from './law.ts';

/** Cotangents have the inputs' shapes and dtypes, the tangent the value's; only floating tensors have any. */
export const derivativesFit: Law = (primitive, { inputs, params }, draw) => {
  const watched = inputs.map((x) => (isFloating(x.dtype) ? watch(x) : x));
  const value = withRecording(true, () => bind(primitive, watched, params));
  const line = nodeOf(value) as Node<typeof params> | undefined;
  if (line === undefined) return undefined;
  const [cotangent] = drawBeside(draw, [value]);
  const tangents = watched.map((x) => (isFloating(x.dtype) ? drawBeside(draw, [x])[0] : undefined));
  const tangent = primitive.pushforward(tangents, line);
  return (
    firstOf([true, false], (recording) => {
      const parts = withRecording(recording, () => primitive.pullback(cotangent, line));
      if (parts.length > inputs.length) return `${parts.length} cotangents for ${inputs.length} inputs`;
      return firstOf(parts, (part, i) => part && misfit(`cotangent ${i}`, part, inputs[i], value));
    }) ??
    (tangent && misfit('the tangent', tangent, value, value))
  );
};

function misfit(what: string, got: Tensor, beside: Tensor, value: Tensor): string | undefined {
  for (const { dtype } of [beside, value]) {
    if (!isFloating(dtype)) return `${what} is one of dtype ${dtype}, which has no derivatives`;
  }
  const [is, must] = [got, beside].map((x) => `shape ${showShape(x.shape)} and dtype ${x.dtype}`);
  return sameShape(got.shape, beside.shape) && got.dtype === beside.dtype
    ? undefined
    : `${what} has ${is}, not ${must}`;
}

/** Forward mode gives what differences of the value give. */
export const forwardMatchesDifferences: Law = (primitive, sample, draw) =>
  forwardAgainstDifferences(inPrecision(functionOf(primitive, sample), 'float64'), draw);

function forwardAgainstDifferences(at: FunctionAt, draw: Draw): string | undefined {
  const tangents = drawBeside(draw, at.inputs);
  const { values, errors } = differencesAlong(at.f, at.inputs, tangents);
  const size = 1 + magnitude(values, ...valuesOf(at).map(numbersOf));
  if (!settled(errors, size)) return UNSETTLED;
  let before = 0;
  return firstOf(pushed(at, tangents), (tangent, k) => {
    const start = before;
    before += tangent.length;
    const expected = values.slice(start, before);
    return firstDifference(`tangent ${k}`, tangent, expected, (i) => DIFFERENCES * size + 10 * errors[start + i]);
  });
}

const UNSETTLED = 'the differences do not settle: the value is not smooth here, so the sample is not clear of kinks';

function settled(errors: readonly number[], size: number): boolean {
  return magnitude(errors) <= 1e-6 * size;
}

/** Reverse mode gives what differences of the value give: ⟨u, f′(x) v⟩ = ⟨Jᵀ u, v⟩. */
export const reverseMatchesDifferences: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  const { cotangents, tangents } = besideOf(at, draw);
  const { values, errors } = differencesAlong(at.f, at.inputs, tangents);
  const u = cotangents.flatMap(numbersOf);
  const expected = innerProduct(u, values);
  const error = innerProduct(u, errors).terms;
  if (!settled([error], 1 + expected.terms)) return UNSETTLED;
  const got = innerProduct(pulled(at, cotangents).flatMap(numbersOf), tangents.flatMap(numbersOf));
  const allowed = 10 * error + DIFFERENCES * (1 + expected.terms + got.terms);
  return apart('the derivative by reverse mode', got.value, 'by differences', expected.value, allowed);
};

/** ⟨u, J v⟩ = ⟨Jᵀ u, v⟩. */
export const forwardMatchesReverse: Law = (primitive, sample, draw) =>
  forwardAgainstReverse(inPrecision(functionOf(primitive, sample), 'float64'), draw);

function forwardAgainstReverse(at: FunctionAt, draw: Draw): string | undefined {
  const { cotangents, tangents } = besideOf(at, draw);
  const forward = innerProduct(cotangents.flatMap(numbersOf), pushed(at, tangents).flatMap(numbersOf));
  const reverse = innerProduct(pulled(at, cotangents).flatMap(numbersOf), tangents.flatMap(numbersOf));
  const allowed = ROUNDING * (1 + forward.terms + reverse.terms);
  return apart('the derivative by forward mode', forward.value, 'by reverse mode', reverse.value, allowed);
}

function apart(what: string, got: number, other: string, expected: number, allowed: number): string | undefined {
  const agree = Object.is(got, expected) || Math.abs(got - expected) <= allowed;
  return agree ? undefined : `${what} is ${got}, ${other} ${expected} (allowed: ${allowed.toExponential(1)})`;
}

/** Reverse mode can be differentiated: forwards over reverse gives what differences of reverse mode give. */
export const reverseCanBeDifferentiated: Law = (primitive, sample, draw) =>
  ofDerivatives(primitive, sample, draw, ({ reverse }) => forwardAgainstDifferences(reverse, draw));

/** Forward mode can be differentiated: forwards over forwards gives what differences of forward mode give. */
export const forwardCanBeDifferentiated: Law = (primitive, sample, draw) =>
  ofDerivatives(primitive, sample, draw, ({ forward }) => forwardAgainstDifferences(forward, draw));

/** Reverse over reverse is the transpose of forwards over reverse, and reverse over forwards that of forwards over forwards. */
export const secondOrdersMatch: Law = (primitive, sample, draw) =>
  ofDerivatives(
    primitive,
    sample,
    draw,
    ({ reverse, forward }) => forwardAgainstReverse(reverse, draw) ?? forwardAgainstReverse(forward, draw),
  );

/** Says something of both modes as functions, of a primitive that has derivatives. */
function ofDerivatives(
  primitive: Parameters<Law>[0],
  sample: Parameters<Law>[1],
  draw: Draw,
  say: (modes: { reverse: FunctionAt; forward: FunctionAt }) => string | undefined,
): string | undefined {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  if (!valuesOf(at).every((x) => isFloating(x.dtype))) return undefined;
  const { cotangents, tangents } = besideOf(at, draw);
  return say({ reverse: reverseOf(at, cotangents), forward: forwardOf(at, tangents) });
}

/** Entries that all differ, so that nothing stays as it is because entries that move alike cancel. */
const everyWay: Domain = { low: -1, high: 1, distinct: true };

/** What does not change when its inputs move has no derivative there. */
export const whatIsConstantHasNoDerivative: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  const directions = at.inputs.map((x) => inDType(draw.tensor(x.shape, everyWay), 'float64'));
  const here = numbersOf(valuesOf(at)[0]);
  const stays = [REACH, -REACH].every((step) => {
    const inputs = at.inputs.map((x, i) => moved(x, directions[i], step));
    return firstDifference('the value', valuesOf(movedTo(at, inputs))[0], here) === undefined;
  });
  if (!stays) return undefined;
  const derivatives = resultsOf(at, besideOf(at, draw)).slice(1);
  return firstOf(derivatives, ([name, x]) => firstDifference(name, x, zeros(x), () => 0));
};

function zeros(like: Tensor): readonly number[] {
  return new Array<number>(like.length).fill(0);
}

/** An input that is held changes nothing for the others; nor does it whether the backward pass is recorded. */
export const cotangentsDependOnNothingElse: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  const { cotangents } = besideOf(at, draw);
  const all = pulled(at, cotangents);
  const asks = subsets(at.inputs.map((_, i) => i)).flatMap((asked) =>
    [true, false].map((recorded) => ({ asked, recorded })),
  );
  return firstOf(asks, ({ asked, recorded }) => {
    const hold = (...given: Tensor[]) => at.f(...at.inputs.map((x, i) => given[asked.indexOf(i)] ?? x));
    const [, pull] = vjp(hold, ...asked.map((i) => at.inputs[i]));
    const got = withRecording(recorded, () => pull(...cotangents));
    return firstOf(got, (part, k) => {
      const expected = numbersOf(all[asked[k]]);
      const name = `cotangent ${asked[k]} (asked for ${asked}, ${recorded ? 'recorded' : 'not recorded'})`;
      return firstDifference(name, part, expected, () => ROUNDING * (1 + magnitude(expected)));
    });
  });
};

function subsets(of: readonly number[]): readonly (readonly number[])[] {
  const all = of.reduce<number[][]>((smaller, i) => smaller.concat(smaller.map((subset) => subset.concat(i))), [[]]);
  return all.filter((subset) => subset.length > 0);
}
