export type ElementType = 'float32' | 'float64';

/**
 * What an engine can do with vectors of floats, lane by lane: the algebra in which functions such as exp are written once
 * for every engine. `V` stands for a vector; what is not shared may be computed as late, and as often, as it is used.
 * Truth values are masks: every bit of a lane is set, or none is.
 */
export interface VectorMath<V> {
  readonly elementType: ElementType;

  /** A number, in every lane. */
  constant(value: number): V;
  /** Computes a vector here, once: what is used more than once is shared. */
  share(value: V): V;
  /** A vector that changes as code runs: `set` gives it another value. */
  keep(value: V): Register<V>;

  add(a: V, b: V): V;
  subtract(a: V, b: V): V;
  multiply(a: V, b: V): V;
  divide(a: V, b: V): V;
  /** a × b + c, with one rounding or two as the engine likes. */
  multiplyAdd(a: V, b: V, c: V): V;
  negate(a: V): V;
  absolute(a: V): V;
  squareRoot(a: V): V;
  floor(a: V): V;
  ceil(a: V): V;
  truncate(a: V): V;
  /** To the nearest whole number, halves to the even one. */
  nearest(a: V): V;
  /** To the nearest number of float32. */
  roundToSingle(a: V): V;
  /** NaN where either is; -0 is less than 0. */
  minimum(a: V, b: V): V;
  maximum(a: V, b: V): V;

  /** Masks; false where either is NaN. */
  less(a: V, b: V): V;
  lessEqual(a: V, b: V): V;
  equal(a: V, b: V): V;
  /** Bit by bit, of masks or of any other lanes. */
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  not(a: V): V;
  /** `a` where the mask is set, `b` elsewhere. */
  select(mask: V, a: V, b: V): V;

  /**
   * Lanes as whole numbers in two's complement, as wide as an element: from floats that hold whole numbers of a
   * magnitude below 2^31, and back. Other floats give anything.
   */
  toIntegers(a: V): V;
  fromIntegers(a: V): V;
  /** A whole number of a magnitude below 2^31, in every lane. */
  integerConstant(value: number): V;
  addIntegers(a: V, b: V): V;
  subtractIntegers(a: V, b: V): V;
  shiftLeft(a: V, bits: number): V;
  /** Fills with the sign. */
  shiftRight(a: V, bits: number): V;

  /** A function of the engine's own library, lane by lane. Only where elements are float64. */
  call(name: LibraryFunction, ...x: V[]): V;
}

/** Functions that engines compute in float64 by a library: `Math` of JavaScript and `numbers.ts`, or that of C. */
export type LibraryFunction =
  | 'pow'
  | 'fmod'
  | 'atan2'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'log2'
  | 'log10'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'erf';

export interface Register<V> {
  get(): V;
  set(value: V): void;
}
