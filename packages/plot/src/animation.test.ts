import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { animate } from './animation.ts';
import { lineChart } from './line-chart.ts';
import { Picture } from './picture.ts';

const at = (epoch: number): Picture =>
  lineChart({ loss: [3, 2, 1, 4].slice(0, epoch + 1) }, { title: `Epoch ${epoch}` });

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(bytes: Uint8Array): Chunk[] {
  const file = Buffer.from(bytes);
  const chunks: Chunk[] = [];
  for (let start = 8; start < file.length; ) {
    const length = file.readUInt32BE(start);
    chunks.push({
      type: file.toString('latin1', start + 4, start + 8),
      data: file.subarray(start + 8, start + 8 + length),
    });
    start += 12 + length;
  }
  return chunks;
}

test('the frames are the pictures, in order, and the still image is the last one', () => {
  const pictures = [at(0), at(1), at(2)];
  const chunks = chunksOf(animate(pictures, { secondsEach: 0.25, secondsLast: 3 }).png());
  expect(chunks.slice(0, 2).map(({ type }) => type)).toEqual(['IHDR', 'acTL']);
  expect(chunks[1]?.data.readUInt32BE(0)).toBe(3);
  const controls = chunks.filter(({ type }) => type === 'fcTL');
  expect(controls.map(({ data }) => data.readUInt16BE(20) / data.readUInt16BE(22))).toEqual([0.25, 0.25, 3]);
  const sequence = chunks.filter(({ type }) => ['fcTL', 'fdAT'].includes(type)).map(({ data }) => data.readUInt32BE(0));
  expect(sequence).toEqual(sequence.map((_, k) => k));
  const pixels = (data: readonly Buffer[]): Buffer => inflateSync(Buffer.concat(data));
  const stills = pictures.map((picture) =>
    pixels(chunksOf(picture.png(1)).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))),
  );
  const frames = controls.map((control, k) => {
    const from = chunks.indexOf(control) + 1;
    const end = k + 1 < controls.length ? chunks.indexOf(controls[k + 1] as Chunk) : chunks.length - 1;
    return pixels(chunks.slice(from, end).map(({ data }) => data.subarray(4)));
  });
  expect(frames).toHaveLength(stills.length);
  for (const [k, frame] of frames.entries()) expect(frame.equals(stills[k] as Buffer)).toBe(true);
  const still = pixels(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));
  expect(still.equals(stills[2] as Buffer)).toBe(true);
});

test('an animation of a picture as a program that knows none sees it is that picture', () => {
  expect(chunksOf(animate([at(1)]).png()).map(({ type }) => type)).toEqual([
    'IHDR',
    'acTL',
    'IDAT',
    'fcTL',
    'fdAT',
    'IEND',
  ]);
});

test('what is no animation is told', () => {
  expect(() => animate([])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: animate: not pictures of an animation
      got:   no pictures
      needs: at least one picture, all of one size
      fix:   give each picture titles and keys of equally many lines]
  `);
  expect(() => animate([at(1), new Picture(at(1).svg, 1, 2)])).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: animate: not pictures of an animation
      got:   pictures of 640 × 434, 1 × 2 pixels
      needs: at least one picture, all of one size
      fix:   give each picture titles and keys of equally many lines]
  `);
  expect(() => animate([at(1)], { secondsEach: 0 })).toThrowErrorMatchingInlineSnapshot(`
    [GradtapeError: animate: not pictures of an animation
      got:   0 and 2 seconds
      needs: times above 0, at most 60 seconds
      fix:   leave them out for 0.4, and 2 for the last]
  `);
});
