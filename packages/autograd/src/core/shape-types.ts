// Shapes in the type, gradually: `number` is an unknown size, `readonly number[]` an unknown rank. See docs/decisions.
import type { Shape } from './shape.ts';

/**
 * Settings for the whole program. By default a literal `zeros([2, 3])` is a plain `Tensor`, and only shapes that
 * somebody wrote (annotations, `assertShape`, layer sizes) are checked. To infer every literal:
 * `declare module '@gradtape/autograd' { interface Register { shapes: 'infer' } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: users augment it
export interface Register {}
type Infers = Register extends { shapes: 'infer' } ? true : false;

/** The shape type of a literal, where shapes enter the program. */
export type Entering<S extends Shape> = Infers extends true ? [...S] : Shape;
/** The shape type of a result: known only where the input's was. */
export type Flowing<Input extends Shape, Result extends Shape> = Infers extends true
  ? Result
  : number extends Input['length']
    ? Shape
    : Result;

// Method parameters are bivariant: two of these are assignable exactly when one's content is a subtype of the other's.
interface Consistently<T> {
  consistent(content: T): void;
}
/** Assignable both ways between shapes that could be the same shape; an error between those that cannot. */
export type Consistent<S extends Shape> = Consistently<{ readonly [Dim in keyof S]: Consistently<S[Dim]> }>;

// ------------------------------------------------------------------ shapes as text, for errors in the editor
export type ShowSize<D> = D extends number ? (number extends D ? '?' : `${D}`) : '?';
type ShowSizes<S extends Shape> = number extends S['length']
  ? S extends readonly [...infer Rest extends Shape, infer Last]
    ? `${ShowSizes<Rest>}, ${ShowSize<Last>}`
    : '…'
  : S extends readonly [infer First, ...infer Rest extends Shape]
    ? Rest extends readonly []
      ? ShowSize<First>
      : `${ShowSize<First>}, ${ShowSizes<Rest>}`
    : '';
export type ShowShape<S extends Shape> = `[${ShowSizes<S>}]`;

// ------------------------------------------------------------------ comparing sizes
// The { size: … } around a size keeps the compiler from putting the answer off when the size is a type parameter.
export type SameSize<A, B> = { size: A } extends { size: B } ? true : { size: B } extends { size: A } ? true : false;
type Equal<A, B> = { a: A; b: B } extends { a: B; b: A } ? true : false;

/** The size that two broadcast to, in a tuple; `'clash'` where they cannot. */
type BroadcastSize<A, B> =
  Equal<A, B> extends true
    ? [A]
    : { size: A } extends { size: 1 }
      ? [B]
      : { size: B } extends { size: 1 }
        ? [A]
        : { size: number } extends { size: A }
          ? [B]
          : { size: number } extends { size: B }
            ? [A]
            : 'clash';

type BroadcastSizes<A extends Shape, B extends Shape, Result extends Shape = []> = A extends readonly []
  ? [...B, ...Result]
  : B extends readonly []
    ? [...A, ...Result]
    : A extends readonly [...infer HeadA extends Shape, infer LastA]
      ? B extends readonly [...infer HeadB extends Shape, infer LastB]
        ? BroadcastSize<LastA, LastB> extends readonly [infer Last extends number]
          ? BroadcastSizes<HeadA, HeadB, [Last, ...Result]>
          : never
        : Result extends []
          ? Shape
          : [...Shape, ...Result]
      : Result extends []
        ? Shape
        : [...Shape, ...Result];

/** The shape that two broadcast to; plain `Shape` where that is unknown. */
export type Broadcast<A extends Shape, B extends Shape> =
  Equal<A, B> extends true ? A : B extends readonly [] ? A : A extends readonly [] ? B : Known<BroadcastSizes<A, B>>;

/** `unknown` where two shapes broadcast, otherwise the text of the error. */
export type BroadcastError<Operation extends string, A extends Shape, B extends Shape> =
  Equal<A, B> extends true
    ? unknown
    : B extends readonly []
      ? unknown
      : [BroadcastSizes<A, B>] extends [never]
        ? `${Operation}: cannot broadcast ${ShowShape<A>} with ${ShowShape<B>}`
        : unknown;

/** A parameter's type: the argument's own, or the text of the error. */
export type Checked<Argument, Verdict> = Verdict extends string ? Verdict : Argument;
/** A result's shape: what is known of it, else plain `Shape`. */
export type Known<Result> = [Result] extends [never] ? Shape : Result extends infer S extends Shape ? S : Shape;

// ------------------------------------------------------------------ matrix products
type InnerClash<
  A extends Shape,
  B extends Shape,
  KA,
  KB,
> = `matmul: inner sizes ${ShowSize<KA>} and ${ShowSize<KB>} differ (${ShowShape<A>} x ${ShowShape<B>})`;

/** The shape of a product, or the text of the error. */
export type MatmulShape<A extends Shape, B extends Shape> = A extends readonly [
  ...infer BatchA extends Shape,
  infer Rows extends number,
  infer KA,
]
  ? B extends readonly [...infer BatchB extends Shape, infer KB, infer Columns extends number]
    ? SameSize<KA, KB> extends false
      ? InnerClash<A, B, KA, KB>
      : [BroadcastSizes<BatchA, BatchB>] extends [never]
        ? `matmul: batch sizes ${ShowShape<BatchA>} and ${ShowShape<BatchB>} do not broadcast`
        : [...Known<BroadcastSizes<BatchA, BatchB>>, Rows, Columns]
    : B extends readonly [infer KB]
      ? SameSize<KA, KB> extends false
        ? InnerClash<A, B, KA, KB>
        : [...BatchA, Rows]
      : Shape
  : Shape;

// ------------------------------------------------------------------ dims
type Zeros<N, Tuple extends 0[] = []> = Tuple['length'] extends N
  ? Tuple
  : Tuple['length'] extends 9
    ? Tuple
    : Zeros<N, [...Tuple, 0]>;
type FromEnd<S extends Shape, Count extends 0[]> = Count extends [0, ...infer Fewer extends 0[]]
  ? S extends readonly [...infer Head extends Shape, infer _]
    ? FromEnd<Head, Fewer>
    : never
  : S['length'];
/** A dim as the key of the tuple, counted from the front; never where it is out of range. */
type DimKey<S extends Shape, Dim extends number> = `${Dim}` extends `-${infer Back extends number}`
  ? FromEnd<S, Zeros<Back>> extends infer Front extends number
    ? `${Front}`
    : never
  : `${Dim}` extends keyof S
    ? `${Dim}`
    : never;
type IsFixed<S extends Shape, Dim extends number> = number extends S['length'] | Dim ? false : true;
type NegativeKeys<S extends readonly unknown[], Count extends 0[] = [0]> = S extends readonly [unknown, ...infer Rest]
  ? `-${Count['length']}` | NegativeKeys<Rest, [...Count, 0]>
  : never;
type ToNumber<Key> = Key extends `${infer N extends number}` ? N : never;
/** The dims that a shape has: `0 | 1 | -1 | -2`. */
export type DimOf<S extends Shape> = number extends S['length'] ? number : ToNumber<keyof S | NegativeKeys<S>>;
/** A parameter that must be a dim of the shape; the editor's error lists those there are. */
export type DimArgument<S extends Shape, Dim extends number> = number extends Dim
  ? Dim
  : Dim extends DimOf<S>
    ? Dim
    : DimOf<S>;

type DropAt<
  S extends Shape,
  Key extends string,
  Result extends Shape = [],
  Count extends 0[] = [],
> = S extends readonly [infer First extends number, ...infer Rest extends Shape]
  ? DropAt<Rest, Key, `${Count['length']}` extends Key ? Result : [...Result, First], [...Count, 0]>
  : Result;
type SetAt<S extends Shape, Key extends string, Value extends number> = {
  -readonly [Dim in keyof S]: Dim extends Key ? Value : S[Dim];
};
type SizeAt<S extends Shape, Dim extends number> =
  DimKey<S, Dim> extends infer Key extends keyof S ? S[Key] & number : number;

/** The shape after a reduction over one dim. */
export type ReducedShape<S extends Shape, Dim extends number, Keep> =
  IsFixed<S, Dim> extends false ? Shape : Keep extends true ? SetAt<S, DimKey<S, Dim>, 1> : DropAt<S, DimKey<S, Dim>>;

/** The shape with two dims swapped. */
export type SwappedShape<S extends Shape, I extends number, J extends number> =
  IsFixed<S, I | J> extends false
    ? Shape
    : {
        -readonly [Dim in keyof S]: Dim extends DimKey<S, I>
          ? SizeAt<S, J>
          : Dim extends DimKey<S, J>
            ? SizeAt<S, I>
            : S[Dim];
      };

/** The shape with its dims in another order. */
export type PermutedShape<S extends Shape, Order extends Shape> = number extends S['length'] | Order['length']
  ? Shape
  : { -readonly [Dim in keyof Order]: SizeAt<S, Order[Dim]> };
export type PermuteError<S extends Shape, Order extends Shape> = number extends S['length'] | Order['length']
  ? unknown
  : Order['length'] extends S['length']
    ? unknown
    : `permute: ${Order['length']} dims given for ${ShowShape<S>}`;

/** A shape as `reshape` and `assertShape` take it: -1 is any size. */
export type WithUnknowns<S extends Shape> = { -readonly [Dim in keyof S]: S[Dim] extends -1 ? number : S[Dim] };

/** The shape of nested arrays; plain `Shape` from where on they may be arrays or not. */
export type NestedShape<Data, Outer extends Shape = []> = [Data] extends [readonly unknown[]]
  ? NestedShape<Data[0], [...Outer, Data['length']]>
  : [Extract<Data, readonly unknown[]>] extends [never]
    ? Outer
    : [...Outer, ...Shape];
