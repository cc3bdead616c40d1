import { showInNotebooks } from '../display/jupyter.ts';
import { mathHTML, type PageOptions, page } from '../display/page.ts';
import type { Derivation } from './derivation.ts';
import type { Recording } from './recording.ts';

/** The tape of a run, and the derivation of its gradients. It shows itself in notebooks. */
export class Explanation {
  readonly recording: Recording;
  readonly derivation: Derivation;

  constructor(recording: Recording, derivation: Derivation) {
    this.recording = recording;
    this.derivation = derivation;
  }

  toString(): string {
    return `${this.recording}\n\n${this.derivation}`;
  }

  toMarkdown(): string {
    return `${this.derivation.toMarkdown()}\n${this.recording.toMarkdown()}`;
  }

  /** One page that needs nothing else. With KaTeX it shows formulas, without it their LaTeX. */
  toHTML(options: PageOptions = {}): string {
    const derivation = mathHTML(this.derivation.toMarkdown(), options);
    return page('Explanation', `${derivation}\n<h2>Tape</h2>\n${this.recording.toFragment()}`, options);
  }
}

showInNotebooks(Explanation, (explanation) => ({
  'text/plain': explanation.toString(),
  'text/markdown': explanation.toMarkdown(),
}));
