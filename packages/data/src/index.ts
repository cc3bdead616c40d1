export {
  Checkpoint,
  loadCheckpoint,
  type Restorable,
  type RestoreOptions,
  readCheckpoint,
  type Stateful,
  saveCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts';
export { type Collated, collate } from './collate.ts';
export { ConcatDataset } from './concat-dataset.ts';
export type { Dataset } from './dataset.ts';
export * from './datasets/index.ts';
export * from './formats/index.ts';
export type { Labels } from './labels.ts';
export { ListDataset } from './list-dataset.ts';
export { DataLoader } from './loader.ts';
export type { DataLoaderOptions, SampleSource } from './loader-options.ts';
export { mapDataset } from './map-dataset.ts';
export { type PadCollated, type PadCollateOptions, type Padded, padCollate } from './pad-collate.ts';
export * from './samplers/index.ts';
export * from './splits/index.ts';
export type { State } from './state.ts';
export { Subset } from './subset.ts';
export { TensorDataset } from './tensor-dataset.ts';
export { compose, type GreyImages, normalize, toTensor } from './transforms.ts';
