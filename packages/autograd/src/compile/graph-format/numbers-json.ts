import type { NumberJSON } from './graph-json.ts';

/** Numbers that JSON cannot write. */
const special: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

export function numberToJSON(value: number): NumberJSON {
  for (const [name, meant] of special) if (Object.is(value, meant)) return name as NumberJSON;
  return value;
}

/** Undefined for what is no number. */
export function numberFromJSON(json: unknown): number | undefined {
  return typeof json === 'number' ? json : special.get(json);
}
