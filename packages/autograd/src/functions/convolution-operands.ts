// What convolutions and their transposes take and give alike.
import { fail } from '../core/errors.ts';
import { showShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { add } from '../primitives/linear/arithmetic.ts';
import { reshape } from '../primitives/linear/reshape.ts';
import { checkFloating } from './check-dtype.ts';
import { checkSpace } from './spatial.ts';

interface Operands {
  readonly x: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor | null | undefined;
}

interface Channels {
  readonly groups: number;
  readonly channels: number;
  readonly outChannels: number;
}

/** Throws unless shapes and dtypes of the operands fit together. */
export function checkOperands(operation: string, dims: number, operands: Operands, channels: Channels): void {
  const { x, weight, bias } = operands;
  checkSpace(operation, x, dims);
  checkFloating(operation, x);
  if (weight.rank !== dims + 2) {
    fail(`${operation}: the weight has not the right number of dims`, {
      got: `weight ${showShape(weight.shape)}`,
      needs: `${dims + 2} dims: two for channels and ${dims} for the kernel`,
      fix: 'check the weight, or take the convolution of its number of dims',
    });
  }
  if (weight.dtype !== x.dtype || (bias && bias.dtype !== x.dtype)) {
    fail(`${operation}: the dtypes differ`, {
      got: `input ${x.dtype}, weight ${weight.dtype}${bias ? `, bias ${bias.dtype}` : ''}`,
      needs: 'one dtype',
      fix: `convert the input: x.to('${weight.dtype}')`,
    });
  }
  checkChannels(operation, x.shape[x.rank - dims - 1], operands, channels);
}

function checkChannels(
  operation: string,
  found: number,
  { x, weight, bias }: Operands,
  { groups, channels, outChannels }: Channels,
): void {
  const even = Number.isInteger(groups) && groups >= 1 && channels % groups === 0 && outChannels % groups === 0;
  if (found !== channels || !even) {
    fail(`${operation}: the channels do not fit`, {
      got: `input ${showShape(x.shape)}, weight ${showShape(weight.shape)}, groups ${groups}`,
      needs: even ? `${channels} channels in the input, not ${found}` : 'channels that fall into so many groups evenly',
      fix: even
        ? 'check the layer before, or the order of the dims'
        : 'take multiples of groups as numbers of channels',
    });
  }
  if (bias && (bias.rank !== 1 || bias.length !== outChannels)) {
    fail(`${operation}: the bias does not fit`, {
      got: `bias ${showShape(bias.shape)}`,
      needs: `[${outChannels}]`,
      fix: 'one entry for each output channel',
    });
  }
}

/** With a batch of one where there is none. */
export function withBatch(x: Tensor, dims: number): Tensor {
  return x.rank === dims + 2 ? x : reshape(x, [1, ...x.shape]);
}

/** The output with the bias, and without a batch where the input has none. */
export function withBias(output: Tensor, bias: Tensor | null | undefined, input: Tensor): Tensor {
  const result = output.rank === input.rank ? output : reshape(output, output.shape.slice(1));
  return bias ? add(result, reshape(bias, [bias.length, ...output.shape.slice(2).map(() => 1)])) : result;
}
