export { evenly } from '../verify/evenly.ts';
export { broadcastablePairs } from './broadcastable-pairs.ts';
export { type MatrixOptions, matrices } from './matrices.ts';
export {
  type NetworkActivation,
  type NetworkLoss,
  type NetworkOptions,
  networks,
  SmallNetwork,
} from './networks.ts';
export { type ShapeOptions, shapes } from './shapes.ts';
export { type TensorOptions, tensors } from './tensors.ts';
