import type { Kernel } from '../../kernels/kernel.ts';
import type { NodeStage } from '../stages.ts';
import { blockKernel } from './block.ts';
import { foldedProductKernels } from './folded-product.ts';
import { gatherKernel } from './gather.ts';
import { largestKernel } from './largest.ts';
import type { NodeContext } from './node-context.ts';
import { placeKernels } from './place.ts';
import { productKernels } from './product.ts';
import { scanKernel } from './scan.ts';
import { scatterKernels } from './scatter.ts';

/** The kernels of a primitive that has a kind of loop of its own. */
export function nodeKernels(
  { node, elementType, through, folded }: NodeStage,
  program: Pick<NodeContext, 'name' | 'graph' | 'addresses' | 'tile' | 'rows'>,
): Kernel[] {
  const kind = node.primitive.kernel;
  const context = { ...program, node, elementType };
  switch (kind?.kind) {
    case 'product':
      return productKernels(context, through);
    case 'place':
      return folded ? foldedProductKernels(context, folded, through) : placeKernels(context, kind);
    case 'gather':
      return [gatherKernel(context, kind)];
    case 'scatter':
      return scatterKernels(context, kind);
    case 'largest':
      return [largestKernel(context, kind)];
    case 'scan':
      return [scanKernel(context, kind)];
    case 'block':
      return [blockKernel(context, kind)];
    default:
      throw new Error(`${node.primitive.name} has no loops of its own`);
  }
}
