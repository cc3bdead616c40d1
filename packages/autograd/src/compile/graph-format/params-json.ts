import { fail } from '../../core/errors.ts';
import type { ParamsJSON } from './graph-json.ts';
import { numberFromJSON, numberToJSON } from './numbers-json.ts';
import { isList, isRecord } from './reading.ts';

/** Stands for a number that JSON cannot write. */
const NUMBER = '$number';

/** What a primitive was given beside tensors; undefined where that is nothing. */
export function paramsToJSON(params: unknown, primitive: string): ParamsJSON | undefined {
  if (params === undefined || params === null || typeof params === 'string' || typeof params === 'boolean') {
    return params;
  }
  if (typeof params === 'number') {
    const json = numberToJSON(params);
    return typeof json === 'number' ? json : { [NUMBER]: json };
  }
  if (isList(params)) return params.map((part) => paramsToJSON(part, primitive) ?? null);
  if (isRecord(params) && Object.getPrototypeOf(params) === Object.prototype) {
    const parts = Object.entries(params).flatMap(([name, part]) => {
      const json = paramsToJSON(part, primitive);
      return json === undefined ? [] : [[name, json] as const];
    });
    return Object.fromEntries(parts);
  }
  return fail(`graphToJSON: a use of ${primitive} cannot be written`, {
    got: typeof params === 'function' ? 'a function among its parameters' : `a ${params?.constructor?.name} among them`,
    needs: 'numbers, strings, truth values, and lists and plain objects of them',
    fix: 'compute that part with operations of the library',
  });
}

export function paramsFromJSON(json: unknown): unknown {
  if (isList(json)) return json.map(paramsFromJSON);
  if (!isRecord(json)) return json;
  if (NUMBER in json) return numberFromJSON(json[NUMBER]);
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, paramsFromJSON(part)]));
}
