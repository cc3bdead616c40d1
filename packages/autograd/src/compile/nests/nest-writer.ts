import type { Shape } from '../../core/shape.ts';
import type { VectorValue } from '../../kernels/elementary/vector-scalar-math.ts';
import type { LoopMath } from '../../kernels/loop-math.ts';
import { type Access, type LoopStage, type ReduceStep, type StorageType, storageBytes } from '../stages.ts';
import type { Addresses } from './addresses.ts';
import { accessKey, LoopBody, type Place, type Reading, type Results, type Totals } from './loop-body.ts';

/** Entries of a single loop that make a unit, and columns of what is reduced: multiples of the lanes of every engine. */
const UNIT = 512;
const REDUCED_UNIT = 64;
/** So few units would leave threads without work. */
const FEW_UNITS = 16;
/** Vectors side by side whose columns are reduced together. */
const COLUMN_VECTORS = 4;

/** One loop of the nest: its size, and the step of each access in it. */
export interface Dim {
  readonly size: number;
  readonly steps: readonly number[];
  readonly isReduced: boolean;
}

export interface NestLayout {
  readonly reads: readonly Access[];
  readonly accesses: readonly Access[];
  readonly places: ReadonlyMap<string, number>;
  readonly stored: ReadonlyMap<number, Access>;
  readonly reductions: readonly { readonly step: ReduceStep; readonly access: Access }[];
  readonly addresses: Addresses;
}

export function unitOf(reduced: readonly Dim[]): number {
  return reduced.length > 0 ? REDUCED_UNIT : UNIT;
}

/** Whether the turns of two loops together are units, because the first alone has too few to share out. */
export function sharesTwoLoops(outermost: Dim, second: Dim | undefined): second is Dim {
  return second !== undefined && outermost.size < FEW_UNITS;
}

/** How far each access has come, in bytes; those that move alike are at one position. */
type Positions<I> = readonly I[];
/** What was read before a loop, by the key of its access. */
type Outside<V> = ReadonlyMap<string, VectorValue<V>>;

/** Writes the loops of a stage. */
export class NestWriter<I, V> implements Results {
  readonly #w: LoopMath<I, V>;
  readonly #layout: NestLayout;
  readonly #shape: Shape;
  readonly #body: LoopBody<I, V>;
  /** Writes by narrower vectors what is no whole vector. */
  readonly #narrower: NestWriter<I, unknown> | undefined;

  constructor(w: LoopMath<I, V>, stage: LoopStage, layout: NestLayout) {
    this.#w = w;
    this.#narrower = w.narrower && new NestWriter(w.narrower, stage, layout);
    this.#layout = layout;
    this.#shape = stage.shape;
    this.#body = new LoopBody(w, stage, this);
  }

  storedAt(buffer: number): Access | undefined {
    return this.#layout.stored.get(buffer);
  }

  storageOf(buffer: number): StorageType {
    return this.#layout.addresses.storageOf(buffer);
  }

  writeUnits(from: I, to: I, kept: readonly Dim[], reduced: readonly Dim[], inner: Dim): void {
    const w = this.#w;
    const [outermost, ...others] = kept;
    const start = this.#start();
    if (outermost === undefined) {
      if (inner.isReduced) this.#reduceRow(start, reduced, inner);
      else this.#flat(from, to, reduced, inner);
      return;
    }
    const [second, ...inside] = others;
    if (sharesTwoLoops(outermost, second)) {
      w.loop(w.minus(to, from), [[w.fix(from), 1]], (unit) => {
        const turn = w.fix(w.quotient(unit, second.size));
        const at = this.#advance(start, outermost.steps, turn);
        const turnInside = w.fix(w.minus(unit, w.times(turn, second.size)));
        this.#loops(inside, this.#advance(at, second.steps, turnInside), (row) => this.#row(row, reduced, inner));
      });
      return;
    }
    const first = this.#advance(start, outermost.steps, from);
    this.#loop(w.minus(to, from), outermost.steps, first, (positions) =>
      this.#loops(others, positions, (at) => this.#row(at, reduced, inner)),
    );
  }

  /** Where the loops begin. Positions are never below zero: what goes backwards begins as far on as it comes back. */
  #start(): Positions<I> {
    const starts = new Map<number, I>();
    return this.#layout.accesses.map((_, k) => {
      const reach = this.#reachBack(k);
      const start = starts.get(reach) ?? this.#w.index(reach);
      starts.set(reach, start);
      return start;
    });
  }

  /** How far access `k` comes to lie before its first entry, in bytes. */
  #reachBack(k: number): number {
    const { strides } = this.#layout.accesses[k] as Access;
    const entries = strides.reduce((sum, step, d) => sum + Math.max(0, -step) * ((this.#shape[d] as number) - 1), 0);
    return this.#bytes(k, entries);
  }

  /** So many entries of the buffer of access `k`, in bytes. */
  #bytes(k: number, entries: number): number {
    const { buffer } = this.#layout.accesses[k] as Access;
    return entries * storageBytes[this.storageOf(buffer)];
  }

  /** Positions some steps further on; what was one position and moves alike stays one. */
  #advance(positions: Positions<I>, steps: readonly number[], times: I): I[] {
    const w = this.#w;
    const made = new Map<I, Map<number, I>>();
    return positions.map((position, k) => {
      const step = this.#bytes(k, steps[k] as number);
      if (step === 0) return position;
      const known = made.get(position) ?? new Map<number, I>();
      made.set(position, known);
      const moved = known.get(step) ?? w.fix(w.plus(position, w.times(times, step)));
      known.set(step, moved);
      return moved;
    });
  }

  /** A loop in which accesses that are at one position and move alike share a cursor. */
  #loop(count: I, steps: readonly number[], positions: Positions<I>, body: (positions: Positions<I>) => void): void {
    const cursors: (readonly [I, number])[] = [];
    const cursorOf = positions.map((position, k) => {
      const step = this.#bytes(k, steps[k] as number);
      if (step === 0) return -1;
      const known = cursors.findIndex(([from, by]) => from === position && by === step);
      return known >= 0 ? known : cursors.push([position, step]) - 1;
    });
    this.#w.loop(count, cursors, (...at) =>
      body(positions.map((position, k) => (cursorOf[k] === -1 ? position : (at[cursorOf[k] as number] as I)))),
    );
  }

  #loops(dims: readonly Dim[], positions: Positions<I>, body: (positions: Positions<I>) => void): void {
    const [dim, ...others] = dims;
    if (dim === undefined) body(positions);
    else this.#loop(this.#w.index(dim.size), dim.steps, positions, (inside) => this.#loops(others, inside, body));
  }

  #row(positions: Positions<I>, reduced: readonly Dim[], inner: Dim): void {
    if (inner.isReduced) this.#reduceRow(positions, reduced, inner);
    else this.#columns(positions, this.#w.index(inner.size), inner.size, reduced, inner);
  }

  /** Loops of one dim in all, of which units are pieces. */
  #flat(from: I, to: I, reduced: readonly Dim[], inner: Dim): void {
    const w = this.#w;
    const unit = unitOf(reduced);
    if (inner.size <= unit) {
      this.#columns(this.#start(), w.index(inner.size), inner.size, reduced, inner);
      return;
    }
    const begin = w.fix(w.times(from, unit));
    const positions = this.#advance(this.#start(), inner.steps, begin);
    const end = w.fix(w.times(to, unit));
    const last = w.choose(w.isLess(end, inner.size), end, w.index(inner.size));
    this.#columns(positions, w.fix(w.minus(last, begin)), undefined, reduced, inner);
  }

  /** So many entries of loops of one dim; how many may be known. */
  writePiece(first: I, { count, known }: { count: I; known: number | undefined }, inner: Dim): void {
    const positions = this.#advance(this.#start(), inner.steps, first);
    this.#columns(positions, count, known, [], inner);
  }

  /** Entries side by side that are kept: by vectors, and one by one what is left. */
  #columns(positions: Positions<I>, count: I, known: number | undefined, reduced: readonly Dim[], inner: Dim): void {
    const w = this.#w;
    const { lanes } = w;
    const isVector = this.#canBeVector(inner);
    const wide = reduced.length > 0 && isVector ? COLUMN_VECTORS : 1;
    const outside = reduced.length === 0 ? this.#readOutside(positions, inner) : undefined;
    let at = positions;
    let left = count;
    let leftKnown = known;
    for (const width of isVector ? (wide > 1 ? [wide, 1] : [1]) : []) {
      const size = width * lanes;
      if (leftKnown !== undefined && leftKnown < size) continue;
      const blocks = leftKnown === undefined ? w.fix(w.quotient(left, size)) : w.index(Math.floor(leftKnown / size));
      const steps = inner.steps.map((step) => step * size);
      this.#loop(blocks, steps, at, (inside) => this.#block(inside, reduced, inner, width, false, outside));
      const done =
        leftKnown === undefined ? w.fix(w.times(blocks, size)) : w.index(Math.floor(leftKnown / size) * size);
      at = this.#advance(at, inner.steps, done);
      left = leftKnown === undefined ? w.fix(w.minus(left, done)) : left;
      leftKnown = leftKnown === undefined ? undefined : leftKnown % size;
    }
    if (leftKnown === 0) return;
    if (leftKnown !== undefined && this.#narrower?.isFasterFor(leftKnown, inner)) {
      this.#narrower.#columns(at, w.index(leftKnown), leftKnown, reduced, inner);
      return;
    }
    const rest = leftKnown === undefined ? left : w.index(leftKnown);
    this.#loop(rest, inner.steps, at, (inside) => this.#block(inside, reduced, inner, 1, true, outside));
  }

  /** Some vectors side by side (or one entry), through all reduced dims. */
  #block(
    positions: Positions<I>,
    reduced: readonly Dim[],
    inner: Dim,
    width: number,
    isSingle: boolean,
    outside: Outside<V> | undefined,
  ): void {
    const { lanes } = this.#w;
    const columns = Array.from({ length: width }, (_, column) => column * lanes);
    const totals = columns.map(() => this.#startTotals());
    this.#loops(reduced, positions, (inside) =>
      columns.forEach((column, c) => {
        const place = this.#place(inside, inner, isSingle, column);
        this.#body.write(place, totals[c] as Totals<V>, outside);
      }),
    );
    columns.forEach((column, c) => {
      const place = this.#place(positions, inner, isSingle, column);
      for (const { step, access } of this.#layout.reductions) {
        this.#body.store(access, totals[c]?.get(step)?.get() as V, place);
      }
    });
  }

  /** Whether so many entries of a loop are a vector, or have a narrower one among them. */
  isFasterFor(count: number, inner: Dim): boolean {
    return (count >= this.#w.lanes && this.#canBeVector(inner)) || (this.#narrower?.isFasterFor(count, inner) ?? false);
  }

  /** The fewest turns in which a row is reduced, by its vectors or by narrower ones, and entry by entry. */
  fewestTurns(inner: Dim): number {
    return Math.min(this.#turns(inner), this.#narrower?.fewestTurns(inner) ?? Number.POSITIVE_INFINITY);
  }

  #turns(inner: Dim): number {
    const { lanes } = this.#w;
    return this.#canBeVector(inner) ? Math.floor(inner.size / lanes) + (inner.size % lanes) : inner.size;
  }

  /** A row that is reduced. */
  #reduceRow(positions: Positions<I>, reduced: readonly Dim[], inner: Dim): void {
    if (this.#narrower !== undefined && this.#narrower.fewestTurns(inner) < this.#turns(inner)) {
      this.#narrower.#reduceRow(positions, reduced, inner);
    } else this.#reduceByVectors(positions, reduced, inner);
  }

  /** Lane by lane, then over the lanes, then what is left. */
  #reduceByVectors(positions: Positions<I>, reduced: readonly Dim[], inner: Dim): void {
    const w = this.#w;
    const vectors = this.#canBeVector(inner) ? Math.floor(inner.size / w.lanes) : 0;
    const rest = inner.size - vectors * w.lanes;
    const totals = this.#startTotals();
    const singles = rest > 0 && vectors > 0 ? this.#startTotals() : totals;
    this.#loops(reduced, positions, (row) => {
      const outside = this.#readOutside(row, inner);
      const write = (isSingle: boolean, into: Totals<V>) => (at: Positions<I>) =>
        this.#body.write(this.#place(at, inner, isSingle, 0), into, outside);
      const steps = inner.steps.map((step) => step * w.lanes);
      this.#loop(w.index(vectors), steps, row, write(false, totals));
      const last = this.#advance(row, inner.steps, w.index(vectors * w.lanes));
      this.#loop(w.index(rest), inner.steps, last, write(true, singles));
    });
    const place = this.#place(positions, inner, true, 0);
    for (const { step, access } of this.#layout.reductions) {
      const combine = this.#body.combine(step.combine);
      let total = totals.get(step)?.get() as V;
      if (vectors > 0) total = w.share(w.combineLanes(total, combine));
      if (singles !== totals) total = combine(total, singles.get(step)?.get() as V);
      this.#body.store(access, total, place);
    }
  }

  /** Whether vectors can be read and stored along a loop: results lie side by side, and so does what is no element. */
  #canBeVector({ steps, size }: Dim): boolean {
    if (size < this.#w.lanes) return false;
    const results = new Set([...this.#layout.stored.values(), ...this.#layout.reductions.map(({ access }) => access)]);
    const ofResults = new Set([...results].map(accessKey));
    return this.#layout.accesses.every((access, k) => {
      const mustBeBeside = ofResults.has(accessKey(access)) || this.storageOf(access.buffer) !== this.#w.elementType;
      return !mustBeBeside || steps[k] === 0 || steps[k] === 1;
    });
  }

  /** What is the same along the innermost loop, read before it. */
  #readOutside(positions: Positions<I>, inner: Dim): Outside<V> {
    const place = this.#place(positions, inner, true, 0);
    const fixed = this.#layout.reads.filter((access) => {
      const k = this.#layout.places.get(accessKey(access)) as number;
      return inner.steps[k] === 0;
    });
    return new Map(fixed.map((access) => [accessKey(access), this.#body.load(access, place)]));
  }

  #startTotals(): Totals<V> {
    return new Map(this.#layout.reductions.map(({ step }) => [step, this.#body.start(step)]));
  }

  #place(positions: Positions<I>, inner: Dim, isSingle: boolean, column: number): Place<I> {
    const { places, addresses } = this.#layout;
    const placeOf = (access: Access): number => places.get(accessKey(access)) as number;
    return {
      isSingle,
      addressOf: (access) => {
        const k = placeOf(access);
        const offset = this.#bytes(k, access.offset + column * (inner.steps[k] as number));
        return this.#w.plus(positions[k] as I, addresses.addressOf(access.buffer) + offset - this.#reachBack(k));
      },
      readingOf: (access): Reading => {
        const k = placeOf(access);
        const step = inner.steps[k] as number;
        if (isSingle || step === 0) return 'one';
        return step === 1 ? 'vector' : this.#bytes(k, step);
      },
    };
  }
}
