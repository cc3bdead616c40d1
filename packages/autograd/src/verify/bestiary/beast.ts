import type { Tensor } from '../../core/tensor.ts';
import type { Formula } from '../../kernels/scalar-math.ts';
import { smooth } from '../../primitives/smooth/degree.ts';
import { reals } from '../../primitives/smooth/domains.ts';
import type { Floor } from '../../registry.ts';
import type { Primitive } from '../../tape/primitive.ts';

/** A primitive that is wrong on purpose, and the law that must notice. */
export interface Beast {
  readonly wrong: string;
  readonly degree: Floor;
  readonly primitive: Primitive;
  /** What it was made from: all laws hold for it. */
  readonly right: Primitive;
  /** The degree of what it was made from. */
  readonly degreeOfRight: Floor;
  /** The law that is made for this kind of mistake; others may notice, too. */
  readonly caughtBy: string;
  /** A bug report about this mistake in a framework: `owner/repository#number`. */
  readonly seenIn: string | undefined;
}

interface BeastDeclaration<P> {
  readonly wrong: string;
  /** Default: 'smooth'. */
  readonly degree?: Floor;
  readonly right: Primitive<P>;
  /** Default: the degree. */
  readonly degreeOfRight?: Floor;
  /** What takes the place of what the right one does. */
  readonly changes: Partial<Primitive<P>>;
  readonly caughtBy: string;
  readonly seenIn?: string;
}

export function beast<P>(declaration: BeastDeclaration<P>): Beast {
  const { wrong, degree = 'smooth', right, degreeOfRight = degree, changes, caughtBy, seenIn } = declaration;
  const { sample = right.sample } = changes;
  return {
    wrong,
    degree,
    primitive: { ...right, ...changes } as Primitive,
    right: { ...right, sample } as Primitive,
    degreeOfRight,
    caughtBy,
    seenIn,
  };
}

/** Other partial derivatives for an elementwise primitive. */
export function partials(
  right: Primitive<undefined>,
  wrong: (...inputsAndOutput: Tensor[]) => readonly (Tensor | undefined)[],
): Partial<Primitive<undefined>> {
  const { pullback, pushforward } = smooth(right.name, {
    value: right.formula as Formula,
    partials: wrong,
    domain: reals,
  });
  return { pullback, pushforward };
}

/** A right elementwise primitive without its formula, of which only the value is asked. */
export function withoutFormula<P>({ formula: _, ...rest }: Primitive<P>): Primitive<P> {
  return rest;
}
