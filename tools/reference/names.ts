// The mechanical mapping from PyTorch's names to gradtape's, and its true exceptions.
import * as autograd from '@gradtape/autograd';
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
  return name.replace(/^_+|_+$/g, '').replace(/_([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());
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

function part(exports: Exports, name: string): Exports {
  return (exports[name] ?? {}) as Exports;
}

/** Where to look for what PyTorch keeps under a prefix; the first that matches. */
const places: readonly (readonly [prefix: string, places: readonly Exports[]])[] = [
  ['torch.nn.functional.', [autograd, nn, part(nn, 'functional')]],
  ['torch.nn.init.', [part(nn, 'init')]],
  ['torch.nn.utils.', [nn, optim]],
  ['torch.nn.', [nn]],
  ['torch.optim.', [optim]],
  ['', [autograd, nn]],
];

/** gradtape's function or class of PyTorch's name; undefined while there is none. */
export function find(operation: string): unknown {
  const name = gradtapeName(operation);
  const [, exports] = places.find(([prefix]) => operation.startsWith(prefix)) as (typeof places)[number];
  return exports.find((each) => typeof each[name] === 'function')?.[name];
}
