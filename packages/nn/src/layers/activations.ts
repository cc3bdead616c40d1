import {
  celu,
  elu,
  GradtapeError,
  gelu,
  glu,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logSoftmax,
  logsigmoid,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softmin,
  softplus,
  softshrink,
  softsign,
  type Tensor,
  tanh,
  tanhshrink,
  threshold,
} from '@gradtape/autograd';
import { Layer } from '../layer.ts';

/** What a function takes after its tensor. */
type Settings<F> = F extends (x: never, ...settings: infer S) => unknown ? S : never;

/** A function of a tensor that keeps its shape, as a layer. */
abstract class Activation extends Layer<{ kind: 'same'; sizes: [] }> {
  readonly #activate: (x: Tensor) => Tensor;

  constructor(activate: (x: Tensor) => Tensor, settings: readonly unknown[] = []) {
    super(...settings);
    this.#activate = activate;
  }

  protected override compute(x: Tensor): Tensor {
    return this.#activate(x);
  }
}

/** `relu` as a layer. */
export class ReLU extends Activation {
  constructor() {
    super(relu);
  }
}

/** `relu6` as a layer. */
export class ReLU6 extends Activation {
  constructor() {
    super(relu6);
  }
}

/** `selu` as a layer. */
export class SELU extends Activation {
  constructor() {
    super(selu);
  }
}

/** `silu` as a layer. */
export class SiLU extends Activation {
  constructor() {
    super(silu);
  }
}

/** `mish` as a layer. */
export class Mish extends Activation {
  constructor() {
    super(mish);
  }
}

/** `sigmoid` as a layer. */
export class Sigmoid extends Activation {
  constructor() {
    super(sigmoid);
  }
}

/** `logsigmoid` as a layer. */
export class LogSigmoid extends Activation {
  constructor() {
    super(logsigmoid);
  }
}

/** `hardsigmoid` as a layer. */
export class Hardsigmoid extends Activation {
  constructor() {
    super(hardsigmoid);
  }
}

/** `hardswish` as a layer. */
export class Hardswish extends Activation {
  constructor() {
    super(hardswish);
  }
}

/** `tanh` as a layer. */
export class Tanh extends Activation {
  constructor() {
    super(tanh);
  }
}

/** `softsign` as a layer. */
export class Softsign extends Activation {
  constructor() {
    super(softsign);
  }
}

/** `tanhshrink` as a layer. */
export class Tanhshrink extends Activation {
  constructor() {
    super(tanhshrink);
  }
}

/** `leakyRelu` as a layer: it takes what the function takes after the tensor. */
export class LeakyReLU extends Activation {
  constructor(...settings: Settings<typeof leakyRelu>) {
    super((x) => leakyRelu(x, ...settings), settings);
  }
}

/** `elu` as a layer: it takes what the function takes after the tensor. */
export class ELU extends Activation {
  constructor(...settings: Settings<typeof elu>) {
    super((x) => elu(x, ...settings), settings);
  }
}

/** `celu` as a layer: it takes what the function takes after the tensor. */
export class CELU extends Activation {
  constructor(...settings: Settings<typeof celu>) {
    super((x) => celu(x, ...settings), settings);
  }
}

/** `gelu` as a layer: it takes what the function takes after the tensor. */
export class GELU extends Activation {
  constructor(...settings: Settings<typeof gelu>) {
    super((x) => gelu(x, ...settings), settings);
  }
}

/** `softplus` as a layer: it takes what the function takes after the tensor. */
export class Softplus extends Activation {
  constructor(...settings: Settings<typeof softplus>) {
    super((x) => softplus(x, ...settings), settings);
  }
}

/** `softshrink` as a layer: it takes what the function takes after the tensor. */
export class Softshrink extends Activation {
  constructor(...settings: Settings<typeof softshrink>) {
    super((x) => softshrink(x, ...settings), settings);
  }
}

/** `hardshrink` as a layer: it takes what the function takes after the tensor. */
export class Hardshrink extends Activation {
  constructor(...settings: Settings<typeof hardshrink>) {
    super((x) => hardshrink(x, ...settings), settings);
  }
}

/** `hardtanh` as a layer: it takes what the function takes after the tensor. */
export class Hardtanh extends Activation {
  constructor(...settings: Settings<typeof hardtanh>) {
    super((x) => hardtanh(x, ...settings), settings);
  }
}

/** `softmax` as a layer: it takes what the function takes after the tensor. */
export class Softmax extends Activation {
  constructor(...settings: Settings<typeof softmax>) {
    super((x) => softmax(x, ...settings), settings);
  }
}

/** `logSoftmax` as a layer: it takes what the function takes after the tensor. */
export class LogSoftmax extends Activation {
  constructor(...settings: Settings<typeof logSoftmax>) {
    super((x) => logSoftmax(x, ...settings), settings);
  }
}

/** `softmin` as a layer: it takes what the function takes after the tensor. */
export class Softmin extends Activation {
  constructor(...settings: Settings<typeof softmin>) {
    super((x) => softmin(x, ...settings), settings);
  }
}

/** `softmax` of the channels of images, as a layer: `[N, C, height, width]` or `[C, height, width]`. */
export class Softmax2d extends Activation {
  constructor() {
    super((x) => {
      if (x.rank === 3 || x.rank === 4) return softmax(x, -3);
      throw new GradtapeError('Softmax2d: the input is no image', {
        got: `shape [${x.shape.join(', ')}]`,
        needs: '[N, C, height, width] or [C, height, width]',
        fix: 'new Softmax(dim) works along any dim',
      });
    });
  }
}

/** `threshold` as a layer: it takes what the function takes after the tensor. */
export class Threshold extends Activation {
  constructor(...settings: Settings<typeof threshold>) {
    super((x) => threshold(x, ...settings), settings);
  }
}

/** `glu` as a layer: `a σ(b)` of the two halves of a dim. Dauphin et al., 2016. */
export class GLU extends Layer {
  readonly dim: number;

  constructor(dim = -1) {
    super(dim);
    this.dim = dim;
  }

  protected override compute(x: Tensor): Tensor {
    return glu(x, this.dim);
  }
}
