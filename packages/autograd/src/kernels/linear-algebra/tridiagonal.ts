/** A symmetric tridiagonal matrix: what stands on its diagonal, and beside it. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** One shorter than the diagonal. */
  readonly beside: Float64Array;
}

/** `H = I - factor · v vᵀ`, where v is zero before `start`, and holds `vector` from there. */
interface Reflection {
  readonly start: number;
  readonly factor: number;
  readonly vector: Float64Array;
}

/** `A = Q T Qᵀ` with Q the product of the reflections. */
export interface Tridiagonalization extends Tridiagonal {
  readonly reflections: readonly Reflection[];
}

/**
 * Makes a symmetric matrix tridiagonal by Householder's reflections, column by column, reading and overwriting its lower
 * triangle. Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 8.3.1; signs as in LAPACK's dsytd2.
 */
export function tridiagonalize(entries: Float64Array, size: number): Tridiagonalization {
  const [diagonal, beside] = [new Float64Array(size), new Float64Array(Math.max(0, size - 1))];
  const reflections: Reflection[] = [];
  for (let k = 0; k < size - 1; k++) {
    const below = Float64Array.from({ length: size - k - 1 }, (_, i) => entries[(k + 1 + i) * size + k]);
    const { factor, head } = reflect(below);
    beside[k] = head;
    if (factor !== 0) {
      const reflection = { start: k + 1, factor, vector: below };
      reflectBothSides(entries, size, reflection);
      reflections.push(reflection);
    }
  }
  for (let i = 0; i < size; i++) diagonal[i] = entries[i * size + i];
  return { diagonal, beside, reflections };
}

/** The reflection that takes a vector to `[head, 0, …]`; the vector becomes that of the reflection, which begins with 1. */
function reflect(vector: Float64Array): { factor: number; head: number } {
  const first = vector[0];
  let rest = 0;
  for (let i = 1; i < vector.length; i++) rest += vector[i] * vector[i];
  vector[0] = 1;
  if (rest === 0) return { factor: 0, head: first };
  const length = Math.hypot(first, Math.sqrt(rest));
  const head = first < 0 ? length : -length;
  for (let i = 1; i < vector.length; i++) vector[i] /= first - head;
  return { factor: (head - first) / head, head };
}

/** `H A H`, in the lower triangle: `A - v wᵀ - w vᵀ` with `w = factor · (A v - ½ factor · (vᵀ A v) v)`. */
function reflectBothSides(entries: Float64Array, size: number, { start, factor, vector }: Reflection): void {
  const w = timesSymmetric(entries, size, start, vector);
  let along = 0;
  for (let i = 0; i < vector.length; i++) along += w[i] * vector[i];
  for (let i = 0; i < vector.length; i++) w[i] = factor * (w[i] - 0.5 * factor * along * vector[i]);
  for (let i = 0; i < vector.length; i++) {
    const row = (start + i) * size + start;
    const v = vector[i];
    const u = w[i];
    for (let j = 0; j <= i; j++) entries[row + j] -= v * w[j] + u * vector[j];
  }
}

/** The product of a symmetric matrix, from row and column `start` on, with a vector. */
function timesSymmetric(entries: Float64Array, size: number, start: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(vector.length);
  for (let i = 0; i < vector.length; i++) {
    const row = (start + i) * size + start;
    const factor = vector[i];
    let sum = 0;
    for (let j = 0; j < i; j++) {
      sum += entries[row + j] * vector[j];
      product[j] += factor * entries[row + j];
    }
    product[i] += sum + entries[row + i] * factor;
  }
  return product;
}

/** Applies the product of the reflections to vectors that lie one after the other. */
export function reflectBack(vectors: Float64Array, size: number, reflections: readonly Reflection[]): void {
  for (let k = reflections.length - 1; k >= 0; k--) {
    const { start, factor, vector } = reflections[k];
    for (let from = start; from < vectors.length; from += size) {
      let along = 0;
      for (let i = 0; i < vector.length; i++) along += vectors[from + i] * vector[i];
      along *= factor;
      for (let i = 0; i < vector.length; i++) vectors[from + i] -= along * vector[i];
    }
  }
}
