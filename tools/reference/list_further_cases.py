"""Writes cases/further.json, what cases/README.md describes, of functions that came later: python list_further_cases.py"""
import json
import math
import pathlib

import torch

generator = torch.Generator().manual_seed(9)


def numbers(*shape):
    return torch.randn(shape, generator=generator, dtype=torch.float64).mul(8).round().div(4)


def flat(x):
    kinds = {torch.float64: 'float64', torch.int64: 'int64', torch.bool: 'bool'}
    return {'shape': list(x.shape), 'dtype': kinds[x.dtype], 'data': [written(entry) for entry in x.reshape(-1).tolist()]}


def written(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value).replace('nan', 'NaN').replace('inf', 'Infinity')
    return value


def case(name, inputs, **attrs):
    function = torch
    for part in name.split('.')[1:]:
        function = getattr(function, part)
    leaves = {key: x.clone().requires_grad_(x.is_floating_point()) for key, x in inputs.items()}
    lists = [leaves[key] for key in leaves if key.startswith('tensors.')]
    result = function(*lists, **attrs) if lists else function(**leaves, **attrs)
    many = isinstance(result, (list, tuple))
    outputs = {f'output.{i}': x for i, x in enumerate(result)} if many else {'output': result}
    upstream = {key: numbers(*x.shape) for key, x in outputs.items() if x.requires_grad}
    if upstream:
        sum((outputs[key] * seed).sum() for key, seed in upstream.items()).backward()
    number = sum(record['op'] == name for record in cases)
    cases.append({
        'name': f'further/{name.split(".", 1)[1]}/{number}', 'op': name, 'kind': 'op',
        'inputs': [{'name': key, **flat(x.detach()), 'requires_grad': x.requires_grad} for key, x in leaves.items()],
        'attrs': {key: written(value) for key, value in attrs.items()}, 'tags': ['extra'],
        'outputs': [{'name': key, **flat(x.detach())} for key, x in outputs.items()],
        'upstream': {key: flat(x) for key, x in upstream.items()},
        'grads': {key: flat(x.grad if x.grad is not None else torch.zeros_like(x))
                  for key, x in leaves.items() if upstream and x.requires_grad},
    })


cases = []
for shapes in ([[2, 3], [1, 1], [3, 2]], [[2], [], [2, 2]], [[0, 2], [2, 1]], [[2, 0], [1, 3]]):
    case('torch.block_diag', {f'tensors.{i}': numbers(*shape) for i, shape in enumerate(shapes)})
for shape in ([3, 5], [1, 4], [6], [4, 2]):
    case('torch.cov', {'input': numbers(*shape)})
    case('torch.cov', {'input': numbers(*shape)}, correction=0)
    case('torch.corrcoef', {'input': numbers(*shape)})
weights = {'fweights': torch.tensor([1, 3, 0, 2]), 'aweights': numbers(4).abs() + 0.5}
case('torch.cov', {'input': numbers(2, 4), **weights})
case('torch.cov', {'input': numbers(2, 4), 'fweights': weights['fweights']}, correction=2)
for p in (0, 1, 2, 3, 0.5, math.inf):
    case('torch.nn.functional.pdist', {'input': numbers(4, 3)}, p=p)
case('torch.nn.functional.pdist', {'input': torch.tensor([[1.0, 2], [1, 2], [3, 1]], dtype=torch.float64)})
case('torch.nn.functional.pdist', {'input': numbers(1, 3)})
case('torch.select_scatter', {'input': numbers(3, 4), 'src': numbers(3)}, dim=1, index=-2)
case('torch.select_scatter', {'input': numbers(2, 3, 2), 'src': numbers(3, 2)}, dim=0, index=1)
case('torch.slice_scatter', {'input': numbers(6, 2), 'src': numbers(2, 2)}, start=1, end=5, step=2)
case('torch.slice_scatter', {'input': numbers(2, 5), 'src': numbers(2, 2)}, dim=-1, start=-2)
case('torch.diagonal_scatter', {'input': numbers(3, 4), 'src': numbers(3)})
case('torch.diagonal_scatter', {'input': numbers(3, 4), 'src': numbers(2)}, offset=-1)
case('torch.diagonal_scatter', {'input': numbers(3, 2, 4), 'src': numbers(2, 2)}, offset=2, dim1=0, dim2=2)
case('torch.unravel_index', {'indices': torch.tensor([[0, 7], [23, 11]])}, shape=[2, 3, 4])
case('torch.linalg.tensorinv', {'input': numbers(4, 6, 8, 3)}, ind=2)
case('torch.linalg.tensorinv', {'input': numbers(6, 2, 3)}, ind=1)
case('torch.linalg.tensorsolve', {'input': numbers(2, 3, 6), 'other': numbers(2, 3)})
case('torch.linalg.tensorsolve', {'input': numbers(2, 6, 3), 'other': numbers(2, 3)}, dims=[1])
for name in ('hann', 'hamming', 'blackman', 'bartlett', 'kaiser'):
    for length in (0, 1, 2, 7):
        for periodic in (True, False):
            window = getattr(torch, f'{name}_window')
            output = window(length, periodic=periodic, dtype=torch.float64)
            cases.append({
                'name': f'further/{name}_window/{length}/{periodic}', 'op': f'torch.{name}_window', 'kind': 'op', 'inputs': [],
                'attrs': {'window_length': length, 'periodic': periodic, 'dtype': 'float64'}, 'tags': ['extra'],
                'outputs': [{'name': 'output', **flat(output)}], 'upstream': {}, 'grads': {},
            })

for layer in ('Embedding', 'EmbeddingBag'):
    for options in ({'max_norm': 1.5}, {'max_norm': 2.0, 'norm_type': 1.0}):
        module = getattr(torch.nn, layer)(5, 3, **options, dtype=torch.float64)
        weight = numbers(5, 3)
        module.load_state_dict({'weight': weight})
        indices = torch.tensor([[0, 3], [3, 1]])
        output = module(indices)
        seed = numbers(*output.shape)
        (output * seed).sum().backward()
        cases.append({
            'name': f'further/{layer}/{len(cases)}', 'op': f'torch.nn.{layer}', 'kind': 'module', 'training': True,
            'inputs': [{'name': 'input', **flat(indices), 'requires_grad': False}],
            'attrs': {'num_embeddings': 5, 'embedding_dim': 3, **options}, 'tags': ['extra'],
            'params': [{'name': 'weight', **flat(weight), 'requires_grad': True}],
            'outputs': [{'name': 'output', **flat(output.detach())}], 'upstream': {'output': flat(seed)},
            'grads': {'param.weight': flat(module.weight.grad)},
        })

path = pathlib.Path(__file__).parent / 'cases/further.json'
path.write_text('[\n' + ',\n'.join(json.dumps(each, allow_nan=False) for each in cases) + '\n]\n')
