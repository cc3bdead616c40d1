// Writes the table of the sensitivity rules, with the errors that they are measured to have. `pnpm rules-table`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';
import { rulesTable, tableFile } from './table.ts';

writeFileSync(join(root, tableFile), rulesTable());
console.log(`wrote ${tableFile}`);
