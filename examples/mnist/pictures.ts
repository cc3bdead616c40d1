import { join } from 'node:path';
import { stack, type Tensor } from '@gradtape/autograd';
import { confusionMatrix, imageGrid, type LineChartOptions, lineChart, type Picture } from '@gradtape/plot';

/** What training leaves behind for the curves. */
export interface History {
  /** Of every batch. */
  readonly train: Measures;
  /** Of the test images, after every epoch. */
  readonly test: Measures;
}

interface Measures {
  /** The mean cross-entropy. */
  readonly loss: number[];
  /** The share of the images that were recognized. */
  readonly accuracy: number[];
}

/** Draws the curves, and what the model made of the test images, into a folder; returns the files' names. */
export async function savePictures(folder: string, history: History, guesses: readonly Guess[]): Promise<string[]> {
  const pictures = {
    loss: curves(history.train.loss, history.test.loss, { title: 'Loss', yLabel: 'cross-entropy', yScale: 'log' }),
    accuracy: curves(history.train.accuracy, history.test.accuracy, { title: 'Accuracy', yLabel: 'share recognized' }),
    confusion: confusionMatrix(countConfusions(guesses), { title: 'What each digit was taken for' }),
    'most-wrong': mostWrong(guesses),
  };
  const drawn = Object.entries(pictures).filter((entry): entry is [string, Picture] => entry[1] !== undefined);
  const saved = drawn.map(([name, picture]) => picture.save(join(folder, `${name}.png`)));
  return (await Promise.all(saved)).flat();
}

/** Training in means of some batches, at the middle of each; the test images at the ends of the epochs. */
function curves(train: readonly number[], test: readonly number[], options: LineChartOptions): Picture {
  const batchesOfEpoch = train.length / test.length;
  const window = Math.ceil(train.length / 100);
  const means = Array.from({ length: Math.floor(train.length / window) }, (_, i) =>
    mean(train.slice(i * window, (i + 1) * window)),
  );
  return lineChart(
    {
      training: { x: means.map((_, i) => ((i + 0.5) * window) / batchesOfEpoch), y: means },
      test: { x: test.map((_, i) => i + 1), y: test },
    },
    { subtitle: window === 1 ? undefined : `training: means of ${window} batches`, xLabel: 'epoch', ...options },
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the model thinks of one image. */
export interface Guess {
  /** 28 × 28. */
  readonly image: Tensor;
  readonly digit: number;
  /** The most probable digit. */
  readonly guess: number;
  /** The probability of each digit. */
  readonly probabilities: readonly number[];
}

/** What the model thinks of each image of a batch. */
export function guessesOf(images: Tensor, labels: Tensor, probabilities: Tensor): Guess[] {
  const digits = labels.toTypedArray();
  const likeliest = probabilities.argmax(1).toTypedArray();
  return (probabilities.toArray() as number[][]).map((ofDigits, i) => ({
    image: images.select(0, i).squeeze(0),
    digit: digits[i],
    guess: likeliest[i],
    probabilities: ofDigits,
  }));
}

function countConfusions(guesses: readonly Guess[]): number[][] {
  const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
  for (const { digit, guess } of guesses) (counts[digit] as number[])[guess] = (counts[digit]?.[guess] ?? 0) + 1;
  return counts;
}

/** The images whose true digit seemed least probable; nothing if all were recognized. */
function mostWrong(guesses: readonly Guess[]): Picture | undefined {
  const wrong = guesses.filter(({ digit, guess }) => digit !== guess);
  const worst = wrong.toSorted((a, b) => trueProbability(a) - trueProbability(b)).slice(0, 24);
  if (worst.length === 0) return undefined;
  const images = stack(worst.map(({ image }) => image));
  const line = (what: string, digit: number, { probabilities }: Guess): string =>
    `${what} ${digit}: ${showShare(probabilities[digit] as number)}`;
  return imageGrid(images, {
    title: 'The digits it got most wrong',
    subtitle: `${wrong.length} of ${guesses.length} test images were not recognized`,
    captions: worst.map((each) => `${line('guess', each.guess, each)}\n${line('truth', each.digit, each)}`),
    range: [images.amin().item(), images.amax().item()],
    columns: 8,
  });
}

function showShare(share: number): string {
  return share < 0.0001 ? '< 0.01 %' : `${(100 * share).toFixed(2)} %`;
}

function trueProbability({ digit, probabilities }: Guess): number {
  return probabilities[digit] as number;
}
