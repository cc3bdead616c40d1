import { GradtapeError } from '@gradtape/autograd';

export function failOnNoBatches(operation: string): never {
  throw new GradtapeError(`${operation}: the loader has no batches`, {
    got: 'no batch in an epoch',
    needs: 'at least one',
    fix: 'check the dataset, and that dropLast does not leave out all; a generator runs once: give a loader that begins anew',
  });
}
