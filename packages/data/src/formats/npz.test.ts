import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from '@gradtape/autograd';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { loadNpy, saveNpy } from './npy.ts';
import { loadNpz, readNpz, saveNpz, writeNpz } from './npz.ts';

/** What `numpy.savez` and `numpy.savez_compressed` of NumPy 2.4.6 wrote. */
const byNumpy = {
  savez:
    'UEsDBC0AAAAAAAAAIQC2jIZT//////////8FABQAYS5ucHkBABAAjAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzog' +
    'JzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgzLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
    'ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD8AAABAUEsDBC0AAAAAAAAAIQDb4AoD//////////8FABQA' +
    'Yi5ucHkBABAAgQAAAAAAAACBAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xiMScsICdmb3J0cmFuX29yZGVyJzogRmFsc2Us' +
    'ICdzaGFwZSc6ICgxLCAxKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg' +
    'ICAKAVBLAQItAy0AAAAAAAAAIQC2jIZTjAAAAIwAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQItAy0AAAAAAAAAIQDb4AoD' +
    'gQAAAIEAAAAFAAAAAAAAAAAAAACAAcMAAABiLm5weVBLBQYAAAAAAgACAGYAAAB7AQAAAAA=',
  savez_compressed:
    'UEsDBC0AAAAIAAAAIQC2jIZT//////////8FABQAYS5ucHkBABAAjAAAAAAAAABLAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6l' +
    'oG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GMGiwBxIOAFBLAwQtAAAACAAAACEA2+AKA///' +
    '////////BQAUAGIubnB5AQAQAIEAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBek2SorqOgnpZfVFKUmBefX5SS' +
    'ChJ3S8wpTgWKF2ckFqQC+RqGOgqGmjoKtQpkAy5GAFBLAQItAy0AAAAIAAAAIQC2jIZTSwAAAIwAAAAFAAAAAAAAAAAAAACAAQAA' +
    'AABhLm5weVBLAQItAy0AAAAIAAAAIQDb4AoDRwAAAIEAAAAFAAAAAAAAAAAAAACAAYIAAABiLm5weVBLBQYAAAAAAgACAGYAAAAA' +
    'AQAAAAA=',
};

test.each(Object.entries(byNumpy))('what numpy.%s wrote is read', (_, text) => {
  const { a, b, ...others } = readNpz(new Uint8Array(Buffer.from(text, 'base64')));
  expect([a.dtype, a.toArray(), b.dtype, b.toArray(), others]).toEqual(['float32', [0, 1, 2], 'bool', [[true]], {}]);
});

test('what was written is read, packed or not, and the same tensors give the same bytes', () => {
  const tensors = {
    x: tensor(Array.from({ length: 500 }, (_, i) => i % 7)),
    'layer/bias': tensor([1, 2], { dtype: 'int32' }),
  };
  const [plain, packed] = [writeNpz(tensors), writeNpz(tensors, { compressed: true })];
  expect(packed.length).toBeLessThan(plain.length / 2);
  for (const bytes of [plain, packed]) {
    const read = readNpz(bytes);
    expect(Object.keys(read)).toEqual(['x', 'layer/bias']);
    expect(read.x.toArray()).toEqual(tensors.x.toArray());
    expect([read['layer/bias'].dtype, read['layer/bias'].toArray()]).toEqual(['int32', [1, 2]]);
  }
  expect(writeNpz(tensors)).toEqual(plain);
  expect(readNpz(writeNpz({}))).toEqual({});
});

test('what is no archive, or holds another thing, is told', () => {
  expect(() => readNpz(Uint8Array.of(1, 2, 3), 'x.npz')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readNpz: x.npz is not a whole .npz file
      got:   3 bytes (invalid zip data)
      needs: a zip archive, as numpy.savez writes it
      fix:   download or write the file again; a file of one array (.npy) is read by readNpy]
  `);
  const archive = zipSync({ 'notes.txt': Uint8Array.of(104, 105) });
  expect(() => readNpz(archive, 'x.npz')).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: readNpy: notes.txt in x.npz is not a whole .npy file
      got:   bytes that begin with "hi", version undefined
      needs: \\x93NUMPY, and version 1, 2 or 3
      fix:   download or write the file again; a file of several arrays (.npz) is read by readNpz]
  `);
});

test('files are written and read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'npz-'));
  await saveNpz(join(folder, 'x.npz'), { x: tensor([1, 2]) }, { compressed: true });
  expect((await loadNpz(join(folder, 'x.npz'))).x.toArray()).toEqual([1, 2]);
  await saveNpy(join(folder, 'x.npy'), tensor([[3]]));
  expect((await loadNpy(join(folder, 'x.npy'))).toArray()).toEqual([[3]]);
  await rm(folder, { recursive: true });
  await expect(loadNpy('none.npy')).rejects.toThrow("loadNpy: 'none.npy' cannot be read");
  await expect(loadNpz('none.npz')).rejects.toThrow("loadNpz: 'none.npz' cannot be read");
});
