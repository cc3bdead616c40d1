import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs an example as a user does; for tests. */
export function runExample(path: string, args: readonly string[]): Promise<Ended> {
  const program = fileURLToPath(new URL(path, import.meta.url));
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return new Promise((resolve) => {
    const node = ['--conditions=@gradtape/source', '--import', 'tsx', program, ...args];
    const child = execFile(process.execPath, node, { cwd }, (_, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}
