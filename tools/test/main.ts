// Runs every test and closes with one plain line, `N passed, N failed`, whatever the reporters print before it.
// Arguments are vitest's own: `pnpm test packages/nn`, `pnpm test -t softmax`.
import { parseCLI, startVitest } from 'vitest/node';
import { countOutcomes } from './outcomes.ts';

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const vitest = await startVitest('test', filter, { ...options, watch: false });
const { passed, failed } = countOutcomes(vitest.state.getTestModules(), vitest.state.getUnhandledErrors());
await vitest.close();

if (failed > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
