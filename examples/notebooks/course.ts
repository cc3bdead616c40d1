/** A text in both languages of the course. */
export interface Told {
  readonly en: string;
  readonly zh: string;
}

/** A notebook of the course. */
export interface Lesson {
  /** The name of its source, without `.ts`. */
  readonly file: string;
  readonly title: Told;
  /** What whoever worked through it can do. */
  readonly abilities: readonly Told[];
  /** About how long it takes to read and run, in minutes. */
  readonly minutes: number;
}

/** The notebooks, in the order in which they build on each other. */
export const lessons: readonly Lesson[] = [];
