// Writes the page of PyTorch's names beside ours. `pnpm pytorch-table`
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/packages.ts';
import { pageFile, pytorchPage } from './table.ts';

writeFileSync(join(root, pageFile), pytorchPage());
console.log(`wrote ${pageFile}`);
