import { GradtapeError } from '@gradtape/autograd';

/** Throws unless a value is a whole number from `least`. */
export function checkCount(operation: string, name: string, value: number, least: 0 | 1, fix: string): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new GradtapeError(`${operation}: ${name} is no count`, {
    got: `${name} = ${value}`,
    needs: `a whole number from ${least}`,
    fix,
  });
}
