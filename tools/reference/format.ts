// The reference cases as they lie in JSON; cases/README.md describes the format.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DType, fromArray, type Tensor } from '@gradtape/autograd';

export interface TensorRecord {
  readonly shape: readonly number[];
  readonly dtype: 'float64' | 'float32' | 'int64' | 'bool';
  /** Flat, in reading order. */
  readonly data: readonly number[];
}

export interface NamedRecord extends TensorRecord {
  readonly name: string;
  readonly requires_grad?: boolean;
}

/** Arguments that are not tensors, under PyTorch's names. */
// biome-ignore lint/suspicious/noExplicitAny: JSON, whose form depends on the operation
export type Attributes = Readonly<Record<string, any>>;

/** One line of a program: `out = op(args, attrs)`. */
export interface Step {
  readonly out: string;
  readonly op: string;
  /** Names of values, or of several. */
  readonly args: Readonly<Record<string, string | readonly string[]>>;
  readonly attrs: Attributes;
}

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

export interface ReferenceCase {
  readonly name: string;
  readonly kind: string;
  readonly op: string;
  readonly inputs: readonly NamedRecord[];
  readonly attrs: Attributes;
  readonly outputs: readonly NamedRecord[];
  readonly upstream?: Readonly<Record<string, TensorRecord>>;
  readonly vectors?: Readonly<Record<string, TensorRecord>>;
  readonly grads?: Readonly<Record<string, TensorRecord>>;
  readonly program?: readonly Step[];
  readonly tol?: Tolerance;
  // Of modules only.
  readonly params?: readonly NamedRecord[];
  readonly training?: boolean;
  readonly call_attrs?: Attributes;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly forward_calls?: number;
}

/** What JSON cannot write as a number. */
const notFinite: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

export function parseCases(text: string): ReferenceCase[] {
  return JSON.parse(text, (_, value) => notFinite.get(value) ?? value);
}

/** The folder of the cases: this one's, or another of the same format. */
export const folder: string = process.env.REFERENCE_DIR ?? fileURLToPath(new URL('cases', import.meta.url));

/** All cases, by the names of their families. */
export function readFamilies(): Map<string, ReferenceCase[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(files.sort().map((file) => [file.slice(0, -5), parseCases(readFileSync(join(folder, file), 'utf8'))]));
}

/** gradtape's whole numbers have 32 bits. */
export function dtypeOfRecord({ dtype }: TensorRecord): DType {
  return dtype === 'int64' ? 'int32' : dtype;
}

const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** What stands for a record while a function runs: a tensor, and a leaf whose gradient is wanted. */
export interface StandIn {
  readonly tensor: Tensor;
  readonly leaf: Tensor;
}

let standIns: ReadonlyMap<TensorRecord, StandIn> = new Map();

/** Runs a function to which some records are tensors that are given. */
export function withStandIns<T>(given: ReadonlyMap<TensorRecord, StandIn>, run: () => T): T {
  const before = standIns;
  standIns = given;
  try {
    return run();
  } finally {
    standIns = before;
  }
}

export function toTensor(record: TensorRecord, requiresGrad = false): Tensor {
  const standIn = standIns.get(record);
  if (standIn !== undefined) return requiresGrad ? standIn.leaf : standIn.tensor;
  const dtype = dtypeOfRecord(record);
  return fromArray(arrays[dtype].from(record.data), record.shape, { dtype, requiresGrad });
}
