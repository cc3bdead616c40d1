import { constant } from '../../core/allocate.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Draw } from '../../tape/primitive.ts';
import { firstDifference, firstOf, magnitude, numbersOf, ROUNDING } from '../compare.ts';
import { moved } from '../differences.ts';
import {
  besideOf,
  drawBeside,
  type FunctionAt,
  forwardOf,
  functionOf,
  inPrecision,
  movedTo,
  named,
  pushed,
  reverseOf,
  valuesOf,
} from '../function-at.ts';
import type { Law } from './law.ts';

/** A linear primitive: f(x + αy) = f(x) + α f(y), with y for all inputs together. */
export const isLinear: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  return linearIn(
    at.inputs.map((_, i) => i),
    at,
    draw,
  );
};

/** A bilinear primitive: linear in each input while the other is held. */
export const isLinearInEachInput: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  return firstOf(at.inputs, (_, i) => linearIn([i], at, draw));
};

function linearIn(chosen: readonly number[], at: FunctionAt, draw: Draw): string | undefined {
  const factor = -1.75;
  const others = drawBeside(draw, at.inputs);
  const put = (make: (x: Tensor, y: Tensor) => Tensor): readonly number[] => {
    const inputs = at.inputs.map((x, i) => (chosen.includes(i) ? make(x, others[i]) : x));
    return valuesOf(movedTo(at, inputs)).flatMap(numbersOf);
  };
  const [atX, atY] = [put((x) => x), put((_, y) => y)];
  const expected = atX.map((entry, i) => entry + factor * atY[i]);
  const [together] = valuesOf(
    movedTo(
      at,
      at.inputs.map((x, i) => (chosen.includes(i) ? moved(x, others[i], factor) : x)),
    ),
  );
  const allowed = ROUNDING * (1 + magnitude(atX, atY));
  return firstDifference(`f(x + ${factor}y), linear in inputs ${chosen},`, together, expected, () => allowed);
}

/** A linear primitive has the same derivative everywhere. */
export const hasNoSecondDerivative: Law = (primitive, sample, draw) => {
  const at = inPrecision(functionOf(primitive, sample), 'float64');
  const { cotangents, tangents } = besideOf(at, draw);
  const directions = drawBeside(draw, at.inputs);
  const held = (beside: readonly Tensor[]): readonly Tensor[] => beside.map((x) => constant(0, x.shape, x.dtype));
  const second = [
    ...named('the derivative of cotangent', pushed(reverseOf(at, cotangents), [...directions, ...held(cotangents)])),
    ...named('the derivative of tangent', pushed(forwardOf(at, tangents), [...directions, ...held(tangents)])),
  ];
  return firstOf(second, ([name, x]) => firstDifference(name, x, new Float64Array(x.length), () => 0));
};
