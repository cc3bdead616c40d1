import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExample } from '../run-example.ts';

interface Trained {
  readonly output: string;
  readonly pictures: readonly Buffer[];
}

let out: string;
let first: Trained;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gradtape-mnist-'));
  first = await train('1');
});
afterAll(() => rm(out, { recursive: true }));

const names = ['loss.png', 'accuracy.png', 'confusion.png', 'most-wrong.png'];

/** What a short run prints, without the rate, and its pictures. */
async function train(seed: string, ...more: string[]): Promise<Trained> {
  const args = ['--epochs', '2', '--limit', '640', '--seed', seed, '--out', out, ...more];
  const { code, output, errors } = await runExample('mnist/main.ts', args);
  expect([code, errors]).toEqual([0, '']);
  const pictures = await Promise.all(names.map((name) => readFile(join(out, name))));
  return { output: output.replaceAll(/[\d,]+ images\/s/g, 'RATE'), pictures };
}

test('ten batches teach it most digits', () => {
  const lines = first.output
    .replaceAll(out, 'OUT')
    .replaceAll('\\', '/')
    .replaceAll(/\d+\.\d+/g, '#');
  expect(lines).toMatchInlineSnapshot(`
    "Epoch 1/2: 5 batches, RATE, loss=#
    Epoch 1: test_loss=#, test_acc=#%
    Epoch 2/2: 5 batches, RATE, loss=#
    Epoch 2: test_loss=#, test_acc=#%
    Test accuracy: #%
    Pictures:
      OUT/loss.png
      OUT/accuracy.png
      OUT/confusion.png
      OUT/most-wrong.png
    "
  `);
  expect(Number(first.output.match(/^Test accuracy: (.*)%$/m)?.[1])).toBeGreaterThan(60);
});

test('the same seed gives the same numbers and pictures', async () => {
  expect(await train('1')).toEqual(first);
});

test('operation by operation it gives the same numbers, but for rounding', async () => {
  const numbers = ({ output }: Trained): number[] =>
    [...output.matchAll(/(?:loss|acc)=(\d+\.\d+)/g)].map(([, x]) => Number(x));
  const [eager, compiled] = [numbers(await train('1', '--engine', 'eager')), numbers(first)];
  expect(eager.length).toBe(6);
  for (const [i, x] of eager.entries()) expect(Math.abs((compiled[i] as number) - x)).toBeLessThan(0.02);
});

test('another seed gives others', async () => {
  const other = await train('2');
  expect(other.output).not.toBe(first.output);
  expect(other.pictures).not.toEqual(first.pictures);
});

test('--help lists the flags; a folder that cannot be used, or a flag that there is not, ends it with exit code 2', async () => {
  const help = await runExample('mnist/main.ts', ['--help']);
  expect(help).toMatchObject({ code: 0, errors: '' });
  for (const flag of ['--epochs', '--seed', '--data', '--limit', '--out', '--engine'])
    expect(help.output).toContain(flag);
  const empty = await runExample('mnist/main.ts', ['--data', join(out, 'nowhere')]);
  expect([empty.code, empty.output]).toEqual([2, '']);
  expect(empty.errors).toMatch(/^loadMnist: the folder .* cannot be read\n {2}got: {3}no such folder/);
  const file = join(out, 'loss.png');
  const blocked = await runExample('mnist/main.ts', ['--out', file]);
  expect([blocked.code, blocked.output]).toEqual([2, '']);
  expect(blocked.errors.split('\n')[0]).toBe(`the folder '${file}' cannot be made`);
  const unknown = await runExample('mnist/main.ts', ['--lr', '1']);
  expect([unknown.code, unknown.output]).toEqual([2, '']);
  expect(unknown.errors).toContain('demo --help shows the flags');
});
