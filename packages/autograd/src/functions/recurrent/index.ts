import type { Cell } from './cell.ts';
import { elmanRelu, elmanTanh } from './elman.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';

export type { Advance, Cell, GateOperands, Retreat } from './cell.ts';
export * from './recurrence.ts';

/** The cells of recurrent layers, for {@link recurrence}. */
export const recurrentCells: {
  /** `h' = tanh(x + r + b)`. */
  readonly elmanTanh: Cell;
  /** `h' = relu(x + r + b)`. */
  readonly elmanRelu: Cell;
  readonly lstm: Cell;
  readonly gru: Cell;
} = { elmanTanh, elmanRelu, lstm, gru };
