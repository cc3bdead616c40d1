/** Throws unless a value of an example is the one written beside it, numbers to the digits that are written. */
export function compare(value: unknown, written: unknown): void {
  const plain = asPlain(value);
  if (!equal(plain, asPlain(written)))
    throw new Error(`got ${JSON.stringify(plain)}, the example says ${JSON.stringify(written)}`);
}

function asPlain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'toArray' in value && typeof value.toArray === 'function') {
    return value.toArray();
  }
  return ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value;
}

function equal(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Object.is(a, b) || a === b || Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => equal(asPlain(x), asPlain(b[i])));
  return a === b;
}
