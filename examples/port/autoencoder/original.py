"""A convolutional autoencoder of MNIST with 16 numbers in the middle."""
import argparse

import torch
import torch.nn as nn
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader, Subset, random_split
from torchvision import datasets, transforms
from torchvision.utils import save_image

parser = argparse.ArgumentParser()
parser.add_argument('--epochs', type=int, default=5)
parser.add_argument('--out', default='autoencoder')
parser.add_argument('--quick', action='store_true')
args = parser.parse_args()
torch.manual_seed(0)


class Autoencoder(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 8, 3, stride=2, padding=1),
            nn.BatchNorm2d(8),
            nn.LeakyReLU(0.1),
            nn.Conv2d(8, 16, 3, stride=2, padding=1),
            nn.BatchNorm2d(16),
            nn.LeakyReLU(0.1),
            nn.Flatten(),
            nn.Linear(16 * 7 * 7, latent),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent, 16 * 7 * 7),
            nn.Unflatten(1, (16, 7, 7)),
            nn.LeakyReLU(0.1),
            nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1, output_padding=1),
            nn.BatchNorm2d(8),
            nn.LeakyReLU(0.1),
            nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1),
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


dataset = datasets.MNIST('data', train=True, download=True, transform=transforms.ToTensor())
if args.quick:
    dataset, args.epochs = Subset(dataset, range(1500)), 2
train_set, val_set = random_split(dataset, [0.9, 0.1])
train_loader = DataLoader(train_set, batch_size=100, shuffle=True, drop_last=True)
val_loader = DataLoader(val_set, batch_size=100)

model = Autoencoder()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.NAdam(model.parameters(), lr=2e-3, weight_decay=1e-5)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=args.epochs)

for epoch in range(args.epochs):
    model.train()
    train_loss = 0.0
    for x, _ in train_loader:
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(model(x), x)
        loss.backward()
        optimizer.step()
        train_loss += loss.item()
    scheduler.step()
    model.eval()
    with torch.no_grad():
        val_loss = sum(criterion(model(x), x).item() for x, _ in val_loader)
    print(f'epoch {epoch + 1}: loss {train_loss / len(train_loader):.4f}, validation {val_loss / len(val_loader):.4f}')

save_file(model.state_dict(), f'{args.out}.safetensors')
copy = Autoencoder().eval()
copy.load_state_dict(load_file(f'{args.out}.safetensors'))
with torch.no_grad():
    x = next(iter(val_loader))[0][:8]
    shown = torch.cat([x, torch.sigmoid(copy(x))])
save_image(shown, f'{args.out}.png', nrow=8)
print(f'wrote {args.out}.safetensors and {args.out}.png')
