import { GradtapeError, type Tensor } from '@gradtape/autograd';
import { sameShape, shown } from './predictions.ts';

/**
 * Predictions and targets as float64, without their history.
 *
 * @throws GradtapeError unless they have the same shape: broadcast to each other, every prediction would be held against every target.
 */
export function regressionPair(operation: string, prediction: Tensor, target: Tensor): [Tensor, Tensor] {
  if (sameShape(prediction.shape, target.shape)) return [prediction, target].map(exact) as [Tensor, Tensor];
  throw new GradtapeError(`${operation}: predictions and targets do not belong together`, {
    got: `predictions ${shown(prediction)}, targets ${shown(target)}`,
    needs: 'the same shape',
    fix: 'of predictions [N, 1] for targets [N] take prediction.squeeze(1)',
  });
}

function exact(x: Tensor): Tensor {
  return x.detach().to('float64');
}
