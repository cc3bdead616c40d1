// Runs a sweep in processes of its own, outside of the test runner, whose flags they would have.
import { sweep } from '../index.ts';

const module = new URL('./run.ts', import.meta.url);
console.log(JSON.stringify(await sweep(JSON.parse(process.argv[2] ?? '[]'), module, { workers: 2 })));
