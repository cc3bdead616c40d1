import { describe, expect, test } from 'vitest';
import type { Storage } from '../../core/dtype.ts';
import { workspaceElements } from '../product/product.ts';
import { wasmTile } from '../product/wasm-tile.ts';
import { MOST_THREADS } from '../workers.ts';
import { isNear, NearMemory, nearMemory } from './near-memory.ts';

const ROOM_FOR = 4096;

/** Room for so many numbers of float32. */
function makeMemory(): NearMemory {
  return new NearMemory({ largestPages: 16, workspaceBytes: 65536, storageBytes: 4 * ROOM_FOR });
}

/** Storages of 1,000 numbers until there is no room. */
function takeAll(memory: NearMemory): Storage[] {
  const storages: Storage[] = [];
  for (;;) {
    const storage = memory.take('float32', 1000);
    if (storage === undefined) return storages;
    storages.push(storage);
  }
}

describe('storages in the memory', () => {
  test('lie between the workspaces and the room of calls, apart from each other, on whole lines of the cache', () => {
    const memory = makeMemory();
    const storages = [memory.take('float32', 999), memory.take('float64', 300), memory.take('float32', 256)] as const;
    const places = storages
      .map((storage) => storage as Storage)
      .map(({ byteOffset, byteLength }) => [byteOffset, byteLength]);
    expect(places).toEqual([
      [65536, 3996],
      [65536 + 4032, 2400],
      [65536 + 4032 + 2432, 1024],
    ]);
    expect(memory.startOfRoom).toBe(65536 + 4 * ROOM_FOR);
  });

  test('are there while the memory grows, and after', () => {
    const memory = makeMemory();
    const storage = memory.take('float32', 1000) as Storage;
    storage.fill(3);
    expect(memory.reserve(memory.startOfRoom + 4 * 65536)).toBe(true);
    const later = memory.take('float32', 500) as Storage;
    expect(memory.holds(storage) && memory.holds(later)).toBe(true);
    expect(memory.viewLike(new Float32Array())[storage.byteOffset / 4]).toBe(3);
    expect(memory.holds(new Float32Array(4))).toBe(false);
    expect(isNear(storage)).toBe(false);
  });

  test('are used again, whatever their size once all are back', () => {
    const memory = makeMemory();
    const all = takeAll(memory);
    expect(all).toHaveLength(4);
    memory.giveBack(all[2]);
    expect(memory.take('float32', 500)).toBeUndefined();
    expect(memory.take('float32', 1000)).toBe(all[2]);
    for (const storage of all) memory.giveBack(storage);
    expect(memory.take('float32', 4000)).toHaveLength(4000);
    expect(memory.take('float32', 1000)).toBeUndefined();
  });

  test('are of floating dtypes, and not small', () => {
    const memory = makeMemory();
    expect(memory.take('int32', 1000)).toBeUndefined();
    expect(memory.take('bool', 1000)).toBeUndefined();
    expect(memory.take('float32', 10)).toBeUndefined();
  });
});

test('the memory of this thread is one, knows its own, and keeps them apart from workspaces', () => {
  const near = nearMemory() as NearMemory;
  expect(nearMemory()).toBe(near);
  const storage = near.take('float64', 1000) as Storage;
  expect([isNear(storage), isNear(storage.subarray(5)), isNear(new Float64Array(3))]).toEqual([true, true, false]);
  expect(storage.byteOffset).toBeGreaterThanOrEqual(MOST_THREADS * workspaceElements(wasmTile, 2) * 8);
  near.giveBack(storage);
});
