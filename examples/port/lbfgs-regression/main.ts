// Fits a damped oscillation to measurements with LBFGS, and says how sure it is of each number: original.py, line by line.
import { parseArgs } from 'node:util';
import {
  cos,
  exp,
  hessian,
  inv,
  linspace,
  manualSeed,
  Parameter,
  randn,
  stack,
  type Tensor,
  tensor,
} from '@gradtape/autograd';
import { Module, MSELoss } from '@gradtape/nn';
import { LBFGS } from '@gradtape/optim';

const { values: args } = parseArgs({
  options: { points: { type: 'string', default: '400' }, quick: { type: 'boolean', default: false } },
});
const points = args.quick ? 60 : Number(args.points);
manualSeed(3);
const float64 = { dtype: 'float64' } as const;

const truth = { amplitude: 2.0, decay: 0.3, frequency: 2.5, phase: 0.4 };
const t = linspace(0, 8, points, float64);
const noise = 0.05;

function oscillation(t: Tensor, amplitude: Tensor, decay: Tensor, frequency: Tensor, phase: Tensor): Tensor {
  return amplitude.mul(exp(decay.neg().mul(t))).mul(cos(frequency.mul(t).add(phase)));
}

type Four = [amplitude: Tensor, decay: Tensor, frequency: Tensor, phase: Tensor];
const exact = Object.values(truth).map((value) => tensor(value, float64)) as Four;
const y = oscillation(t, ...exact).add(randn([points], float64).mul(noise));

class Oscillation extends Module {
  amplitude = new Parameter(tensor(1.0, float64));
  decay = new Parameter(tensor(0.1, float64));
  frequency = new Parameter(tensor(2.3, float64));
  phase = new Parameter(tensor(0.0, float64));

  forward(t: Tensor): Tensor {
    return oscillation(t, this.amplitude, this.decay, this.frequency, this.phase);
  }
}

const model = new Oscillation();
const criterion = new MSELoss();
const optimizer = new LBFGS(model.parameters(), { lr: 1, maxIter: 5, historySize: 10, lineSearchFn: 'strongWolfe' });

function closure(): Tensor {
  optimizer.zeroGrad();
  const loss = criterion.forward(model.forward(t), y);
  loss.backward();
  return loss;
}

for (let step = 0; step < 10; step++) {
  const loss = optimizer.step(closure);
  console.log(`step ${step}: loss ${loss.item().toFixed(6)}`);
  const largest = Math.max(...model.parameters().map((p) => (p.grad as Tensor).abs().max().item()));
  if (largest < 1e-6) break;
}

// The covariance of the estimates is the inverse of half the sum of squares' Hessian, times the variance of the noise.
function sumOfSquares(parameters: Tensor): Tensor {
  return oscillation(t, ...(parameters.unbind() as Four))
    .sub(y)
    .square()
    .sum();
}

const estimates = stack(model.parameters().map((p) => p.detach()));
const curvature = hessian(sumOfSquares)(estimates);
const variance = sumOfSquares(estimates).div(points - estimates.length);
const errors = inv(curvature.div(2)).diagonal().mul(variance).sqrt();
for (const [i, [name, value]] of Object.entries(truth).entries()) {
  const [estimate, error] = [estimates.index(i).item(), errors.index(i).item()];
  const deviation = (estimate - value) / error;
  console.log(`${name}: ${estimate.toFixed(4)} ± ${error.toFixed(4)}, true ${value}, ${deviation.toFixed(1)} σ`);
}
console.log(`noise: ${variance.sqrt().item().toFixed(4)}, true ${noise}`);
