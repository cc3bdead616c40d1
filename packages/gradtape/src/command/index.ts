import { checkFiles } from './check-files.ts';
import { LoadError } from './load-module.ts';
import { help, readArguments, UsageError } from './read-arguments.ts';
import { stackOf } from './stack-of.ts';

/** Where the command writes: `process.stdout` and `process.stderr`, unless told otherwise. */
export interface Streams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown };
}

/**
 * The command `gradtape`, as a function.
 *
 * @param args What stands behind `gradtape` on the command line.
 * @returns The exit code: 0 if all is right, 1 if a derivation is wrong or a file throws, 2 if the command was called wrongly.
 */
export async function run(
  args: readonly string[],
  { out, err }: Streams = { out: process.stdout, err: process.stderr },
): Promise<number> {
  try {
    const { wantsHelp, files, seed } = readArguments(args);
    if (wantsHelp) {
      out.write(help);
      return 0;
    }
    return (await checkFiles(files, seed, (line) => out.write(`${line}\n`))) ? 0 : 1;
  } catch (error) {
    if (error instanceof UsageError) {
      err.write(`gradtape: ${error.message}\n\nTry: gradtape --help\n`);
      return 2;
    }
    err.write(`gradtape: ${error instanceof LoadError ? error.message : stackOf(error)}\n`);
    return 1;
  }
}
