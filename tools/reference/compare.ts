import { Tensor } from '@gradtape/autograd';
import { dtypeOfRecord, type TensorRecord, type Tolerance } from './format.ts';

export const defaultTolerance: Tolerance = { rtol: 1e-9, atol: 1e-12 };

export interface Comparison {
  /** The largest error in units of what is allowed: above 1 is a failure. */
  readonly worst: number;
  /** What is wrong, if anything. */
  readonly complaint: string | undefined;
}

/** Compares dtype, shape and entries: `|got - want| ≤ atol + rtol · |want|`, whole numbers and truths exactly. */
export function compare(got: Tensor | undefined, want: TensorRecord, { rtol, atol }: Tolerance): Comparison {
  if (!(got instanceof Tensor)) return wrong('nothing', 'a tensor');
  const dtype = dtypeOfRecord(want);
  if (got.dtype !== dtype) return wrong(`dtype ${got.dtype}`, dtype);
  if (got.shape.join() !== want.shape.join()) return wrong(`shape [${got.shape}]`, `[${want.shape}]`);
  const exact = dtype === 'int32' || dtype === 'bool';
  const entries = got.toTypedArray();
  let [worst, at] = [0, 0];
  want.data.forEach((expected, i) => {
    const error = errorOf(entries[i] as number, expected, exact ? 0 : atol + rtol * Math.abs(expected));
    if (error > worst) [worst, at] = [error, i];
  });
  if (worst <= 1) return { worst, complaint: undefined };
  return { ...wrong(`${entries[at]} at entry ${at} of [${want.shape}]`, `${want.data[at]}`), worst };
}

function wrong(got: string, want: string): Comparison {
  return { worst: Number.POSITIVE_INFINITY, complaint: `got ${got}, want ${want}` };
}

/** In units of `allowed`. NaN matches only NaN, an infinity only itself. */
function errorOf(got: number, want: number, allowed: number): number {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(want)) return Number.POSITIVE_INFINITY;
  return Math.abs(got - want) / allowed;
}
