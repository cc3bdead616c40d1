import type { BlockWork } from './block-work.ts';
import type { LoopMath } from './loop-math.ts';
import type { ElementType } from './vector-math.ts';

/** Lines of fewer entries are sorted faster by counting, for each, how many come before it. */
const SHORT = 40;
/** Vectors of the widest machine may reach so many elements behind a line. */
const MOST_LANES = 16;

/** Bits of a digit: few digits take less time for each entry, few values of a digit less for each line. */
function digitBits(size: number): number {
  return size < 4096 ? 8 : 11;
}

/** Elements that sorting a line takes. */
export function roomToSort(size: number): number {
  return size < SHORT ? 3 * (size + MOST_LANES) : 3 * size + 2 ** digitBits(size);
}

/** About how many nanoseconds it takes. */
export function timeToSort(size: number): number {
  const bits = digitBits(size);
  return size < SHORT ? size * size : (32 / bits) * (4 * size + 2 ** bits);
}

/** The indices that sort a line, as `sortingOrder` gives them. */
export function writeSortingOrder<I, V>(w: LoopMath<I, V>, work: BlockWork<I, V>, descending: boolean): void {
  const [size] = work.inputs[0].sizes;
  if (size < SHORT) writeByCounting(w, work, descending);
  else writeByDigits(w, work, descending);
}

/** Entry by entry against vectors of the others: how many come before each is its place. */
function writeByCounting<I, V>(
  w: LoopMath<I, V>,
  { inputs: [x], output, room }: BlockWork<I, V>,
  descending: boolean,
): void {
  const [size] = x.sizes;
  const list = (number: number): I => w.fix(w.plus(room, number * (size + MOST_LANES) * w.elementSize));
  const [line, numbers, places] = [list(0), list(1), list(2)];
  counted(w, size, [line, numbers], (k, at, number) => {
    w.storeElement(at, x.load(k));
    w.storeElement(number, w.fromIndex(k));
  });
  const bytes = w.lanes * w.elementSize;
  const vectors = w.index(Math.ceil(size / w.lanes));
  const cursors = [line, numbers, places].map((at) => [at, bytes] as const);
  w.loop(vectors, cursors, (at, number, place) => {
    const [entries, numbered] = [w.share(w.load(at)), w.share(w.load(number))];
    const before = w.keep(w.zero());
    counted(w, size, [line, numbers], (_, at, number) => {
      const other = w.share(w.splat(at));
      const isEarlier = w.less(w.splat(number), numbered);
      const isNotLater = w.not(precedes(w, entries, other, descending));
      const isBefore = w.or(precedes(w, other, entries, descending), w.and(isEarlier, isNotLater));
      before.set(w.add(before.get(), w.and(isBefore, w.constant(1))));
    });
    w.store(place, before.get());
  });
  counted(w, size, [places], (k, at) => output.store(w.fromIndex(k), w.fix(w.toIndex(w.splat(at)))));
}

/** Whether numbers come before others, NaN counting as the largest. */
function precedes<I, V>(w: LoopMath<I, V>, a: V, b: V, descending: boolean): V {
  const [smaller, larger] = descending ? [b, a] : [a, b];
  return w.or(w.less(smaller, larger), w.and(w.equal(smaller, smaller), w.not(w.equal(larger, larger))));
}

/**
 * By the bits of numbers, digit by digit from the lowest (Knuth, The Art of Computer Programming, volume 3, 5.2.5). The room
 * holds two lists of indices, a digit for each, and a count for each value of a digit.
 */
function writeByDigits<I, V>(
  w: LoopMath<I, V>,
  { inputs: [x], output, room }: BlockWork<I, V>,
  descending: boolean,
): void {
  const [size] = x.sizes;
  const bits = digitBits(size);
  const [first, second, digits, counts] = [0, 1, 2, 3].map((list) => w.fix(w.plus(room, list * size * w.elementSize)));
  counted(w, size, [first], (k, at) => w.storeIndex(at, k));
  let [source, target] = [first, second];
  for (let low = 0; low < widthOf(w.elementType); low += bits) {
    const digitAt = (k: I): V => digit(w, risingBits(w, w.share(x.load(k)), descending), low, bits);
    sortByDigit(w, digitAt, { source, target, digits, counts }, size, 2 ** bits);
    [source, target] = [target, source];
  }
  counted(w, size, [source], (k, at) => output.store(w.fromIndex(w.loadIndex(at)), k));
}

function widthOf(elementType: ElementType): number {
  return elementType === 'float32' ? 32 : 64;
}

interface Lists<I> {
  readonly source: I;
  readonly target: I;
  readonly digits: I;
  readonly counts: I;
}

/** Puts indices in the order of their digits; those of equal digits stay in theirs. */
function sortByDigit<I, V>(
  w: LoopMath<I, V>,
  digitAt: (k: I) => V,
  { source, target, digits, counts }: Lists<I>,
  size: number,
  values: number,
): void {
  const place = (list: I, k: I): I => w.fix(w.plus(list, w.times(k, w.elementSize)));
  counted(w, values, [counts], (_, at) => w.storeIndex(at, w.index(0)));
  counted(w, size, [source, digits], (_, from, to) => {
    const value = w.fix(w.toIndex(digitAt(w.fix(w.loadIndex(from)))));
    w.storeIndex(to, value);
    const count = place(counts, value);
    w.storeIndex(count, w.plus(w.loadIndex(count), 1));
  });
  const before = w.keepIndex(w.index(0));
  counted(w, values, [counts], (_, at) => {
    const count = w.fix(w.loadIndex(at));
    w.storeIndex(at, before.get());
    before.set(w.plus(before.get(), count));
  });
  counted(w, size, [source, digits], (_, from, digit) => {
    const count = place(counts, w.loadIndex(digit));
    const next = w.fix(w.loadIndex(count));
    w.storeIndex(place(target, next), w.loadIndex(from));
    w.storeIndex(count, w.plus(next, 1));
  });
}

/** Counts up to a number, going along lists of elements. */
function counted<I, V>(
  w: LoopMath<I, V>,
  count: number,
  lists: readonly I[],
  body: (k: I, ...at: readonly I[]) => void,
): void {
  const cursors = lists.map((list) => [list, w.elementSize] as const);
  w.loop(w.index(count), [[w.index(0), 1], ...cursors], body);
}

/** Bits that, read as whole numbers without a sign, rise as the number does: NaN is the largest, and -0 is 0. */
function risingBits<I, V>(w: LoopMath<I, V>, x: V, descending: boolean): V {
  const number = w.share(w.add(x, w.zero()));
  const isNegative = w.less(number, w.zero());
  const bits = w.select(isNegative, w.not(number), w.or(number, w.constant(-0)));
  const rising = w.select(w.equal(number, number), bits, w.not(w.zero()));
  return descending ? w.not(rising) : rising;
}

function digit<I, V>(w: LoopMath<I, V>, whole: V, low: number, bits: number): V {
  return w.fromIntegers(w.and(w.shiftRight(whole, low), w.integerConstant(2 ** bits - 1)));
}
