// The data and first weights of the workloads, the same bytes in every contestant: uniforms of mulberry32, whose state is
// additive, so that it is written in a line in any language.

/** Uniforms in [0, 1) from a seed. */
export function uniforms(seed: number, count: number): Float32Array {
  const out = new Float32Array(count);
  let state = seed >>> 0;
  for (let i = 0; i < count; i++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    out[i] = ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  }
  return out;
}

/** Weights, uniform within `± 1/√fanIn`. */
export function weights(seed: number, count: number, fanIn: number): Float32Array {
  const bound = 1 / Math.sqrt(fanIn);
  return uniforms(seed, count).map((u) => (u * 2 - 1) * bound);
}

/** Batches that a workload goes through in turn. */
export const BATCHES = 8;

export interface LabelledBatch {
  readonly inputs: Float32Array;
  readonly labels: Int32Array;
}

const batches = <Batch>(make: (batch: number) => Batch): Batch[] => Array.from({ length: BATCHES }, (_, i) => make(i));

/** Images of 784 pixels: noise and a pattern of the class, so that a right step learns. */
export function images(size: number): LabelledBatch[] {
  const [patterns, labels, noise] = [uniforms(7, 7840), uniforms(8, BATCHES * size), uniforms(9, BATCHES * size * 784)];
  return batches((batch) => {
    const classes = Int32Array.from({ length: size }, (_, i) => Math.floor(at(labels, batch * size + i) * 10));
    const inputs = Float32Array.from({ length: size * 784 }, (_, k) => {
      const [i, pixel] = [Math.floor(k / 784), k % 784];
      return 0.7 * at(noise, batch * size * 784 + k) + 0.3 * at(patterns, at(classes, i) * 784 + pixel);
    });
    return { inputs, labels: classes };
  });
}

/** Points on two rings. */
export function rings(size = 128): LabelledBatch[] {
  const u = uniforms(11, BATCHES * size * 3);
  return batches((batch) => {
    const inputs = new Float32Array(size * 2);
    const labels = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      const k = (batch * size + i) * 3;
      const angle = 2 * Math.PI * at(u, k);
      labels[i] = at(u, k + 1) < 0.5 ? 0 : 1;
      const radius = (labels[i] === 1 ? 1 : 0.5) + 0.1 * (at(u, k + 2) - 0.5);
      inputs[2 * i] = radius * Math.cos(angle);
      inputs[2 * i + 1] = radius * Math.sin(angle);
    }
    return { inputs, labels };
  });
}

/** Sixteen points, with a label of 1 inside a circle and -1 outside. */
export function pointsInCircle(): { points: [number, number][]; labels: number[] } {
  const u = uniforms(13, 32);
  const points = Array.from({ length: 16 }, (_, i): [number, number] => [
    at(u, 2 * i) * 2 - 1,
    at(u, 2 * i + 1) * 2 - 1,
  ]);
  return { points, labels: points.map(([a, b]) => (a * a + b * b < 0.6 ? 1 : -1)) };
}

export interface TextBatch {
  readonly characters: Int32Array;
  readonly next: Int32Array;
}

/** Characters of which each follows from the one before, but for some noise. */
export function text(size = 16, context = 64, vocabulary = 65): TextBatch[] {
  const u = uniforms(15, BATCHES * size * (context + 2));
  return batches((batch) => {
    const characters = new Int32Array(size * context);
    const next = new Int32Array(size * context);
    for (let i = 0; i < size; i++) {
      const start = (batch * size + i) * (context + 2);
      let character = Math.floor(at(u, start) * vocabulary);
      for (let t = 0; t < context; t++) {
        characters[i * context + t] = character;
        character = (3 * character + (at(u, start + t + 1) < 0.8 ? 1 : 2)) % vocabulary;
        next[i * context + t] = character;
      }
    }
    return { characters, next };
  });
}

function at(array: Float32Array | Int32Array, i: number): number {
  return array[i] as number;
}
