import type { Generator, Parameter } from '@gradtape/autograd';
import { calculateFans, uniform } from '../init.ts';

/**
 * How PyTorch starts linear and convolution layers: weight and bias evenly distributed within `± 1/√fanIn`. For the weight
 * that is `kaimingUniform` with `a: Math.sqrt(5)`.
 */
export function drawByFanIn(weight: Parameter, bias: Parameter | null, generator: Generator | undefined): void {
  const { fanIn } = calculateFans(weight);
  if (fanIn === 0) return;
  const bound = 1 / Math.sqrt(fanIn);
  uniform(weight, -bound, bound, { generator });
  if (bias !== null) uniform(bias, -bound, bound, { generator });
}
