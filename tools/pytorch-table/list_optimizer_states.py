"""Writes down states of PyTorch's optimizers after three steps, and where the parameters are after two more:

    python list_optimizer_states.py > ../../packages/optim/src/pytorch-states.json
"""
import json

import torch

SETTINGS = [
    ('SGD', {'lr': 0.1}),
    ('SGD', {'lr': 0.1, 'momentum': 0.9, 'weight_decay': 0.1, 'dampening': 0.2}),
    ('Adam', {'lr': 0.1, 'weight_decay': 0.1}),
    ('Adam', {'lr': 0.1, 'amsgrad': True, 'betas': (0.8, 0.9)}),
    ('AdamW', {'lr': 0.1}),
    ('Adamax', {'lr': 0.1}),
    ('NAdam', {'lr': 0.1, 'weight_decay': 0.01, 'decoupled_weight_decay': True, 'momentum_decay': 0.1}),
    ('RAdam', {'lr': 0.1, 'betas': (0.9, 0.9)}),
    ('RMSprop', {'lr': 0.05, 'alpha': 0.9}),
    ('RMSprop', {'lr': 0.02, 'centered': True, 'momentum': 0.5, 'eps': 0.1}),
    ('Adagrad', {'lr': 1, 'lr_decay': 1e-3, 'initial_accumulator_value': 0.1}),
    ('Adadelta', {'eps': 0.1, 'weight_decay': 0.01}),
    ('ASGD', {'lr': 0.1, 'lambd': 1e-3, 't0': 2}),
    ('Rprop', {'lr': 0.1}),
]


def plain(x):
    if isinstance(x, torch.Tensor):
        return {'dtype': str(x.dtype)[6:], 'values': x.tolist()}
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    return [plain(value) for value in x] if isinstance(x, (list, tuple)) else x


def run(name, settings):
    parameters = [torch.nn.Parameter(torch.tensor(start, dtype=torch.float64)) for start in ([0.0, 8.0], 5.0, [[1.0]])]
    groups = [{'params': parameters[:2]}, {'params': parameters[2:], 'lr': 0.03}]
    optimizer = getattr(torch.optim, name)(groups, **settings)

    def steps(count):
        for _ in range(count):
            optimizer.zero_grad()
            sum(((x - 3) ** 2).sum() for x in parameters).backward()
            optimizer.step()
        return [x.tolist() for x in parameters]

    before = steps(3)
    saved = plain(optimizer.state_dict())
    return {'optimizer': name, 'settings': settings, 'before': before, 'saved': saved, 'after': steps(2)}


cases = ',\n'.join(f'  {json.dumps(run(*each))}' for each in SETTINGS)
print(f"""{{
 "version": "{torch.__version__.split('+')[0]}",
 "cases": [
{cases}
 ]
}}""")
