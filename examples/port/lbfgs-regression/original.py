"""Fits a damped oscillation to measurements with LBFGS, and says how sure it is of each number."""
import argparse
import math

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument('--points', type=int, default=400)
parser.add_argument('--quick', action='store_true')
args = parser.parse_args()
if args.quick:
    args.points = 60
torch.manual_seed(3)
torch.set_default_dtype(torch.float64)

true = {'amplitude': 2.0, 'decay': 0.3, 'frequency': 2.5, 'phase': 0.4}
t = torch.linspace(0, 8, args.points)
noise = 0.05


def oscillation(t, amplitude, decay, frequency, phase):
    return amplitude * torch.exp(-decay * t) * torch.cos(frequency * t + phase)


y = oscillation(t, *map(torch.tensor, true.values())) + noise * torch.randn(args.points)


class Oscillation(nn.Module):
    def __init__(self):
        super().__init__()
        self.amplitude = nn.Parameter(torch.tensor(1.0))
        self.decay = nn.Parameter(torch.tensor(0.1))
        self.frequency = nn.Parameter(torch.tensor(2.3))
        self.phase = nn.Parameter(torch.tensor(0.0))

    def forward(self, t):
        return oscillation(t, self.amplitude, self.decay, self.frequency, self.phase)


model = Oscillation()
criterion = nn.MSELoss()
optimizer = torch.optim.LBFGS(model.parameters(), lr=1, max_iter=5, history_size=10, line_search_fn='strong_wolfe')


def closure():
    optimizer.zero_grad()
    loss = criterion(model(t), y)
    loss.backward()
    return loss


for step in range(10):
    loss = optimizer.step(closure)
    print(f'step {step}: loss {loss.item():.6f}')
    largest = max(p.grad.abs().max().item() for p in model.parameters())
    if largest < 1e-6:
        break


# The covariance of the estimates is the inverse of half the sum of squares' Hessian, times the variance of the noise.
def sum_of_squares(parameters):
    return (oscillation(t, *parameters) - y).square().sum()


estimates = torch.stack([p.detach() for p in model.parameters()])
hessian = torch.autograd.functional.hessian(sum_of_squares, estimates)
variance = sum_of_squares(estimates) / (args.points - len(estimates))
errors = (torch.linalg.inv(hessian / 2).diagonal() * variance).sqrt()
for (name, value), estimate, error in zip(true.items(), estimates, errors):
    deviation = (estimate - value) / error
    print(f'{name}: {estimate:.4f} ± {error:.4f}, true {value}, {deviation:+.1f} σ')
print(f'noise: {math.sqrt(variance):.4f}, true {noise}')
