import type { Known, Shape, Tensor } from '@gradtape/autograd';
import { Layer, type RuleOf, type ShapeAfter } from '../layer.ts';
import type { Module } from '../module.ts';
import { numbered } from './numbered.ts';

/** The shape after all layers, or the first one's error. */
type ShapeAfterAll<Layers extends readonly unknown[], S extends Shape> = Layers extends readonly [
  infer First,
  ...infer Rest,
]
  ? ShapeAfter<RuleOf<First>, S> extends infer After
    ? After extends string
      ? After
      : ShapeAfterAll<Rest, Known<After>>
    : never
  : Layers extends readonly []
    ? S
    : Shape;

/** The layers, with the text of the error in place of each that cannot take what comes before it. */
type WithErrors<
  Layers extends readonly unknown[],
  S extends Shape = Shape,
  Seen extends unknown[] = [],
> = Layers extends readonly [infer First, ...infer Rest]
  ? ShapeAfter<RuleOf<First>, S> extends infer After
    ? WithErrors<Rest, Known<After>, [...Seen, After extends string ? After : First]>
    : Seen
  : Seen;

/** Layers that fit one to the next; otherwise the editor underlines the one that does not. */
type Fitting<Layers extends readonly unknown[]> =
  ShapeAfterAll<Layers, Shape> extends string ? WithErrors<Layers> : Layers;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    sequential: P extends readonly unknown[] ? ShapeAfterAll<P, S> : Shape;
  }
}

/**
 * Modules one after the other: each takes what the one before gives. `net[0]` is the first; its parameters are named
 * `0.weight` and so on.
 *
 * @example
 * const net = new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10));
 * net.forward(zeros([32, 784])).shape; // [32, 10]
 */
export class Sequential<Modules extends readonly Module[] = readonly Module[]> extends Layer<{
  kind: 'sequential';
  sizes: Modules;
}> {
  readonly [index: number]: Modules[number];

  constructor(...modules: Fitting<Modules>) {
    super();
    // As fields, so that they are found under their numbers.
    Object.assign(this, modules);
  }

  get length(): number {
    return [...this].length;
  }

  [Symbol.iterator](): Iterator<Modules[number]> {
    return numbered(this);
  }

  protected override compute(x: Tensor): Tensor {
    let y = x;
    for (const module of this) y = module.forward(y);
    return y;
  }
}
