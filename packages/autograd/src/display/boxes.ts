/** A part of a graph as a box with words in it. */
export interface Box {
  readonly id: number;
  readonly title: string;
  /** Smaller, below the title. */
  readonly lines: readonly string[];
  /** What pointing at it shows. */
  readonly hint: string;
  readonly isRound: boolean;
  /** As `#f29900`. */
  readonly color: string;
  /** The boxes that lead here, each of which comes before. */
  readonly from: readonly number[];
}
