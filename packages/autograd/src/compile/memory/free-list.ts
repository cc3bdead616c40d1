/** A piece of a memory that nobody uses. */
export interface FreeBlock {
  readonly start: number;
  readonly end: number;
}

/** Which pieces of a range are free: neighbours are joined, so that what is all free is one block. */
export class FreeList {
  /** By their starts. Between two of them something is in use. */
  readonly #blocks: FreeBlock[] = [];

  get blocks(): readonly FreeBlock[] {
    return this.#blocks;
  }

  /** The start of the first block that is long enough, which is then in use; nothing if there is none. */
  take(length: number): number | undefined {
    const found = this.#blocks.findIndex(({ start, end }) => end - start >= length);
    if (found < 0) return undefined;
    const { start, end } = this.#blocks[found];
    if (end - start === length) this.#blocks.splice(found, 1);
    else this.#blocks[found] = { start: start + length, end };
    return start;
  }

  /** Makes a piece free that is in use. */
  give(start: number, end: number): void {
    const after = this.#blocks.findIndex((block) => block.start >= end);
    const place = after < 0 ? this.#blocks.length : after;
    const before = this.#blocks[place - 1];
    const joinsBefore = before?.end === start;
    const joinsAfter = this.#blocks[place]?.start === end;
    const first = joinsBefore ? place - 1 : place;
    const joined = {
      start: joinsBefore ? before.start : start,
      end: joinsAfter ? this.#blocks[place].end : end,
    };
    this.#blocks.splice(first, Number(joinsBefore) + Number(joinsAfter), joined);
  }
}
