import type { DType } from '../../core/dtype.ts';
import type { Shape } from '../../core/shape.ts';

/** What stands at the head of a graph in JSON. */
export const FORMAT = 'gradtape graph';
/** Rises when readers of older graphs would misunderstand newer ones. */
export const VERSION = 1;

/** A graph as plain JSON. `docs/graph-format.md` says what each part means. */
export interface GraphJSON {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** By number: the place in this list. */
  readonly values: readonly ValueJSON[];
  readonly inputs: readonly InputJSON[];
  readonly nodes: readonly NodeJSON[];
  readonly outputs: readonly number[];
}

export interface ValueJSON {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Missing where the entries lie in reading order in a buffer of the value's own. */
  readonly place?: { readonly buffer: number; readonly offset: number; readonly strides: readonly number[] };
}

export interface InputJSON {
  readonly value: number;
  /** Missing for what comes in anew in each run. */
  readonly constant?: ConstantJSON;
}

/** The entries of a constant's buffer; or the constant, given earlier, in whose buffer it looks. */
export type ConstantJSON = EntriesJSON | { readonly buffer: number };

/** Entries in order: all alike, a few, or many (the bytes of a little-endian array in base64; truth values as a byte each). */
export type EntriesJSON =
  | { readonly fill: NumberJSON; readonly length: number }
  | { readonly entries: readonly NumberJSON[] }
  | { readonly base64: string };

/** A number, of those that JSON lacks the name. */
export type NumberJSON = number | 'NaN' | 'Infinity' | '-Infinity' | '-0';

export interface NodeJSON {
  /** The name of the primitive. */
  readonly primitive: string;
  /** Missing for a primitive that has none; numbers that JSON lacks are written `{ "$number": "Infinity" }`. */
  readonly params?: ParamsJSON;
  readonly inputs: readonly number[];
  readonly output: number;
}

export type ParamsJSON =
  | string
  | number
  | boolean
  | null
  | readonly ParamsJSON[]
  | { readonly [name: string]: ParamsJSON };
