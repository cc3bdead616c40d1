import { arange, Generator } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { DataLoader } from './loader.ts';
import { mapDataset } from './map-dataset.ts';
import { TensorDataset } from './tensor-dataset.ts';

test('samples are changed each time they are asked for, in a loader too', () => {
  const generator = new Generator(1);
  const noisy = mapDataset(new TensorDataset(arange(0, 3)), ([x]) => ({
    whole: x,
    noise: x.to('float64').add(generator.normal(new Float64Array(1))[0] as number),
  }));
  const loader = new DataLoader(noisy, { batchSize: 3 });
  const [first, second] = [...loader, ...loader];
  expect(first?.whole.toArray()).toEqual([0, 1, 2]);
  expect(second?.whole.toArray()).toEqual([0, 1, 2]);
  expect(second?.noise.toArray()).not.toEqual(first?.noise.toArray());
});
