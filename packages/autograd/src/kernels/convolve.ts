import type { ConvolutionSizes } from './convolution/sizes.ts';
import type { ConvolutionOperands } from './convolution/wasm-convolution.ts';
import { convolutionFor } from './product/engines.ts';

export type { ConvolutionSizes } from './convolution/sizes.ts';
export type { ConvolutionOperands } from './convolution/wasm-convolution.ts';

/**
 * A convolution or one of its transposes, which fills one of the operands from the two others: y `convolve`, x
 * `convolveBack`, the weight `convolveWeight`. No size may be zero. False, with nothing done, where the runtime has no vectors
 * or an image has no room.
 */
export type Convolve = (sizes: ConvolutionSizes, operands: ConvolutionOperands) => boolean;

export const convolve: Convolve = by('convolve');
export const convolveBack: Convolve = by('convolveBack');
export const convolveWeight: Convolve = by('convolveWeight');

function by(job: 'convolve' | 'convolveBack' | 'convolveWeight'): Convolve {
  return (sizes, operands) => convolutionFor(sizes, operands.x)?.[job](sizes, operands) ?? false;
}
