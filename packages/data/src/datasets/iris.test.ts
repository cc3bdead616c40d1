import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { iris, irisFeatures, irisSpecies } from './iris.ts';

test("the flowers are those of UCI's corrected file, byte for byte", () => {
  const [measurements, species] = iris().tensors;
  const rows = measurements.toArray() as number[][];
  const lines = rows.map((row, i) => {
    const name = irisSpecies[(species.toArray() as number[])[i]];
    return `${row.map((centimetres) => centimetres.toFixed(1)).join(',')},Iris-${name}\n`;
  });
  // The file ends with an empty line.
  const md5 = createHash('md5')
    .update(`${lines.join('')}\n`)
    .digest('hex');
  expect(md5).toBe('7352471c39afdf2dad640df6dd867b72');
  expect([measurements.shape, measurements.dtype, species.dtype]).toEqual([[150, 4], 'float32', 'int32']);
  expect(irisFeatures).toHaveLength(4);
});

test("the two flowers that UCI's usual file has wrong are Fisher's", () => {
  expect(iris().get(34)[0].toArray()).toEqual([4.9, 3.1, 1.5, 0.2].map(Math.fround));
  expect(iris().get(37)[0].toArray()).toEqual([4.9, 3.6, 1.4, 0.1].map(Math.fround));
});
