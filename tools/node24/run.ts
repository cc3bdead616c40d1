// Runs a TypeScript file of the workspace on the newest Node there is: `tsx tools/node24/run.ts FILE [ARGUMENT …]`.
import { spawnSync } from 'node:child_process';
import { onNewestNode } from './newest-node.ts';

const [file = '', ...passedOn] = process.argv.slice(2);
const [node, ...args] = onNewestNode(file);
process.exit(spawnSync(node, [...args, ...passedOn], { stdio: 'inherit' }).status ?? 1);
