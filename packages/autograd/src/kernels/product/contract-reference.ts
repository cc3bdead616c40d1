import { type Contraction, forEachEntry } from './contraction.ts';

/** The product by its definition, summed in double precision: what the fast kernel is held to, and its fallback. */
export function contractReference(task: Contraction): void {
  const { out, outRowStride, m, n, k } = task;
  const { data: aData, rowStride: aRow, columnStride: aColumn } = task.a;
  const { data: bData, rowStride: bRow, columnStride: bColumn } = task.b;
  forEachEntry(task, (outOffset, aOffset, bOffset) => {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let aAt = aOffset + i * aRow;
        let bAt = bOffset + j * bColumn;
        let sum = 0;
        for (let p = 0; p < k; p++) {
          sum += aData[aAt] * bData[bAt];
          aAt += aColumn;
          bAt += bRow;
        }
        out[outOffset + i * outRowStride + j] = sum;
      }
    }
  });
}
