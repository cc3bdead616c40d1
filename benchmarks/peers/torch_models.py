"""PyTorch's side of five workloads, on the same bytes: torch_models.py WORKLOAD THREADS [eager|fused]

Prints the same RESULT line as `pnpm step`: `fused` takes the optimizers that step in one kernel.
"""
import json
import os
import resource
import sys
import time

WORKLOAD, THREADS = sys.argv[1], int(sys.argv[2])
VARIANT = sys.argv[3] if len(sys.argv) > 3 else 'eager'
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = str(THREADS)
# On a machine that others use, too, threads that wait busily wait for each other.
os.environ.setdefault('OMP_WAIT_POLICY', 'PASSIVE')

imported = time.perf_counter()
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

IMPORT_MS = (time.perf_counter() - imported) * 1e3
torch.set_num_threads(THREADS)
BATCHES = 8
FUSED = dict(fused=True) if VARIANT == 'fused' else {}


# The data: seeded-data.ts beside the workloads says the same.
def uniforms(seed, count):
    with np.errstate(over='ignore'):
        state = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)).astype(np.uint32)
        bits = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        bits = bits ^ (bits + (bits ^ (bits >> np.uint32(7))) * (bits | np.uint32(61)))
        return ((bits ^ (bits >> np.uint32(14))).astype(np.float64) / 4294967296).astype(np.float32)


def weights(seed, shape, fan_in):
    drawn = (uniforms(seed, int(np.prod(shape))) * 2 - 1) / np.sqrt(fan_in)
    return torch.from_numpy(drawn.astype(np.float32).reshape(shape))


def images(size):
    patterns = uniforms(7, 7840).reshape(10, 784)
    labels = np.floor(uniforms(8, BATCHES * size) * 10).astype(np.int64).reshape(BATCHES, size)
    noise = uniforms(9, BATCHES * size * 784).reshape(BATCHES, size, 784)
    pixels = (0.7 * noise + 0.3 * patterns[labels]).astype(np.float32)
    return [(torch.from_numpy(pixels[b]), torch.from_numpy(labels[b])) for b in range(BATCHES)]


def text(size=16, context=64, vocabulary=65):
    u = uniforms(15, BATCHES * size * (context + 2)).reshape(BATCHES, size, context + 2)
    characters = np.zeros((context + 1, BATCHES, size), np.int64)
    characters[0] = np.floor(u[:, :, 0] * vocabulary)
    for t in range(context):
        characters[t + 1] = (3 * characters[t] + np.where(u[:, :, t + 1] < 0.8, 1, 2)) % vocabulary
    lines = torch.from_numpy(characters).permute(1, 2, 0)
    return [(lines[b, :, :-1].contiguous(), lines[b, :, 1:].flatten()) for b in range(BATCHES)]


def seeded(model, first):
    """As `seeded` of training.ts: matrices are drawn, biases start at zero, scales at one."""
    with torch.no_grad():
        for k, (name, parameter) in enumerate(model.named_parameters()):
            if parameter.dim() > 1:
                parameter.copy_(weights(first + k, parameter.shape, parameter.numel() / parameter.shape[0]))
            else:
                parameter.fill_(1 if name.endswith('weight') else 0)
    return model


# The models.
def conv_batch_norm():
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * 7 * 7, 10))
    seeded(model, 400)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, **FUSED)
    return model, F.cross_entropy, optimizer, [(x.reshape(-1, 1, 28, 28), y) for x, y in images(32)]


class ImageReader(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 64, batch_first=True)
        self.head = nn.Linear(64, 10)

    def forward(self, rows):
        output, _ = self.lstm(rows)
        return self.head(output[:, -1])


def lstm():
    model = seeded(ImageReader(), 420)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **FUSED)
    return model, F.cross_entropy, optimizer, [(x.reshape(-1, 28, 28), y) for x, y in images(64)]


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(65, 32)
        self.gru = nn.GRU(32, 64, num_layers=2, batch_first=True)
        self.head = nn.Linear(64, 65)

    def forward(self, characters):
        output, _ = self.gru(self.embedding(characters))
        return self.head(output).flatten(0, -2)


def gru():
    model = seeded(CharacterModel(), 440)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, **FUSED)
    return model, F.cross_entropy, optimizer, text()


class ImageEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(28, 64)
        self.positions = nn.Parameter(torch.zeros(28, 64))
        layer = nn.TransformerEncoderLayer(64, 4, dim_feedforward=128, dropout=0, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.head = nn.Linear(64, 10)

    def forward(self, rows):
        x = self.project(rows) + self.positions
        return self.head(self.encoder(x).mean(1))


def transformer_encoder():
    model = seeded(ImageEncoder(), 460)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **FUSED)
    return model, F.cross_entropy, optimizer, [(x.reshape(-1, 28, 28), y) for x, y in images(32)]


def autoencoder():
    model = nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 32), nn.ReLU(),
        nn.Linear(32, 128), nn.ReLU(), nn.Linear(128, 784), nn.Sigmoid())
    seeded(model, 480)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **FUSED)
    return model, F.mse_loss, optimizer, [(x, x) for x, _ in images(128)]


MAKERS = {
    'conv-batch-norm': conv_batch_norm,
    'lstm': lstm,
    'gru': gru,
    'transformer-encoder': transformer_encoder,
    'autoencoder': autoencoder,
}


# The clock: timing.ts says the same.
def measure(step, loss):
    budget, warm_up = (float(os.environ.get(name, ms)) / 1e3 for name, ms in (('BUDGET_MS', 2000), ('WARM_MS', 800)))
    clock = time.perf_counter
    started = clock()
    step(0)
    losses = [loss()]
    first_ms = (clock() - started) * 1e3
    done = 1

    def timed():
        nonlocal done
        before = clock()
        step(done)
        elapsed = (clock() - before) * 1e3
        done += 1
        if done in (11, 51):
            losses.append(loss())
        return elapsed

    warm = clock() + warm_up
    while clock() < warm or done < 3:
        timed()
    times, wall, cpu = [], clock(), time.process_time()
    while clock() - wall < budget or len(times) < 5:
        times.append(timed())
    wall, cpu = clock() - wall, time.process_time() - cpu
    result = dict(
        peer='torch', variant=f'{VARIANT}-{THREADS}t', workload=WORKLOAD, import_ms=IMPORT_MS, version=torch.__version__,
        first_ms=first_ms, median_ms=float(np.median(times)), min_ms=min(times), mean_ms=wall * 1e3 / len(times),
        steps=len(times), total_steps=done, cpu_ratio=cpu / wall, loss_at_1_11_51=losses, lossN=loss(),
        rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print('RESULT ' + json.dumps(result))


model, loss_of, optimizer, batches = MAKERS[WORKLOAD]()
last = None


def step(i):
    global last
    x, y = batches[i % BATCHES]
    result = loss_of(model(x), y)
    optimizer.zero_grad()
    result.backward()
    optimizer.step()
    last = result.detach()


measure(step, lambda: last.item())
