import { allocate } from '../core/allocate.ts';
import { type DType, dtypeCode } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';
import { compileSource, javaScriptMath } from './javascript.ts';
import { numbers } from './numbers.ts';
import type { ScalarMath } from './scalar-math.ts';

/** Formulas of the same numbers, computed in one pass. */
export type Formulas = <T>(m: ScalarMath<T>, ...x: T[]) => readonly T[];

/**
 * Computes formulas entry by entry: tensors of one shape in, as many contiguous tensors as there are formulas out, of the
 * dtypes named. A result may go into a tensor that is given for it, even one of the inputs, if the caller alone holds it.
 */
export type MapKernel = (
  inputs: readonly Tensor[],
  dtypes: readonly DType[],
  targets?: readonly (Tensor | undefined)[],
) => Tensor[];

/** The loops of one combination of dtypes. */
interface MapLoops {
  /** Of one entry. */
  single(outputs: readonly Tensor[], inputs: readonly Tensor[]): void;
  /** Over `length` entries that lie in reading order; an input whose bit is set in `uniform` has one value everywhere. */
  straight(uniform: number): (outputs: readonly Tensor[], inputs: readonly Tensor[], length: number) => void;
  /** Over two dims, from each input's place with its steps in both; outputs are written in reading order from `start`. */
  strided(
    outputs: readonly Tensor[],
    inputs: readonly Tensor[],
    start: number,
    plane: Plane,
    places: readonly number[],
  ): void;
}

/** The two innermost dims: their sizes, and each input's steps in them. */
interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly rowSteps: readonly number[];
  readonly columnSteps: readonly number[];
}

/**
 * The kernel of formulas. Every combination of dtypes gets loops of its own, so that the machine code of each sees one
 * type; they are written as JavaScript source, or call the formulas entry by entry where source may not be compiled.
 */
export function mapKernel(formulas: Formulas, inputCount: number, outputCount: number): MapKernel {
  const made: MapLoops[] = [];
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
    const outputs = dtypes.map((dtype, k) => targets?.[k] ?? allocate(shape, dtype));
    if (length === 1) {
      loops.single(outputs, inputs);
      return outputs;
    }
    const uniform = uniformInputs(inputs);
    if (uniform !== undefined) loops.straight(uniform)(outputs, inputs, length);
    else runStrided(loops, outputs, inputs);
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

function runStrided(loops: MapLoops, outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
  const { shape, length } = inputs[0] as Tensor;
  if (length === 0) return;
  const nest = loopNest(
    shape,
    inputs.map((x) => x.strides),
  );
  const inner = nest.sizes.length - 1;
  const steps = (dim: number): number[] => nest.strides.map((strides) => strides[dim] ?? 0);
  const plane = {
    rows: nest.sizes[inner - 1] ?? 1,
    columns: nest.sizes[inner] ?? 1,
    rowSteps: steps(inner - 1),
    columnSteps: steps(inner),
  };
  const starts = inputs.map((x) => x.offset);
  let start = 0;
  visitOuter(nest, Math.max(inner - 1, 0), starts, (places) => {
    loops.strided(outputs, inputs, start, plane, places);
    start += plane.rows * plane.columns;
  });
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function compiledLoops(formulas: Formulas, inputCount: number, outputCount: number): MapLoops | undefined {
  const source = loopSource(formulas, inputCount, outputCount);
  const single = compileSource('outputs, inputs', source.single) as MapLoops['single'] | undefined;
  const strided = compileSource('outputs, inputs, start, plane, places', source.strided) as
    | MapLoops['strided']
    | undefined;
  if (single === undefined || strided === undefined) return undefined;
  const straights: ReturnType<MapLoops['straight']>[] = [];
  const straight = (uniform: number): ReturnType<MapLoops['straight']> => {
    straights[uniform] ??= compileSource('outputs, inputs, length', source.straight(uniform)) as ReturnType<
      MapLoops['straight']
    >;
    return straights[uniform];
  };
  return { single, straight, strided };
}

interface LoopSource {
  readonly single: string;
  straight(uniform: number): string;
  readonly strided: string;
}

function loopSource(formulas: Formulas, inputCount: number, outputCount: number): LoopSource {
  const [inputs, outputs] = [range(inputCount), range(outputCount)];
  const math = javaScriptMath();
  const values = formulas(math, ...inputs.map((k) => `v${k}`));
  const storages = [
    ...outputs.map((k) => `const y${k} = outputs[${k}].storage;`),
    ...inputs.map((k) => `const x${k} = inputs[${k}].storage;`),
  ].join('\n');
  const fromOffset = (name: string, x: string): string =>
    `const ${name} = ${x}.offset === 0 ? ${x}.storage : ${x}.storage.subarray(${x}.offset);`;
  const read = (k: number, place: string): string => `const v${k} = x${k}[${place}];`;
  const compute = (place: (k: number) => string): string =>
    [...math.statements, ...outputs.map((k) => `y${k}[${place(k)}] = ${values[k]};`)].join('\n');
  return {
    single: `${storages}
      ${inputs.map((k) => read(k, `inputs[${k}].offset`)).join('\n')}
      ${compute((k) => `outputs[${k}].offset`)}`,
    straight: (uniform) => {
      const isUniform = (k: number): boolean => (uniform & (1 << k)) !== 0;
      return `
        ${outputs.map((k) => fromOffset(`y${k}`, `outputs[${k}]`)).join('\n')}
        ${inputs.map((k) => fromOffset(`x${k}`, `inputs[${k}]`)).join('\n')}
        ${inputs.flatMap((k) => (isUniform(k) ? [read(k, '0')] : [])).join('\n')}
        for (let i = 0; i < length; i++) {
          ${inputs.flatMap((k) => (isUniform(k) ? [] : [read(k, 'i')])).join('\n')}
          ${compute(() => 'i')}
        }`;
    },
    strided: `${storages}
      ${outputs.map((k) => `let q${k} = outputs[${k}].offset + start;`).join('\n')}
      ${inputs.map((k) => `const row${k} = plane.rowSteps[${k}], column${k} = plane.columnSteps[${k}];`).join('\n')}
      const { rows, columns } = plane;
      for (let i = 0; i < rows; i++) {
        ${inputs.map((k) => `let p${k} = places[${k}] + i * row${k};`).join('\n')}
        for (let j = 0; j < columns; j++) {
          ${inputs.map((k) => read(k, `p${k}`)).join('\n')}
          ${compute((k) => `q${k}++`)}
          ${inputs.map((k) => `p${k} += column${k};`).join(' ')}
        }
      }`,
  };
}

/** The same loops without compiled source: slower, and the reference for them. */
export function interpretedLoops(formulas: Formulas): MapLoops {
  const computeEntry = (
    outputs: readonly Tensor[],
    inputs: readonly Tensor[],
    at: number,
    places: readonly number[],
  ): void => {
    formulas(numbers, ...inputs.map((x, k) => x.storage[places[k] as number] as number)).forEach((value, k) => {
      const out = outputs[k] as Tensor;
      out.storage[out.offset + at] = value;
    });
  };
  return {
    single: (outputs, inputs) =>
      computeEntry(
        outputs,
        inputs,
        0,
        inputs.map((x) => x.offset),
      ),
    straight: (uniform) => (outputs, inputs, length) => {
      for (let i = 0; i < length; i++) {
        const at = inputs.map((x, k) => ((uniform & (1 << k)) === 0 ? x.offset + i : x.offset));
        computeEntry(outputs, inputs, i, at);
      }
    },
    strided: (outputs, inputs, start, { rows, columns, rowSteps, columnSteps }, places) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const at = places.map((place, k) => place + i * (rowSteps[k] as number) + j * (columnSteps[k] as number));
          computeEntry(outputs, inputs, start + i * columns + j, at);
        }
      }
    },
  };
}
