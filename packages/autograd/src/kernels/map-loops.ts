import type { Tensor } from '../core/tensor.ts';
import { compileSource, javaScriptMath } from './javascript.ts';
import { numbers } from './numbers.ts';
import type { ScalarMath } from './scalar-math.ts';

/** Formulas of the same numbers, computed in one pass. */
export type Formulas = <T>(m: ScalarMath<T>, ...x: T[]) => readonly T[];

type Tensors = readonly Tensor[];

/** The loops of one combination of dtypes. */
export interface MapLoops {
  /** Of one entry. */
  single(outputs: Tensors, inputs: Tensors): void;
  /** Over `length` entries that lie in reading order; an input whose bit is set in `uniform` has one value everywhere. */
  straight(uniform: number): (outputs: Tensors, inputs: Tensors, length: number) => void;
  /** Over two dims, for operands with these steps in the inner one. */
  strided(columnSteps: readonly number[]): PlaneLoops;
}

/** Loops over two dims, from each operand's place. */
export type PlaneLoops = (outputs: Tensors, inputs: Tensors, plane: Plane, places: readonly number[]) => void;

/** The two innermost dims: their sizes, and each operand's steps in them, inputs first. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  readonly rowSteps: readonly number[];
  readonly columnSteps: readonly number[];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Loops written as JavaScript source, each variant when it is first needed; undefined where source may not be compiled. */
export function compiledLoops(formulas: Formulas, inputCount: number, outputCount: number): MapLoops | undefined {
  const source = loopSource(formulas, inputCount, outputCount);
  const single = compileSource('outputs, inputs', source.single) as MapLoops['single'] | undefined;
  if (single === undefined) return undefined;
  const straights: ReturnType<MapLoops['straight']>[] = [];
  const strideds: PlaneLoops[] = [];
  return {
    single,
    straight: (uniform) => {
      straights[uniform] ??= compileSource(
        'outputs, inputs, length',
        source.straight(uniform),
      ) as (typeof straights)[0];
      return straights[uniform];
    },
    strided: (columnSteps) => {
      const kinds = columnSteps.map(kindOf);
      const key = kinds.reduce((digits, kind) => 3 * digits + kind, 0);
      strideds[key] ??= compileSource('outputs, inputs, plane, places', source.strided(kinds)) as (typeof strideds)[0];
      return strideds[key];
    },
  };
}

/** How an operand moves along a row: not at all, entry by entry, or by some other step. */
const kind = { fixed: 0, unit: 1, other: 2 } as const;

function kindOf(step: number): number {
  return step === 0 ? kind.fixed : step === 1 ? kind.unit : kind.other;
}

interface LoopSource {
  readonly single: string;
  straight(uniform: number): string;
  strided(kinds: readonly number[]): string;
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
    strided: (kinds) => {
      const along = (k: number): string => (kinds[k] === kind.unit ? `p${k} + j` : `p${k} + j * column${k}`);
      const isFixed = (k: number): boolean => kinds[k] === kind.fixed;
      const operands = range(inputCount + outputCount);
      return `${storages}
      ${operands.map((k) => `const row${k} = plane.rowSteps[${k}], column${k} = plane.columnSteps[${k}];`).join('\n')}
      const { rows, columns } = plane;
      for (let i = 0; i < rows; i++) {
        ${operands.map((k) => `const p${k} = places[${k}] + i * row${k};`).join('\n')}
        ${inputs.flatMap((k) => (isFixed(k) ? [read(k, `p${k}`)] : [])).join('\n')}
        for (let j = 0; j < columns; j++) {
          ${inputs.flatMap((k) => (isFixed(k) ? [] : [read(k, along(k))])).join('\n')}
          ${compute((k) => along(inputCount + k))}
        }
      }`;
    },
  };
}

/** The same loops without compiled source: slower, and the reference for them. */
export function interpretedLoops(formulas: Formulas): MapLoops {
  const computeEntry = (outputs: Tensors, inputs: Tensors, places: readonly number[]): void => {
    formulas(numbers, ...inputs.map((x, k) => x.storage[places[k] as number] as number)).forEach((value, k) => {
      (outputs[k] as Tensor).storage[places[inputs.length + k] as number] = value;
    });
  };
  return {
    single: (outputs, inputs) =>
      computeEntry(
        outputs,
        inputs,
        [...inputs, ...outputs].map((x) => x.offset),
      ),
    straight: (uniform) => (outputs, inputs, length) => {
      const isUniform = (k: number): boolean => k < inputs.length && (uniform & (1 << k)) !== 0;
      for (let i = 0; i < length; i++) {
        const places = [...inputs, ...outputs].map((x, k) => (isUniform(k) ? x.offset : x.offset + i));
        computeEntry(outputs, inputs, places);
      }
    },
    strided:
      () =>
      (outputs, inputs, { rows, columns, rowSteps, columnSteps }, places) => {
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            const at = places.map((place, k) => place + i * (rowSteps[k] as number) + j * (columnSteps[k] as number));
            computeEntry(outputs, inputs, at);
          }
        }
      },
  };
}
