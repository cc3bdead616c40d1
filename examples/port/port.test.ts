import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExample } from '../run-example.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gradtape-port-'));
});
afterAll(() => rm(out, { recursive: true }));

/** What a brief run prints, and the losses that `pattern` finds in it. */
async function run(name: string, pattern: RegExp, ...more: string[]): Promise<{ output: string; losses: number[] }> {
  const { code, output, errors } = await runExample(`port/${name}/main.ts`, ['--quick', ...more]);
  expect([code, errors]).toEqual([0, '']);
  return { output, losses: [...output.matchAll(pattern)].map(([, loss]) => Number(loss)) };
}

test('a CNN on MNIST learns digits', async () => {
  const { output, losses } = await run('mnist-cnn', /^epoch .* loss (\d+\.\d+)$/gm, '--log-interval', '6');
  expect(losses).toHaveLength(4);
  expect(losses[3]).toBeLessThan(0.7 * (losses[0] as number));
  expect(Number(/accuracy (\d+\.\d)%/.exec(output)?.[1])).toBeGreaterThan(60);
});

test('a transformer learns which characters there are', async () => {
  const { output, losses } = await run('character-transformer', /validation (\d+\.\d+)$/gm);
  expect(losses).toHaveLength(7);
  expect(losses.at(-1)).toBeLessThan((losses[0] as number) - 0.5);
  expect(output.split('\n').slice(8).join('\n')).toMatch(/^Alice wa[\s\S]{20}\n$/);
});

test('an LSTM learns to add', async () => {
  const { losses } = await run('adding-lstm', /loss (\d+\.\d+)/g);
  expect(losses).toHaveLength(6);
  // 1/6 is the error of somebody who always says 1.
  expect(losses.at(-1)).toBeLessThan(Math.min(1 / 6, losses[0] as number));
});

test('an autoencoder comes nearer to its images, is saved, and draws them', async () => {
  const { losses } = await run('autoencoder', /validation (\d+\.\d+)$/gm, '--out', join(out, 'small'));
  expect(losses).toHaveLength(2);
  expect(losses[1]).toBeLessThan((losses[0] as number) - 0.02);
  expect((await readdir(out)).sort()).toEqual(['small.png', 'small.safetensors']);
});

test('LBFGS finds the numbers of an oscillation, and is as sure of them as it says', async () => {
  const { output, losses } = await run('lbfgs-regression', /loss (\d+\.\d+)$/gm);
  expect(losses.at(-1)).toBeLessThan(0.02 * (losses[0] as number));
  const deviations = [...output.matchAll(/ (-?\d+\.\d) σ$/gm)].map(([, sigmas]) => Math.abs(Number(sigmas)));
  expect(deviations).toHaveLength(4);
  expect(Math.max(...deviations)).toBeLessThan(4);
});

test('every pair of lines that the README shows stands in the scripts', async () => {
  const folder = new URL('.', import.meta.url);
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const read = async (file: string): Promise<string> => {
    const texts = await Promise.all(names.map(({ name }) => readFile(new URL(`${name}/${file}`, folder), 'utf8')));
    return texts.join('\n');
  };
  expect(names).toHaveLength(5);
  const readme = await readFile(new URL('README.md', folder), 'utf8');
  const [originals, ours] = [await read('original.py'), await read('main.ts')];
  const calls = (cell: string): string[] => [...cell.matchAll(/\b([A-Za-z]\w*)\(/g)].map(([, call]) => call as string);
  for (const [, left = '', right = ''] of readme.matchAll(/^\| (`[^|]+) \| (`[^|]+) \|$/gm)) {
    for (const call of calls(left)) expect(originals, left).toContain(`${call}(`);
    for (const call of calls(right)) expect(ours, right).toContain(`${call}(`);
  }
});
