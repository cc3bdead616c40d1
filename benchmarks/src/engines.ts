/** How a step runs: operation by operation, or as a program in WebAssembly or in C. */
export const engines = ['eager', 'compiled', 'native'] as const;

export type Engine = (typeof engines)[number];

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}

/** Makes a step run on an engine. */
export type Run = <F extends (...values: never[]) => unknown>(step: F) => F;
