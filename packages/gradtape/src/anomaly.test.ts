import { expect, test } from 'vitest';
import { detectAnomaly, nn, type Tensor, tensor } from './index.ts';

/** The lines of the message that say where a thing was called. */
function calls(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => /^\s+(called )?from /.test(line));
  }
  return [];
}

test('an anomaly leads to the line of the program that called the operation, not into the library', () => {
  const loss = (x: Tensor): Tensor => x.log().sum();
  const [line] = calls(() => detectAnomaly(() => loss(tensor([-1]))));
  expect(line).toMatch(/called from loss \(.*anomaly\.test\.ts:\d+:\d+\)$/);
});

test('an anomaly of a derivative leads to the line of the forward pass', () => {
  const forward = (x: Tensor): Tensor => x.sqrt().sum();
  const [line] = calls(() => detectAnomaly(() => forward(tensor([0], { requiresGrad: true })).backward()));
  expect(line).toMatch(/called from forward \(/);
});

test('through a layer of nn the calls lead on to the program', () => {
  const layer = new nn.Linear(1, 1);
  const found = calls(() => detectAnomaly(() => layer.forward(tensor([[Infinity]]))));
  expect(found.join('\n')).toMatch(/Linear\.forward[\s\S]*anomaly\.test\.ts/);
});
