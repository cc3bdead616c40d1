/** `left = right = …`, or `left ← right = …` for an update; each part is LaTeX. */
export interface DerivationLine {
  readonly left: string;
  readonly sign: '=' | '\\leftarrow';
  /** The expression; then, if numbers were asked for, the same in numbers, and its value. */
  readonly right: readonly string[];
}

export function lineText({ left, sign, right }: DerivationLine): string {
  return `${left} ${sign} ${right.join(' = ')}`;
}

/** Lines below each other, their signs in one column. */
export function aligned(lines: readonly DerivationLine[]): string {
  const rows = lines.map(({ left, sign, right }) => `${left} &${sign} ${right.join(' = ')}`);
  return `\\begin{aligned}\n${rows.join(' \\\\\n')}\n\\end{aligned}`;
}
