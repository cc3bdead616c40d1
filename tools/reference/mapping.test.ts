import { add, concat, tensor } from '@gradtape/autograd';
import { expect, test } from 'vitest';
import { parseCases } from './format.ts';
import { find, gradtapeName, optionName } from './names.ts';
import { runCase } from './run.ts';
import { arrange } from './signatures.ts';

test.each([
  ['torch.nn.functional.leaky_relu', 'leakyRelu'],
  ['torch.nn.Conv2d', 'Conv2d'],
  ['torch.nn.functional.conv_transpose2d', 'convTranspose2d'],
  ['torch.nn.utils.clip_grad_norm_', 'clipGradNorm'],
  ['torch.log_softmax', 'logSoftmax'],
  ['torch.cat', 'concat'],
])('%s is %s', (operation, name) => expect(gradtapeName(operation)).toBe(name));

test.each([
  ['keepdim', 'keepDim'],
  ['negative_slope', 'negativeSlope'],
  ['T_max', 'tMax'],
])('the option %s is %s', (name, option) => expect(optionName(name)).toBe(option));

test('finds functions, and nothing for what there is not', () => {
  expect(find('torch.add')).toBe(add);
  expect(find('torch.cat')).toBe(concat);
  expect(find('torch.no_such_function')).toBeUndefined();
  expect(find('torch.optim.add')).toBeUndefined();
});

const x = tensor([1, 2]);
const y = tensor([3]);

test.each([
  ['tensors in order', 'torch.f', { first: x, second: y }, [x, y]],
  ['a number as second operand', 'torch.f', { input: x, other: 2 }, [x, 2]],
  ['a number as first operand', 'torch.f', { exponent: x, input: 2 }, [2, x]],
  ['dims after tensors', 'torch.f', { dim: [0, 1], input: x }, [x, [0, 1]]],
  ['a list of tensors', 'torch.f', { tensors: [x, y], some_option: 1 }, [[x, y], { someOption: 1 }]],
  ['options', 'torch.f', { input: x, some_option: 1, keepdim: true }, [x, { someOption: 1, keepDim: true }]],
  ['options after a dim left out', 'torch.sum', { input: x, keepdim: true }, [x, undefined, { keepDim: true }]],
  [
    'the name of a choice',
    'torch.f',
    { some_mode: 'fan_in', path: 'bij,bjk->bik' },
    [{ someMode: 'fanIn', path: 'bij,bjk->bik' }],
  ],
  ['a list spread out', 'torch.nn.Sequential', { layers: [x, y] }, [x, y]],
  ['nothing after the last', 'torch.sum', { input: x }, [x]],
  ['one name of two', 'torch.swapaxes', { input: x, axis0: 0, axis1: 1 }, [x, 0, 1]],
  ['a dim or a tensor', 'torch.max', { input: x, other: y }, [x, y]],
  ['one bound', 'torch.clamp', { input: x, max: 1 }, [x, undefined, 1]],
])('arranges %s', (_, operation, args, arranged) => expect(arrange(operation, args)).toEqual(arranged));

const [right] = parseCases(`[{
  "name": "made/up", "kind": "op", "op": "torch.mul", "attrs": {"other": 3.0},
  "inputs": [{"name": "input", "shape": [2], "dtype": "float64", "data": [1.0, "Infinity"], "requires_grad": true}],
  "outputs": [{"name": "output", "shape": [2], "dtype": "float64", "data": [3.0, "Infinity"]}],
  "upstream": {"output": {"shape": [2], "dtype": "float64", "data": [1.0, 2.0]}},
  "grads": {"input": {"shape": [2], "dtype": "float64", "data": [3.0, 6.0]}}
}]`) as [Parameters<typeof runCase>[0]];

test('a case passes, and fails on a wrong value, gradient or error', () => {
  expect(runCase(right)).toEqual({ state: 'passed', worst: 0, complaints: [] });
  expect(runCase({ ...right, attrs: { other: 4 } }).complaints).toEqual([
    'output: got 4 at entry 0 of [2], want 3',
    'grads.input: got 8 at entry 1 of [2], want 6',
  ]);
  expect(runCase({ ...right, op: 'torch.matmul' })).toMatchObject({ state: 'failed', worst: Infinity });
  expect(runCase({ ...right, op: 'torch.no_such_function' }).state).toBe('absent');
});
