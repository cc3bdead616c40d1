import type { Cell } from './cells.ts';
import { Kernel, type Output } from './kernel.ts';

/** A cell that threw: the notebook stops there. */
export class CellError extends Error {}

/**
 * Executes the code of a notebook from a fresh kernel, in the folder where its file lies.
 *
 * @param seen Called with each cell's outputs as they come.
 * @throws CellError with the cell's first line and the exception.
 */
export async function execute(
  cells: readonly Cell[],
  folder: string,
  variables: Readonly<Record<string, string>>,
  seen: (done: number, of: number) => void = () => {},
): Promise<Output[][]> {
  const code = cells.filter(({ kind }) => kind === 'code');
  const kernel = await Kernel.start(folder, variables);
  try {
    const outputs: Output[][] = [];
    for (const { text } of code) {
      const shown = await kernel.execute(text);
      const error = shown.find((output) => output.output_type === 'error');
      if (error !== undefined) {
        throw new CellError(`cell ${outputs.length + 1} (${text.split('\n')[0]}):\n${error.traceback.join('\n')}`);
      }
      outputs.push(shown);
      seen(outputs.length, code.length);
    }
    return outputs;
  } finally {
    await kernel.stop();
  }
}
