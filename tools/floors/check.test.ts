import { describe, expect, test } from 'vitest';
import { brokenRules } from './check.ts';

const entries = new Map([
  ['@gradtape/autograd', 'packages/autograd/src/index.ts'],
  ['@gradtape/autograd/functions', 'packages/autograd/src/functions/index.ts'],
  ['@gradtape/nn', 'packages/nn/src/index.ts'],
  ['@gradtape/optim', 'packages/optim/src/index.ts'],
  ['@gradtape/plot', 'packages/plot/src/index.ts'],
  ['@gradtape/train', 'packages/train/src/index.ts'],
]);

function check(sources: Record<string, string>): string[] {
  return brokenRules({ sources: new Map(Object.entries(sources)), entries });
}

/** Checks one import, from one file of autograd to another. */
function checkImport(from: string, to: string): string[] {
  const paths = [`packages/autograd/src/${from}`, `packages/autograd/src/${to}`] as const;
  const up = '../'.repeat(from.split('/').length - 1) || './';
  return check({ [paths[0]]: `import { a } from '${up}${to}';`, [paths[1]]: '' });
}

const order = [
  'core/shape.ts',
  'kernels/map.ts',
  'tape/tape.ts',
  'primitives/linear/sum.ts',
  'primitives/bilinear/mul.ts',
  'primitives/smooth/tanh.ts',
  'primitives/piecewise/relu.ts',
  'transforms/grad.ts',
  'functions/softmax.ts',
  'registry.ts',
  'fluent.ts',
  'verify/laws.ts',
  'index.ts',
];

describe('floors of autograd', () => {
  test('each floor may import every lower one and no higher one', () => {
    for (const [higher, file] of order.entries()) {
      for (const lower of order.slice(0, higher)) {
        expect(checkImport(file, lower)).toEqual([]);
        expect(checkImport(lower, file)).toEqual([
          expect.stringContaining(`packages/autograd/src/${lower}:1: imports`),
        ]);
      }
    }
  });

  test('a floor may import itself; verify, compile and explain share one', () => {
    expect(checkImport('core/shape.ts', 'core/errors.ts')).toEqual([]);
    expect(checkImport('verify/laws.ts', 'compile/index.ts')).toEqual([]);
    expect(checkImport('compile/index.ts', 'explain/latex.ts')).toEqual([]);
  });

  test('a floor may be a file instead of a folder', () => {
    expect(checkImport('primitives/smooth.ts', 'primitives/linear.ts')).toEqual([]);
    expect(checkImport('primitives/linear.ts', 'primitives/smooth.ts')).toHaveLength(1);
  });

  test('the message names the line and both floors', () => {
    expect(
      check({
        'packages/autograd/src/core/shape.ts': `// first line\n\nimport { grad } from '../transforms/grad.ts';`,
        'packages/autograd/src/transforms/grad.ts': '',
      }),
    ).toEqual([
      'packages/autograd/src/core/shape.ts:3: imports point down: core imports ' +
        'packages/autograd/src/transforms/grad.ts of the higher floor transforms',
    ]);
  });

  test.each([
    [`import type { A } from '../tape/tape.ts';`],
    [`import { type A } from '../tape/tape.ts';`],
    [`import '../tape/tape.ts';`],
    [`export { a } from '../tape/tape.ts';`],
    [`export type { A } from '../tape/tape.ts';`],
    [`export * from '../tape/tape.ts';`],
    [`export * as tape from '../tape/tape.ts';`],
    [`export type A = import('../tape/tape.ts').A;`],
    [`export type A = typeof import('../tape/tape.ts');`],
    [`export const a = await import('../tape/tape.ts');`],
    [`declare module '../tape/tape.ts' { interface A { b: number } }`],
    [`import {\n  a,\n} from '../tape/tape.ts';`],
  ])('sees %j', (source) => {
    expect(
      check({ 'packages/autograd/src/core/shape.ts': source, 'packages/autograd/src/tape/tape.ts': '' }),
    ).toHaveLength(1);
  });

  test('is not misled by comments and strings', () => {
    const source = `// import '../tape/tape.ts';\nexport const a = "import '../tape/tape.ts'";`;
    expect(check({ 'packages/autograd/src/core/shape.ts': source, 'packages/autograd/src/tape/tape.ts': '' })).toEqual(
      [],
    );
  });

  test('a package that imports itself by name is held to its floors', () => {
    expect(
      check({
        'packages/autograd/src/core/shape.ts': `import { a } from '@gradtape/autograd/functions';`,
        'packages/autograd/src/functions/index.ts': '',
      }),
    ).toEqual([expect.stringContaining('of the higher floor functions')]);
  });

  test('a file on no floor is named', () => {
    expect(check({ 'packages/autograd/src/helpers/strings.ts': '' })).toEqual([
      expect.stringMatching(/^packages\/autograd\/src\/helpers\/strings\.ts:1: stands on no floor/),
    ]);
  });

  test('a test may use any floor, but no source may import a test', () => {
    expect(checkImport('core/shape.test.ts', 'verify/laws.ts')).toEqual([]);
    expect(checkImport('verify/laws.ts', 'core/shape.test.ts')).toEqual([expect.stringContaining('imports the test')]);
  });

  test('an import that leads nowhere is named', () => {
    expect(check({ 'packages/autograd/src/core/shape.ts': `import './dtype';` })).toEqual([
      `packages/autograd/src/core/shape.ts:1: './dtype' leads to no source`,
    ]);
  });
});

describe('cycles', () => {
  test('one between two files, with the line of each import', () => {
    expect(
      check({
        'packages/nn/src/a.ts': `import './b.ts';`,
        'packages/nn/src/b.ts': `\nimport type { A } from './a.ts';`,
        'packages/nn/src/c.ts': `import './a.ts';\nimport './b.ts';`,
      }),
    ).toEqual([
      'packages/nn/src/a.ts:1: imports go round: packages/nn/src/a.ts:1 -> packages/nn/src/b.ts:2 -> packages/nn/src/a.ts',
    ]);
  });

  test('one of a file with itself', () => {
    expect(check({ 'packages/nn/src/a.ts': `import './a.ts';` })).toEqual([
      expect.stringContaining('imports go round'),
    ]);
  });

  test('one that goes through an entry of the package', () => {
    expect(
      check({
        'packages/nn/src/index.ts': `export * from './layer.ts';`,
        'packages/nn/src/layer.ts': `import { Module } from '@gradtape/nn';`,
      }),
    ).toEqual([expect.stringContaining('imports go round')]);
  });

  test('two paths to the same file are none', () => {
    expect(
      check({
        'packages/nn/src/a.ts': `import './b.ts';\nimport './c.ts';`,
        'packages/nn/src/b.ts': `import './d.ts';`,
        'packages/nn/src/c.ts': `import './d.ts';`,
        'packages/nn/src/d.ts': '',
      }),
    ).toEqual([]);
  });

  test('tests are left out', () => {
    expect(
      check({
        'packages/nn/src/a.test.ts': `import './b.test.ts';`,
        'packages/nn/src/b.test.ts': `import './a.test.ts';`,
      }),
    ).toEqual([]);
  });
});

describe('packages', () => {
  test.each([
    ['nn', '@gradtape/autograd'],
    ['optim', '@gradtape/autograd/functions'],
    ['plot', '@gradtape/autograd'],
    ['plot', 'linkedom'],
    ['data', 'node:fs'],
    ['train', '@gradtape/plot'],
    ['gradtape', '@gradtape/train'],
  ])('%s may import %s', (name, specifier) => {
    expect(check({ [`packages/${name}/src/index.ts`]: `import '${specifier}';` })).toEqual([]);
  });

  test.each([
    ['nn', '@gradtape/optim', 'nn imports optim; it may import only autograd'],
    ['optim', '@gradtape/nn', 'optim imports nn; it may import only autograd'],
    ['data', '@gradtape/nn', 'data imports nn; it may import only autograd'],
    ['nn', '@gradtape/plot', 'nn imports plot; it may import only autograd'],
    ['optim', '@gradtape/train', 'optim imports train; it may import only autograd'],
    ['autograd', '@gradtape/nn', 'autograd imports nn; it may import no other package'],
    ['nn', 'gradtape', 'nn imports gradtape; it may import only autograd'],
    ['nn', '@gradtape/examples', 'nn imports examples; it may import only autograd'],
    ['nn', '../../../examples/mnist/main.ts', 'leaves packages/nn/src'],
    ['nn', '../../autograd/src/index.ts', 'leaves packages/nn/src'],
    ['nn', '@gradtape/autograd/src/index.ts', 'is no entry of its package'],
    ['stray', '@gradtape/autograd', 'package stray is not listed'],
  ])('%s may not import %s', (name, specifier, message) => {
    const problems = check({ [`packages/${name}/src/index.ts`]: `import '${specifier}';` });
    expect(problems).toContainEqual(expect.stringContaining(`packages/${name}/src/index.ts:1: `));
    expect(problems).toContainEqual(expect.stringContaining(message));
  });

  test('tests are held to the rules of packages as well', () => {
    expect(check({ 'packages/nn/src/layer.test.ts': `import '@gradtape/optim';` })).toHaveLength(1);
  });
});
