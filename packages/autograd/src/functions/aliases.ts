// PyTorch's second names for what has another name here. One line each: nothing is defined in this file.

export { trapezoid as trapz } from './differences.ts';
export {
  concat as cat,
  concat as concatenate,
  expand as broadcastTo,
  movedim as moveaxis,
  reshape as view,
  transpose as swapaxes,
  transpose as swapdims,
} from './movement.ts';
export { multiDot as chainMatmul } from './multi-dot.ts';
export { dot as vdot } from './products.ts';
export { vstack as rowStack } from './stacking.ts';
