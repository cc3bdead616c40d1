import { GradtapeError, type PadOptions, pad, type Shape, type ShowShape, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** `[N, C, …Space]`, with or without the batch; sizes of space are left to run time. */
type PaddedShape<Name extends string, Space extends Shape, S extends Shape> = number extends S['length']
  ? S
  : S extends readonly [infer Batch extends number, infer Channels extends number, ...Space]
    ? [Batch, Channels, ...Space]
    : S extends readonly [infer Channels extends number, ...Space]
      ? [Channels, ...Space]
      : `${Name}: expected [N, C, …space], got ${ShowShape<S>}`;

declare module '../layer.ts' {
  interface ShapeRules<P, S extends Shape> {
    padding: P extends [infer Name extends string, infer Space extends Shape] ? PaddedShape<Name, Space, S> : Shape;
  }
}

type Line = [number];
type Image = [number, number];
type Volume = [number, number, number];
/** Margins before and after each dim of space, from the last one. */
type Margins<Space extends Shape> = Space extends readonly [number, ...infer Rest extends Shape]
  ? readonly [number, number, ...Margins<Rest>]
  : readonly [];
/** One margin for all sides; or before and after each dim of space, from the last one: `[left, right, top, bottom]`. */
export type Padding<Space extends Shape> = number | Margins<Space>;

const space = ['length', 'height, width', 'depth, height, width'];

/** `pad` of the dims of space of `[N, C, …space]` or `[C, …space]`, as a layer. */
abstract class PaddingLayer<Name extends string, Space extends Shape> extends Layer<{
  kind: 'padding';
  sizes: [Name, Space];
}> {
  /** Margins before and after each dim of space, from the last one. */
  readonly padding: readonly number[];
  readonly #options: PadOptions;
  readonly #dims: number;

  /** @throws GradtapeError if the margins are not whole numbers, two for each dim of space. */
  constructor(
    dims: number,
    padding: number | readonly number[],
    options: PadOptions,
    written: readonly unknown[] = [padding],
  ) {
    super(...written);
    this.#dims = dims;
    this.#options = options;
    this.padding = typeof padding === 'number' ? new Array<number>(2 * dims).fill(padding) : padding;
    if (this.padding.length === 2 * dims && this.padding.every(Number.isInteger)) return;
    throw new GradtapeError(`${this.constructor.name}: the margins do not fit`, {
      got: JSON.stringify(padding),
      needs: `one whole number, or ${2 * dims}: before and after each dim of space, from the last one`,
      fix: ['[left, right]', '[left, right, top, bottom]', '[left, right, top, bottom, front, back]'][dims - 1],
    });
  }

  protected override compute(x: Tensor): Tensor {
    const { rank } = x;
    if (rank === this.#dims + 1 || rank === this.#dims + 2) return pad(x, this.padding, this.#options);
    throw new GradtapeError(`${this.constructor.name}: the input has not the right number of dims`, {
      got: `shape [${x.shape.join(', ')}]`,
      needs: `[N, C, ${space[this.#dims - 1]}], or [C, ${space[this.#dims - 1]}]`,
      fix: 'unsqueeze(0) adds a batch; the layers for 1d, 2d and 3d differ in the dims of space',
    });
  }
}

/** Pads the space of `[N, C, length]` with zeros. */
export class ZeroPad1d extends PaddingLayer<'ZeroPad1d', Line> {
  constructor(padding: Padding<Line>) {
    super(1, padding, {});
  }
}

/** {@link ZeroPad1d} for `[N, C, height, width]`. */
export class ZeroPad2d extends PaddingLayer<'ZeroPad2d', Image> {
  constructor(padding: Padding<Image>) {
    super(2, padding, {});
  }
}

/** {@link ZeroPad1d} for `[N, C, depth, height, width]`. */
export class ZeroPad3d extends PaddingLayer<'ZeroPad3d', Volume> {
  constructor(padding: Padding<Volume>) {
    super(3, padding, {});
  }
}

/**
 * Pads the space of `[N, C, length]` with the input mirrored at its edge, which is not repeated.
 *
 * @example
 * new ReflectionPad1d([1, 2]).forward(tensor([[1, 2, 3]])); // [[2, 1, 2, 3, 2, 1]]
 */
export class ReflectionPad1d extends PaddingLayer<'ReflectionPad1d', Line> {
  constructor(padding: Padding<Line>) {
    super(1, padding, { mode: 'reflect' });
  }
}

/** {@link ReflectionPad1d} for `[N, C, height, width]`. */
export class ReflectionPad2d extends PaddingLayer<'ReflectionPad2d', Image> {
  constructor(padding: Padding<Image>) {
    super(2, padding, { mode: 'reflect' });
  }
}

/** {@link ReflectionPad1d} for `[N, C, depth, height, width]`. */
export class ReflectionPad3d extends PaddingLayer<'ReflectionPad3d', Volume> {
  constructor(padding: Padding<Volume>) {
    super(3, padding, { mode: 'reflect' });
  }
}

/** Pads the space of `[N, C, length]` with its edge. */
export class ReplicationPad1d extends PaddingLayer<'ReplicationPad1d', Line> {
  constructor(padding: Padding<Line>) {
    super(1, padding, { mode: 'replicate' });
  }
}

/** {@link ReplicationPad1d} for `[N, C, height, width]`. */
export class ReplicationPad2d extends PaddingLayer<'ReplicationPad2d', Image> {
  constructor(padding: Padding<Image>) {
    super(2, padding, { mode: 'replicate' });
  }
}

/** {@link ReplicationPad1d} for `[N, C, depth, height, width]`. */
export class ReplicationPad3d extends PaddingLayer<'ReplicationPad3d', Volume> {
  constructor(padding: Padding<Volume>) {
    super(3, padding, { mode: 'replicate' });
  }
}

/** Pads the space of `[N, C, length]` with its other end. */
export class CircularPad1d extends PaddingLayer<'CircularPad1d', Line> {
  constructor(padding: Padding<Line>) {
    super(1, padding, { mode: 'circular' });
  }
}

/** {@link CircularPad1d} for `[N, C, height, width]`. */
export class CircularPad2d extends PaddingLayer<'CircularPad2d', Image> {
  constructor(padding: Padding<Image>) {
    super(2, padding, { mode: 'circular' });
  }
}

/** {@link CircularPad1d} for `[N, C, depth, height, width]`. */
export class CircularPad3d extends PaddingLayer<'CircularPad3d', Volume> {
  constructor(padding: Padding<Volume>) {
    super(3, padding, { mode: 'circular' });
  }
}

/** Pads the space of `[N, C, length]` with one value. */
export class ConstantPad1d extends PaddingLayer<'ConstantPad1d', Line> {
  readonly value: number;

  constructor(padding: Padding<Line>, value: number) {
    super(1, padding, { value }, [padding, value]);
    this.value = value;
  }
}

/** {@link ConstantPad1d} for `[N, C, height, width]`. */
export class ConstantPad2d extends PaddingLayer<'ConstantPad2d', Image> {
  readonly value: number;

  constructor(padding: Padding<Image>, value: number) {
    super(2, padding, { value }, [padding, value]);
    this.value = value;
  }
}

/** {@link ConstantPad1d} for `[N, C, depth, height, width]`. */
export class ConstantPad3d extends PaddingLayer<'ConstantPad3d', Volume> {
  readonly value: number;

  constructor(padding: Padding<Volume>, value: number) {
    super(3, padding, { value }, [padding, value]);
    this.value = value;
  }
}
