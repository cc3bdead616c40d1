"""Trains a tagger for a while, and saves it with its optimizer: python in_pytorch.py training.safetensors

With a second file it goes on from what main.ts saved there.
"""
import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.parametrizations import weight_norm


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.word_embedding = nn.Embedding(12, 6, padding_idx=0)
        self.lstm = nn.LSTM(6, 4, bidirectional=True, batch_first=True)
        self.batch_norm = nn.BatchNorm1d(8)
        self.encoder_layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=8, dropout=0.0, batch_first=True)
        self.out_proj = weight_norm(nn.Linear(8, 3))

    def forward(self, words):
        x, _ = self.lstm(self.word_embedding(words))
        x = self.batch_norm(x.transpose(1, 2)).transpose(1, 2)
        return self.out_proj(self.encoder_layer(x))


def train(model, optimizer, words, steps):
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = cross_entropy(model(words).transpose(1, 2), words % 3)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


torch.manual_seed(1)
model = Tagger()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
words = torch.randint(1, 12, (4, 5))

if len(sys.argv) == 2:
    train(model, optimizer, words, 5)
    state = optimizer.state_dict()
    tensors = {f'model.{name}': x.clone() for name, x in model.state_dict().items()}
    for place, entries in state['state'].items():
        tensors.update({f'optimizer.{place}.{name}': x.clone() for name, x in entries.items()})
    model.eval()
    tensors.update({'words': words, 'outputs': model(words).detach()})
    metadata = {'param_groups': json.dumps(state['param_groups'])}
    metadata['losses'] = json.dumps(train(model.train(), optimizer, words, 3))
    save_file(tensors, sys.argv[1], metadata)
else:
    with safe_open(sys.argv[2], 'pt') as saved:
        tensors, metadata = {name: saved.get_tensor(name) for name in saved.keys()}, saved.metadata()
    model.load_state_dict({name[6:]: x for name, x in tensors.items() if name.startswith('model.')})
    state = {}
    for name, x in tensors.items():
        if name.startswith('optimizer.'):
            _, place, entry = name.split('.')
            state.setdefault(int(place), {})[entry] = x
    optimizer.load_state_dict({'state': state, 'param_groups': json.loads(metadata['param_groups'])})
    print(json.dumps({'here': train(model, optimizer, words, 3), 'in gradtape': json.loads(metadata['losses'])}))
