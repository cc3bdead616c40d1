// Goes on with a training that PyTorch began: its weights and its optimizer's state, from a file that in_pytorch.py wrote.
import { fileURLToPath } from 'node:url';
import { crossEntropy, noGrad, type Tensor } from '@gradtape/autograd';
import { loadSafetensors, saveSafetensors } from '@gradtape/data';
import { BatchNorm1d, Embedding, Linear, LSTM, Module, TransformerEncoderLayer, weightNorm } from '@gradtape/nn';
import { AdamW } from '@gradtape/optim';

class Tagger extends Module {
  wordEmbedding = new Embedding(12, 6, { paddingIdx: 0 });
  lstm = new LSTM(6, 4, { bidirectional: true, batchFirst: true });
  batchNorm = new BatchNorm1d(8);
  encoderLayer = new TransformerEncoderLayer(8, 2, { dimFeedforward: 8, dropout: 0, batchFirst: true });
  outProj = weightNorm(new Linear(8, 3));

  forward(words: Tensor): Tensor {
    const [x] = this.lstm.forward(this.wordEmbedding.forward(words));
    const normalized = this.batchNorm.forward(x.transpose(1, 2)).transpose(1, 2);
    return this.outProj.forward(this.encoderLayer.forward(normalized));
  }
}

/** The tensors whose names begin with `prefix`, without it. */
function within(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, x]) => [name.slice(prefix.length), x]));
}

const [path = fileURLToPath(new URL('training.safetensors', import.meta.url)), out] = process.argv.slice(2);
const { tensors, metadata } = await loadSafetensors(path);
const words = tensors.words as Tensor;

const model = new Tagger();
model.loadStateDict(within('model.', tensors), { names: 'pytorch' });
const outputs = noGrad(() => model.eval().forward(words));
const difference = outputs
  .sub(tensors.outputs as Tensor)
  .abs()
  .amax();
console.log(`outputs differ from PyTorch's by at most ${difference.item().toExponential(0)}`);

const optimizer = new AdamW(model.parameters());
const state: Record<number, Record<string, Tensor>> = {};
for (const [name, x] of Object.entries(within('optimizer.', tensors))) {
  const [place, entry] = name.split('.') as [string, string];
  state[Number(place)] = { ...state[Number(place)], [entry]: x };
}
const groups = JSON.parse(metadata.param_groups as string);
optimizer.loadStateDict({ state, param_groups: groups }, { names: 'pytorch' });

/** Trains for three steps; the losses. */
function train(): number[] {
  model.train();
  return [0, 1, 2].map(() => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(words).transpose(1, 2), words.remainder(3));
    loss.backward();
    optimizer.step();
    return loss.item();
  });
}

const losses: number[] = JSON.parse(metadata.losses as string);
for (const [i, loss] of train().entries()) {
  console.log(`step ${i + 6}: loss ${loss.toFixed(6)}, in PyTorch ${(losses[i] as number).toFixed(6)}`);
}

// And back, for python in_pytorch.py training.safetensors FILE.
if (out !== undefined) {
  const own = optimizer.stateDict({ names: 'pytorch' });
  const moments = Object.entries(own.state).flatMap(([place, entries]) =>
    Object.entries(entries).map(([name, x]) => [`optimizer.${place}.${name}`, x as Tensor] as const),
  );
  const weights = Object.entries(model.stateDict({ names: 'pytorch' })).map(
    ([name, x]) => [`model.${name}`, x] as const,
  );
  const texts = { param_groups: JSON.stringify(own.param_groups), losses: JSON.stringify(train()) };
  await saveSafetensors(out, Object.fromEntries([...weights, ...moments]), { metadata: texts });
}
