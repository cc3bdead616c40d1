import { type DType, isFloating } from './core/dtype.ts';
import type { Shape } from './core/shape.ts';
import type {
  Checked,
  DimArgument,
  Flowing,
  Known,
  MatmulShape,
  PermutedShape,
  PermuteError,
  ReducedShape,
  SwappedShape,
  WithUnknowns,
} from './core/shape-types.ts';
import { Tensor } from './core/tensor.ts';
import type { ElementwiseShape, Operand, ShapeOf } from './core/typed-tensor.ts';
import * as functions from './functions/index.ts';
import { detach } from './tape/leaf.ts';
import { nodeOf } from './tape/node.ts';
import { backward } from './transforms/backward.ts';
import { registerHook, retainGrad } from './transforms/hooks.ts';

type UnaryMethod = <T extends Tensor>(this: T) => Tensor<ShapeOf<T>>;
type BinaryMethod<Operation extends string, Options = never> = <T extends Tensor, U extends Tensor | number>(
  this: T,
  other: Operand<Operation, T, U>,
  ...options: [Options] extends [never] ? [] : [options?: Options]
) => Tensor<ElementwiseShape<T, U>>;
interface ReductionMethod {
  <T extends Tensor>(this: T): Tensor<Flowing<ShapeOf<T>, []>>;
  <Chosen extends functions.Dims>(
    this: Tensor,
    dims: functions.OpenDims<Chosen>,
    options?: functions.SumOptions,
  ): Tensor;
  <T extends Tensor, Dim extends number, Keep extends boolean = false>(
    this: T,
    dim: DimArgument<ShapeOf<T>, Dim>,
    options?: functions.DTypeOption & { readonly keepDim?: Keep },
  ): Tensor<ReducedShape<ShapeOf<T>, Dim, Keep>>;
}
/** A function whose first argument becomes `this`. */
type Method<F> = F extends (x: Tensor, ...rest: infer Rest) => infer Result
  ? (this: Tensor, ...rest: Rest) => Result
  : never;

/** The methods of a tensor: each is the function of the same name, with the tensor as its first argument. */
export interface TensorMethods {
  add: BinaryMethod<'add', functions.AlphaOptions>;
  sub: BinaryMethod<'sub', functions.AlphaOptions>;
  mul: BinaryMethod<'mul'>;
  div: BinaryMethod<'div', functions.DivisionOptions>;
  pow: BinaryMethod<'pow'>;
  maximum: BinaryMethod<'maximum'>;
  minimum: BinaryMethod<'minimum'>;
  atan2: BinaryMethod<'atan2'>;
  hypot: BinaryMethod<'hypot'>;
  remainder: BinaryMethod<'remainder'>;
  fmod: BinaryMethod<'fmod'>;
  floorDivide: BinaryMethod<'floorDivide'>;
  copysign: BinaryMethod<'copysign'>;
  fmax: BinaryMethod<'fmax'>;
  fmin: BinaryMethod<'fmin'>;
  logaddexp: BinaryMethod<'logaddexp'>;
  logaddexp2: BinaryMethod<'logaddexp2'>;
  xlogy: BinaryMethod<'xlogy'>;
  ldexp: BinaryMethod<'ldexp'>;
  floatPower: BinaryMethod<'floatPower'>;
  lt: BinaryMethod<'lt'>;
  le: BinaryMethod<'le'>;
  gt: BinaryMethod<'gt'>;
  ge: BinaryMethod<'ge'>;
  eq: BinaryMethod<'eq'>;
  ne: BinaryMethod<'ne'>;
  logicalAnd: BinaryMethod<'logicalAnd'>;
  logicalOr: BinaryMethod<'logicalOr'>;
  logicalXor: BinaryMethod<'logicalXor'>;

  abs: UnaryMethod;
  neg: UnaryMethod;
  sign: UnaryMethod;
  floor: UnaryMethod;
  ceil: UnaryMethod;
  round<T extends Tensor>(this: T, options?: functions.RoundOptions): Tensor<ShapeOf<T>>;
  frac: UnaryMethod;
  trunc: UnaryMethod;
  relu: UnaryMethod;
  exp: UnaryMethod;
  exp2: UnaryMethod;
  expm1: UnaryMethod;
  log: UnaryMethod;
  log1p: UnaryMethod;
  log2: UnaryMethod;
  log10: UnaryMethod;
  sqrt: UnaryMethod;
  rsqrt: UnaryMethod;
  square: UnaryMethod;
  reciprocal: UnaryMethod;
  sin: UnaryMethod;
  cos: UnaryMethod;
  tan: UnaryMethod;
  asin: UnaryMethod;
  acos: UnaryMethod;
  atan: UnaryMethod;
  sinh: UnaryMethod;
  cosh: UnaryMethod;
  tanh: UnaryMethod;
  asinh: UnaryMethod;
  acosh: UnaryMethod;
  atanh: UnaryMethod;
  erf: UnaryMethod;
  erfc: UnaryMethod;
  erfinv: UnaryMethod;
  lgamma: UnaryMethod;
  digamma: UnaryMethod;
  sinc: UnaryMethod;
  i0: UnaryMethod;
  deg2rad: UnaryMethod;
  rad2deg: UnaryMethod;
  logit<T extends Tensor>(this: T, options?: number | functions.LogitOptions): Tensor<ShapeOf<T>>;
  mvlgamma<T extends Tensor>(this: T, p: number): Tensor<ShapeOf<T>>;
  nanToNum<T extends Tensor>(this: T, options?: functions.NanToNumOptions): Tensor<ShapeOf<T>>;
  lerp: Method<typeof functions.lerp>;
  addcmul: Method<typeof functions.addcmul>;
  addcdiv: Method<typeof functions.addcdiv>;
  sigmoid: UnaryMethod;
  logicalNot: Method<typeof functions.logicalNot>;
  isnan: Method<typeof functions.isnan>;
  isfinite: Method<typeof functions.isfinite>;
  isinf: Method<typeof functions.isinf>;
  isposinf: Method<typeof functions.isposinf>;
  isneginf: Method<typeof functions.isneginf>;
  signbit: Method<typeof functions.signbit>;
  isclose: Method<typeof functions.isclose>;
  allclose: Method<typeof functions.allclose>;
  equal: Method<typeof functions.equal>;
  bitwiseAnd: Method<typeof functions.bitwiseAnd>;
  bitwiseOr: Method<typeof functions.bitwiseOr>;
  bitwiseXor: Method<typeof functions.bitwiseXor>;
  bitwiseNot: Method<typeof functions.bitwiseNot>;
  clampMin<T extends Tensor>(this: T, low: Tensor | number): Tensor<ShapeOf<T>>;
  clampMax<T extends Tensor>(this: T, high: Tensor | number): Tensor<ShapeOf<T>>;
  clamp<T extends Tensor>(this: T, low?: Tensor | number | null, high?: Tensor | number | null): Tensor<ShapeOf<T>>;
  to<T extends Tensor>(this: T, dtype: DType): Tensor<ShapeOf<T>>;

  sum: ReductionMethod;
  mean: ReductionMethod;
  var: Method<typeof functions.variance>;
  std: Method<typeof functions.std>;
  amax: Method<typeof functions.amax>;
  amin: Method<typeof functions.amin>;
  max(this: Tensor): Tensor;
  max(this: Tensor, other: Tensor): Tensor;
  max(this: Tensor, dim: number, options?: functions.ReductionOptions): functions.ValuesAndIndices;
  min(this: Tensor): Tensor;
  min(this: Tensor, other: Tensor): Tensor;
  min(this: Tensor, dim: number, options?: functions.ReductionOptions): functions.ValuesAndIndices;
  argmax: Method<typeof functions.argmax>;
  argmin: Method<typeof functions.argmin>;
  all: Method<typeof functions.all>;
  any: Method<typeof functions.any>;
  logsumexp: Method<typeof functions.logsumexp>;
  aminmax: Method<typeof functions.aminmax>;
  nansum: Method<typeof functions.nansum>;
  nanmean: Method<typeof functions.nanmean>;
  countNonzero: Method<typeof functions.countNonzero>;
  median(this: Tensor): Tensor;
  median(this: Tensor, dim: number, options?: functions.ReductionOptions): functions.ValuesAndIndices;
  nanmedian(this: Tensor): Tensor;
  nanmedian(this: Tensor, dim: number, options?: functions.ReductionOptions): functions.ValuesAndIndices;
  mode: Method<typeof functions.mode>;
  kthvalue: Method<typeof functions.kthvalue>;
  quantile: Method<typeof functions.quantile>;
  nanquantile: Method<typeof functions.nanquantile>;
  softmax<T extends Tensor>(this: T, dim: number, options?: functions.SoftmaxOptions): Tensor<ShapeOf<T>>;
  logSoftmax<T extends Tensor>(this: T, dim: number, options?: functions.SoftmaxOptions): Tensor<ShapeOf<T>>;
  cumsum: Method<typeof functions.cumsum>;
  cumprod: Method<typeof functions.cumprod>;
  cummax: Method<typeof functions.cummax>;
  cummin: Method<typeof functions.cummin>;
  logcumsumexp: Method<typeof functions.logcumsumexp>;
  diff: Method<typeof functions.diff>;
  prod: Method<typeof functions.prod>;
  norm: Method<typeof functions.norm>;
  dist: Method<typeof functions.dist>;
  renorm: Method<typeof functions.renorm>;

  reshape<T extends Tensor, const S extends Shape>(this: T, shape: S): Tensor<Flowing<ShapeOf<T>, WithUnknowns<S>>>;
  permute<T extends Tensor, const Order extends Shape>(
    this: T,
    order: Checked<Order, PermuteError<ShapeOf<T>, Order>>,
  ): Tensor<PermutedShape<ShapeOf<T>, Order>>;
  transpose<T extends Tensor, I extends number, J extends number>(
    this: T,
    first: DimArgument<ShapeOf<T>, I>,
    second: DimArgument<ShapeOf<T>, J>,
  ): Tensor<SwappedShape<ShapeOf<T>, I, J>>;
  flatten: Method<typeof functions.flatten>;
  unflatten: Method<typeof functions.unflatten>;
  view<T extends Tensor, const S extends Shape>(this: T, shape: S): Tensor<Flowing<ShapeOf<T>, WithUnknowns<S>>>;
  reshapeAs<T extends Tensor>(this: Tensor, other: T): Tensor<ShapeOf<T>>;
  viewAs<T extends Tensor>(this: Tensor, other: T): Tensor<ShapeOf<T>>;
  clone<T extends Tensor>(this: T): Tensor<ShapeOf<T>>;
  t: Method<typeof functions.t>;
  movedim: Method<typeof functions.movedim>;
  squeeze: Method<typeof functions.squeeze>;
  unsqueeze: Method<typeof functions.unsqueeze>;
  expand: Method<typeof functions.expand>;
  expandAs<T extends Tensor>(this: Tensor, other: T): Tensor<ShapeOf<T>>;
  repeat: Method<typeof functions.repeat>;
  tile: Method<typeof functions.tile>;
  repeatInterleave: Method<typeof functions.repeatInterleave>;
  narrow: Method<typeof functions.narrow>;
  select: Method<typeof functions.select>;
  flip: Method<typeof functions.flip>;
  fliplr: Method<typeof functions.fliplr>;
  flipud: Method<typeof functions.flipud>;
  rot90: Method<typeof functions.rot90>;
  roll: Method<typeof functions.roll>;
  split: Method<typeof functions.split>;
  chunk: Method<typeof functions.chunk>;
  tensorSplit: Method<typeof functions.tensorSplit>;
  unbind: Method<typeof functions.unbind>;

  index(this: Tensor, ...indices: readonly functions.Index[]): Tensor;
  gather: Method<typeof functions.gather>;
  scatter: Method<typeof functions.scatter>;
  scatterAdd: Method<typeof functions.scatterAdd>;
  scatterReduce: Method<typeof functions.scatterReduce>;
  take: Method<typeof functions.take>;
  put: Method<typeof functions.put>;
  takeAlongDim: Method<typeof functions.takeAlongDim>;
  indexPut: Method<typeof functions.indexPut>;
  indexCopy: Method<typeof functions.indexCopy>;
  indexFill: Method<typeof functions.indexFill>;
  indexReduce: Method<typeof functions.indexReduce>;
  indexSelect: Method<typeof functions.indexSelect>;
  indexAdd: Method<typeof functions.indexAdd>;
  maskedFill: Method<typeof functions.maskedFill>;
  maskedSelect: Method<typeof functions.maskedSelect>;
  maskedScatter: Method<typeof functions.maskedScatter>;
  nonzero(this: Tensor, options?: { readonly asTuple?: false }): Tensor;
  nonzero(this: Tensor, options: { readonly asTuple: true }): Tensor[];
  tril<T extends Tensor>(this: T, diagonal?: number): Tensor<ShapeOf<T>>;
  triu<T extends Tensor>(this: T, diagonal?: number): Tensor<ShapeOf<T>>;
  diagonal: Method<typeof functions.diagonal>;
  diag: Method<typeof functions.diag>;
  diagEmbed: Method<typeof functions.diagEmbed>;
  trace: Method<typeof functions.trace>;
  sort: Method<typeof functions.sort>;
  argsort: Method<typeof functions.argsort>;
  topk: Method<typeof functions.topk>;
  msort: Method<typeof functions.msort>;
  pad: Method<typeof functions.pad>;

  matmul<T extends Tensor, U extends Tensor>(
    this: T,
    other: Checked<U, MatmulShape<ShapeOf<T>, ShapeOf<U>>>,
  ): Tensor<Known<MatmulShape<ShapeOf<T>, ShapeOf<U>>>>;
  dot: Method<typeof functions.dot>;
  outer: Method<typeof functions.outer>;
  inner: Method<typeof functions.inner>;
  kron: Method<typeof functions.kron>;
  cross: Method<typeof functions.cross>;
  mm: Method<typeof functions.mm>;
  mv: Method<typeof functions.mv>;
  bmm: Method<typeof functions.bmm>;
  addmm: Method<typeof functions.addmm>;
  addmv: Method<typeof functions.addmv>;
  addr: Method<typeof functions.addr>;
  addbmm: Method<typeof functions.addbmm>;
  baddbmm: Method<typeof functions.baddbmm>;
  matrixPower: Method<typeof functions.matrixPower>;
  inv: Method<typeof functions.inv>;
  det: Method<typeof functions.det>;
  logdet: Method<typeof functions.logdet>;
  slogdet: Method<typeof functions.slogdet>;
  cholesky: Method<typeof functions.cholesky>;
  choleskySolve: Method<typeof functions.choleskySolve>;

  backward: Method<typeof backward>;
  detach: Method<typeof detach>;
  registerHook: Method<typeof registerHook>;
  retainGrad: Method<typeof retainGrad>;
  /** The sizes, with the shape in their type. */
  size<T extends Tensor>(this: T): ShapeOf<T>;
  /** Whether derivatives pass through this tensor. */
  readonly requiresGrad: boolean;
}

declare module './core/tensor.ts' {
  interface Tensor<S extends Shape> extends TensorMethods {}
}

/** What each method calls. */
type Implementations = {
  readonly [Name in Exclude<keyof TensorMethods, 'requiresGrad' | 'size'>]: (x: never, ...rest: never[]) => unknown;
};

const implementations: Implementations = {
  add: functions.add,
  sub: functions.sub,
  mul: functions.mul,
  div: functions.div,
  pow: functions.pow,
  maximum: functions.maximum,
  minimum: functions.minimum,
  atan2: functions.atan2,
  hypot: functions.hypot,
  remainder: functions.remainder,
  fmod: functions.fmod,
  floorDivide: functions.floorDivide,
  copysign: functions.copysign,
  fmax: functions.fmax,
  fmin: functions.fmin,
  logaddexp: functions.logaddexp,
  logaddexp2: functions.logaddexp2,
  xlogy: functions.xlogy,
  ldexp: functions.ldexp,
  floatPower: functions.floatPower,
  lt: functions.lt,
  le: functions.le,
  gt: functions.gt,
  ge: functions.ge,
  eq: functions.eq,
  ne: functions.ne,
  logicalAnd: functions.logicalAnd,
  logicalOr: functions.logicalOr,
  logicalXor: functions.logicalXor,
  abs: functions.abs,
  neg: functions.neg,
  sign: functions.sign,
  floor: functions.floor,
  ceil: functions.ceil,
  round: functions.round,
  frac: functions.frac,
  trunc: functions.trunc,
  relu: functions.relu,
  exp: functions.exp,
  exp2: functions.exp2,
  expm1: functions.expm1,
  log: functions.log,
  log1p: functions.log1p,
  log2: functions.log2,
  log10: functions.log10,
  sqrt: functions.sqrt,
  rsqrt: functions.rsqrt,
  square: functions.square,
  reciprocal: functions.reciprocal,
  sin: functions.sin,
  cos: functions.cos,
  tan: functions.tan,
  asin: functions.asin,
  acos: functions.acos,
  atan: functions.atan,
  sinh: functions.sinh,
  cosh: functions.cosh,
  tanh: functions.tanh,
  asinh: functions.asinh,
  acosh: functions.acosh,
  atanh: functions.atanh,
  erf: functions.erf,
  erfc: functions.erfc,
  erfinv: functions.erfinv,
  lgamma: functions.lgamma,
  digamma: functions.digamma,
  sinc: functions.sinc,
  i0: functions.i0,
  deg2rad: functions.deg2rad,
  rad2deg: functions.rad2deg,
  logit: functions.logit,
  mvlgamma: functions.mvlgamma,
  nanToNum: functions.nanToNum,
  lerp: functions.lerp,
  addcmul: functions.addcmul,
  addcdiv: functions.addcdiv,
  sigmoid: functions.sigmoid,
  logicalNot: functions.logicalNot,
  isnan: functions.isnan,
  isfinite: functions.isfinite,
  isinf: functions.isinf,
  isposinf: functions.isposinf,
  isneginf: functions.isneginf,
  signbit: functions.signbit,
  isclose: functions.isclose,
  allclose: functions.allclose,
  equal: functions.equal,
  bitwiseAnd: functions.bitwiseAnd,
  bitwiseOr: functions.bitwiseOr,
  bitwiseXor: functions.bitwiseXor,
  bitwiseNot: functions.bitwiseNot,
  clampMin: functions.clampMin,
  clampMax: functions.clampMax,
  clamp: functions.clamp,
  to: functions.to,
  sum: functions.sum,
  mean: functions.mean,
  var: functions.variance,
  std: functions.std,
  amax: functions.amax,
  amin: functions.amin,
  max: functions.max,
  min: functions.min,
  argmax: functions.argmax,
  argmin: functions.argmin,
  all: functions.all,
  any: functions.any,
  logsumexp: functions.logsumexp,
  aminmax: functions.aminmax,
  nansum: functions.nansum,
  nanmean: functions.nanmean,
  countNonzero: functions.countNonzero,
  median: functions.median,
  nanmedian: functions.nanmedian,
  mode: functions.mode,
  kthvalue: functions.kthvalue,
  quantile: functions.quantile,
  nanquantile: functions.nanquantile,
  softmax: functions.softmax,
  logSoftmax: functions.logSoftmax,
  cumsum: functions.cumsum,
  cumprod: functions.cumprod,
  cummax: functions.cummax,
  cummin: functions.cummin,
  logcumsumexp: functions.logcumsumexp,
  diff: functions.diff,
  prod: functions.prod,
  norm: functions.norm,
  dist: functions.dist,
  renorm: functions.renorm,
  reshape: functions.reshape,
  permute: functions.permute,
  transpose: functions.transpose,
  flatten: functions.flatten,
  unflatten: functions.unflatten,
  view: functions.view,
  reshapeAs: functions.reshapeAs,
  viewAs: functions.viewAs,
  clone: functions.clone,
  t: functions.t,
  movedim: functions.movedim,
  squeeze: functions.squeeze,
  unsqueeze: functions.unsqueeze,
  expand: functions.expand,
  expandAs: functions.expandAs,
  repeat: functions.repeat,
  tile: functions.tile,
  repeatInterleave: functions.repeatInterleave,
  narrow: functions.narrow,
  select: functions.select,
  flip: functions.flip,
  fliplr: functions.fliplr,
  flipud: functions.flipud,
  rot90: functions.rot90,
  roll: functions.roll,
  split: functions.split,
  chunk: functions.chunk,
  tensorSplit: functions.tensorSplit,
  unbind: functions.unbind,
  index: functions.index,
  gather: functions.gather,
  scatter: functions.scatter,
  scatterAdd: functions.scatterAdd,
  scatterReduce: functions.scatterReduce,
  take: functions.take,
  put: functions.put,
  takeAlongDim: functions.takeAlongDim,
  indexPut: functions.indexPut,
  indexCopy: functions.indexCopy,
  indexFill: functions.indexFill,
  indexReduce: functions.indexReduce,
  indexSelect: functions.indexSelect,
  indexAdd: functions.indexAdd,
  maskedFill: functions.maskedFill,
  maskedSelect: functions.maskedSelect,
  maskedScatter: functions.maskedScatter,
  nonzero: functions.nonzero,
  tril: functions.tril,
  triu: functions.triu,
  diagonal: functions.diagonal,
  diag: functions.diag,
  diagEmbed: functions.diagEmbed,
  trace: functions.trace,
  sort: functions.sort,
  argsort: functions.argsort,
  topk: functions.topk,
  msort: functions.msort,
  pad: functions.pad,
  matmul: functions.matmul,
  dot: functions.dot,
  outer: functions.outer,
  inner: functions.inner,
  kron: functions.kron,
  cross: functions.cross,
  mm: functions.mm,
  mv: functions.mv,
  bmm: functions.bmm,
  addmm: functions.addmm,
  addmv: functions.addmv,
  addr: functions.addr,
  addbmm: functions.addbmm,
  baddbmm: functions.baddbmm,
  matrixPower: functions.matrixPower,
  inv: functions.inv,
  det: functions.det,
  logdet: functions.logdet,
  slogdet: functions.slogdet,
  cholesky: functions.cholesky,
  choleskySolve: functions.choleskySolve,
  backward: backward,
  detach: detach,
  registerHook: registerHook,
  retainGrad: retainGrad,
};

/** Gives tensors their methods. The main entry calls it; whoever imports only functions does without. */
export function installMethods(): void {
  for (const [name, implementation] of Object.entries(implementations)) {
    const call = implementation as (...operands: unknown[]) => unknown;
    define(name, {
      value(this: Tensor, ...rest: unknown[]): unknown {
        return call(this, ...rest);
      },
    });
  }
  define('size', {
    value(this: Tensor): Shape {
      return this.shape;
    },
  });
  define('requiresGrad', {
    get(this: Tensor): boolean {
      return nodeOf(this) !== undefined && isFloating(this.dtype);
    },
  });
}

function define(name: string, property: PropertyDescriptor): void {
  Object.defineProperty(Tensor.prototype, name, { ...property, configurable: true });
}
