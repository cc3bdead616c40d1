import type { DType } from '../core/dtype.ts';
import type { Shape } from '../core/shape.ts';

/** One line of the tape, as numbers and words. */
export interface RecordedLine {
  /** Its place on the tape, from 1. */
  readonly line: number;
  /** The name that it was given, as it was written: LaTeX. */
  readonly name: string | undefined;
  readonly operation: string;
  readonly from: readonly Source[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** In words: `from -1 to 2.5, 1 NaN`. */
  readonly values: string;
}

/** What feeds a line: another line, or a constant. */
export interface Source {
  readonly line: number | undefined;
  /** The other line's name, or its place (`#7`); a constant's value or shape. */
  readonly text: string;
}
