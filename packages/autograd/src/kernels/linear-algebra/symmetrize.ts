/** `½ (A + Aᵀ)`, in the place of A. */
export function symmetrize(entries: Float64Array, size: number): Float64Array {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (entries[i * size + j] + entries[j * size + i]) / 2;
      entries[i * size + j] = mean;
      entries[j * size + i] = mean;
    }
  }
  return entries;
}
