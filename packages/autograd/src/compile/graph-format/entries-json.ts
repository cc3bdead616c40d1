import { type DType, newStorage, type Storage } from '../../core/dtype.ts';
import type { EntriesJSON } from './graph-json.ts';
import { numberFromJSON, numberToJSON } from './numbers-json.ts';
import { type Found, isList, isRecord, refuse, wholeNumber } from './reading.ts';

/** More entries than these are written as base64. */
const FEW = 16;
/** Bytes that are handed over in one call. */
const CHUNK = 8192;

export function entriesToJSON(entries: Storage): EntriesJSON {
  const [first] = entries;
  if (first !== undefined && entries.every((entry) => Object.is(entry, first))) {
    return { fill: numberToJSON(first), length: entries.length };
  }
  if (entries.length <= FEW) return { entries: Array.from(entries, numberToJSON) };
  return { base64: bytesToText(new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength)) };
}

/** The entries that stand at a place of a graph. */
export function entriesFromJSON({ json, path }: Found, dtype: DType): Storage {
  if (isRecord(json) && 'fill' in json) {
    const length = wholeNumber({ json: json.length, path: `${path}.length` });
    return newStorage(dtype, length).fill(entryAt({ json: json.fill, path: `${path}.fill` }));
  }
  if (isRecord(json) && isList(json.entries)) {
    const entries = json.entries.map((entry, i) => entryAt({ json: entry, path: `${path}.entries[${i}]` }));
    const storage = newStorage(dtype, entries.length);
    storage.set(entries);
    return storage;
  }
  const bytes = isRecord(json) && typeof json.base64 === 'string' ? bytesFromText(json.base64) : undefined;
  const size = newStorage(dtype, 1).BYTES_PER_ELEMENT;
  if (bytes === undefined || bytes.length % size !== 0) {
    return refuse({ json, path }, `a fill with a length, a list of entries, or base64 of ${size} bytes for each`);
  }
  const storage = newStorage(dtype, bytes.length / size);
  new Uint8Array(storage.buffer).set(bytes);
  return storage;
}

function entryAt(found: Found): number {
  return numberFromJSON(found.json) ?? refuse(found, 'a number, "NaN", "Infinity", "-Infinity" or "-0"');
}

function bytesToText(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
  }
  return btoa(pieces.join(''));
}

/** Undefined for what is no base64. */
function bytesFromText(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
