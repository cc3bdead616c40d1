import { PAIR_VECTORS } from '../../tools/node24/newest-node.ts';

/**
 * How a step runs: operation by operation, or as a program in WebAssembly or in C. `compiled-wide` is WebAssembly on a Node
 * that was told to compute pairs of vectors in registers of twice the width.
 */
export const engines = ['eager', 'compiled', 'compiled-wide', 'native'] as const;

export type Engine = (typeof engines)[number];

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}

/** What Node is told for an engine, when it starts. */
export function nodeOptionsOf(engine: Engine): readonly string[] {
  return engine === 'compiled-wide' ? [PAIR_VECTORS] : [];
}

/** Makes a step run on an engine. */
export type Run = <F extends (...values: never[]) => unknown>(step: F) => F;
