"""The adding problem of Hochreiter and Schmidhuber (1997): add the two numbers of a sequence that are marked."""
import argparse

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence

parser = argparse.ArgumentParser()
parser.add_argument('--steps', type=int, default=1500)
parser.add_argument('--length', type=int, default=30)
parser.add_argument('--quick', action='store_true')
args = parser.parse_args()
if args.quick:
    args.steps, args.length = 120, 8
torch.manual_seed(0)


def draw(batch, longest):
    """Sequences of numbers and marks [batch, longest, 2], their lengths, and the sums of the marked numbers."""
    numbers = torch.rand(batch, longest)
    lengths = torch.randint(longest // 2, longest + 1, (batch,))
    marks = torch.zeros(batch, longest)
    first = (torch.rand(batch) * (lengths // 2)).long()
    second = lengths // 2 + (torch.rand(batch) * (lengths - lengths // 2)).long()
    marks.scatter_(1, torch.stack([first, second], dim=1), 1.0)
    return torch.stack([numbers, marks], dim=-1), lengths, (numbers * marks).sum(1)


class Adder(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(input_size=2, hidden_size=hidden, num_layers=1, batch_first=True)
        self.head = nn.Linear(hidden, 1)
        for name, parameter in self.lstm.named_parameters():
            if 'weight_hh' in name:
                nn.init.orthogonal_(parameter)
            elif 'bias' in name:
                nn.init.zeros_(parameter)
                with torch.no_grad():
                    parameter[hidden:2 * hidden].fill_(0.5)  # remember at first

    def forward(self, sequences, lengths):
        packed = pack_padded_sequence(sequences, lengths, batch_first=True, enforce_sorted=False)
        _, (h, c) = self.lstm(packed)
        return self.head(h[-1]).squeeze(-1)


model = Adder()
criterion = nn.MSELoss()
optimizer = torch.optim.RMSprop(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=3)
total = 0.0
for step in range(1, args.steps + 1):
    sequences, lengths, sums = draw(32, args.length)
    optimizer.zero_grad()
    loss = criterion(model(sequences, lengths), sums)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
    total += loss.item()
    if step % (args.steps // 6) == 0:
        mean = total / (args.steps // 6)
        scheduler.step(mean)
        print(f'step {step}: loss {mean:.4f}, lr {scheduler.get_last_lr()[0]:.1e}')
        total = 0.0

with torch.no_grad():
    sequences, lengths, sums = draw(5, args.length)
    for guess, true in zip(model(sequences, lengths).tolist(), sums.tolist()):
        print(f'{guess:.2f} for {true:.2f}')
