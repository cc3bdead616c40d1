import { PassThrough } from 'node:stream';
import { arange } from '@gradtape/autograd';
import { DataLoader, TensorDataset } from '@gradtape/data';
import { expect, test } from 'vitest';
import { type Output, ProgressBar } from './progress-bar.ts';

const loader = new DataLoader(new TensorDataset(arange(0, 10)), { batchSize: 4 });

function output(isTTY: boolean): Output & PassThrough {
  return Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 120 });
}

function consume(stream: Output): number[][] {
  const bar = new ProgressBar(loader, 'Epoch 3', stream);
  const seen: number[][] = [];
  for (const [x] of bar) {
    seen.push(x.toArray() as number[]);
    bar.setPostfix({ loss: `0.${seen.length}` });
  }
  return seen;
}

test('the batches of the loader pass through, on a terminal or not', () => {
  const batches = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9],
  ];
  expect(consume(output(true))).toEqual(batches);
  expect(consume(output(false))).toEqual(batches);
});

test('without a terminal there is one line at the end', () => {
  const stream = output(false);
  consume(stream);
  expect(stream.read()).toMatch(/^Epoch 3: 3 batches, [\d,]+ images\/s, loss=0\.3\n$/);
});

test('on a terminal the bar shows how far it is, the loss, the rate and the time left', () => {
  const stream = output(true);
  consume(stream);
  const drawn = String(stream.read());
  expect(drawn).toMatch(/Epoch 3 [█░]+ 3\/3 \| loss=0\.3 \| [\d,]+ images\/s \| \S+ left/);
  expect(drawn.endsWith('\n')).toBe(true);
});

test('a loop that is left early leaves no bar behind', () => {
  const stream = output(true);
  for (const _ of new ProgressBar(loader, 'Epoch 1', stream)) break;
  expect(String(stream.read()).endsWith('\n')).toBe(true);
});
