// Saves checkpoints to the file of the first argument, one after the other, until it is killed. Each is whole if all that it
// holds is the same number; they differ in length.
import { full } from '@gradtape/autograd';
import { saveCheckpoint } from '../checkpoint.ts';

const path = process.argv[2];
for (let n = 1; ; n++) {
  const model = { weight: full([1000 * (1 + (n % 40))], n), bias: full([7], n) };
  await saveCheckpoint(path, { model, n });
  if (n === 1) process.stdout.write('first\n');
}
