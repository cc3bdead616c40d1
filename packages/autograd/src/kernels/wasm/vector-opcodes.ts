import type { ElementType } from '../vector-math.ts';
import { type Bytes, unsigned } from './assembler.ts';

/**
 * WebAssembly's vector instructions. Numbers are those of the core specification, "Index of Instructions", and of the
 * relaxed SIMD proposal, now part of it.
 */

const simdPrefix = 0xfd;

function simd(instruction: number): Bytes {
  return [simdPrefix, ...unsigned(instruction)];
}

/** Each instruction's number, as the bytes that begin it. */
function instructions<Name extends string>(numbers: Readonly<Record<Name, number>>): Readonly<Record<Name, Bytes>> {
  const entries = Object.entries<number>(numbers).map(([name, number]) => [name, simd(number)]);
  return Object.fromEntries(entries);
}

/** Instructions that do not depend on the type of the elements. */
export const vectorOp: Readonly<Record<VectorInstruction, Bytes>> = instructions({
  load: 0x00,
  load32Splat: 0x09,
  store: 0x0b,
  const: 0x0c,
  shuffleBytes: 0x0d,
  not: 0x4d,
  and: 0x4e,
  andNot: 0x4f,
  or: 0x50,
  exclusiveOr: 0x51,
  bitSelect: 0x52,
  load64Zero: 0x5d,
});

type VectorInstruction =
  | 'load'
  | 'load32Splat'
  | 'store'
  | 'const'
  | 'shuffleBytes'
  | 'not'
  | 'and'
  | 'andNot'
  | 'or'
  | 'exclusiveOr'
  | 'bitSelect'
  | 'load64Zero';

const float32 = {
  loadSplat: 0x09,
  /** One element, with zeros in the other lanes; and one into a lane. */
  loadZero: 0x5c,
  loadLane: 0x56,
  storeLane: 0x5a,
  splat: 0x13,
  extractLane: 0x1f,
  add: 0xe4,
  subtract: 0xe5,
  multiply: 0xe6,
  divide: 0xe7,
  absolute: 0xe0,
  squareRoot: 0xe3,
  floor: 0x68,
  ceil: 0x67,
  truncate: 0x69,
  nearest: 0x6a,
  minimum: 0xe8,
  maximum: 0xe9,
  /** The second where it is less than the first, else the first: `pmin` of the specification, and `pmax`. */
  lesserOrFirst: 0xea,
  greaterOrFirst: 0xeb,
  less: 0x43,
  lessEqual: 0x45,
  equal: 0x41,
  notEqual: 0x42,
  addIntegers: 0xae,
  subtractIntegers: 0xb1,
  shiftLeft: 0xab,
  shiftRight: 0xac,
  /** The first lanes, of 32-bit integers, as floats. */
  convertIntegers: 0xfa,
  relaxedMultiplyAdd: 0x105,
};

const float64: typeof float32 = {
  loadSplat: 0x0a,
  loadZero: 0x5d,
  loadLane: 0x57,
  storeLane: 0x5b,
  splat: 0x14,
  extractLane: 0x21,
  add: 0xf0,
  subtract: 0xf1,
  multiply: 0xf2,
  divide: 0xf3,
  absolute: 0xec,
  squareRoot: 0xef,
  floor: 0x75,
  ceil: 0x74,
  truncate: 0x7a,
  nearest: 0x94,
  minimum: 0xf4,
  maximum: 0xf5,
  lesserOrFirst: 0xf6,
  greaterOrFirst: 0xf7,
  less: 0x49,
  lessEqual: 0x4b,
  equal: 0x47,
  notEqual: 0x48,
  addIntegers: 0xce,
  subtractIntegers: 0xd1,
  shiftLeft: 0xcb,
  shiftRight: 0xcc,
  convertIntegers: 0xfe,
  relaxedMultiplyAdd: 0x107,
};

/** Of single numbers: from a float to an i32 that is as near as there is one, and back. */
interface WordInstructions {
  readonly toWord: Bytes;
  readonly fromWord: Bytes;
}

export type ElementInstructions = Readonly<Record<keyof typeof float32, Bytes>> & WordInstructions;

const saturatingPrefix = 0xfc;

/** Instructions that exist for both types of elements. */
export const elementOp: Readonly<Record<ElementType, ElementInstructions>> = {
  float32: { ...instructions(float32), toWord: [saturatingPrefix, 0x00], fromWord: [0xb2] },
  float64: { ...instructions(float64), toWord: [saturatingPrefix, 0x02], fromWord: [0xb7] },
};

export const float32Op: Readonly<Record<'toIntegers' | 'relaxedToIntegers', Bytes>> = instructions({
  toIntegers: 0xf8,
  relaxedToIntegers: 0x101,
});

export const float64Op: Readonly<Record<'truncateToWords' | 'demote' | 'promote' | 'replaceLane', Bytes>> =
  instructions({
    /** Both lanes as float32, behind them zeros; and the first two of float32 as float64. */
    demote: 0x5e,
    promote: 0x5f,
    /** Both lanes as i32, behind them zeros. */
    truncateToWords: 0xfc,
    replaceLane: 0x22,
  });
