import { detach, Parameter, stack, type Tensor, zeros } from '@gradtape/autograd';
import { SGD } from '@gradtape/optim';
import { type Executor, type NamedTensors, toTensors } from './executor.ts';
import { float64 } from './optimizer.ts';

/** What a neuron answers to its net input, not recorded. */
type Answer = (net: Tensor) => Tensor;

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

function executeNeuron(answer: (targets: string) => Answer, errorOf: (errors: readonly number[]) => number): Executor {
  return ({ inputs, attrs }) => {
    const { x, t, w0, b0 } = toTensors(inputs, false) as NamedTensors & Record<'x' | 't' | 'w0' | 'b0', Tensor>;
    const [w, b] = [new Parameter(w0), new Parameter(b0)];
    const history: Record<'w' | 'b', Tensor[]> = { w: [], b: [] };
    const errors: number[] = [];
    for (let epoch = 0; epoch < attrs.epochs; epoch++) {
      const met = x.unbind().map((row, i) => {
        const net = w.mul(row).sum().add(b);
        const error = t.select(0, i).sub(answer(attrs.targets)(detach(net)));
        learn([w, b], net, error, attrs.lr);
        return error.item();
      });
      history.w.push(w.value);
      history.b.push(b.value);
      errors.push(errorOf(met));
    }
    return { w: stack(history.w), b: stack(history.b), error: float64(errors) };
  };
}

/** 1 where the net input is not negative, else 0 or -1. */
const step =
  (targets: string): Answer =>
  (net) => {
    const fires = net.ge(0).to('float64');
    return targets === '01' ? fires : fires.mul(2).sub(1);
  };

export const executePerceptron: Executor = executeNeuron(
  step,
  (errors) => errors.filter((error) => error !== 0).length,
);

export const executeAdaline: Executor = executeNeuron(
  () => (net) => net,
  (errors) => errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length,
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
