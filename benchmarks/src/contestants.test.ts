import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { torch, torchModels } from './contestants.ts';
import { workloads } from './workloads/index.ts';

test('the script of PyTorch has the workloads that it is asked for', () => {
  const script = readFileSync(new URL('../peers/torch_models.py', import.meta.url), 'utf8');
  const makers = [...script.matchAll(/^ {4}'([\w-]+)': \w+,$/gm)].map(([, name]) => name);
  expect(makers).toEqual([...torchModels]);
  expect(Object.keys(workloads)).toEqual(expect.arrayContaining(makers));
});

test('PyTorch runs on one thread and two, with plain optimizers and fused ones', () => {
  const python = torch('python').map(({ name, command, after }) => [name, command[0], ...after]);
  expect(python).toEqual([
    ['torch eager 1t', 'python', '1', 'eager'],
    ['torch eager 2t', 'python', '2', 'eager'],
    ['torch fused 1t', 'python', '1', 'fused'],
    ['torch fused 2t', 'python', '2', 'fused'],
  ]);
});
