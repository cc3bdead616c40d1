import { pixelShuffle, pixelUnshuffle, type Tensor } from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/**
 * `pixelShuffle` as a layer: `[…, C r², H, W]` becomes `[…, C, H r, W r]`. Shi et al., 2016.
 *
 * @example
 * new PixelShuffle(2).forward(zeros([1, 8, 3, 3])).shape; // [1, 2, 6, 6]
 */
export class PixelShuffle extends Layer {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super(upscaleFactor);
    this.upscaleFactor = upscaleFactor;
  }

  protected override compute(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }
}

/** `pixelUnshuffle` as a layer: `[…, C, H r, W r]` becomes `[…, C r², H, W]`. */
export class PixelUnshuffle extends Layer {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super(downscaleFactor);
    this.downscaleFactor = downscaleFactor;
  }

  protected override compute(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
}
