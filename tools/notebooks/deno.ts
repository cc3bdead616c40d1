import { createRequire } from 'node:module';

/** Where the program of Deno lies, which the npm package of that name brings for this machine. */
export function denoProgram(): string {
  const { runInstall } = createRequire(import.meta.url)('deno/install_api.cjs') as { runInstall(): string };
  return runInstall();
}

/** How Jupyter starts a kernel of Deno; `connection` is a file that it writes, `{connection_file}` in a kernel's description. */
export function kernelArguments(connection: string): string[] {
  return ['jupyter', '--kernel', '--conn', connection];
}

/** Lets a kernel read gradtape's sources, as everything here does in development, and ask nobody outside. */
export const kernelVariables: Readonly<Record<string, string>> = {
  DENO_CONDITIONS: '@gradtape/source',
  DENO_NO_UPDATE_CHECK: '1',
  NO_COLOR: '1',
};
