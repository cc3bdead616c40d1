/** A copy of entries of so many bytes that are written in this order, in the order of this machine; or the other way. */
export function inNativeOrder(entries: Uint8Array, size: number, order: 'little' | 'big'): ArrayBuffer {
  const copy = new Uint8Array(entries);
  if (size > 1 && order !== nativeOrder()) {
    for (let at = 0; at < copy.length; at += size) copy.subarray(at, at + size).reverse();
  }
  return copy.buffer;
}

function nativeOrder(): 'little' | 'big' {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 'little' : 'big';
}
