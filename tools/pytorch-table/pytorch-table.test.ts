import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as compile from '../../packages/autograd/src/compile/index.ts';
import * as autograd from '../../packages/autograd/src/index.ts';
import * as verify from '../../packages/autograd/src/verify/index.ts';
import * as data from '../../packages/data/src/index.ts';
import * as nn from '../../packages/nn/src/index.ts';
import * as optim from '../../packages/optim/src/index.ts';
import { locate } from '../reference/names.ts';
import { root } from '../workspace/packages.ts';
import { refusals } from './refused.ts';
import { saidOtherwise } from './said-otherwise.ts';
import { entriesByModule, pageFile, pytorchPage } from './table.ts';

const modules: Readonly<Record<string, object>> = {
  '@gradtape/autograd': autograd,
  '@gradtape/autograd/compile': compile,
  '@gradtape/autograd/verify': verify,
  '@gradtape/nn': nn,
  '@gradtape/optim': optim,
  '@gradtape/data': data,
};
const entries = [...entriesByModule().values()].flat();

test(`${pageFile} is up to date (if not: pnpm pytorch-table)`, () => {
  expect(readFileSync(join(root, pageFile), 'utf8')).toBe(pytorchPage());
});

test('what is said otherwise is a name of PyTorch, is not found by the rule, and exists', () => {
  const names = new Set(entries.map(({ name }) => name));
  for (const [name, { module, name: ours }] of Object.entries(saidOtherwise)) {
    expect(names, name).toContain(name);
    expect(locate(name), name).toBeUndefined();
    expect(modules[module], name).toHaveProperty(ours);
  }
});

test('what is refused does not exist, and every reason has a name', () => {
  for (const { title, names } of refusals) {
    const those = entries.filter(({ name }) => names.test(name));
    expect(
      those.some(({ state }) => state === 'refused'),
      title,
    ).toBe(true);
  }
  expect(entries.filter((entry) => entry.state === 'present' && /quantize|sparse_\w+_tensor/.test(entry.name))).toEqual(
    [],
  );
});

test('names that everybody knows are where they belong', () => {
  const stateOf = new Map(entries.map((entry) => [entry.name, entry.state]));
  expect(stateOf.get('torch.nn.functional.cross_entropy')).toBe('present');
  expect(stateOf.get('torch.nn.Parameter')).toBe('present');
  expect(stateOf.get('torch.complex')).toBe('refused');
  expect(new Set(stateOf.keys()).size).toBe(entries.length);
});
