export { Adaline, type AdalineOptions } from './adaline.ts';
export type { LinearUnitOptions } from './linear-unit.ts';
export { Perceptron, type PerceptronOptions } from './perceptron.ts';
export type { Classes } from './samples.ts';
export { XorByFeatures, type XorByFeaturesOptions } from './xor-by-features.ts';
export { type TwoLayers, XorByTwoLayers, type XorByTwoLayersOptions } from './xor-by-two-layers.ts';
