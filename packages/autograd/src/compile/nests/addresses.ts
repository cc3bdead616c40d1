import type { StorageType } from '../stages.ts';

/** Where the buffers of a program lie. */
export interface Addresses {
  /** In bytes. */
  addressOf(buffer: number): number;
  storageOf(buffer: number): StorageType;
  /** The address of so many bytes that one node alone uses. */
  scratch(bytes: number): number;
  /** The same for each thread: where that of the first lies, and how far it is to the next. */
  scratchOfThreads(bytes: number): { readonly address: number; readonly step: number };
  /** The address of whole numbers that never change. Asked for once more, equal tables are one. */
  table(entries: Int32Array): number;
}
