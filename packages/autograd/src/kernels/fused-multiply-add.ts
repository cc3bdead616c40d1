const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const [LOW, HIGH] = isLittleEndian ? [0, 1] : [1, 0];

/**
 * a × b + c for numbers of float32, so rounded in float64 that the next rounding, to float32, gives what one rounding of the
 * exact result would: "to odd". Plain rounding may come to lie between two floats and be rounded the wrong way then.
 *
 * Source: Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b; // exact: two numbers of 24 bits
  const sum = product + c;
  const rest = sum - product;
  const error = product - (sum - rest) + (c - rest);
  if (!(Math.abs(error) > 0)) return sum; // exact, or not finite
  bits[0] = sum;
  if ((words[LOW] as number) & 1) return sum;
  if (error > 0 === sum > 0) words[LOW] = (words[LOW] as number) | 1;
  else {
    if (words[LOW] === 0) words[HIGH] = (words[HIGH] as number) - 1;
    words[LOW] = (words[LOW] as number) - 1;
  }
  return bits[0] as number;
}
