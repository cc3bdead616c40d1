import { type Tensor, tensor } from '@gradtape/autograd';
import { expectTypeOf, test } from 'vitest';
import type { Collated } from './collate.ts';
import type { Dataset } from './dataset.ts';
import { DataLoader } from './loader.ts';
import { mapDataset } from './map-dataset.ts';
import { type Padded, padCollate } from './pad-collate.ts';
import { Subset } from './subset.ts';
import { TensorDataset } from './tensor-dataset.ts';
import { compose, normalize, toTensor } from './transforms.ts';

const pairs = new TensorDataset(tensor([1, 2]), tensor([0, 1], { dtype: 'int32' }));

test('a batch has the type of its samples, with tensors in their places', () => {
  expectTypeOf<Collated<number>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Collated<boolean>>().toEqualTypeOf<Tensor>();
  expectTypeOf<Collated<[Tensor, string]>>().toEqualTypeOf<[Tensor, string[]]>();
  expectTypeOf<Collated<{ x: Tensor; at: readonly [number, number] }>>().toEqualTypeOf<{
    x: Tensor;
    at: [Tensor, Tensor];
  }>();
});

test('the type of a batch follows from the dataset, or from the collate function', () => {
  expectTypeOf(pairs.get(0)).toEqualTypeOf<[Tensor, Tensor]>();
  expectTypeOf(new DataLoader(pairs)).toEqualTypeOf<DataLoader<[Tensor, Tensor], [Tensor, Tensor], typeof pairs>>();
  expectTypeOf(new DataLoader(pairs)).toExtend<DataLoader<[Tensor, Tensor]>>();
  expectTypeOf(new DataLoader(new Subset(pairs, [1]))).toExtend<DataLoader<[Tensor, Tensor], [Tensor, Tensor]>>();
  expectTypeOf(new DataLoader(new Subset(pairs, [1])).dataset.length).toBeNumber();
  const named = mapDataset(pairs, ([x, y]) => ({ x, label: y.item() }));
  expectTypeOf(named).toEqualTypeOf<Dataset<{ x: Tensor; label: number }>>();
  for (const batch of new DataLoader(named)) expectTypeOf(batch).toEqualTypeOf<{ x: Tensor; label: Tensor }>();
  for (const count of new DataLoader(pairs, { collate: (samples) => samples.length }))
    expectTypeOf(count).toEqualTypeOf<number>();
});

test('samples that are to come, and those of iterables, are what they will be', () => {
  const coming: Dataset<Promise<[Tensor, string]>> = { length: 1, get: async () => [tensor([1]), 'a'] };
  expectTypeOf(new DataLoader(coming)).toExtend<AsyncIterable<[Tensor, string[]]>>();
  expectTypeOf(new Subset(coming, [0])).toExtend<Dataset<Promise<[Tensor, string]>>>();
  expectTypeOf(new DataLoader(new Subset(coming, [0]))).toExtend<AsyncIterable<[Tensor, string[]]>>();
  new DataLoader(coming, { collate: (samples) => expectTypeOf(samples).toEqualTypeOf<[Tensor, string][]>() });
  async function* stream(): AsyncGenerator<{ x: Tensor; label: number }> {}
  expectTypeOf(new DataLoader(stream())).toExtend<AsyncIterable<{ x: Tensor; label: Tensor }>>();
});

test('padded are the tensors only', () => {
  const samples = [{ tokens: tensor([1, 2]), label: 1, name: 'a' }];
  expectTypeOf(padCollate()(samples)).toEqualTypeOf<{ tokens: Padded; label: Tensor; name: string[] }>();
});

test('transforms must fit together', () => {
  compose(toTensor, normalize(0, 1));
  // @ts-expect-error normalize takes tensors, not bytes
  compose(normalize(0, 1), toTensor);
});
