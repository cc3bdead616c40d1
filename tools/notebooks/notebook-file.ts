import { createHash } from 'node:crypto';
import type { Cell, Language } from './cells.ts';
import type { Output } from './kernel.ts';

/** A notebook as its file holds it (nbformat 4.5). */
export interface NotebookFile {
  readonly cells: readonly NotebookCell[];
  readonly metadata: object;
  readonly nbformat: 4;
  readonly nbformat_minor: 5;
}

type NotebookCell = TextCell | CodeCell;

interface TextCell {
  readonly cell_type: 'markdown';
  readonly id: string;
  readonly metadata: object;
  readonly source: readonly string[];
}

interface CodeCell {
  readonly cell_type: 'code';
  readonly id: string;
  readonly metadata: object;
  readonly source: readonly string[];
  readonly execution_count: number | null;
  readonly outputs: readonly object[];
}

const metadata = {
  kernelspec: { display_name: 'gradtape (TypeScript)', language: 'typescript', name: 'gradtape' },
  language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/x.typescript' },
};

/** The notebook of one language. `outputs` are those of the cells of code, in order. */
export function notebookOf(
  cells: readonly Cell[],
  language: Language,
  outputs: readonly (readonly Output[])[],
): NotebookFile {
  let executed = 0;
  const told = cells.filter((cell) => cell.kind === 'code' || cell.language === language);
  return {
    cells: told.map((cell, k): NotebookCell => {
      const id = createHash('sha256').update(`${k} ${cell.text}`).digest('hex').slice(0, 8);
      const source = linesOf(cell.text);
      if (cell.kind === 'text') return { cell_type: 'markdown', id, metadata: {}, source };
      const shown = outputs[executed];
      if (shown === undefined)
        return { cell_type: 'code', id, metadata: {}, source, execution_count: null, outputs: [] };
      executed++;
      return { cell_type: 'code', id, metadata: {}, source, execution_count: executed, outputs: shown.map(asKept) };
    }),
    metadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
}

export function writtenNotebook(notebook: NotebookFile): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

/** Texts as lines, which read better in a change than one long string does. */
function asKept(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: linesOf(output.text) };
  if (output.output_type === 'error') return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === 'string' && !type.startsWith('image/png') ? linesOf(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
