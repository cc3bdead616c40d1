import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { entriesOf, indexAt } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { full, noGrad, Parameter, vjp } from '../index.ts';
import { drawBy } from '../verify/draw-samples.ts';
import { engineNamed } from './engines.ts';
import { rowsApart } from './parts-in-place.ts';
import { bytesOf } from './plan.ts';
import { Program } from './program.ts';
import { rowGrouping } from './rows.ts';
import { computedBy, readBy, storageBytes } from './stages.ts';
import { drawInputs, type Line, programs, runProgram } from './test-programs.ts';
import { trace } from './trace.ts';

/** A step of training in small: derivatives of a drawn program, and new contents of slots. */
function stepOf(lines: readonly Line[], parameters: readonly Parameter[]): (...xs: Tensor[]) => readonly Tensor[] {
  return (...xs) => {
    const held = parameters.map((parameter) => parameter.value);
    const [values, pull] = vjp((...inputs) => runProgram(lines, inputs), ...held);
    const gradients = pull(...values.map((y) => y.mul(0.5)));
    noGrad(() => {
      for (const [k, parameter] of parameters.entries()) {
        parameter.assign(held[k].mul(0.9).sub(gradients[k]).add(xs[k]));
      }
    });
    return values;
  };
}

/** Small cells of memory, each with the number of the buffer whose entries it holds. */
class TaggedMemory {
  readonly #tags: number[] = [];

  write(buffer: number, cells: readonly number[]): void {
    for (const cell of cells) this.#tags[cell] = buffer;
  }

  holds(buffer: number, cells: readonly number[]): boolean {
    return cells.every((cell) => this.#tags[cell] === buffer);
  }
}

function cellsFrom(offset: number, bytes: number): number[] {
  return Array.from({ length: bytes / 4 }, (_, k) => offset / 4 + k);
}

/** Goes through a program as its engine does, and says where a buffer is read of which another has taken the place. */
function misplaced({ plan, fused, chains, graph }: Program): string[] {
  const put = new Set<number>();
  /** What is computed inside another buffer becomes a part of that one. */
  const tagOf = (buffer: number): number => {
    const whole = plan.inside.get(buffer)?.buffer;
    return whole !== undefined && put.has(whole) ? tagOf(whole) : buffer;
  };
  /** Where the entries of a buffer lie, that begins at an offset in bytes. */
  const cellsOf = (buffer: number, offset: number): number[] => {
    const { shape } = graph.values[buffer];
    const inside = plan.inside.get(buffer);
    if (inside === undefined) return cellsFrom(offset, bytesOf(graph, fused, buffer));
    const bytes = storageBytes[fused.storage.get(buffer) ?? 'float32'];
    return Array.from({ length: entriesOf(shape) }).flatMap((_, place) => {
      const entry = indexAt(place, shape).reduce((sum, i, d) => sum + i * inside.strides[d], 0);
      return cellsFrom(offset + entry * bytes, bytes);
    });
  };
  const memory = new TaggedMemory();
  const wrong: string[] = [];
  const overwritten = new Set<number>();
  const read = (buffer: number, when: string): void => {
    const offset = plan.offsets.get(buffer);
    if (overwritten.has(buffer)) wrong.push(`buffer ${buffer} is written over in place before ${when}`);
    if (offset !== undefined && !memory.holds(tagOf(buffer), cellsOf(buffer, offset))) {
      wrong.push(`buffer ${buffer} is not there ${when}`);
    }
  };
  chains.forEach((chain, index) => {
    const stages = chain.stages.map((k) => fused.stages[k]);
    const computed = new Set(stages.flatMap(computedBy));
    for (const buffer of computed) put.add(buffer);
    for (const buffer of computed) {
      const offset = plan.offsets.get(buffer);
      if (offset !== undefined) memory.write(tagOf(buffer), cellsOf(buffer, offset));
    }
    // What was read must be there still: nothing that is computed meanwhile may lie upon it, nor upon one another.
    const used = new Set([...stages.flatMap((stage) => readBy(stage, graph)), ...computed]);
    for (const buffer of used) read(buffer, `in chain ${index}`);
    for (const [next, before] of plan.inPlace) if (computed.has(next)) overwritten.add(before);
  });
  for (const output of graph.outputs) read(graph.values[output].place.buffer, 'after the run');
  return wrong;
}

const usual = { ...rowGrouping };
const usualRowsApart = { ...rowsApart };
afterEach(() => {
  Object.assign(rowGrouping, usual);
  Object.assign(rowsApart, usualRowsApart);
});

test.each([
  ['stage by stage', usual],
  ['row by row', { leastEntries: 0, leastRows: 2 }],
])('%s, no two buffers that are alive at once overlap, and no less is asked for than must be', (_, grouping) => {
  Object.assign(rowGrouping, grouping);
  Object.assign(rowsApart, { multiple: 1 });
  fc.assert(
    fc.property(programs, fc.constantFrom('float32' as const, 'float64' as const), fc.gen(), (lines, dtype, choose) => {
      const draw = drawBy(choose, { dtype });
      const parameters = drawInputs(draw).map((x) => new Parameter(x));
      const step = stepOf(lines, parameters);
      const inputs = parameters.map((parameter) => draw.tensor(parameter.shape, { low: -1, high: 1 }));
      const traced = trace(step as (...values: unknown[]) => unknown, inputs);
      const program = new Program(traced, 3, engineNamed('wasm'));
      const { plan, graph, fused } = program;
      expect(misplaced(program)).toEqual([]);
      const sizes = [...plan.offsets].flatMap(([buffer, offset]) =>
        plan.inside.has(buffer) ? [] : [offset + bytesOf(graph, fused, buffer)],
      );
      expect(plan.bytes).toBeGreaterThanOrEqual(Math.max(0, ...sizes));
      expect(plan.bytes).toBeGreaterThanOrEqual(plan.lowerBound);
      const kept = new Set(graph.outputs.map((output) => graph.values[output].place.buffer));
      const atTheEnd = [...kept].filter((buffer) => plan.offsets.has(buffer));
      const needed = atTheEnd.reduce((sum, buffer) => sum + bytesOf(graph, fused, buffer), 0);
      expect(plan.lowerBound).toBeGreaterThanOrEqual(needed);
      program.dispose();
    }),
    { numRuns: 100 },
  );
});

test('parameters are updated in place', () => {
  const weight = new Parameter(full([3, 4], 2));
  const step = (x: Tensor): Tensor => {
    noGrad(() => weight.assign(weight.value.mul(0.9).sub(x)));
    return x;
  };
  const traced = trace(step as (...values: unknown[]) => unknown, [full([3, 4], 2)]);
  const program = new Program(traced, 1, engineNamed('wasm'));
  expect(program.plan.inPlace.size).toBe(1);
  expect(program.plan.bytes).toBe(0);
});
