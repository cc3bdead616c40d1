import { fromArray, relu, type Tensor } from '@gradtape/autograd';
import { Conv2d, MaxPool2d, Module } from '@gradtape/nn';
import { Adam } from '@gradtape/optim';
import type { Run } from '../engines.ts';
import { images, weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';
import { assignBias, classifier, seededLinear } from './classifier.ts';

function seededConvolution(layer: Conv2d, seed: number, fanIn: number): Conv2d {
  layer.weight.assign(fromArray(weights(seed, layer.weight.length, fanIn), layer.weight.shape));
  assignBias(layer.bias, seed + 1, fanIn);
  return layer;
}

class LeNet extends Module {
  first = seededConvolution(new Conv2d(1, 6, 5, { padding: 2 }), 200, 25);
  second = seededConvolution(new Conv2d(6, 16, 5), 202, 150);
  pool = new MaxPool2d(2);
  full1 = seededLinear(400, 120, 204, 205);
  full2 = seededLinear(120, 84, 206, 207);
  full3 = seededLinear(84, 10, 208, 209);

  forward(images: Tensor): Tensor {
    let x: Tensor = this.pool.forward(relu(this.first.forward(images)));
    x = this.pool.forward(relu(this.second.forward(x))).flatten(1);
    x = relu(this.full1.forward(x));
    x = relu(this.full2.forward(x));
    return this.full3.forward(x);
  }
}

/** LeNet-5 in shape, on images of 28 × 28 in batches of 64, with Adam. */
export function lenet(run: Run): Workload {
  const model = new LeNet();
  const batches = images(64).map(({ inputs, labels }) => ({
    inputs: fromArray(inputs, [64, 1, 28, 28]),
    targets: fromArray(labels, [64]),
  }));
  return classifier('lenet', model, new Adam(model.parameters(), { lr: 1e-3 }), batches, run);
}
