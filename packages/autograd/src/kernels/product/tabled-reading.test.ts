import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LoopInterpreter } from '../interpret-loops.ts';
import { plainReading, type Reading } from './operand.ts';
import { product, workspaceElements } from './product.ts';
import { tabledReading } from './tabled-reading.ts';
import { type Axis, mostPieces, sizeOf, tableOf } from './tables.ts';
import type { Tile } from './tile.ts';

/** Dims of one to so many entries; the innermost beside one another, apart, the same, or backwards. */
function drawAxis(most: number): fc.Arbitrary<Axis> {
  const dim = fc.record({ size: fc.integer({ min: 1, max: most }), step: fc.integer({ min: 0, max: 9 }) });
  const inner = fc.record({ size: fc.integer({ min: 1, max: 2 * most }), step: fc.constantFrom(1, 1, 1, 2, 0, -1) });
  return fc
    .tuple(fc.array(dim, { maxLength: 2 }), fc.option(inner))
    .map(([outer, last]) => (last === null ? outer : [...outer, last]));
}

const tiles: readonly (readonly [Tile, number])[] = [
  [{ rows: 6, vectors: 2 }, 4],
  [{ rows: 4, vectors: 2 }, 2],
  [{ rows: 6, vectors: 2 }, 8],
  [{ rows: 6, vectors: 2 }, 16],
  [{ rows: 8, vectors: 1 }, 16],
  [{ rows: 1, vectors: 1 }, 1],
];

interface Operand {
  readonly lines: Axis;
  readonly depth: Axis;
  readonly isTabled: boolean;
}

function span(axes: readonly Axis[], isLow: boolean): number {
  const reaches = axes.flat().map(({ size, step }) => (size - 1) * step);
  return reaches.filter((reach) => reach < 0 === isLow).reduce((sum, reach) => sum + reach, 0);
}

/** The operands of a product one behind the other in a memory, with their tables; what else is there is not a number. */
class Memory {
  readonly #numbers: Float64Array;
  #end: number;

  constructor(workspace: number) {
    this.#numbers = new Float64Array(workspace + 50_000).fill(Number.NaN);
    this.#end = workspace;
  }

  /** What was appended, and as much behind it as a vector may reach. */
  entries(lanes: number): Float64Array {
    return this.#numbers.subarray(0, this.#end + lanes);
  }

  /** Where it begins. */
  append(numbers: readonly number[]): number {
    const start = this.#end;
    this.#numbers.set(numbers, start);
    this.#end += numbers.length;
    return start;
  }

  /** A table takes as many addresses as it has bytes. */
  table(axis: Axis): number {
    return this.append([...tableOf(axis)].flatMap((number) => [number, Number.NaN, Number.NaN, Number.NaN]));
  }
}

function place(
  memory: Memory,
  { lines, depth, isTabled }: Operand,
  random: () => number,
): {
  readonly reading: Reading;
  readonly block: readonly [at: number, lineWay: number, depthWay: number];
} {
  const low = span([lines, depth], true);
  const at = memory.append(Array.from({ length: span([lines, depth], false) - low + 1 }, random)) - low;
  if (isTabled)
    return { reading: tabledReading(lines, depth, 0), block: [at, memory.table(lines), memory.table(depth)] };
  return { reading: plainReading, block: [at, lines[0]?.step ?? 0, depth[0]?.step ?? 0] };
}

/** Offsets of all entries of an axis, by its definition. */
function offsetsOf(axis: Axis): number[] {
  return axis.reduce<number[]>(
    (offsets, { size, step }) => offsets.flatMap((offset) => Array.from({ length: size }, (_, i) => offset + i * step)),
    [0],
  );
}

const operands = fc
  .tuple(drawAxis(3), drawAxis(3), drawAxis(4), fc.constantFrom('a', 'b', 'both'))
  .map(([rows, columns, depth, tabled]) => ({ rows, columns, depth, tabled }));

test.each(tiles)('any axes of both operands: a tile of %o with %i lanes', (tile, lanes) => {
  fc.assert(
    fc.property(operands, fc.integer({ min: 1, max: 300 }), ({ rows, columns, depth, tabled }, seed) => {
      let state = seed;
      const random = (): number => {
        state = (state * 48271) % 2147483647;
        return state % 17;
      };
      const flat = (axis: Axis): Axis => [{ size: sizeOf(axis), step: 1 }];
      const a = { lines: rows, depth, isTabled: tabled !== 'b' };
      const b = { lines: columns, depth, isTabled: tabled !== 'a' };
      const plain = ({ lines, depth }: Operand): Operand => ({
        lines: flat(lines),
        depth: [{ size: sizeOf(depth), step: sizeOf(lines) }],
        isTabled: false,
      });
      const [drawnA, drawnB] = [a, b].map((operand) => (operand.isTabled ? operand : plain(operand)));
      const [m, n, k] = [rows, columns, depth].map(sizeOf);
      const memory = new Memory(workspaceElements(tile, lanes));
      const [left, right] = [drawnA, drawnB].map((operand) => place(memory, operand, random));
      const c = memory.append(new Array(m * n).fill(Number.NaN));
      const interpreter = new LoopInterpreter(lanes, memory.entries(lanes));
      const multiply = product(interpreter, tile, { a: left.reading, b: right.reading });
      const [aAt, aLines, aDepth] = left.block;
      const [bAt, bLines, bDepth] = right.block;

      multiply(m, n, k, aAt, aLines, aDepth, bAt, bDepth, bLines, c, n, 0);

      const { memory: after } = interpreter;
      const entries = ({ lines, depth }: Operand, at: number): number[][] =>
        offsetsOf(lines).map((line) => offsetsOf(depth).map((offset) => after[at + line + offset]));
      const [aLinesRead, bLinesRead] = [entries(drawnA, aAt), entries(drawnB, bAt)];
      const expected = aLinesRead.flatMap((x) =>
        bLinesRead.map((y) => x.reduce((sum, each, p) => sum + each * y[p], 0)),
      );
      expect([...after.subarray(c, c + m * n)]).toEqual(expected);
      expect(after.subarray(c + m * n).every(Number.isNaN)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('across the blocks of depth and of lines, in the midst of runs', () => {
  const tile = { rows: 4, vectors: 2 };
  const lines = [
    { size: 80, step: 20 },
    { size: 13, step: 1 },
  ];
  const depth = [
    { size: 37, step: 11 },
    { size: 7, step: 1 },
  ];
  for (const [long, other] of [
    [lines, depth.slice(1)],
    [depth.slice(1), depth],
    [depth, lines.slice(1)],
  ] as const) {
    const memory = new Memory(workspaceElements(tile, 4));
    const b = place(memory, { lines: long, depth: other, isTabled: true }, () => 0);
    const aAt = memory.append(new Array(sizeOf(other)).fill(1));
    const c = memory.append(new Array(sizeOf(long)).fill(Number.NaN));
    const interpreter = new LoopInterpreter(4, memory.entries(4));
    const multiply = product(interpreter, tile, { a: plainReading, b: b.reading });
    const [at, lineWay, depthWay] = b.block;
    interpreter.memory.forEach((_, i, all) => {
      if (i >= at && i <= at + span([long, other], false)) all[i] = i - at;
    });
    multiply(1, sizeOf(long), sizeOf(other), aAt, 0, 1, at, depthWay, lineWay, c, sizeOf(long), 0);
    const sumOf = (line: number): number => offsetsOf(other).reduce((sum, offset) => sum + line + offset, 0);
    expect([...interpreter.memory.subarray(c, c + sizeOf(long))]).toEqual(offsetsOf(long).map(sumOf));
  }
});

test('pieces end with their run, and where a strip does', () => {
  const runs = (size: number): Axis => [
    { size: 100, step: 50 },
    { size, step: 1 },
  ];
  expect(mostPieces(runs(28), 8, 4, 32)).toBe(2);
  expect(mostPieces(runs(10), 32, 16, 32)).toBe(4);
  expect(mostPieces(runs(1), 8, 4, 32)).toBe(8);
  expect(mostPieces([{ size: 5, step: 1 }], 32, 16, 32)).toBe(1);
  expect([32, 35].map((begin) => mostPieces(runs(6), 8, 4, begin))).toEqual([3, 4]);
});
