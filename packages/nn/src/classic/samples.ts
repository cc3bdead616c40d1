import { GradtapeError, isFloating, type Tensor } from '@gradtape/autograd';

/** The two labels of a unit that says yes or no, the lower one first. */
export type Classes = readonly [no: number, yes: number];

/** Samples as the rules take them: in columns. */
export interface Columns {
  /** `[features, N]`. */
  readonly X: Tensor;
  /** `[N]`, of the dtype of X. */
  readonly t: Tensor;
}

/**
 * Rows and their targets as columns.
 *
 * @throws GradtapeError unless X is `[N, features]` with at least one of each, y `[N]`, and all of it finite.
 */
export function columnsOf(unit: string, X: Tensor, y: Tensor): Columns {
  if (X.rank !== 2 || y.rank !== 1 || X.shape[0] !== y.length || X.length === 0) {
    throw new GradtapeError(`${unit}: samples and targets do not belong together`, {
      got: `X [${X.shape.join(', ')}], y [${y.shape.join(', ')}]`,
      needs: 'X [N, features] with a sample in each row, y [N], at least one of each',
      fix: 'of one feature make a column with X.unsqueeze(1); of one-hot targets take y.argmax(1)',
    });
  }
  const samples = floating(X);
  const t = y.detach().to(samples.dtype);
  if (![samples, t].every((x) => x.toTypedArray().every(Number.isFinite))) {
    throw new GradtapeError(`${unit}: a value is not finite`, {
      got: 'NaN or Infinity among samples or targets',
      needs: 'finite numbers',
      fix: 'leave out the samples with missing values: X.isfinite().all(1) says which are whole',
    });
  }
  return { X: samples.t(), t };
}

/**
 * What samples are asked about, as columns.
 *
 * @throws GradtapeError unless X is `[N, features]`.
 */
export function questionsOf(unit: string, X: Tensor, features: number): Tensor {
  if (X.rank === 2 && X.shape[1] === features) return floating(X).t();
  throw new GradtapeError(`${unit}: the samples have not its features`, {
    got: `X [${X.shape.join(', ')}]`,
    needs: `[N, ${features}]: a sample in each row`,
    fix: 'of one sample [features] make a row with X.unsqueeze(0)',
  });
}

function floating(X: Tensor): Tensor {
  return isFloating(X.dtype) ? X.detach() : X.detach().to('float32');
}

/** @throws GradtapeError unless every target is one of two classes. */
export function checkLabels(unit: string, t: Tensor, [no, yes]: Classes): void {
  const stray = t.toTypedArray().find((label) => label !== no && label !== yes);
  if (stray === undefined) return;
  throw new GradtapeError(`${unit}: a target is no class`, {
    got: `target ${stray}`,
    needs: `${no} or ${yes}`,
    fix: `targets -1 and 1 need { classes: [-1, 1] }; more than two classes need a unit each, or a network`,
  });
}
