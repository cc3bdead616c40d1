import { adopt } from '../../core/allocate.ts';
import { unitRoundoff } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { firstDifference, firstOf, magnitude, numbersOf } from '../compare.ts';
import {
  type Beside,
  besideOf,
  type FunctionAt,
  functionOf,
  inDType,
  inPrecision,
  movedTo,
  resultsOf,
  valuesOf,
} from '../function-at.ts';
import type { Law } from './law.ts';

const UNIT: number = unitRoundoff('float32');
/** Operations in the derivative of a formula. */
const OPERATIONS = 16;

/**
 * The float32 results are the float64 ones of the same numbers but for rounding: formulas and their derivatives round
 * once for each operation; sums of n products are off by γₙ Σ|products| (Higham, "Accuracy and Stability of Numerical
 * Algorithms", section 3.1); functions of matrices, of such as are far from singular, by some roundings of the largest
 * numbers.
 */
export const singleAgreesWithDouble: Law = (primitive, sample, draw) => {
  const single = inPrecision(functionOf(primitive, sample), 'float32');
  const double = inPrecision(single, 'float64');
  const beside = besideOf(single, draw);
  const exactValues = valuesOf(double);
  const exactBeside: Beside = {
    cotangents: beside.cotangents.map((u, i) => inDType(u, exactValues[i].dtype)),
    tangents: beside.tangents.map((v) => inDType(v, 'float64')),
  };
  const exact = resultsOf(double, exactBeside);
  const errors =
    primitive.formula !== undefined
      ? errorsOfFormula(double, exactBeside)
      : primitive.roundsAsWhole
        ? errorsOfWholes(double, exactBeside)
        : errorsOfSums(double, exactBeside);
  return firstOf(resultsOf(single, beside), ([name, got], k) => {
    const expected = numbersOf(exact[k][1]);
    return firstDifference(`${name} in float32`, got, expected, (i) => errors(k, i, expected[i]));
  });
};

/** What the i-th entry of the k-th result may be off by, if it is `expected`. */
type Errors = (k: number, i: number, expected: number) => number;

/** The sums of the absolute values are what the function gives for absolute values. */
function errorsOfSums(at: FunctionAt, { cotangents, tangents }: Beside): Errors {
  const absolute = (x: Tensor): Tensor => adopt(Float64Array.from(x.toTypedArray(), Math.abs), x.shape);
  const terms = resultsOf(movedTo(at, at.inputs.map(absolute)), {
    cotangents: cotangents.map((u) => inDType(absolute(u), u.dtype)),
    tangents: tangents.map(absolute),
  }).map(([, x]) => numbersOf(x));
  const count = 1 + magnitude([...at.inputs, ...cotangents].map((x) => x.length));
  return (k, i, expected) => count * UNIT * (terms[k][i] + Math.abs(expected));
}

type Lists = readonly (readonly number[])[];

/** Each operation is off relative to the largest of its numbers at that entry. */
function errorsOfFormula(at: FunctionAt, beside: Beside): Errors {
  return errorsOfOperations(at, beside, (lists, i) => magnitude(lists.map((list) => list[i])));
}

/** Each operation is off relative to the largest of all numbers. */
function errorsOfWholes(at: FunctionAt, beside: Beside): Errors {
  return errorsOfOperations(at, beside, (lists) => magnitude(...lists));
}

function errorsOfOperations(
  at: FunctionAt,
  { cotangents, tangents }: Beside,
  largest: (lists: Lists, i: number) => number,
): Errors {
  const factors = [...at.inputs, ...valuesOf(at)].map(numbersOf);
  const derivatives = [...cotangents, ...tangents].map(numbersOf);
  return (_, i, expected) => {
    const scale = Math.max(1, largest(factors, i)) * Math.max(1, largest(derivatives, i));
    return OPERATIONS * UNIT * (scale + Math.abs(expected));
  };
}
