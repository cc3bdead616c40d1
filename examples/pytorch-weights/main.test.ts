import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSafetensors } from '@gradtape/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExample } from '../run-example.ts';

let out: string;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'gradtape-pytorch-'));
});
afterAll(() => rm(out, { recursive: true }));

test("a file of PyTorch's gives the same outputs and the same training; and goes back in the same form", async () => {
  const given = fileURLToPath(new URL('training.safetensors', import.meta.url));
  const back = join(out, 'back.safetensors');
  const { code, output, errors } = await runExample('pytorch-weights/main.ts', [given, back]);
  expect([code, errors]).toEqual([0, '']);
  expect(Number(/at most (\S+)$/m.exec(output)?.[1])).toBeLessThan(1e-6);
  const losses = [...output.matchAll(/loss (\S+), in PyTorch (\S+)$/gm)].map(([, here, there]) => [here, there]);
  expect(losses).toHaveLength(3);
  for (const [here, there] of losses) expect(Number(here)).toBeCloseTo(Number(there), 5);
  const [first, second] = [await loadSafetensors(given), await loadSafetensors(back)];
  const { words: _, outputs: __, ...state } = first.tensors;
  const described = (tensors: typeof state): string[] =>
    Object.entries(tensors).map(([name, { shape, dtype }]) => `${name} [${shape}] ${dtype}`);
  expect(described(second.tensors).sort()).toEqual(described(state).sort());
});
