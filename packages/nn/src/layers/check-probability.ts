import { GradtapeError } from '@gradtape/autograd';

/** Throws unless the share that a layer drops is one. */
export function checkProbability(layer: string, name: string, p: number): void {
  if (p >= 0 && p <= 1) return;
  throw new GradtapeError(`${layer}: not a probability`, {
    got: `${name} ${p}`,
    needs: 'a number from 0 to 1',
    fix: `${name} is the share that is dropped; a share in percent is divided by 100 first`,
  });
}
