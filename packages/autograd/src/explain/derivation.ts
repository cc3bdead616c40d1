import { showInNotebooks } from '../display/jupyter.ts';
import { mathHTML, type PageOptions, page } from '../display/page.ts';
import { aligned, type DerivationLine, lineText } from './derivation-line.ts';

/** What a derivation consists of. */
export interface DerivationParts {
  /** The named values, in the order in which they are computed; the loss is the last. */
  readonly forward: readonly DerivationLine[];
  /** The sensitivities, each followed by the gradients that it gives, from the loss back. */
  readonly backward: readonly DerivationLine[];
  /** A step of gradient descent, if a learning rate was given. */
  readonly updates: readonly DerivationLine[];
  /** What is meant by the sensitivity of a value: `\delta_{v} = \frac{\partial E}{\partial v}`. */
  readonly sensitivity: string;
  /** What was used of the data, as sentences with LaTeX between dollar signs. */
  readonly remarks: readonly string[];
}

/** A derivation, step by step, in LaTeX. It shows itself in notebooks. */
export class Derivation implements DerivationParts {
  readonly forward: readonly DerivationLine[];
  readonly backward: readonly DerivationLine[];
  readonly updates: readonly DerivationLine[];
  readonly sensitivity: string;
  readonly remarks: readonly string[];

  constructor({ forward, backward, updates, sensitivity, remarks }: DerivationParts) {
    this.forward = forward;
    this.backward = backward;
    this.updates = updates;
    this.sensitivity = sensitivity;
    this.remarks = remarks;
  }

  /** Every line, as LaTeX. */
  get lines(): readonly string[] {
    return [...this.forward, ...this.backward, ...this.updates].map(lineText);
  }

  toString(): string {
    return this.lines.join('\n');
  }

  /** All lines below each other, for one formula of a LaTeX document. */
  toLatex(): string {
    return aligned([...this.forward, ...this.backward, ...this.updates]);
  }

  /** Markdown with formulas between `$$`. */
  toMarkdown(): string {
    const block = (title: string, lines: readonly DerivationLine[]): string[] =>
      lines.length === 0 ? [] : [title, `$$\n${aligned(lines)}\n$$`];
    const used = this.remarks.length === 0 ? [] : [`This uses that ${this.remarks.join(', and ')}.`];
    return [
      ...block('Forward:', this.forward),
      ...block(`Backward, with $${this.sensitivity}$:`, this.backward),
      ...used,
      ...block('A step of gradient descent:', this.updates),
      '',
    ].join('\n\n');
  }

  /** A page that needs nothing else. With KaTeX it shows formulas, without it their LaTeX. */
  toHTML(options: PageOptions = {}): string {
    return page('Derivation', mathHTML(this.toMarkdown(), options), options);
  }
}

showInNotebooks(Derivation, (derivation) => ({
  'text/plain': derivation.toString(),
  'text/latex': `$$\n${derivation.toLatex()}\n$$`,
  'text/markdown': derivation.toMarkdown(),
}));
