"""Writes down PyTorch's public names, by module: python list_names.py > pytorch-names.json

Of `torch` itself, those that have documentation, and what works on tensors without having any. Of two names that differ
by the mark of working in place, `_`, the one without it; of initializations and clipping, the one with it.
"""
import importlib
import inspect
import json

import torch

MODULES = [
    'torch', 'torch.linalg', 'torch.special', 'torch.nn', 'torch.nn.functional', 'torch.nn.init', 'torch.nn.utils',
    'torch.nn.utils.rnn', 'torch.optim', 'torch.optim.lr_scheduler', 'torch.optim.swa_utils', 'torch.utils.data',
    'torch.autograd', 'torch.autograd.functional', 'torch.func',
]
IN_PLACE = {'torch.nn.init', 'torch.nn.utils'}
CLASSES = {'torch.nn', 'torch.optim', 'torch.optim.lr_scheduler'}
# Functions on tensors that `torch` has, and documents elsewhere or not at all.
UNDOCUMENTED = {
    'adaptive_max_pool1d', 'alpha_dropout', 'batch_norm', 'binary_cross_entropy_with_logits', 'binomial', 'celu',
    'clamp_max', 'clamp_min', 'constant_pad_nd', 'cosine_embedding_loss', 'ctc_loss', 'detach', 'dropout', 'embedding',
    'embedding_bag', 'feature_alpha_dropout', 'fill', 'frobenius_norm', 'grid_sampler', 'group_norm', 'gru_cell',
    'hinge_embedding_loss', 'index_fill', 'index_put', 'instance_norm', 'kl_div', 'layer_norm', 'log_softmax', 'lstm_cell',
    'margin_ranking_loss', 'masked_fill', 'masked_scatter', 'max_pool1d', 'max_pool1d_with_indices', 'max_pool2d',
    'max_pool3d', 'nuclear_norm', 'poisson_nll_loss', 'put', 'relu', 'rms_norm', 'rnn_relu_cell', 'rnn_tanh_cell', 'rrelu',
    'rsub', 'scalar_tensor', 'selu', 'split_with_sizes', 'threshold', 'triplet_margin_loss',
}


def own(module, name, value):
    """Not imported into the module for its own use."""
    if name.startswith('_') or not callable(value):
        return False
    if module.__name__ in CLASSES and not inspect.isclass(value):
        return False
    if module.__name__ == 'torch':
        return not inspect.isclass(value) and (bool(value.__doc__) or name in UNDOCUMENTED)
    if 'torch_function' in name or name in ('Tensor', 'ScalingType', 'SwizzleType', 'assert_int_or_pair'):
        return False
    home = getattr(value, '__module__', None) or 'torch'
    return home.startswith('torch') and home.split('.')[-1] not in ('overrides', 'modules', '_jit_internal')


def names_of(path):
    module = importlib.import_module(path)
    listed = getattr(module, '__all__', None) if path != 'torch' else None
    names = [name for name in (listed or dir(module)) if own(module, name, getattr(module, name))]
    other = (lambda name: f'{name}_') if path in IN_PLACE else (lambda name: name[:-1] if name.endswith('_') else None)
    return sorted({name for name in names if other(name) not in names})


print(json.dumps({'version': torch.__version__.split('+')[0], 'names': {path: names_of(path) for path in MODULES}}, indent=1))
