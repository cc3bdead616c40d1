/** The floors of `packages/autograd/src`, lowest first. A file imports from its own floor and from lower ones. */
export const floors: readonly (readonly string[])[] = [
  ['core'],
  ['kernels'],
  ['tape'],
  ['primitives/linear'],
  ['primitives/bilinear'],
  ['primitives/smooth'],
  ['primitives/piecewise'],
  ['primitives/index'],
  ['transforms'],
  ['functions'],
  ['registry'],
  ['fluent'],
  ['display'],
  ['verify', 'arbitraries', 'compile', 'explain'],
  ['vitest'],
  ['index'],
];

/** The packages of the workspace that each package may import. */
export const packageImports: Readonly<Record<string, readonly string[]>> = {
  autograd: [],
  nn: ['autograd'],
  optim: ['autograd'],
  data: ['autograd'],
  plot: ['autograd'],
  train: ['autograd', 'nn', 'optim', 'data', 'plot'],
  gradtape: ['autograd', 'nn', 'optim', 'data', 'plot', 'train'],
};
