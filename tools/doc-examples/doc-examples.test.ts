import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as autograd from '@gradtape/autograd';
import * as data from '@gradtape/data';
import * as nn from '@gradtape/nn';
import * as optim from '@gradtape/optim';
import * as plot from '@gradtape/plot';
import * as train from '@gradtape/train';
import * as gradtape from 'gradtape';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { root } from '../workspace/packages.ts';
import { allExamples, blocksOf, examplesOf } from './collect.ts';
import { compare } from './compare.ts';
import { asModule } from './transform.ts';

const packages: Readonly<Record<string, object>> = {
  '@gradtape/autograd': autograd,
  '@gradtape/data': data,
  '@gradtape/nn': nn,
  '@gradtape/optim': optim,
  '@gradtape/plot': plot,
  '@gradtape/train': train,
  gradtape,
};
const exportsOf = (name: string): readonly string[] => Object.keys(packages[name] ?? {});
const folder = join(root, 'tools/doc-examples/generated');

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('examples of the documentation run, and give what they say', () => {
  for (const [i, example] of allExamples().entries()) {
    test(example.place, async () => {
      const file = join(folder, `example-${i}.ts`);
      writeFileSync(file, asModule(example, exportsOf));
      vi.spyOn(console, 'log').mockImplementation(() => {});
      autograd.manualSeed(0);
      await import(/* @vite-ignore */ file);
    });
  }
});

describe('the collector', () => {
  test('finds blocks of Markdown and examples of docstrings', () => {
    expect(blocksOf('a.md', 'x\n```ts\n1 + 1;\n```\n```sh\nls\n```\n')).toEqual([
      { place: 'a.md:3', code: '1 + 1;\n', inScope: [] },
    ]);
    expect(blocksOf('a.md', '```ts\na;\n```\nand\n```ts\n// continued\nb;\n```\n')[1]?.code).toBe(
      'a;\n// continued\nb;\n',
    );
    const source = '/**\n * Adds.\n *\n * @example\n * add(1, 2).item(); // 3\n * @throws never\n */\n';
    expect(examplesOf('a.ts', source, [])).toEqual([{ place: 'a.ts:4', code: 'add(1, 2).item(); // 3', inScope: [] }]);
  });

  test('turns values beside expressions into comparisons that can fail', () => {
    const module = asModule(
      { place: '', code: 'const x = 1; // [1]\nf(x); // [2, 3]\ng(x); // see below', inScope: [] },
      () => [],
    );
    expect(module).toContain('const x = 1; // [1]\ncompare(f(x), [2, 3]);\ng(x); // see below');
    expect(() => compare(autograd.tensor([1, 2]), [1, 2])).not.toThrow();
    expect(() => compare(autograd.tensor([1, 2]), [1, 2.001])).toThrow('the example says');
    expect(() => compare([1], [1, 2])).toThrow();
  });
});
