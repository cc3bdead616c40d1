// Writes the page of the laws, with what each of them catches. `pnpm laws-table`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';
import { catches, lawsPage, pageFile } from './table.ts';

writeFileSync(join(root, pageFile), lawsPage(catches()));
console.log(`wrote ${pageFile}`);
