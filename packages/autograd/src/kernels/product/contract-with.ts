import { contractReference } from './contract-reference.ts';
import { type Contraction, halves } from './contraction.ts';

export interface ProductEngine {
  /** Does the task; false, with nothing done, if it has no room for it. */
  run(task: Contraction): boolean;
}

/** Does the task by an engine: whole, or in parts that it has room for, or without it. */
export function contractWith(engine: ProductEngine | undefined, task: Contraction): void {
  if (engine?.run(task)) return;
  const parts = engine && halves(task);
  if (parts === undefined) contractReference(task);
  else for (const part of parts) contractWith(engine, part);
}
