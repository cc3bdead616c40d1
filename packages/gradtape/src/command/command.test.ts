import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from './index.ts';

const bin = fileURLToPath(new URL('../../bin/gradtape.js', import.meta.url));
const file = (name: string): string => fileURLToPath(new URL(`files-for-tests/${name}.ts`, import.meta.url));

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The command as a process of its own, as people run it. */
function gradtape(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  return new Promise((resolve) => {
    const node = ['--conditions=@gradtape/source', '--import', 'tsx', bin, ...args];
    const child = execFile(process.execPath, node, { env: { ...inherited, ...environment } }, (_, output, errors) =>
      resolve({ code: child.exitCode ?? -1, output, errors }),
    );
  });
}

/** The command as a function. */
async function inProcess(...args: readonly string[]): Promise<Ended> {
  const written = { output: '', errors: '' };
  const out = { write: (text: string) => (written.output += text) };
  const err = { write: (text: string) => (written.errors += text) };
  return { code: await run(args, { out, err }), ...written };
}

describe('gradtape check', () => {
  test('prints the reports of right derivations, and ends with 0', async () => {
    const { code, output, errors } = await gradtape(['check', file('right')]);
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output.replace(file('right'), 'right.ts')).toMatchInlineSnapshot(`
      "right.ts
        ✓ layer
          checkDerivation: passed (2 gradients)

            dW  [2, 3]  right
            da  [3, 1]  right

        ✓ unit
          checkDerivation: passed (1 gradient)

            dz  [2]  right

      2 derivations: 2 right
      "
    `);
  });

  test('says what is wrong, also where a check cannot be made, and ends with 1', async () => {
    const { code, output } = await gradtape(['check', file('right'), file('wrong')]);
    expect(code).toBe(1);
    expect(output.slice(output.indexOf(file('wrong'))).replace(file('wrong'), 'wrong.ts')).toMatchInlineSnapshot(`
      "wrong.ts
        ✗ misnamed
          checkDerivation: no value is called 'w'
            got:   a gradient by 'w'
            needs: one of z (or with a d before it)
            fix:   name an intermediate value in the function, probe('w', …), or an input by its key

        ✓ right
          checkDerivation: passed (1 gradient)

            dz  [3]  right

        ✗ withoutSlope
          checkDerivation: 1 of 1 gradient wrong

            dz  [3]  wrong  at [2]: 0.880797 claimed, 0.092478 on the tape (7e12 times what rounding accounts for)

          dz: the factor σ′(z) is missing.

      5 derivations: 3 right, 2 wrong
      "
    `);
  });

  test('is coloured where that is wanted, and not where it is not', async () => {
    const [forced, none] = await Promise.all([
      gradtape(['check', file('wrong')], { FORCE_COLOR: '1' }),
      gradtape(['check', file('wrong')], { NO_COLOR: '1' }),
    ]);
    expect(forced.output).toContain('\u001b[31m✗ withoutSlope\u001b[39m');
    expect(forced.output).toContain('\u001b[32mpassed\u001b[39m');
    expect(forced.output).toContain('\u001b[33mdz: the factor σ′(z) is missing.\u001b[39m');
    expect(none.output).not.toContain('\u001b');
    expect(stripVTControlCharacters(forced.output)).toBe(none.output);
  });

  test('a seed decides what is drawn: a positive number from seed 1, a negative one from seed 2', async () => {
    const [one, two, again] = await Promise.all([
      gradtape(['check', file('random'), '--seed', '1']),
      gradtape(['check', file('random'), '--seed', '2']),
      gradtape(['check', '--seed=1', file('random')]),
    ]);
    expect([one.code, two.code]).toEqual([0, 1]);
    expect(again).toEqual(one);
  });

  test('whatever gives a report can be checked: a primitive, for one', async () => {
    const { code, output } = await gradtape(['check', file('primitive')]);
    expect(code).toBe(1);
    expect(output).toContain('checkPrimitive: cube failed (2 of 14 laws broken)');
  });

  test('a check may take its time, and one that gives no report is wrong', async () => {
    const { code, output } = await gradtape(['check', file('other-checks')]);
    expect(code).toBe(1);
    expect(output).toMatch(/✓ later\n {4}in time\n/);
    expect(output).toContain('check() gives no report, but 3');
    expect(output).toContain('2 derivations: 1 right, 1 wrong');
  });

  test('a file that throws ends it with 1', async () => {
    const { code, errors } = await gradtape(['check', file('throws')]);
    expect(code).toBe(1);
    expect(errors).toMatch(/^gradtape: .*throws\.ts cannot be loaded\nError: this file cannot be loaded\n/);
  });

  test('a file without derivations is a mistake of the call', async () => {
    const { code, errors } = await gradtape(['check', file('nothing')]);
    expect(code).toBe(2);
    expect(errors).toContain(
      'exports no derivation, but answer: export const layer = derivation({ f, claimed, inputs })',
    );
  });
});

describe('calls', () => {
  test('for help', async () => {
    for (const args of [['--help'], ['-h'], ['check', '--help']]) {
      const { code, output } = await inProcess(...args);
      expect(code).toBe(0);
      expect(output).toContain('gradtape check <file…>');
    }
  });

  test.each([
    [[], 'a command is missing'],
    [['check'], 'a file is missing'],
    [['verify', 'a.ts'], "no command 'verify'; there is one: check"],
    [['check', 'a.ts', '--sed', '1'], "Unknown option '--sed'\n"],
    [['check', 'a.ts', '--seed'], "Option '--seed <value>' argument missing"],
    [['check', 'a.ts', '--seed', 'x'], '--seed x: not a whole number'],
    [['check', 'a.ts', '--seed=-1'], '--seed -1: not a whole number'],
    [['check', 'packages'], `packages is a folder: name its files, ${join('packages', '*.ts')}`],
    [['check', 'no-such-file.ts'], 'no file no-such-file.ts'],
  ])('%j end with 2', async (args, complaint) => {
    const { code, output, errors } = await inProcess(...args);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain(`gradtape: ${complaint}`);
    expect(errors).toContain('Try: gradtape --help');
  });
});
