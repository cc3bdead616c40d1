"""Writes down the names and shapes of PyTorch's states, in their order:

    python list_states.py > ../../packages/nn/src/pytorch-states.json

Of each layer that packages/nn/src/every-layer.printed.txt shows, made in the same way; and of some that are made otherwise.
"""
import json
import pathlib
import re

import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

PRINTED = pathlib.Path(__file__).parent / '../../packages/nn/src/every-layer.printed.txt'
LITERALS = {'true': 'True', 'false': 'False', 'null': 'None'}
SMALL = {'dim_feedforward': 3, 'dropout': 0.2}
# What does not stand in one line.
CONTAINERS = {
    'MultiheadAttention': lambda: nn.MultiheadAttention(4, 2, add_bias_kv=True, add_zero_attn=True, vdim=3),
    'Sequential': lambda: nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2)),
    'Transformer': lambda: nn.Transformer(4, 2, 1, 1, **SMALL),
    'TransformerDecoder': lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, **SMALL), 2, nn.LayerNorm(4)),
    'TransformerDecoderLayer': lambda: nn.TransformerDecoderLayer(4, 2, **SMALL),
    'TransformerEncoder': lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, bias=False, **SMALL), 2),
    'TransformerEncoderLayer': lambda: nn.TransformerEncoderLayer(4, 2, **SMALL),
}
OTHERS = {
    'weightNorm(Linear)': lambda: weight_norm(nn.Linear(4, 3)),
    'weightNorm(Conv2d)': lambda: weight_norm(nn.Conv2d(2, 3, 3, bias=False), dim=1),
    'MultiheadAttention': lambda: nn.MultiheadAttention(4, 2),
    'LSTM': lambda: nn.LSTM(3, 4, 2, bidirectional=True, proj_size=2),
}


def snake_case(name):
    return re.sub(r'(?<=[a-z0-9])[A-Z]', lambda found: f'_{found[0].lower()}', name)


def make(line):
    """`Conv1d(3, 2, 3, { padding: 'same', dtype: 'float64' }) # …` as PyTorch's layer."""
    name, arguments = re.match(r'(\w+)\((.*?)\)(?: #.*)?$', line).groups()
    arguments = re.sub(r"(, )?dtype: 'float64'", '', arguments)
    arguments = re.sub(r'(\w+): ', lambda found: f'{snake_case(found[1])}=', arguments)
    arguments = re.sub(r',?\s*\{\s*\}$', '', arguments).replace('{ ', '').replace(' }', '')
    arguments = re.sub(r'\b(true|false|null)\b', lambda found: LITERALS[found[0]], arguments)
    return eval(f'nn.{name}({arguments})')


def state_of(module):
    return {name: list(x.shape) for name, x in module.state_dict().items()}


lines = [line for line in PRINTED.read_text().splitlines() if not line.startswith((' ', ')'))]
layers = {line.split('(')[0]: state_of(make(line)) for line in lines if not line.endswith('(')}
containers = {line[:-1]: state_of(CONTAINERS[line[:-1]]()) for line in lines if line.endswith('(')}
others = {name: state_of(module()) for name, module in OTHERS.items()}


def page(states):
    return ',\n'.join(f'  {json.dumps(name)}: {json.dumps(state)}' for name, state in states.items())


print(f"""{{
 "version": "{torch.__version__.split('+')[0]}",
 "layers": {{
{page({**layers, **containers})}
 }},
 "others": {{
{page(others)}
 }}
}}""")
