import { noGrad, Parameter, type Tensor, tensor } from '@gradtape/autograd';
import type { Run } from '../engines.ts';
import { pointsInCircle, weights } from '../seeded-data.ts';
import type { Workload } from '../timing.ts';

const SIZES = [2, 16, 16, 1];
const RATE = 0.05 / 16;

interface ScalarLayer {
  readonly rows: readonly (readonly Parameter[])[];
  readonly biases: readonly Parameter[];
}

function layer(k: number): ScalarLayer {
  const [inputs, outputs] = [SIZES[k] as number, SIZES[k + 1] as number];
  const w = weights(100 + 2 * k, inputs * outputs, inputs);
  const b = weights(101 + 2 * k, outputs, inputs);
  const scalar = (value: number | undefined): Parameter => new Parameter(tensor(value as number));
  return {
    rows: Array.from({ length: outputs }, (_, c) =>
      Array.from({ length: inputs }, (_, a) => scalar(w[a * outputs + c])),
    ),
    biases: [...b].map(scalar),
  };
}

/** A 2-16-16-1 network written in single numbers: some ten thousand recorded operations on tensors without dims. */
export function scalarTape(run: Run): Workload {
  const layers = [0, 1, 2].map(layer);
  const parameters = layers.flatMap(({ rows, biases }) => [...rows.flat(), ...biases]);
  const { points, labels } = pointsInCircle();
  let total: Tensor;
  const forward = (point: readonly number[]): Tensor => {
    let values: Tensor[] = point.map((x) => tensor(x));
    for (const [k, { rows, biases }] of layers.entries()) {
      values = rows.map((row, c) => {
        const sum = row.reduce((partial: Tensor, w, a) => partial.add(w.mul(values[a] as Tensor)), biases[c] as Tensor);
        return k < 2 ? sum.relu() : sum;
      });
    }
    return values[0] as Tensor;
  };
  const step = run((): Tensor => {
    const errors = points.map((point, i) => {
      const difference = forward(point).sub(labels[i] as number);
      return difference.mul(difference);
    });
    const sum = errors.reduce((a: Tensor, b: Tensor) => a.add(b));
    sum.backward();
    noGrad(() => {
      for (const parameter of parameters) {
        parameter.assign(parameter.sub((parameter.grad as Tensor).mul(RATE)));
        parameter.grad = null;
      }
    });
    return sum;
  });
  return {
    name: 'scalar-tape',
    step: () => {
      total = step();
    },
    loss: () => total.item() / points.length,
  };
}
