import type { Storage } from './dtype.ts';
import type { Shape } from './shape.ts';

/** What a watch sees of a tensor. */
export interface Entries {
  readonly storage: Storage;
  readonly shape: Shape;
}

/** Told of every tensor whose entries are read, with the name of the method; throws where that must not be. */
export type ReadingWatch = (x: Entries, method: string) => void;

export let watchReading: ReadingWatch | undefined;

/** Runs a function while a watch looks on, or none. */
export function withReadingWatch<T>(watch: ReadingWatch | undefined, run: () => T): T {
  const before = watchReading;
  watchReading = watch;
  try {
    return run();
  } finally {
    watchReading = before;
  }
}
