import type { ElementType } from '../vector-math.ts';

/** What C calls the elements of a vector. */
export interface CElement {
  readonly bytes: number;
  readonly type: string;
  /** A whole number as wide as an element. */
  readonly integer: string;
  /** The end of a literal, and of the name of a function of the library. */
  readonly suffix: string;
}

export const cElements: Readonly<Record<ElementType, CElement>> = {
  float32: { bytes: 4, type: 'float', integer: 'int32_t', suffix: 'f' },
  float64: { bytes: 8, type: 'double', integer: 'int64_t', suffix: '' },
};

/** Flags under which the C of this folder means what it says: no fusing of multiplications with additions but where asked. */
export const meaningFlags: readonly string[] = [
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-fwrapv',
  '-fno-strict-aliasing',
];

/** What all sources begin with: indices, and what compilers name differently. */
export const commonSource = `#include <stdint.h>
typedef intptr_t I;
typedef int32_t word __attribute__((may_alias));
typedef float single __attribute__((may_alias));
#define INLINE static inline __attribute__((always_inline, unused))
#ifdef __clang__
#define SHUFFLE(integers, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(integers, a, b, ...) __builtin_shuffle(a, b, (integers){__VA_ARGS__})
#endif
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMAF)
#define FUSED 1
#else
#define FUSED 0
#endif
#ifdef __has_builtin
#define HAS(builtin) __has_builtin(builtin)
#else
#define HAS(builtin) 0
#endif
`;

/**
 * What x86 calls one instruction that multiplies and adds, by the bits of a vector. Most of what a compiler reads are such
 * instructions: of loops over the lanes it makes the same, in twice the time.
 */
const fusedOnX86: Readonly<Record<ElementType, Readonly<Record<number, string>>>> = {
  float32: {
    128: '__builtin_ia32_vfmaddps(a, b, c)',
    256: '__builtin_ia32_vfmaddps256(a, b, c)',
    512: '__builtin_ia32_vfmaddps512_mask(a, b, c, -1, 4)',
  },
  float64: {
    128: '__builtin_ia32_vfmaddpd(a, b, c)',
    256: '__builtin_ia32_vfmaddpd256(a, b, c)',
    512: '__builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4)',
  },
};

/** Functions of the library with one argument, and with two. */
const unaryCalls = [
  ...['exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'],
  ...['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'erf'],
];
const binaryCalls = ['pow', 'fmod', 'atan2'];

/** What the names of types and functions begin with. */
export function vectorsName(elementType: ElementType, lanes: number): string {
  return `${elementType}x${lanes}`;
}

/**
 * The types and functions of vectors of one kind of element, by the vector extensions of GCC and Clang. Their names begin
 * with {@link vectorsName}: `float32x16_floor`. Loops over the lanes are those that compilers make one instruction of.
 */
export function vectorSource(elementType: ElementType, lanes: number): string {
  const { bytes, type, integer, suffix } = cElements[elementType];
  const prefix = vectorsName(elementType, lanes);
  const size = lanes * bytes;
  const vector = `${prefix}_vector`;
  const integers = `${prefix}_integers`;
  const inEveryLane = (value: string): string => `{${Array<string>(lanes).fill(value).join(', ')}}`;
  const define = (operation: string, parameters: string, body: string): string =>
    `INLINE ${vector} ${prefix}_${operation}(${parameters}) { ${body} }`;
  const one = `${vector} a`;
  const two = `${vector} a, ${vector} b`;
  const three = `${vector} a, ${vector} b, ${vector} c`;
  const lanesOf = (statement: string): string => `for (int l = 0; l < ${lanes}; l++) ${statement}`;
  const laneByLane = (name: string, parameters: string, lane: string): string =>
    define(name, parameters, `${vector} r; ${lanesOf(`r[l] = ${lane};`)} return r;`);
  const fused = fusedOnX86[elementType][8 * size] ?? '__builtin_elementwise_fma(a, b, c)';
  const rounding = (name: string, builtin: string): string =>
    laneByLane(name, one, `__builtin_${builtin}${suffix}(a[l])`);

  return [
    `typedef ${type} ${prefix}_element __attribute__((may_alias, aligned(4)));`,
    `typedef ${type} ${vector} __attribute__((vector_size(${size})));`,
    `typedef ${type} ${prefix}_unaligned __attribute__((vector_size(${size}), aligned(4), may_alias));`,
    `typedef ${integer} ${integers} __attribute__((vector_size(${size})));`,
    `typedef float ${prefix}_singles __attribute__((vector_size(${4 * lanes}), aligned(4), may_alias));`,
    `typedef int32_t ${prefix}_words __attribute__((vector_size(${4 * lanes}), aligned(4), may_alias));`,
    define('all', `${type} a`, `return (${vector})${inEveryLane('a')};`),
    define('all_integers', `${integer} a`, `return (${vector})(${integers})${inEveryLane('a')};`),
    '#if !FUSED',
    define('multiply_add', three, 'return a * b + c;'),
    `#elif HAS(${fused.slice(0, fused.indexOf('('))})`,
    define('multiply_add', three, `return ${fused};`),
    '#else',
    laneByLane('multiply_add', three, `__builtin_fma${suffix}(a[l], b[l], c[l])`),
    '#endif',
    rounding('square_root', 'sqrt'),
    rounding('floor', 'floor'),
    rounding('ceil', 'ceil'),
    rounding('truncate', 'trunc'),
    rounding('nearest', 'rint'),
    define(
      'round_to_single',
      one,
      `return __builtin_convertvector(__builtin_convertvector(a, ${prefix}_singles), ${vector});`,
    ),
    define('and', two, `return (${vector})((${integers})a & (${integers})b);`),
    define('or', two, `return (${vector})((${integers})a | (${integers})b);`),
    define('not', one, `return (${vector})~(${integers})a;`),
    // By lanes, not by bits: so compilers use the masks of the processor.
    define(
      'select',
      three,
      `const ${integers} m = (${integers})a; ${vector} r; ${lanesOf('r[l] = m[l] ? b[l] : c[l];')} return r;`,
    ),
    laneByLane('lesser_or_first', two, 'b[l] < a[l] ? b[l] : a[l]'),
    laneByLane('greater_or_first', two, 'b[l] > a[l] ? b[l] : a[l]'),
    laneByLane('absolute', one, `__builtin_fabs${suffix}(a[l])`),
    ...extremes(prefix, define),
    // By way of 32 bits: the machine has instructions for that.
    define(
      'to_integers',
      one,
      `return (${vector})__builtin_convertvector(__builtin_convertvector(a, ${prefix}_words), ${integers});`,
    ),
    define(
      'from_integers',
      one,
      `return __builtin_convertvector(__builtin_convertvector((${integers})a, ${prefix}_words), ${vector});`,
    ),
    ...(elementType === 'float64'
      ? [
          ...unaryCalls.map((name) => laneByLane(name, one, `__builtin_${name}(a[l])`)),
          ...binaryCalls.map((name) => laneByLane(name, two, `__builtin_${name}(a[l], b[l])`)),
        ]
      : []),
    '',
  ].join('\n');
}

/** Minimum and maximum: of equal values (zeros of either sign among them) all bits decide, and NaN is taken from either. */
function extremes(prefix: string, define: (name: string, parameters: string, body: string) => string): string[] {
  const vector = `${prefix}_vector`;
  const extreme = (name: string, choice: string, ofEquals: string): string =>
    define(
      name,
      `${vector} a, ${vector} b`,
      `const ${vector} chosen = ${prefix}_${choice}(a, b);` +
        ` const ${vector} ordered = ${prefix}_select((${vector})(a == b), ${prefix}_${ofEquals}(a, b), chosen);` +
        ` return ${prefix}_select((${vector})(b == b), ordered, b);`,
    );
  return [extreme('minimum', 'lesser_or_first', 'or'), extreme('maximum', 'greater_or_first', 'and')];
}
