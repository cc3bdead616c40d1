import type { Checked, DType, Flowing, Generator, Known, Shape, ShapeOf, Tensor } from '@gradtape/autograd';
import { Module } from './module.ts';
import { showArguments } from './written-arguments.ts';

/**
 * What each kind of layer makes of a shape `S`, given the sizes `P` that the layer was built with: the shape of its output,
 * or the text of the error. Layers of your own join with
 * `declare module '@gradtape/nn' { interface ShapeRules<P, S> { myKind: … } }`.
 */
export interface ShapeRules<P, S extends Shape> {
  /** The output has the shape of the input. */
  same: S;
  /** The output has this shape, whatever goes in. */
  fixed: P;
}

/** A rule as a layer's type carries it: which of {@link ShapeRules}, and the sizes for it. */
export interface ShapeRule {
  readonly kind: keyof ShapeRules<unknown, Shape>;
  readonly sizes: unknown;
}

// Method parameters are bivariant: `Layer` and `Linear<784, 256>` are assignable both ways, as with shapes of tensors.
interface CarriedRule<Rule> {
  consistent(rule: Rule): void;
}

/** What `Rule` makes of shape `S`: a shape, the text of an error, or plain `Shape` where there is no rule. */
export type ShapeAfter<Rule, S extends Shape> = Rule extends {
  readonly kind: infer Kind extends keyof ShapeRules<unknown, Shape>;
  readonly sizes: infer Sizes;
}
  ? ShapeRules<Sizes, S>[Kind]
  : Shape;

/** The rule of a layer; for another module with one input, its result's shape, if it says one. */
export type RuleOf<M> = M extends { readonly shapeRule: CarriedRule<infer Rule> }
  ? Rule
  : M extends { forward(x: never): Tensor<infer S> }
    ? { kind: 'fixed'; sizes: S }
    : unknown;

/** How the numbers of a new parameter are kept and drawn. */
export interface CreationOptions {
  /** Default: float32. */
  readonly dtype?: Extract<DType, 'float32' | 'float64'>;
  /** Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** A parameter that an option may leave out: null then. */
export type IfPresent<Present extends boolean, P> = Present extends true ? P : null;

/** A module of one tensor in, one out, that knows how shapes pass through it. */
export abstract class Layer<Rule = unknown> extends Module {
  /** Only for the compiler, nothing at run time. */
  declare readonly shapeRule: CarriedRule<Rule>;
  readonly #written: readonly unknown[];

  /** @param written What the constructor of the layer was given; `toString` shows it. */
  constructor(...written: readonly unknown[]) {
    super();
    this.#written = written;
  }

  /** The layer's output. In the editor, a shape that the layer cannot take is an error. */
  forward<M extends Layer, T extends Tensor>(
    this: M,
    x: Checked<T, ShapeAfter<RuleOf<M>, ShapeOf<T>>>,
  ): Tensor<Flowing<ShapeOf<T>, Known<ShapeAfter<RuleOf<M>, ShapeOf<T>>>>> {
    return this.compute(x as Tensor) as Tensor<Flowing<ShapeOf<T>, Known<ShapeAfter<RuleOf<M>, ShapeOf<T>>>>>;
  }

  /** What `forward` returns. */
  protected abstract compute(x: Tensor): Tensor;

  protected override describe(): string {
    return showArguments(this.#written);
  }
}
