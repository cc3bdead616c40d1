import { detach, Parameter, stack, type Tensor, zeros } from '@gradtape/autograd';
import { Adaline, type LinearUnitOptions, Perceptron } from '@gradtape/nn';
import { SGD } from '@gradtape/optim';
import { type Executor, type NamedTensors, toTensors } from './executor.ts';
import { float64 } from './optimizer.ts';

/**
 * The textbook's update `w ← w + η (t - y) x` is a step of gradient descent on `(y - t) · net` for a constant `y`: so
 * here it is the tape and SGD that make it.
 */
function learn(weights: readonly Parameter[], net: Tensor, error: Tensor, lr: number): void {
  const optimizer = new SGD(weights, { lr });
  optimizer.zeroGrad();
  net.mul(error.neg()).backward();
  optimizer.step();
}

/** Goes through the samples once an epoch, and notes where the unit then stands. */
function executeUnit<Unit extends Perceptron | Adaline>(
  unitOf: (given: LinearUnitOptions, targets: string) => Unit,
  errorsOf: (unit: Unit) => readonly number[],
): Executor {
  return ({ inputs, attrs }) => {
    const { x, t, w0, b0 } = toTensors(inputs, false) as NamedTensors & Record<'x' | 't' | 'w0' | 'b0', Tensor>;
    const initial = { w: w0, b: b0 };
    const unit = unitOf({ learningRate: attrs.lr, shuffle: false, initial }, attrs.targets);
    const history: Record<'w' | 'b', Tensor[]> = { w: [], b: [] };
    for (let epoch = 0; epoch < attrs.epochs; epoch++) {
      unit.partialFit(x, t);
      history.w.push(unit.w);
      history.b.push(unit.b);
    }
    return { w: stack(history.w), b: stack(history.b), error: float64(errorsOf(unit)) };
  };
}

export const executePerceptron: Executor = executeUnit(
  (given, targets) => new Perceptron({ ...given, classes: targets === '01' ? [0, 1] : [-1, 1] }),
  (unit) => unit.errors,
);

/** The cases tell the mean of the squared errors, ADALINE its half. */
export const executeAdaline: Executor = executeUnit(
  (given) => new Adaline(given),
  (unit) => unit.losses.map((loss) => 2 * loss),
);

export const executeLms: Executor = ({ inputs, attrs }) => {
  const { x, t, w0 } = toTensors(inputs, false) as NamedTensors & Record<'x' | 't' | 'w0', Tensor>;
  const w = new Parameter(w0);
  const history: Record<'y' | 'e' | 'w', Tensor[]> = { y: [], e: [], w: [] };
  for (const [i, row] of x.unbind().entries()) {
    const y = w.mul(row).sum();
    const e = t.select(0, i).sub(detach(y));
    const lr = attrs.normalized ? attrs.lr / (attrs.eps + row.square().sum().item()) : attrs.lr;
    learn([w], y, e, lr);
    history.y.push(detach(y));
    history.e.push(e);
    history.w.push(w.value);
  }
  return Object.fromEntries(
    Object.entries(history).map(([name, values]) => [name, values.length > 0 ? stack(values) : zeros([0])]),
  );
};
