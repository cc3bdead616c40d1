import { allocateUnfilled } from '../core/allocate.ts';
import { type DType, dtypeCode } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';
import { compiledLoops, type Formulas, interpretedLoops, type MapLoops, type PlaneLoops } from './map-loops.ts';
import { fitVectors, vectorLoops } from './vector-loops.ts';

export type { Formulas } from './map-loops.ts';

/**
 * Computes formulas entry by entry: tensors of one shape in, as many contiguous tensors as there are formulas out, of the
 * dtypes named. A result may go into a tensor that is given for it, if the caller alone holds that and each of its entries has
 * a place of its own: one of the inputs, or a part of a larger tensor.
 */
export type MapKernel = (
  inputs: readonly Tensor[],
  dtypes: readonly DType[],
  targets?: readonly (Tensor | undefined)[],
) => Tensor[];

/** From so many entries on, vectors are worth a module of their own. */
const SMALLEST_FOR_VECTORS = 1024;

/**
 * The kernel of formulas. Every combination of dtypes gets loops of its own, so that the machine code of each sees one
 * type; they are written as JavaScript source, or call the formulas entry by entry where source may not be compiled. Many
 * entries in float32 go through the vectors of WebAssembly, where the runtime has them.
 */
export function mapKernel(formulas: Formulas, inputCount: number, outputCount: number): MapKernel {
  const made: MapLoops[] = [];
  const madeOfVectors: (PlaneLoops | undefined)[] = [];
  return (inputs, dtypes, targets) => {
    let key = 0;
    for (let k = 0; k < inputCount; k++) key = key * 4 + dtypeCode((inputs[k] as Tensor).dtype);
    for (let k = 0; k < outputCount; k++) key = key * 4 + dtypeCode(dtypes[k] as DType);
    let loops = made[key];
    if (loops === undefined) {
      const stored = asStored(formulas, dtypes);
      loops = compiledLoops(stored, inputCount, outputCount) ?? interpretedLoops(stored);
      made[key] = loops;
    }
    const { shape, length } = inputs[0] as Tensor;
    const outputs = dtypes.map((dtype, k) => targets?.[k] ?? allocateUnfilled(shape, dtype));
    if (length === 1) {
      loops.single(outputs, inputs);
      return outputs;
    }
    if (length >= SMALLEST_FOR_VECTORS && fitVectors(inputs, dtypes)) {
      if (!(key in madeOfVectors))
        madeOfVectors[key] = vectorLoops(asStored(formulas, dtypes), inputCount, outputCount);
      const vectors = madeOfVectors[key];
      if (vectors !== undefined) {
        runByPlanes(() => vectors, outputs, inputs);
        return outputs;
      }
    }
    const uniform = outputs.every(({ contiguous }) => contiguous) ? uniformInputs(inputs) : undefined;
    if (uniform !== undefined) loops.straight(uniform)(outputs, inputs, length);
    else runByPlanes(loops.strided, outputs, inputs);
    return outputs;
  };
}

/** What storage makes of a number by itself is right but for bool, which is 1 for all that is not zero. */
function asStored(formulas: Formulas, dtypes: readonly DType[]): Formulas {
  if (!dtypes.includes('bool')) return formulas;
  return (m, ...x) =>
    formulas(m, ...x).map((value, k) => (dtypes[k] === 'bool' ? m.not(m.equal(value, m.constant(0))) : value));
}

/** Bits of the inputs that have one value everywhere; undefined if some input is neither so nor in reading order. */
function uniformInputs(inputs: readonly Tensor[]): number | undefined {
  let bits = 0;
  for (let k = 0; k < inputs.length; k++) {
    const { contiguous, shape, strides } = inputs[k] as Tensor;
    if (contiguous) continue;
    if (!strides.every((step, d) => step === 0 || shape[d] === 1)) return undefined;
    bits |= 1 << k;
  }
  return bits;
}

function runByPlanes(
  loopsFor: (columnSteps: readonly number[]) => PlaneLoops,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
): void {
  const { shape, length } = inputs[0] as Tensor;
  if (length === 0) return;
  const operands = [...inputs, ...outputs];
  const nest = loopNest(
    shape,
    operands.map((x) => x.strides),
  );
  const inner = nest.sizes.length - 1;
  const steps = (dim: number): number[] => nest.strides.map((strides) => strides[dim] ?? 0);
  const plane = {
    rows: nest.sizes[inner - 1] ?? 1,
    columns: nest.sizes[inner] ?? 1,
    rowSteps: steps(inner - 1),
    columnSteps: steps(inner),
  };
  const starts = operands.map((x) => x.offset);
  const run = loopsFor(plane.columnSteps);
  visitOuter(nest, Math.max(inner - 1, 0), starts, (places) => run(outputs, inputs, plane, places));
}
