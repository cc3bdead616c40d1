import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GradtapeError } from '../../core/errors.ts';
import { ProgramMemory } from './program-memory.ts';

describe.each([false, true])('a memory, shared between threads: %s', (shared) => {
  test('arrays keep what is written into them, whatever is allocated and freed around them', () => {
    const step = fc.record({ allocate: fc.boolean(), length: fc.nat({ max: 30_000 }), which: fc.nat() });
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.array(step, { maxLength: 30 }), (reserved, steps) => {
        const memory = new ProgramMemory({ largestPages: 64, shared });
        memory.reserveStart(reserved);
        memory.view(Uint8Array, 0, reserved).fill(255);
        let arrays: { address: number; length: number; mark: number }[] = [];
        steps.forEach((step, i) => {
          if (step.allocate || arrays.length === 0) {
            const array = { address: memory.allocate(4 * step.length), length: step.length, mark: i + 1 };
            expect(array.address % 64).toBe(0);
            memory.view(Float32Array, array.address, array.length).fill(array.mark);
            arrays.push(array);
          } else {
            const { address } = arrays[step.which % arrays.length];
            memory.free(address);
            arrays = arrays.filter((array) => array.address !== address);
          }
        });
        for (const { address, length, mark } of arrays) {
          expect(memory.view(Float32Array, address, length).every((value) => value === mark)).toBe(true);
        }
        expect(memory.view(Uint8Array, 0, reserved).every((value) => value === 255)).toBe(true);
      }),
    );
  });

  test('what is freed is used again before the memory grows', () => {
    const memory = new ProgramMemory({ largestPages: 4, shared });
    for (let i = 0; i < 100; i++) {
      const [first, second] = [memory.allocate(65536), memory.allocate(65536)];
      memory.free(i % 2 ? first : second);
      memory.free(i % 2 ? second : first);
    }
    const whole = memory.allocate(4 * 65536);
    expect(whole).toBe(0);
  });

  test('views stay valid for as long as the generation does', () => {
    const memory = new ProgramMemory({ largestPages: 100, shared });
    const address = memory.allocate(64);
    const view = memory.view(Float64Array, address, 8);
    view.set([1, 2, 3]);
    const { generation } = memory;
    memory.allocate(10 * 65536);
    expect(memory.generation === generation).toBe(shared);
    expect(view.length).toBe(shared ? 8 : 0);
    expect([...memory.view(Float64Array, address, 3)]).toEqual([1, 2, 3]);
  });

  test('without room, says how much there is, and stays as it was', () => {
    const memory = new ProgramMemory({ largestPages: 16, shared });
    const address = memory.allocate(65536);
    expect(() => memory.allocate(2 ** 20)).toThrow(GradtapeError);
    expect(() => memory.allocate(2 ** 20)).toThrow('needs: no more than 1 MiB in all');
    expect(memory.allocate(65536)).toBe(address + 65536);
  });

  test('freeing twice and reserving late are errors that say so', () => {
    const memory = new ProgramMemory({ largestPages: 16, shared });
    memory.reserveStart(100);
    memory.reserveStart(1000);
    const address = memory.allocate(1);
    expect(address).toBe(1024);
    memory.reserveStart(1024);
    memory.free(address);
    expect(() => memory.free(address)).toThrow(`address ${address}, where nothing is allocated`);
    expect(() => memory.reserveStart(1025)).toThrow('reserve the largest workspace');
  });
});

test('by default as large as addresses of 32 bits reach, and shared', () => {
  const memory = new ProgramMemory();
  expect(memory.largestBytes).toBe(2 ** 32);
  expect(memory.shared).toBe(true);
});
