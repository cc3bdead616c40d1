// Tells Jupyter, and VS Code, of the kernel that runs the notebooks: `pnpm notebooks:kernel`.
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { denoProgram, kernelArguments, kernelVariables } from './deno.ts';

const description = {
  argv: [denoProgram(), ...kernelArguments('{connection_file}')],
  display_name: 'gradtape (TypeScript)',
  language: 'typescript',
  env: kernelVariables,
};

const folder = join(kernelsFolder(), 'gradtape');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'kernel.json'), `${JSON.stringify(description, null, 2)}\n`);
console.log(`The kernel 'gradtape (TypeScript)' is known to Jupyter: ${join(folder, 'kernel.json')}`);

/** Where Jupyter looks for the kernels of this user. */
function kernelsFolder(): string {
  if (process.env.JUPYTER_DATA_DIR) return join(process.env.JUPYTER_DATA_DIR, 'kernels');
  if (process.platform === 'win32') return join(process.env.APPDATA ?? homedir(), 'jupyter', 'kernels');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter', 'kernels');
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter', 'kernels');
}
