import { allocate } from '../core/allocate.ts';
import { type DType, dtypeCode, type Storage } from '../core/dtype.ts';
import type { Tensor } from '../core/tensor.ts';
import { loopNest, visitOuter } from './iteration.ts';
import { compileSource, javaScriptMath } from './javascript.ts';
import { numbers } from './numbers.ts';
import type { ScalarMath } from './scalar-math.ts';

/** Formulas of the same numbers, computed in one pass. */
export type Formulas = <T>(m: ScalarMath<T>, ...x: T[]) => readonly T[];

/** Computes formulas entry by entry: tensors of one shape in, as many contiguous tensors as there are formulas out. */
export type MapKernel = (inputs: readonly Tensor[], dtypes: readonly DType[]) => Tensor[];

/**
 * Two nested loops over storages: `[rows, columns, output, its start, …, input, its start, its two steps, …]`.
 * Outputs are written in reading order.
 */
type MapLoop = (rows: number, columns: number, ...operands: (Storage | number)[]) => void;

/**
 * The kernel of formulas. Every combination of dtypes gets a loop of its own, so that the machine code of each sees one
 * type; it is written as JavaScript source, or calls the formulas entry by entry where source may not be compiled.
 */
export function mapKernel(formulas: Formulas, inputCount: number, outputCount: number): MapKernel {
  const loops: MapLoop[] = [];
  return (inputs, dtypes) => {
    let key = 0;
    for (const x of inputs) key = key * 4 + dtypeCode(x.dtype);
    for (const dtype of dtypes) key = key * 4 + dtypeCode(dtype);
    let loop = loops[key];
    if (loop === undefined) {
      loop = compileLoop(formulas, inputCount, outputCount) ?? interpretedLoop(formulas, inputCount, outputCount);
      loops[key] = loop;
    }
    return runLoop(loop, inputs, dtypes);
  };
}

function runLoop(loop: MapLoop, inputs: readonly Tensor[], dtypes: readonly DType[]): Tensor[] {
  const { shape, length } = inputs[0] as Tensor;
  const outputs = dtypes.map((dtype) => allocate(shape, dtype));
  if (length === 0) return outputs;
  const operands: (Storage | number)[] = [];
  for (const out of outputs) operands.push(out.storage, out.offset);
  if (length === 1 || inputs.every((x) => x.contiguous)) {
    for (const x of inputs) operands.push(x.storage, x.offset, 0, 1);
    loop(1, length, ...operands);
    return outputs;
  }
  const nest = loopNest(
    shape,
    inputs.map((x) => x.strides),
  );
  const rank = nest.sizes.length;
  const [rows, columns] = [nest.sizes[rank - 2] ?? 1, nest.sizes[rank - 1] ?? 1];
  for (const [k, x] of inputs.entries()) {
    const steps = nest.strides[k] as number[];
    operands.push(x.storage, x.offset, steps[rank - 2] ?? 0, steps[rank - 1] ?? 0);
  }
  let block = 0;
  visitOuter(
    nest,
    Math.max(rank - 2, 0),
    inputs.map((x) => x.offset),
    (places) => {
      outputs.forEach((out, k) => {
        operands[2 * k + 1] = out.offset + block;
      });
      places.forEach((place, k) => {
        operands[2 * outputs.length + 4 * k + 1] = place;
      });
      loop(rows, columns, ...operands);
      block += rows * columns;
    },
  );
  return outputs;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function compileLoop(formulas: Formulas, inputCount: number, outputCount: number): MapLoop | undefined {
  const inputs = range(inputCount);
  const outputs = range(outputCount);
  const math = javaScriptMath();
  const values = formulas(math, ...inputs.map((k) => math.keep(`x${k}[p${k}]`)));
  const body = `
    for (let i = 0; i < rows; i++) {
      ${inputs.map((k) => `let p${k} = x${k}At + i * x${k}Row;`).join(' ')}
      for (let j = 0; j < columns; j++) {
        ${math.statements.join('\n        ')}
        ${outputs.map((k) => `y${k}[y${k}At++] = ${values[k]};`).join(' ')}
        ${inputs.map((k) => `p${k} += x${k}Column;`).join(' ')}
      }
    }`;
  const parameters = [
    'rows, columns',
    ...outputs.map((k) => `y${k}, y${k}At`),
    ...inputs.map((k) => `x${k}, x${k}At, x${k}Row, x${k}Column`),
  ].join(', ');
  return compileSource(parameters, body) as MapLoop | undefined;
}

/** The same loop without compiled source: slower, and the reference for it. */
export function interpretedLoop(formulas: Formulas, inputCount: number, outputCount: number): MapLoop {
  return (rows, columns, ...operands) => {
    const input = (k: number, part: number) => operands[2 * outputCount + 4 * k + part];
    let at = 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) {
        const entries = range(inputCount).map((k) => {
          const place = (input(k, 1) as number) + i * (input(k, 2) as number) + j * (input(k, 3) as number);
          return (input(k, 0) as Storage)[place] as number;
        });
        formulas(numbers, ...entries).forEach((value, k) => {
          (operands[2 * k] as Storage)[(operands[2 * k + 1] as number) + at] = value;
        });
      }
    }
  };
}
