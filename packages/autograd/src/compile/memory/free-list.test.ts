import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FreeList } from './free-list.ts';

const length = 60;

test('holds what is free, as blocks that do not touch, in order', () => {
  const step = fc.record({ take: fc.boolean(), length: fc.integer({ min: 1, max: 9 }), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const list = new FreeList();
      list.give(0, length);
      const isFree = Array<boolean>(length).fill(true);
      const taken: { start: number; end: number }[] = [];
      for (const step of steps) {
        if (step.take) {
          const expected = firstFit(isFree, step.length);
          expect(list.take(step.length)).toBe(expected);
          if (expected === undefined) continue;
          taken.push({ start: expected, end: expected + step.length });
          isFree.fill(false, expected, expected + step.length);
        } else if (taken.length > 0) {
          const [{ start, end }] = taken.splice(step.which % taken.length, 1);
          list.give(start, end);
          isFree.fill(true, start, end);
        }
        expect(list.blocks).toEqual(blocks(isFree));
      }
      for (const { start, end } of taken) list.give(start, end);
      expect(list.blocks).toEqual([{ start: 0, end: length }]);
    }),
  );
});

function firstFit(isFree: readonly boolean[], length: number): number | undefined {
  return blocks(isFree).find(({ start, end }) => end - start >= length)?.start;
}

function blocks(isFree: readonly boolean[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  isFree.forEach((free, i) => {
    const last = found.at(-1);
    if (free && last?.end === i) last.end = i + 1;
    else if (free) found.push({ start: i, end: i + 1 });
  });
  return found;
}
