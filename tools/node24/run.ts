// Runs a TypeScript file of the workspace on the newest Node there is: `tsx tools/node24/run.ts FILE [ARGUMENT …]`. Node
// keeps what it makes of the sources, so that a second run starts at once.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onNewestNode } from './newest-node.ts';

const NODE_COMPILE_CACHE = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));
const [file = '', ...passedOn] = process.argv.slice(2);
const [node, ...args] = onNewestNode(file);
const env = { NODE_COMPILE_CACHE, ...process.env };
process.exit(spawnSync(node, [...args, ...passedOn], { env, stdio: 'inherit' }).status ?? 1);
