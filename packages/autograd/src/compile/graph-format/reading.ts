import { fail } from '../../core/errors.ts';

/** A part of a graph's JSON, with the path to it. */
export interface Found {
  readonly json: unknown;
  readonly path: string;
}

/** Refuses a part of a graph's JSON. */
export function refuse({ json, path }: Found, needs: string): never {
  return fail('graphFromJSON', {
    got: `${inBrief(json)} at ${path}`,
    needs,
    fix: 'give what graphToJSON has written; docs/graph-format.md describes it',
  });
}

function inBrief(json: unknown): string {
  const text = JSON.stringify(json) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

export function isRecord(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function isList(json: unknown): json is unknown[] {
  return Array.isArray(json);
}

export function recordAt(found: Found): Record<string, unknown> {
  return isRecord(found.json) ? found.json : refuse(found, 'an object');
}

/** The parts of a list, each with its path. */
export function listAt({ json, path }: Found): Found[] {
  const list = isList(json) ? json : refuse({ json, path }, 'a list');
  return list.map((part, i) => ({ json: part, path: `${path}[${i}]` }));
}

/** A part of an object, with its path. */
export function partOf(found: Found, name: string): Found {
  return { json: recordAt(found)[name], path: `${found.path}.${name}` };
}

/** A whole number that is not negative. */
export function wholeNumber(found: Found): number {
  const { json } = found;
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0
    ? json
    : refuse(found, 'a whole number, 0 or more');
}

export function integer(found: Found): number {
  const { json } = found;
  return typeof json === 'number' && Number.isSafeInteger(json) ? json : refuse(found, 'a whole number');
}
