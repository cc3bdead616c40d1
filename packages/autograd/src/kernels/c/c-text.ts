/** Procedures in C while they are being written: writers of vectors of several lengths write into the same ones. */
export class CText {
  readonly #procedures: string[] = [];
  #lines: string[] = [];
  #variables = 0;
  /** Variables of the procedure that are constants other than 0, -0 and NaN. */
  #nonZero = new Set<string>();

  /** Writes a procedure of this head, whose body may write others. */
  procedure(head: string, body: () => void): void {
    const outer = { lines: this.#lines, variables: this.#variables, nonZero: this.#nonZero };
    this.#lines = [];
    this.#variables = 0;
    this.#nonZero = new Set();
    body();
    this.#procedures.push([`${head} {`, ...this.#lines, '}', ''].join('\n'));
    this.#lines = outer.lines;
    this.#variables = outer.variables;
    this.#nonZero = outer.nonZero;
  }

  emit(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** A name that no other variable of the procedure has. */
  newName(prefix: string): string {
    return `${prefix}${this.#variables++}`;
  }

  markNonZero(variable: string): void {
    this.#nonZero.add(variable);
  }
  isNonZero(variable: string): boolean {
    return this.#nonZero.has(variable);
  }

  source(): string {
    return this.#procedures.join('\n');
  }
}
