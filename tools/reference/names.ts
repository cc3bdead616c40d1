// The mechanical mapping from PyTorch's names to gradtape's, and its true exceptions.
import * as autograd from '@gradtape/autograd';
import * as data from '@gradtape/data';
import * as nn from '@gradtape/nn';
import * as optim from '@gradtape/optim';

/** Names that gradtape says otherwise, because JavaScript or the reader would stumble, or one function does for several. */
const exceptions: Readonly<Record<string, string>> = {
  'torch.Tensor.__getitem__': 'index',
  'torch.cat': 'concat',
  'torch.var': 'variance',
  'torch.broadcast_to': 'expand',
  'torch.mm': 'matmul',
  'torch.bmm': 'matmul',
  'torch.mv': 'matmul',
  'torch.inverse': 'inv',
  'torch.chain_matmul': 'multiDot',
  'torch.linalg.norm': 'linalgNorm',
  'torch.nn.init._calculate_fan_in_and_fan_out': 'calculateFans',
};

/** Words that PyTorch writes as one and gradtape as two; and a word that is written in capitals. */
const options: Readonly<Record<string, string>> = { keepdim: 'keepDim', UPLO: 'uplo' };

/** `leaky_relu` becomes `leakyRelu`; the marks of privacy and of working in place go. */
export function camelCase(name: string): string {
  return autograd.fromPyTorchName(name.replace(/^_+|_+$/g, ''));
}

/** `T_max` becomes `tMax`. */
export function optionName(name: string): string {
  return options[name] ?? camelCase(name).replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** Choices are named as functions are: the mode `fan_in` is `fanIn`. */
export function optionValue(value: unknown): unknown {
  return typeof value === 'string' && /^[a-z][a-z0-9_]*$/.test(value) ? camelCase(value) : value;
}

/** What gradtape calls a function or class of PyTorch: the last part of its name in camelCase. */
export function gradtapeName(operation: string): string {
  return exceptions[operation] ?? camelCase(operation.slice(operation.lastIndexOf('.') + 1));
}

type Exports = Readonly<Record<string, unknown>>;

interface Place {
  readonly module: string;
  readonly exports: Exports;
  /** What stands before the names of a part of a module: `init.`. */
  readonly within?: string;
}

/** What gradtape has under a name of PyTorch's. */
export interface Located {
  readonly module: string;
  /** As it is written: `init.xavierUniform`. */
  readonly name: string;
  readonly value: unknown;
}

const [tape, layers, optimizers, datasets]: readonly Place[] = [
  { module: '@gradtape/autograd', exports: autograd },
  { module: '@gradtape/nn', exports: nn },
  { module: '@gradtape/optim', exports: optim },
  { module: '@gradtape/data', exports: data },
];

/** Where to look for what PyTorch keeps under a prefix; the first that matches. */
const places: readonly (readonly [prefix: string, places: readonly Place[]])[] = [
  ['torch.nn.functional.', [tape, layers, { module: '@gradtape/nn', exports: nn.functional, within: 'functional.' }]],
  ['torch.nn.init.', [{ module: '@gradtape/nn', exports: nn.init, within: 'init.' }]],
  ['torch.nn.utils.', [layers, optimizers]],
  ['torch.nn.', [layers]],
  ['torch.optim.', [optimizers]],
  ['torch.utils.data.', [datasets]],
  ['', [tape, layers]],
];

/** gradtape's function or class of PyTorch's name, and where it is; undefined while there is none. */
export function locate(operation: string): Located | undefined {
  const name = gradtapeName(operation);
  const [, candidates] = places.find(([prefix]) => operation.startsWith(prefix)) as (typeof places)[number];
  const place = candidates.find(({ exports }) => typeof exports[name] === 'function');
  if (place === undefined) return undefined;
  return { module: place.module, name: `${place.within ?? ''}${name}`, value: place.exports[name] };
}

/** gradtape's function or class of PyTorch's name; undefined while there is none. */
export function find(operation: string): unknown {
  return locate(operation)?.value;
}
