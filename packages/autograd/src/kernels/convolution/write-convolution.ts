import type { Procedure } from '../kernel.ts';
import type { LoopMath } from '../loop-math.ts';
import { eachRun } from './spread.ts';

/**
 * What the procedures know of a convolution beside its operands, as words in memory: counts of one group, bytes of one
 * image, and addresses. `image` and `windows` are spreads in the image with its zeros; `masks` are a vector of set bits and
 * one of none.
 */
export interface Plan<T> {
  readonly groups: T;
  readonly filters: T;
  readonly rows: T;
  readonly positions: T;
  readonly inputBytes: T;
  readonly outputBytes: T;
  readonly paddedBytes: T;
  readonly image: T;
  readonly windows: T;
  readonly masks: T;
  readonly room: T;
  readonly roomBytes: T;
}

/** In this order. */
export const planWords: readonly (keyof Plan<unknown>)[] = [
  ...(['groups', 'filters', 'rows', 'positions', 'inputBytes', 'outputBytes', 'paddedBytes'] as const),
  ...(['image', 'windows', 'masks', 'room', 'roomBytes'] as const),
];

const WORD_BYTES = 4;

/** Elements behind the image with its zeros that vectors may write, which run over its end. */
export function overrun(lanes: number): number {
  return lanes;
}

export type ConvolutionProcedure = 'convolve' | 'convolveBack' | 'convolveWeight' | 'addEntries';

/** How many numbers each procedure takes, the thread's aside. */
export const convolutionProcedures: Readonly<Record<ConvolutionProcedure, number>> = {
  convolve: 4,
  convolveBack: 4,
  convolveWeight: 5,
  addEntries: 3,
};

/**
 * Writes a convolution and its two transposes: the windows of a group become the columns of a matrix, one image at a time,
 * and `product` multiplies them. All operands lie in reading order. A thread has room for the image with its zeros, the
 * columns, and a product that is added to the weight's cotangent.
 *
 * - `convolve`: x, weight, y, plan, thread. Of one image.
 * - `convolveBack`: y, weight, x, plan, thread. The cotangent of x from that of y, of one image.
 * - `convolveWeight`: x, y, weight, images, plan, thread. The weight's cotangent from that of y, summed over images.
 * - `addEntries`: to, from, elements, thread.
 */
export function convolutions<I, V>(w: LoopMath<I, V>, product: Procedure<I>): void {
  const one = w.index(w.elementSize);
  const gather = gathering(w);
  const scatter = scattering(w);
  const clear = clearing(w);
  const addEntries = addingEntries(w);
  const pad = (work: Work<I>, x: I): void => {
    clear(work.padded, work.paddedBytes);
    scatter(work.padded, x, work.image, work.masks);
  };

  w.procedure('convolve', 5, (x, weight, y, plan, thread) => {
    const work = workAt(w, plan, thread);
    const { rows, positions, filters, columns, weightRow, columnsRow } = work;
    pad(work, x);
    eachGroup(w, work, weight, y, (padded, weight, y) => {
      gather(columns, padded, work.windows);
      const operands = [weight, weightRow, one, columns, columnsRow, one];
      product(filters, positions, rows, ...operands, y, columnsRow, thread);
    });
  });

  w.procedure('convolveBack', 5, (y, weight, x, plan, thread) => {
    const work = workAt(w, plan, thread);
    const { rows, positions, filters, columns, weightRow, columnsRow } = work;
    clear(work.padded, work.paddedBytes);
    eachGroup(w, work, weight, y, (padded, weight, y) => {
      const operands = [weight, one, weightRow, y, columnsRow, one];
      product(rows, positions, filters, ...operands, columns, columnsRow, thread);
      scatter(padded, columns, work.windows, work.masks);
    });
    gather(x, work.padded, work.image);
  });

  w.procedure('convolveWeight', 6, (x, y, weight, images, plan, thread) => {
    const work = workAt(w, plan, thread);
    const { rows, positions, filters, columns, weightRow, columnsRow } = work;
    const elements = w.fix(w.times(filters, rows));
    const made = w.fix(w.plus(columns, w.times(rows, columnsRow)));
    clear(weight, w.fix(w.times(work.groups, w.times(filters, weightRow))));
    w.loop(images, [[x, work.inputBytes] as const, [y, work.outputBytes] as const], (x, y) => {
      pad(work, x);
      eachGroup(w, work, weight, y, (padded, weight, y) => {
        gather(columns, padded, work.windows);
        const operands = [y, columnsRow, one, columns, one, columnsRow];
        product(filters, rows, positions, ...operands, made, weightRow, thread);
        addEntries(weight, made, elements, thread);
      });
    });
  });
}

/** The plan, with the thread's room and how far rows lie apart. */
interface Work<I> extends Plan<I> {
  readonly padded: I;
  readonly columns: I;
  readonly weightRow: I;
  readonly columnsRow: I;
}

function workAt<I, V>(w: LoopMath<I, V>, plan: I, thread: I): Work<I> {
  const read = (name: keyof Plan<unknown>): I => w.fix(w.loadIndex(w.plus(plan, planWords.indexOf(name) * WORD_BYTES)));
  const [rows, positions, paddedBytes, room, roomBytes] = [
    ...[read('rows'), read('positions'), read('paddedBytes'), read('room'), read('roomBytes')],
  ];
  const padded = w.fix(w.plus(room, w.times(thread, roomBytes)));
  return {
    ...{ rows, positions, paddedBytes, room, roomBytes, padded },
    ...{ groups: read('groups'), filters: read('filters') },
    ...{ inputBytes: read('inputBytes'), outputBytes: read('outputBytes') },
    ...{ image: read('image'), windows: read('windows'), masks: read('masks') },
    columns: w.fix(w.plus(padded, w.plus(paddedBytes, overrun(w.lanes) * w.elementSize))),
    weightRow: w.fix(w.times(rows, w.elementSize)),
    columnsRow: w.fix(w.times(positions, w.elementSize)),
  };
}

/** Goes through the groups: their channels in the image with its zeros, their filters, and what these give. */
function eachGroup<I, V>(
  w: LoopMath<I, V>,
  { groups, filters, padded, paddedBytes, weightRow, outputBytes }: Work<I>,
  weight: I,
  y: I,
  visit: (padded: I, weight: I, y: I) => void,
): void {
  const cursors = [
    [padded, w.fix(w.quotient(paddedBytes, groups))] as const,
    [weight, w.fix(w.times(filters, weightRow))] as const,
    [y, w.fix(w.quotient(outputBytes, groups))] as const,
  ];
  w.loop(groups, cursors, visit);
}

/** Writes the procedure that copies what a spread takes from a block into a matrix, and writes nothing behind it. */
function gathering<I, V>(w: LoopMath<I, V>): Procedure<I> {
  const { elementSize: size, lanes } = w;
  const bytes = lanes * size;
  return w.procedure('gather', 3, (matrix, block, spread) => {
    eachRun(w, spread, block, matrix, (from, to, length, step) => {
      const oneByOne = (): void =>
        w.loop(length, [[to, size] as const, [from, step] as const], (to, from) => w.copy(to, from));
      const byVectors = (): void => {
        w.loop(w.quotient(length, lanes), [[to, bytes] as const, [from, bytes] as const], (to, from) =>
          w.store(to, w.load(from)),
        );
        // The last vector overlaps the one before.
        const last = w.fix(w.times(w.plus(length, -lanes), size));
        w.store(w.plus(to, last), w.load(w.plus(from, last)));
      };
      w.when(w.times(w.isEqual(step, size), w.isLess(w.index(lanes - 1), length)), byVectors, oneByOne);
    });
  });
}

/** Writes the procedure that adds a matrix to where a spread takes it from; behind the block zeros may be added. */
function scattering<I, V>(w: LoopMath<I, V>): Procedure<I> {
  const { elementSize: size, lanes } = w;
  const bytes = lanes * size;
  return w.procedure('scatter', 4, (block, matrix, spread, masks) => {
    eachRun(w, spread, block, matrix, (to, from, length, step) => {
      const oneByOne = (): void =>
        w.loop(length, [[to, step] as const, [from, size] as const], (to, from) =>
          w.storeElement(to, w.add(w.splat(to), w.splat(from))),
        );
      const byVectors = (): void => {
        const vectors = w.fix(w.quotient(length, lanes));
        w.loop(vectors, [[to, bytes] as const, [from, bytes] as const], (to, from) =>
          w.store(to, w.add(w.load(to), w.load(from))),
        );
        const done = w.fix(w.times(vectors, lanes));
        const rest = w.fix(w.minus(length, done));
        w.when(rest, () => {
          const [lastTo, lastFrom] = [to, from].map((at) => w.fix(w.plus(at, w.times(done, size))));
          const mask = w.load(w.minus(w.plus(masks, bytes), w.times(rest, size)));
          w.store(lastTo, w.add(w.load(lastTo), w.and(w.load(lastFrom), mask)));
        });
      };
      w.when(w.isEqual(step, size), byVectors, oneByOne);
    });
  });
}

/** Writes the procedure that fills so many bytes with zeros. */
function clearing<I, V>(w: LoopMath<I, V>): Procedure<I> {
  const { elementSize: size, lanes } = w;
  return w.procedure('clear', 2, (at, bytes) => {
    const vectors = w.fix(w.quotient(bytes, lanes * size));
    w.loop(vectors, [[at, lanes * size] as const], (at) => w.store(at, w.zero()));
    const done = w.fix(w.times(vectors, lanes * size));
    w.loop(w.quotient(w.minus(bytes, done), size), [[w.plus(at, done), size] as const], (at) =>
      w.storeElement(at, w.zero()),
    );
  });
}

function addingEntries<I, V>(w: LoopMath<I, V>): Procedure<I> {
  const { elementSize: size, lanes } = w;
  return w.procedure('addEntries', 4, (to, from, elements) => {
    const vectors = w.fix(w.quotient(elements, lanes));
    w.loop(vectors, [[to, lanes * size] as const, [from, lanes * size] as const], (to, from) =>
      w.store(to, w.add(w.load(to), w.load(from))),
    );
    const done = w.fix(w.times(vectors, lanes));
    const [restTo, restFrom] = [to, from].map((at) => w.fix(w.plus(at, w.times(done, size))));
    w.loop(w.minus(elements, done), [[restTo, size] as const, [restFrom, size] as const], (to, from) =>
      w.storeElement(to, w.add(w.splat(to), w.splat(from))),
    );
  });
}
