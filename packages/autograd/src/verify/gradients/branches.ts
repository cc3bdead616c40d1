import { filled } from '../../core/allocate.ts';
import { isFloating } from '../../core/dtype.ts';
import type { Tensor } from '../../core/tensor.ts';
import { numbers } from '../../kernels/numbers.ts';
import type { ScalarMath } from '../../kernels/scalar-math.ts';
import { registry } from '../../registry.ts';
import type { Node } from '../../tape/node.ts';
import { numbersOf } from '../compare.ts';

/** Numbers that compute, and write down on which side of each kink they were. */
function remembering(sides: number[]): ScalarMath<number> {
  const side = (value: number, result: number): number => {
    sides.push(value);
    return result;
  };
  return {
    ...numbers,
    abs: (a) => side(Math.sign(a), Math.abs(a)),
    sign: (a) => side(Math.sign(a), Math.sign(a)),
    floor: (a) => side(Math.floor(a), Math.floor(a)),
    ceil: (a) => side(Math.ceil(a), Math.ceil(a)),
    trunc: (a) => side(Math.trunc(a), Math.trunc(a)),
    round: (a) => side(numbers.round(a), numbers.round(a)),
    fmod: (a, b) => side(Math.trunc(a / b), a % b),
    maximum: (a, b) => side(Math.sign(a - b), Math.max(a, b)),
    minimum: (a, b) => side(Math.sign(a - b), Math.min(a, b)),
    less: (a, b) => side(Math.sign(a - b), numbers.less(a, b)),
    lessEqual: (a, b) => side(Math.sign(a - b), numbers.lessEqual(a, b)),
    equal: (a, b) => side(Math.sign(a - b), numbers.equal(a, b)),
  };
}

const [smooth, piecewise] = [new Set(registry.smooth), new Set(registry.piecewise)];

/**
 * Which piece of a piecewise line each entry lies on, as text for each entry: of the output where the line works entry by
 * entry, else of the input. Undefined for lines that have one piece. Formulas tell by what they compare (those of smooth
 * primitives compare only to avoid overflow); other piecewise primitives by their whole-numbered output, or by their
 * derivative, which is constant on each piece.
 */
export function piecesOf(line: Node): readonly string[] | undefined {
  const { primitive, output } = line;
  if (smooth.has(primitive)) return undefined;
  if (primitive.formula !== undefined) return piecesOfFormula(line);
  if (!piecewise.has(primitive)) return undefined;
  if (!isFloating(output.dtype)) return numbersOf(output).map(String);
  const [weights] = primitive.pullback(filled(output.shape, output.dtype, 1), line);
  return weights === undefined ? undefined : numbersOf(weights).map(String);
}

function piecesOfFormula({ primitive, inputs, output }: Node): readonly string[] | undefined {
  const formula = primitive.formula as NonNullable<typeof primitive.formula>;
  const columns = inputs.map(numbersOf);
  const pieces: string[] = [];
  for (let i = 0; i < output.length; i++) {
    const sides: number[] = [];
    formula(remembering(sides), ...columns.map((column) => column[i]));
    if (sides.length === 0) return undefined;
    pieces.push(sides.join());
  }
  return pieces;
}

/** A place where two runs of one program took different pieces. */
export interface Crossing {
  readonly line: Node;
  readonly place: number;
  readonly within: Tensor;
}

/** Where two runs of one program lie on different pieces, the first line first. */
export function crossings(lines: readonly Node[], others: readonly Node[]): readonly Crossing[] {
  if (lines.length !== others.length) return [];
  return lines
    .flatMap((line, k): Crossing[] => {
      const [pieces, theirs] = [piecesOf(line), piecesOf(others[k])];
      const place = pieces?.findIndex((piece, i) => piece !== theirs?.[i]) ?? -1;
      if (place < 0) return [];
      return [{ line, place, within: line.primitive.formula ? line.output : line.inputs[0] }];
    })
    .reverse();
}
