import { entriesOf } from '../../core/shape.ts';
import { type ConvolutionSizes, multiplicationsOf } from '../convolution/sizes.ts';
import { WasmConvolution } from '../convolution/wasm-convolution.ts';
import { isNear, nearMemory } from '../wasm/near-memory.ts';
import { vectorSupport } from '../wasm/vector-support.ts';
import { LARGEST_PAGES, WorkMemory } from '../wasm/work-memory.ts';
import type { ElementType } from '../wasm/write-wasm.ts';
import { threadCount } from '../workers.ts';
import type { Contraction, FloatArray } from './contraction.ts';
import { WasmEngine } from './wasm-engine.ts';
import { WasmProduct } from './wasm-product.ts';

/** From so many multiplications on (some 80 µs for one thread), threads work together: waking one takes 40 µs. */
const WORK_FOR_TEAM = 2e6;
/** And if there are so many rows or columns to share out. */
const LINES_FOR_TEAM = 64;

/** What an engine computes. */
interface Work {
  readonly product: WasmProduct;
  /** By the calling thread only. */
  readonly productAlone: WasmProduct;
  readonly convolution: WasmConvolution;
}

/** Engines made so far; null where one cannot be had. */
type Engines = Partial<Record<ElementType, Work | null>>;
/**
 * Copies to and from a shared memory are slower, so small products have an engine of their own, unless some operand lies in the
 * shared one.
 */
const engines: { readonly alone: Engines; readonly team: Engines } = { alone: {}, team: {} };
let memory: WorkMemory | undefined;

function memoryAlone(): WorkMemory {
  memory ??= new WorkMemory({ largestPages: LARGEST_PAGES });
  return memory;
}

/** The engine for a task, made on first use; nothing where the runtime has no vectors or forbids compiling. */
export function engineFor(task: Contraction): WasmProduct | undefined {
  const { out, a, b } = task;
  const elementType = elementTypeOf(out);
  if (isLarge(task)) return workFor(elementType, true)?.product;
  const isSomeNear = isNear(out) || isNear(a.data) || isNear(b.data);
  return workFor(elementType, isSomeNear)?.productAlone;
}

/** The engine for a convolution, or for one of its transposes. */
export function convolutionFor(sizes: ConvolutionSizes, like: FloatArray): WasmConvolution | undefined {
  const isLarge = sizes.batch > 1 && multiplicationsOf(sizes) >= WORK_FOR_TEAM;
  return workFor(elementTypeOf(like), isLarge)?.convolution;
}

function elementTypeOf(like: FloatArray): ElementType {
  return like instanceof Float32Array ? 'float32' : 'float64';
}

function isLarge({ batch, m, n, k }: Contraction): boolean {
  const entries = entriesOf(batch);
  return entries * m * n * k >= WORK_FOR_TEAM && entries * Math.max(m, n) >= LINES_FOR_TEAM;
}

function workFor(elementType: ElementType, byTeam: boolean): Work | undefined {
  return (byTeam ? engine('team', elementType) : null) ?? engine('alone', elementType) ?? undefined;
}

function engine(kind: keyof typeof engines, elementType: ElementType): Work | null {
  const made = engines[kind][elementType];
  if (made !== undefined) return made;
  const making = tryToMake(kind, elementType);
  engines[kind][elementType] = making;
  return making;
}

function tryToMake(kind: keyof typeof engines, elementType: ElementType): Work | null {
  const vectors = vectorSupport();
  const threads = kind === 'team' ? threadCount() : 1;
  try {
    const memory = kind === 'team' ? nearMemory() : memoryAlone();
    if (vectors === undefined || memory === undefined) return null;
    const engine = new WasmEngine({ elementType, ...vectors, threads }, memory);
    const [product, productAlone] = [true, false].map((isTogether) => new WasmProduct(engine, isTogether));
    return { product, productAlone, convolution: new WasmConvolution(engine) };
  } catch {
    // A content policy may forbid compiling, an old machine may lack the address space.
    return null;
  }
}
