import type { StorageType } from '../stages.ts';

/** Where the buffers of a program lie. */
export interface Addresses {
  /** In bytes. */
  addressOf(buffer: number): number;
  storageOf(buffer: number): StorageType;
  /** The address of so many bytes that one node alone uses. */
  scratch(bytes: number): number;
}
