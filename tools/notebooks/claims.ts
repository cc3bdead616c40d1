import { readFile } from 'node:fs/promises';
import { type Claim, claimType } from '../../examples/notebooks/lesson/claim.ts';
import type { Output } from './kernel.ts';
import type { NotebookFile } from './notebook-file.ts';
import { notebookPath } from './places.ts';

/** A claim as a notebook keeps it, with the number of the cell below which it stands. */
export type KeptClaim = Omit<Claim, 'holds'> & { readonly cell: number };

/** The claims among the outputs of cells. */
export function claimsIn(outputs: readonly (readonly Output[])[]): KeptClaim[] {
  return outputs.flatMap((shown, k) =>
    shown.flatMap((output) => {
      const stated = 'data' in output ? output.data[claimType] : undefined;
      return stated === undefined ? [] : [{ ...(stated as Omit<Claim, 'holds'>), cell: k + 1 }];
    }),
  );
}

/** The claims of a notebook that was written. */
export async function claimsOf(file: string): Promise<KeptClaim[]> {
  const notebook = JSON.parse(await readFile(notebookPath(file, 'en'), 'utf8')) as NotebookFile;
  const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? [cell.outputs as Output[]] : []));
  return claimsIn(outputs);
}
