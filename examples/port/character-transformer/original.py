"""A character-level transformer that learns a page of "Alice's Adventures in Wonderland" (Lewis Carroll, 1865)."""
import argparse
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('--steps', type=int, default=600)
parser.add_argument('--quick', action='store_true')
args = parser.parse_args()
steps = 30 if args.quick else args.steps
torch.manual_seed(1337)

context, batch_size, width, heads, layers = 32, 16, 64, 4, 2

text = (Path(__file__).parent / 'alice.txt').read_text()
alphabet = sorted(set(text))
index_of = {character: i for i, character in enumerate(alphabet)}
data = torch.tensor([index_of[character] for character in text])
n = int(0.9 * len(data))
train_data, val_data = data[:n], data[n:]


def get_batch(data):
    ix = torch.randint(len(data) - context, (batch_size,))
    x = torch.stack([data[i:i + context] for i in ix])
    y = torch.stack([data[i + 1:i + context + 1] for i in ix])
    return x, y


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.token = nn.Embedding(len(alphabet), width)
        self.position = nn.Embedding(context, width)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.1, activation='gelu',
                                           batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, len(alphabet))
        self.register_buffer('mask', nn.Transformer.generate_square_subsequent_mask(context))
        self.apply(self.init_weights)

    def init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, idx):
        length = idx.shape[1]
        x = self.token(idx) + self.position(torch.arange(length))
        x = self.blocks(x, mask=self.mask[:length, :length], is_causal=True)
        return self.head(x)

    @torch.no_grad()
    def generate(self, idx, count):
        for _ in range(count):
            logits = self(idx[:, -context:])[:, -1]
            probabilities = F.softmax(logits / 0.8, dim=-1)
            idx = torch.cat([idx, torch.multinomial(probabilities, 1)], dim=1)
        return ''.join(alphabet[i] for i in idx[0].tolist())


def evaluate(model):
    model.eval()
    with torch.no_grad():
        losses = []
        for _ in range(4):
            x, y = get_batch(val_data)
            losses.append(F.cross_entropy(model(x).flatten(0, 1), y.flatten()).item())
    model.train()
    return sum(losses) / len(losses)


model = CharacterModel()
print(f'{sum(p.numel() for p in model.parameters())} parameters')
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.95), weight_decay=0.1)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
for step in range(steps):
    x, y = get_batch(train_data)
    logits = model(x)
    loss = F.cross_entropy(logits.flatten(0, 1), y.flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    if step % (steps // 6) == 0 or step == steps - 1:
        print(f'step {step}: train {loss.item():.4f}, validation {evaluate(model):.4f}')

model.eval()
print(model.generate(data[None, :8], 20 if args.quick else 200))
