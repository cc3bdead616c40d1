// Draws what `compile` makes of a training step of a small network: the picture in the README. `pnpm fused-graph`
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crossEntropy, rand, randint, type Tensor } from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { Linear, ReLU, Sequential } from '@gradtape/nn';
import { SGD } from '@gradtape/optim';

const file = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images/fused-graph.svg');

const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
const optimizer = new SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
const step = compile((images: Tensor, labels: Tensor) => {
  optimizer.zeroGrad();
  const loss = crossEntropy(model.forward(images), labels);
  loss.backward();
  optimizer.step();
  return loss;
});
step(rand([64, 784]), randint(0, 10, [64]));

// A picture in a file knows nothing of the page's colours.
const picture = step.explain().toSVG({ times: false }).replace('style="', 'style="background: white; color: black; ');
await mkdir(dirname(file), { recursive: true });
await writeFile(file, `${picture}\n`);
console.log(`wrote ${file}`);
