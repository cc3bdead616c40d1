// %% [markdown] en
/*
# Rings

Two rings around one centre, which no line separates. In this notebook you train the first network of the course that has real
work to do, **from scratch**: forward pass, backward pass and descent in column notation, no tape. Then the tape does the same,
and you see that it is the same. After that you compare three ways to descend (plain, with momentum, with momentum and a rate
that is halved), each over several seeds, and find out *why* one of them is ahead. Last you see what the order of the samples does.
*/
// %% [markdown] zh
/*
# 同心圆环

两个同心圆环，任何一条直线都分不开。本篇先**从零**训练一个真正要“干活”的网络：前向、反向、梯度下降全部用列记号手写，不用计算图；
再让计算图（tape）做同样的事，看到两者完全一致。随后用多个随机种子比较三种下降方式（不带动量、带动量、带动量且学习率减半），
并弄清楚领先的那一个*为什么*领先。最后看样本的顺序有什么影响。
*/
// %%
import {
  arange,
  crossEntropy,
  fromArray,
  Generator,
  grad,
  linspace,
  log,
  manualSeed,
  noGrad,
  randn,
  softmax,
  stack,
  type Tensor,
  tanh,
  tensor,
  valueAndGrad,
  zeros,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { checkDerivation, probe } from '@gradtape/autograd/verify';
import { DataLoader, rings, TensorDataset } from '@gradtape/data';
import { CrossEntropyLoss, init, Linear, ReLU, Sequential } from '@gradtape/nn';
import {
  backpropagate,
  type DenseParameters,
  gradientStep,
  halvedLearningRate,
  heavyBallStep,
  heVariance,
  momentumStep,
  crossEntropy as notesCrossEntropy,
  softmax as notesSoftmax,
  relu,
  shiftedSoftmax,
  softmaxCrossEntropy,
  standardize,
} from '@gradtape/nn/sensitivity';
import { SGD, StepLR } from '@gradtape/optim';
import { animate, decisionBoundary, lineChart, type Picture } from '@gradtape/plot';
import { claim, median, overSeeds, show, showDiagnoses, showTable, sized, spread } from '../lesson/index.ts';

// %% [markdown] en
/*
## The data

Half of 2000 points lie around radius 1, half around radius 2, with a standard deviation of 0.1. Each coordinate is brought to
mean 0 and deviation 1,

$$x_i \leftarrow \frac{x_i - \mu_i}{\sigma_i + \epsilon}.$$

The picture has every fifth point, and the boundary that a perfect student would draw: the circle of radius 1.5.
*/
// %% [markdown] zh
/*
## 数据

2000 个点，一半在半径 1 附近，一半在半径 2 附近，标准差 0.1。每个坐标都标准化为均值 0、标准差 1：

$$x_i \leftarrow \frac{x_i - \mu_i}{\sigma_i + \epsilon}.$$

图中画出五分之一的点，以及满分学生会画出的边界：半径 1.5 的圆。
*/
// %%
/** Points as columns [2, 2000], standardised, with their classes and the deviation σ of each coordinate. */
function makeRings(seed: number): { X: Tensor; classes: Tensor; sigma: Tensor } {
  const [points, classes] = rings(2000, { inner: 1, outer: 2, noise: 0.1, generator: new Generator(seed) });
  const raw = points.t();
  const sigma = raw.std(1, { correction: 0 });
  return { X: standardize(raw, raw.mean(1), sigma, 1e-8), classes, sigma };
}

const { X, classes, sigma } = makeRings(42);
const some = arange(0, 2000, 5, { dtype: 'int32' });
const [shownPoints, shownClasses] = [X.t().indexSelect(0, some), classes.indexSelect(0, some)];
const names = { classNames: ['inner ring', 'outer ring'], xLabel: 'x₁, standardised', yLabel: 'x₂, standardised' };
const middle = Number((1.5 / sigma.mean().item()).toFixed(2));
const perfect = (grid: Float64Array, n: number): Tensor => fromArray(grid, [n, 2]).square().sum(1).sqrt();
await show(
  decisionBoundary(perfect, shownPoints, shownClasses, {
    ...names,
    title: 'Two rings',
    subtitle: 'distance from the centre, and the circle between the rings',
    threshold: middle,
    width: 440,
    height: 419,
  }),
);
// The best that a line can do: 36 directions, 41 places in each; either side may be the outer ring.
const directions = arange(0, 36).mul(Math.PI / 36);
const along = stack([directions.cos(), directions.sin()], 1).matmul(X);
const shares = linspace(-2, 2, 41)
  .toTypedArray()
  .map((place) => {
    const right = along.gt(place).eq(classes.eq(1)).to('float32').mean(1);
    return Math.max(right.amax().item(), 1 - right.amin().item());
  });
const bestLine = Math.max(...shares);
await claim({
  en: 'the coordinates are standardised, and no line has more than 70 % of the points on the right side',
  zh: '坐标已标准化；没有一条直线能把超过 70 % 的点分对',
  shows: ['rule:standardize'],
  measured: `mean ${X.mean(1).abs().amax().item().toFixed(4)}, deviation ${X.std(1, { correction: 0 }).mean().item().toFixed(4)}; the best of 36 × 41 lines: ${(100 * bestLine).toFixed(0)} %`,
  holds: X.mean(1).abs().amax().item() < 1e-5 && bestLine < 0.7 && bestLine > 0.6,
});
// %% [markdown] en
/*
## The network, and its gradients on paper

$2 \to 32 \to 16 \to 2$, ReLU, softmax and cross-entropy. Samples are columns. Forward:

$$Z_1 = W_1 X + b_1 \mathbf{1}^\top,\quad A_1 = \max(0, Z_1),\quad Z_2 = W_2 A_1 + b_2 \mathbf{1}^\top,\quad A_2 = \max(0, Z_2),\quad
Z_3 = W_3 A_2 + b_3 \mathbf{1}^\top,\quad P = \mathrm{softmax}(Z_3),$$

with the mean loss $E = -\frac{1}{m} \sum_{k,i} T_{ki} \log P_{ki}$. Backward, from the sensitivities of each sample's own loss:

$$\Delta_3 = P - T,\qquad \Delta_2 = (W_3^\top \Delta_3) \odot \mathbb{1}[Z_2 > 0],\qquad \Delta_1 = (W_2^\top \Delta_2) \odot \mathbb{1}[Z_1 > 0],$$

$$\frac{\partial E}{\partial W_l} = \frac{1}{m} \Delta_l A_{l-1}^\top,\qquad \frac{\partial E}{\partial b_l} = \frac{1}{m} \Delta_l \mathbf{1}.$$

We write both down, and let `checkDerivation` compare. A derivation does not depend on sizes, so small ones will do.
*/
// %% [markdown] zh
/*
## 网络，以及纸上的梯度

$2 \to 32 \to 16 \to 2$，ReLU，softmax 加交叉熵，样本按列排。前向：

$$Z_1 = W_1 X + b_1 \mathbf{1}^\top,\quad A_1 = \max(0, Z_1),\quad Z_2 = W_2 A_1 + b_2 \mathbf{1}^\top,\quad A_2 = \max(0, Z_2),\quad
Z_3 = W_3 A_2 + b_3 \mathbf{1}^\top,\quad P = \mathrm{softmax}(Z_3),$$

平均损失 $E = -\frac{1}{m} \sum_{k,i} T_{ki} \log P_{ki}$。反向，从每个样本自身损失的敏感度出发：

$$\Delta_3 = P - T,\qquad \Delta_2 = (W_3^\top \Delta_3) \odot \mathbb{1}[Z_2 > 0],\qquad \Delta_1 = (W_2^\top \Delta_2) \odot \mathbb{1}[Z_1 > 0],$$

$$\frac{\partial E}{\partial W_l} = \frac{1}{m} \Delta_l A_{l-1}^\top,\qquad \frac{\partial E}{\partial b_l} = \frac{1}{m} \Delta_l \mathbf{1}.$$

把两者都写下来，交给 `checkDerivation` 比较。推导与尺寸无关，小尺寸就够了。
*/
// %%
manualSeed(6);
const float64 = { dtype: 'float64' } as const;
const oneHot = (y: Tensor): Tensor => y.unsqueeze(0).eq(arange(0, 2).unsqueeze(1)).to('float64');
const [x, t] = [randn([2, 6], float64), oneHot(tensor([0, 1, 1, 0, 1, 0]))];
const column = (b: Tensor): Tensor => b.unsqueeze(1);

function loss(W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, W3: Tensor, b3: Tensor): Tensor {
  const z1 = probe('z1', W1.matmul(x).add(column(b1)));
  const z2 = probe('z2', W2.matmul(z1.relu()).add(column(b2)));
  const z3 = probe('z3', W3.matmul(z2.relu()).add(column(b3)));
  return t
    .mul(log(softmax(z3, 0)))
    .sum()
    .div(-6);
}

interface Slips {
  readonly sign?: number;
  readonly batch?: number;
  readonly isMasked?: boolean;
  readonly biasBatch?: number;
}

/** The derivation, and the slips that one makes. */
function derivedWith({ sign = 1, batch = 6, isMasked = true, biasBatch = batch }: Slips) {
  return (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, W3: Tensor, b3: Tensor) => {
    const z1 = W1.matmul(x).add(column(b1));
    const a1 = z1.relu();
    const z2 = W2.matmul(a1).add(column(b2));
    const a2 = z2.relu();
    const d3 = softmax(W3.matmul(a2).add(column(b3)), 0)
      .sub(t)
      .mul(sign);
    const d2 = W3.t().matmul(d3).mul(z2.gt(0));
    const d1 = isMasked ? W2.t().matmul(d2).mul(z1.gt(0)) : W2.t().matmul(d2);
    const [dW1, dW2, dW3] = [d1.matmul(x.t()), d2.matmul(a1.t()), d3.matmul(a2.t())].map((sum) => sum.div(batch));
    const [db1, db2, db3] = [d1, d2, d3].map((delta) => delta.sum(1).div(biasBatch));
    return { dW1, db1, dW2, db2, dW3, db3 };
  };
}

const small = {
  W1: randn([5, 2], float64),
  b1: randn([5], float64),
  W2: randn([4, 5], float64),
  b2: randn([4], float64),
  W3: randn([2, 4], float64),
  b3: randn([2], float64),
};
const report = checkDerivation(derivedWith({}), loss, small);
console.log(String(report));
await claim({
  en: 'the derivation on paper gives the gradients of the tape, for all six parameters',
  zh: '纸上的推导与计算图的梯度一致，六个参数全部如此',
  shows: ['rule:softmaxCrossEntropy.delta', 'rule:relu.derivative'],
  measured: `${report.findings.length} gradients, ${report.diagnoses.length} complaints`,
  holds: report.passed && report.findings.length === 6,
});
// %% [markdown] en
/*
### Broken on purpose

The slips that everybody makes once. Each of them trains *something*; none of them stops with an error.
*/
// %% [markdown] zh
/*
### 故意写错

人人都犯过的小错。每一个都能训练出*点什么*，没有一个会报错停下。
*/
// %%
const named = await showDiagnoses(loss, small, [
  { en: 'not divided by m', zh: '忘记除以 m', claimed: derivedWith({ batch: 1 }), named: /batch/ },
  {
    en: 'bias gradient summed, not averaged',
    zh: '偏置梯度求和而未平均',
    claimed: derivedWith({ biasBatch: 1 }),
    named: /batch/,
  },
  { en: 'T − P', zh: '写成 T − P', claimed: derivedWith({ sign: -1 }), named: /sign/ },
  { en: 'no 1[Z₁ > 0]', zh: '漏掉 1[Z₁ > 0]', claimed: derivedWith({ isMasked: false }), named: /z1/ },
]);
await claim({
  en: 'each of four slips is named',
  zh: '四种小错都被点名',
  measured: `${named} of 4`,
  holds: named === 4,
});
// %% [markdown] en
/*
## Trained from scratch

Now the network of the notes: weights of He's variance $2/\mathrm{fan}_{\mathrm{in}}$, biases 0, mini-batches of 128, descent
$W \leftarrow W - \eta\, \partial E / \partial W$ with $\eta = 10^{-2}$, 50 epochs. The rules are functions of
`@gradtape/nn/sensitivity`: `backpropagate` is the derivation above, `gradientStep` the descent. No tape records anything.
*/
// %% [markdown] zh
/*
## 从零训练

现在是讲义里的网络：权重按 He 方差 $2/\mathrm{fan}_{\mathrm{in}}$，偏置为 0，小批量 128，
$W \leftarrow W - \eta\, \partial E / \partial W$，$\eta = 10^{-2}$，50 轮。规则就是 `@gradtape/nn/sensitivity` 里的函数：
`backpropagate` 即上面的推导，`gradientStep` 即下降。计算图什么也没有记录。
*/
// %%
type Layers = readonly DenseParameters[];
interface Step {
  readonly layers: Layers;
  readonly loss: Tensor;
}

const sizes = [2, 32, 16, 2];
const initial = (seed: number): Layers => {
  manualSeed(seed);
  return sizes.slice(1).map((fanOut, l) => {
    const fanIn = sizes[l] as number;
    const W = randn([fanOut, fanIn], float64).mul(Math.sqrt(heVariance(fanIn)));
    return { W, b: zeros([fanOut], float64) };
  });
};
const rate = 1e-2;

function stepByHand(layers: Layers, X: Tensor, y: Tensor): Step {
  const [first, second, output] = layers as [DenseParameters, DenseParameters, DenseParameters];
  const hidden = [first, second].map((layer) => ({ ...layer, f: relu }));
  const { dW, db, loss } = backpropagate({ hidden, output: { ...output, pairing: softmaxCrossEntropy } }, X, oneHot(y));
  const stepped = layers.map(({ W, b }, l) => ({
    W: gradientStep(W, dW[l] as Tensor, rate),
    b: gradientStep(b, db[l] as Tensor, rate),
  }));
  return { layers: stepped, loss };
}

const scoresOf = (layers: Layers, X: Tensor): Tensor =>
  layers.reduce((a, { W, b }, l) => W.matmul(l === 0 ? a : a.relu()).add(column(b)), X);

/** Trains for 50 epochs with whoever computes the steps; `seen` is shown the network after every epoch. */
function trainFromScratch(seed: number, step: typeof stepByHand, seen?: (layers: Layers) => void): number[] {
  const { X, classes } = makeRings(seed);
  let layers = initial(seed);
  seen?.(layers);
  const loader = new DataLoader(new TensorDataset(X.t().to('float64'), classes), { batchSize: 128, shuffle: true });
  const losses: number[] = [];
  for (let epoch = 1; epoch <= 50; epoch++) {
    for (const [points, y] of loader) {
      const stepped = step(layers, points.t(), y);
      layers = stepped.layers;
      losses.push(stepped.loss.item());
    }
    seen?.(layers);
  }
  return losses;
}

const accuracyOf = (layers: Layers, X: Tensor, y: Tensor): number =>
  scoresOf(layers, X).argmax(0).eq(y).to('float64').mean().item();
const seeds = Array.from({ length: sized({ full: 8, short: 2 }) }, (_, k) => k);
const accuracies = seeds.map((seed) => {
  const { X, classes } = makeRings(seed);
  const curve: number[] = [];
  trainFromScratch(seed, compile(stepByHand), (layers) => curve.push(accuracyOf(layers, X.to('float64'), classes)));
  return curve;
});
await show(
  lineChart(
    { 'by hand': overSeeds(accuracies) },
    {
      title: 'From scratch',
      subtitle: `points in their ring: the median of ${seeds.length} seeds, and from the least to the greatest`,
      xLabel: 'epoch',
      yLabel: 'share of points classified rightly',
    },
  ),
);
const finalAccuracies = accuracies.map((curve) => 100 * (curve.at(-1) as number));
await claim({
  en: 'from scratch, 50 epochs at η = 0.01 classify more than 95 % of the points rightly, whatever the seed',
  zh: '从零实现，η = 0.01 训练 50 轮，无论种子如何，分对的点都超过 95 %',
  shows: ['rings/from-scratch', 'rule:backpropagate', 'rule:gradientStep', 'rule:heVariance', 'rule:relu'],
  measured: `${spread(finalAccuracies, 3)} %`,
  holds: Math.min(...finalAccuracies) > 95,
});
// %% [markdown] en
/*
### The tape does the same

Forward pass and loss are enough for the tape; it finds the gradients by itself. With the same weights and the same batches the
800 losses must be the same.
*/
// %% [markdown] zh
/*
### 计算图做同样的事

对计算图来说，前向和损失就够了，梯度由它自己求。初始权重相同、批次相同，800 个损失就应当相同。
*/
// %%
function stepByTape(layers: Layers, X: Tensor, y: Tensor): Step {
  const lossOf = (...flat: Tensor[]): Tensor => {
    const rebuilt = layers.map((_, l) => ({ W: flat[2 * l] as Tensor, b: flat[2 * l + 1] as Tensor }));
    return crossEntropy(scoresOf(rebuilt, X).t(), y);
  };
  const [loss, slopes] = valueAndGrad(lossOf)(...layers.flatMap(({ W, b }) => [W, b]));
  const descend = (value: Tensor, k: number): Tensor => value.sub((slopes[k] as Tensor).mul(rate));
  return { layers: layers.map(({ W, b }, l) => ({ W: descend(W, 2 * l), b: descend(b, 2 * l + 1) })), loss };
}

const snapshots: Layers[] = [];
const byHand = trainFromScratch(42, compile(stepByHand), (layers) => snapshots.push(layers));
const byTape = trainFromScratch(42, compile(stepByTape));
const apart = Math.max(...byHand.map((value, k) => Math.abs(value - (byTape[k] as number))));
const columnScores = scoresOf(snapshots[50] as Layers, X.to('float64')).select(1, 0);
await claim({
  en: 'by hand and through the tape, all 800 losses of 50 epochs are the same to rounding',
  zh: '手写与计算图，50 轮共 800 个损失在舍入误差内完全相同',
  shows: ['rings/from-scratch', 'rule:softmaxCrossEntropy.loss'],
  measured: `${byHand.length} losses, apart by less than 1e-12`,
  holds: byHand.length === 800 && apart < 1e-12,
});
// What the notes compute with: softmax with its largest score subtracted, and an ε of 1e-12 within the logarithm.
const P = notesSoftmax(columnScores);
const withEpsilon = notesCrossEntropy.forward(P, tensor([1, 0], float64), 1e-12).item();
await claim({
  en: 'the stable softmax is the softmax, and the ε in the loss of the notes changes nothing that one would see here',
  zh: '稳定版 softmax 就是 softmax；讲义损失中的 ε 在这里看不出影响',
  shows: ['rule:softmax', 'rule:shiftedSoftmax', 'rule:crossEntropy.forward'],
  measured: 'less than 1e-10 apart',
  holds:
    P.sub(shiftedSoftmax(columnScores, columnScores.amax())).abs().amax().item() < 1e-15 &&
    Math.abs(withEpsilon + Math.log(P.select(0, 0).item())) < 1e-10,
});
// %% [markdown] en
/*
### The boundary as it forms

Each ReLU of the first layer is a line in the plane, and the network is linear between these lines: the boundary is a polygon.
At first it cuts through both rings; then it closes around the inner one.
*/
// %% [markdown] zh
/*
### 边界如何形成

第一层的每个 ReLU 是平面上的一条直线，在这些直线之间网络是线性的，所以边界是一个多边形。起初它穿过两个圆环，
然后逐渐在内环外面合拢。
*/
// %%
const layersAt = (layers: Layers): ((grid: Float64Array, n: number) => Tensor) => {
  return (grid, n) => softmax(scoresOf(layers, fromArray(grid, [n, 2]).t()), 0).select(0, 1);
};
const shownEpochs = sized({ full: [0, 1, 2, 3, 5, 8, 12, 16, 20, 30, 40, 50], short: [0, 50] });
await show(
  animate(
    shownEpochs.map((epoch) =>
      decisionBoundary(layersAt(snapshots[epoch] as Layers), shownPoints, shownClasses, {
        ...names,
        title: `From scratch, epoch ${epoch}`,
        subtitle: 'probability of the outer ring',
        resolution: 70,
        width: 400,
        height: 379,
      }),
    ),
    { secondsEach: 0.7 },
  ),
);
const accuracyAt = (epoch: number): number => accuracyOf(snapshots[epoch] as Layers, X.to('float64'), classes);
await claim({
  en: 'the boundary closes around the inner ring',
  zh: '边界在内环之外合拢',
  shows: ['rings/boundary'],
  measured: [0, 5, 20, 50].map((epoch) => `epoch ${epoch}: ${(100 * accuracyAt(epoch)).toFixed(0)} %`).join(', '),
  holds: accuracyAt(50) > 0.95 && accuracyAt(50) > accuracyAt(5),
});
// %% [markdown] en
/*
## A, B or C?

Three ways down, everything else the same (2-32-16-2, batches of 128, 30 epochs, shuffled each epoch):

| | momentum $\gamma$ | learning rate $\alpha$ |
| --- | --- | --- |
| A | none | $10^{-2}$ |
| B | 0.9 | $5 \cdot 10^{-3}$ |
| C | 0.9 | $10^{-2}$, halved every 10 epochs: $\alpha_t = \alpha \, (1/2)^{\lfloor t/10 \rfloor}$ |

The notes expect C to be the steadiest and the best. Before you run it: what do *you* expect, and how large are the differences
between seeds?
*/
// %% [markdown] zh
/*
## A、B、C 谁更好？

三种下降方式，其余完全相同（2-32-16-2，小批量 128，30 轮，每轮打乱）：

| | 动量 $\gamma$ | 学习率 $\alpha$ |
| --- | --- | --- |
| A | 无 | $10^{-2}$ |
| B | 0.9 | $5 \cdot 10^{-3}$ |
| C | 0.9 | $10^{-2}$，每 10 轮减半：$\alpha_t = \alpha \, (1/2)^{\lfloor t/10 \rfloor}$ |

讲义预期 C 最稳、最优。运行之前先想一想：*你*预期如何？不同种子之间的差别有多大？
*/
// %%
interface Setting {
  readonly rate: number;
  readonly momentum?: number;
  /** After how many epochs the rate is halved. */
  readonly halvedEvery?: number;
  readonly order?: 'shuffled' | 'fixed' | 'by class';
  readonly rateInVelocity?: boolean;
}
interface Run {
  readonly model: Sequential;
  /** Of all points, after each epoch. */
  readonly losses: readonly number[];
  readonly accuracy: number;
  /** Of each batch, as it was trained with. */
  readonly batchLosses: readonly number[];
  readonly rates: readonly number[];
}

function makeModel(): Sequential {
  const layers = [new Linear(2, 32), new Linear(32, 16), new Linear(16, 2)] as const;
  for (const { weight } of layers.slice(0, 2)) init.kaimingNormal(weight, { nonlinearity: 'relu' });
  init.xavierNormal(layers[2].weight);
  for (const { bias } of layers) init.zeros(bias);
  return new Sequential(layers[0], new ReLU(), layers[1], new ReLU(), layers[2]);
}

/** Trains for 30 epochs. */
function train(seed: number, setting: Setting, seen?: (model: Sequential) => void): Run {
  const { rate, momentum = 0, halvedEvery, order = 'shuffled', rateInVelocity = false } = setting;
  const { X, classes } = makeRings(seed);
  const points = X.t();
  manualSeed(seed);
  const model = makeModel();
  const criterion = new CrossEntropyLoss();
  const optimizer = new SGD(model.parameters(), { lr: rate, momentum, rateInVelocity });
  const schedule = new StepLR(optimizer, { stepSize: halvedEvery ?? 1000, gamma: 0.5 });
  const step = compile((x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const places = order === 'by class' ? classes.argsort() : arange(0, 2000, 1, { dtype: 'int32' });
  const dataset = new TensorDataset(points.indexSelect(0, places), classes.indexSelect(0, places));
  const loader = new DataLoader(dataset, { batchSize: 128, shuffle: order === 'shuffled' });
  const all = compile((x: Tensor, y: Tensor) => {
    const scores = model.forward(x);
    return { loss: criterion.forward(scores, y), accuracy: scores.argmax(1).eq(y).to('float32').mean() };
  });
  const [losses, batchLosses, rates]: number[][] = [[], [], []];
  seen?.(model);
  for (let epoch = 0; epoch < 30; epoch++) {
    rates.push(optimizer.paramGroups[0].lr);
    for (const [x, y] of loader) batchLosses.push(step(x, y).item());
    schedule.step();
    losses.push(noGrad(() => all(points, classes).loss.item()));
    seen?.(model);
  }
  const accuracy = noGrad(() => all(points, classes).accuracy.item());
  step.dispose();
  all.dispose();
  return { model, losses, accuracy, batchLosses, rates };
}

const A: Setting = { rate: 1e-2 };
const B: Setting = { rate: 5e-3, momentum: 0.9 };
const C: Setting = { rate: 1e-2, momentum: 0.9, halvedEvery: 10 };
const overAllSeeds = (setting: Setting): Run[] => seeds.map((seed) => train(seed, setting));
const runs = { A: overAllSeeds(A), B: overAllSeeds(B), C: overAllSeeds(C) };
const lossCurves = (some: Readonly<Record<string, readonly Run[]>>) =>
  Object.fromEntries(
    Object.entries(some).map(([name, runs]) => [
      name,
      overSeeds(
        runs.map(({ losses }) => losses),
        epochs,
      ),
    ]),
  );
const epochs = Array.from({ length: 30 }, (_, k) => k + 1);
const perSeeds = `the median of ${seeds.length} seeds, and from the least to the greatest`;
lineChart(lossCurves(runs), {
  title: 'Three ways down',
  subtitle: `loss of all points: ${perSeeds}`,
  xLabel: 'epoch',
  yLabel: 'cross-entropy, nats',
  yScale: 'log',
});
// %% [markdown] en
/*
### How smooth is a boundary?

That needs a measure. From the centre we look in 360 directions for the place where both classes have the same score. Of this
closed curve we take

- its **roundness**: the standard deviation of the radius, in percent of its mean (0 for a circle), and
- its **turning**: the sum of the absolute angles by which its direction changes, in full turns. A curve that is convex turns
  exactly once; every dent adds to that.
*/
// %% [markdown] zh
/*
### 边界有多平滑？

这需要一个度量。从中心向 360 个方向看，找到两类得分相等的位置，对这条闭合曲线取两个量：

- **圆度**：半径的标准差与均值之比，用百分数表示（圆为 0）；
- **转角**：方向变化角的绝对值之和，以整圈为单位。凸曲线恰好转一圈，每有一处凹陷就会变大。
*/
// %%
const [angles, radii, reach] = [360, 240, 3];
const rays = new Float32Array(2 * angles * radii);
for (let i = 0; i < angles; i++) {
  for (let j = 0; j < radii; j++) {
    const [radius, angle] = [(reach * (j + 1)) / radii, (2 * Math.PI * i) / angles];
    rays.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * (i * radii + j));
  }
}
const rayPoints = fromArray(rays, [angles * radii, 2]);

/** How far the boundary is from the centre in each direction: the first change from the inner class to the outer one. */
function boundaryRadii(model: Sequential): number[] {
  const scores = noGrad(() => model.forward(rayPoints));
  const margin = scores.select(1, 1).sub(scores.select(1, 0)).reshape([angles, radii]).toArray() as number[][];
  return margin.map((along) => {
    const j = along.findIndex((value, k) => k > 0 && value >= 0 && (along[k - 1] as number) < 0);
    const [before, after] = [along[j - 1] as number, along[j] as number];
    return (reach / radii) * (j + before / (before - after));
  });
}

function shapeOf(model: Sequential): { roundness: number; turning: number } {
  const radius = boundaryRadii(model);
  const mean = radius.reduce((sum, r) => sum + r, 0) / angles;
  const variance = radius.reduce((sum, r) => sum + (r - mean) ** 2, 0) / angles;
  const at = (i: number): [number, number] => {
    const r = radius[i % angles] as number;
    return [r * Math.cos((2 * Math.PI * i) / angles), r * Math.sin((2 * Math.PI * i) / angles)];
  };
  const direction = (i: number): number => Math.atan2(at(i + 1)[1] - at(i)[1], at(i + 1)[0] - at(i)[0]);
  const bends = radius.map((_, i) => Math.abs(Math.sin((direction(i + 1) - direction(i)) / 2)));
  const turning = bends.reduce((sum, bend) => sum + 2 * Math.asin(bend), 0) / (2 * Math.PI);
  return { roundness: (100 * Math.sqrt(variance)) / mean, turning };
}

/** How much the loss changes from one batch to the next, in the last ten epochs. */
function jitter({ batchLosses }: Run): number {
  const last = batchLosses.slice(-160);
  return last.slice(1).reduce((sum, loss, k) => sum + Math.abs(loss - (last[k] as number)), 0) / 159;
}

const lastLosses = (some: readonly Run[]): number[] => some.map(({ losses }) => losses.at(-1) as number);
const rowOf = (name: string, some: readonly Run[]): string[] => [
  name,
  spread(lastLosses(some)),
  spread(
    some.map(({ accuracy }) => 100 * accuracy),
    3,
  ),
  spread(some.map(jitter)),
  spread(some.map(({ model }) => shapeOf(model).roundness)),
  spread(some.map(({ model }) => shapeOf(model).turning)),
];
const tableHead = [
  '',
  'final loss, nats',
  'accuracy, %',
  'change from batch to batch, nats',
  'roundness, %',
  'turning, turns',
];
await showTable(
  tableHead,
  Object.entries(runs).map(([name, some]) => rowOf(name, some)),
);
const [lossA, lossB, lossC] = [runs.A, runs.B, runs.C].map(lastLosses) as [number[], number[], number[]];
const winsOfC = lossC.filter((loss, k) => loss < (lossB[k] as number)).length;
const turnings = [runs.A, runs.B, runs.C].map((some) => median(some.map(({ model }) => shapeOf(model).turning)));
const [turningA = 0, turningB = 0, turningC = 0] = turnings;
await claim({
  en: 'C has the lowest loss for most seeds, B is close behind, A far: ten times as much',
  zh: '多数种子下 C 的损失最低，B 紧随其后，A 远远落后：大约十倍',
  shows: ['rings/abc'],
  measured: `final loss A ${spread(lossA)}, B ${spread(lossB)}, C ${spread(lossC)}; C below B for ${winsOfC} of ${seeds.length} seeds`,
  holds: winsOfC > seeds.length / 2 && median(lossA) > 8 * median(lossC) && median(lossB) < 1.6 * median(lossC),
});
await claim({
  en: 'the boundary of A is the roughest; those of B and C are equally smooth',
  zh: 'A 的边界最粗糙；B 与 C 的边界同样平滑',
  shows: ['rings/abc', 'rings/boundary'],
  measured: `turns, the medians: A ${turningA.toFixed(1)}, B ${turningB.toFixed(1)}, C ${turningC.toFixed(1)}`,
  holds: turningA > 1.4 * turningC && Math.abs(turningB - turningC) < 0.15,
  documentSays: {
    en: 'by its curve and the smoothness of its boundary, C is usually the steadiest and the best',
    zh: '观察收敛曲线与决策边界平滑度：C 通常最稳最优',
  },
});
// %%
const framesAt = sized({ full: [0, 1, 2, 4, 7, 10, 15, 20, 30], short: [0, 30] });
const frames = (name: string, setting: Setting): Picture[] => {
  const pictures: Picture[] = [];
  let epoch = 0;
  train(0, setting, (model) => {
    if (framesAt.includes(epoch)) {
      const classify = (grid: Float64Array, n: number): Tensor =>
        noGrad(() => softmax(model.forward(fromArray(grid, [n, 2]).to('float32')), 1).select(1, 1));
      pictures.push(
        decisionBoundary(classify, pointsOfSeed.points, pointsOfSeed.classes, {
          ...names,
          title: `${name}, epoch ${epoch}`,
          subtitle: 'probability of the outer ring',
          resolution: 60,
          width: 360,
          height: 339,
        }),
      );
    }
    epoch++;
  });
  return pictures;
};
const seedZero = makeRings(0);
const pointsOfSeed = { points: seedZero.X.t().indexSelect(0, some), classes: seedZero.classes.indexSelect(0, some) };
await show(
  animate(frames('A: no momentum', A), { secondsEach: 0.8 }),
  animate(frames('C: momentum, halved', C), { secondsEach: 0.8 }),
);
// %% [markdown] en
/*
## Why is C ahead?

Momentum is a ball that rolls: each gradient goes into a velocity, and the velocity into the parameters,

$$\mathbf{v} \leftarrow \gamma \mathbf{v} - \alpha \nabla_\theta J, \qquad \theta \leftarrow \theta + \mathbf{v}.$$

```mermaid
flowchart LR
  g["gradient g"] --> v["velocity v ← γ v − α g"] --> theta["parameters θ ← θ + v"]
  v -- "γ" --> v
  theta -- "next batch" --> g
```

A gradient that stays the same for a while is added up: $-\alpha g\,(1 + \gamma + \gamma^2 + \dots) = -\frac{\alpha}{1 - \gamma}\, g$.
So with $\gamma = 0.9$ the steps are **ten times** as long as $\alpha$ says. Were A, B and C compared fairly? Let us give plain
descent those long steps, too, and momentum a rate that is not halved.
*/
// %% [markdown] zh
/*
## C 为什么领先？

动量就像滚动的小球：梯度先进入速度，速度再进入参数，

$$\mathbf{v} \leftarrow \gamma \mathbf{v} - \alpha \nabla_\theta J, \qquad \theta \leftarrow \theta + \mathbf{v}.$$

```mermaid
flowchart LR
  g["梯度 g"] --> v["速度 v ← γ v − α g"] --> theta["参数 θ ← θ + v"]
  v -- "γ" --> v
  theta -- "下一批" --> g
```

如果梯度在一段时间内不变，它会累加起来：$-\alpha g\,(1 + \gamma + \gamma^2 + \dots) = -\frac{\alpha}{1 - \gamma}\, g$。
所以 $\gamma = 0.9$ 时，实际步长是 $\alpha$ 的**十倍**。A、B、C 的比较公平吗？下面让不带动量的下降也走同样长的步子，
再加一个学习率不减半的动量。
*/
// %%
const fair = {
  'plain, 0.1': overAllSeeds({ rate: 0.1 }),
  'γ = 0.9, 0.01': overAllSeeds({ rate: 0.01, momentum: 0.9 }),
};
/** α / (1 − γ) added up over the epochs: how far a steady gradient has been followed. */
const followed = (runs: readonly Run[], gamma: number): number[] => {
  let sum = 0;
  return (runs[0] as Run).rates.map((rate) => {
    sum += rate / (1 - gamma);
    return sum;
  });
};
await showTable(
  tableHead,
  Object.entries({ ...runs, ...fair }).map(([name, some]) => rowOf(name, some)),
);
const gammas: Record<string, number> = { A: 0, B: 0.9, C: 0.9, 'plain, 0.1': 0, 'γ = 0.9, 0.01': 0.9 };
await show(
  lineChart(
    Object.fromEntries(
      Object.entries({ ...runs, ...fair }).map(([name, some]) => [
        name,
        overSeeds(
          some.map(({ losses }) => losses),
          followed(some, gammas[name] as number),
        ),
      ]),
    ),
    {
      title: 'One curve for all',
      subtitle: `loss of all points over the way that a steady gradient is followed: ${perSeeds}`,
      xLabel: 'α / (1 − γ), added up over the epochs',
      yLabel: 'cross-entropy, nats',
      yScale: 'log',
      xScale: 'log',
    },
  ),
);
const [lossPlain, lossMomentum] = [fair['plain, 0.1'], fair['γ = 0.9, 0.01']].map(lastLosses) as [number[], number[]];
await claim({
  en: 'with steps as long, plain descent is as good as momentum, and both are better than C, whose halving comes too early',
  zh: '步长同样长时，不带动量的下降与动量一样好，且两者都优于 C：它减半得太早',
  shows: ['rings/abc', 'rule:halvedLearningRate'],
  measured: `final loss: plain 0.1 ${spread(lossPlain)}, γ = 0.9 at 0.01 ${spread(lossMomentum)}, C ${spread(lossC)}`,
  holds:
    Math.abs(Math.log(median(lossPlain) / median(lossMomentum))) < Math.log(1.5) &&
    median(lossPlain) < 0.7 * median(lossC) &&
    median(lossMomentum) < 0.7 * median(lossC) &&
    runs.C[0]?.rates.every((rate, t) => rate === halvedLearningRate(0.01, t, 10)) === true,
  documentSays: {
    en: 'momentum with a schedule lowers the loss more steadily and faster',
    zh: '有动量 + LR 调度的组合，loss 降得更稳、更快',
  },
});
const [jitterPlain = 0, jitterMomentum = 0] = Object.values(fair).map((some) => median(some.map(jitter)));
await claim({
  en: 'with steps as long, momentum does not make the loss fluctuate less from batch to batch',
  zh: '步长同样长时，动量并没有让损失在批次之间波动得更小',
  shows: ['rings/abc'],
  measured: `change from batch to batch, the medians: plain 0.1 ${jitterPlain.toFixed(4)}, γ = 0.9 at 0.01 ${jitterMomentum.toFixed(4)}`,
  holds: jitterMomentum > 0.8 * jitterPlain,
  documentSays: { en: 'momentum reduces the oscillation', zh: '动量能减少震荡' },
});
// %% [markdown] en
/*
Does that mean that momentum is good for nothing? No: on *this* problem no direction is much steeper than the others, so that plain
descent can simply take longer steps. In a narrow valley it cannot; that is a later notebook.
*/
// %% [markdown] zh
/*
这是否说明动量没用？不是：在*这个*问题上，没有哪个方向比其它方向陡得多，普通下降只要迈大步就行。
而在狭长的沟壑里它做不到，那是后面一本笔记的内容。
*/
// %% [markdown] en
/*
### Two ways to write momentum

The notes write it twice: with the rate inside of the velocity (above), and outside, $v \leftarrow \mu v + \nabla E$,
$W \leftarrow W - \eta v$. While the rate stays, both are the same. When it is halved, they part: inside, the old velocity goes on at
the old rate; outside, all of it is slowed down at once.
*/
// %% [markdown] zh
/*
### 动量的两种写法

讲义里有两种写法：学习率在速度之内（如上），以及在速度之外，$v \leftarrow \mu v + \nabla E$，$W \leftarrow W - \eta v$。
学习率不变时两者相同；一旦减半就会分开：在内的写法，旧速度仍按旧学习率前进；在外的写法，整个速度立刻变慢。
*/
// %%
const start = tensor([1, -2], float64);
const slope = (theta: Tensor): Tensor => theta.mul(tensor([1, 3], float64));
function bothForms(rateAt: (k: number) => number): number {
  let inside = { theta: start, v: zeros([2], float64) };
  let outside = { W: start, v: zeros([2], float64) };
  let apart = 0;
  for (let k = 0; k < 20; k++) {
    inside = heavyBallStep(inside.theta, inside.v, slope(inside.theta), { gamma: 0.9, alpha: rateAt(k) });
    outside = momentumStep(outside.W, outside.v, slope(outside.W), { mu: 0.9, eta: rateAt(k) });
    apart = Math.max(apart, inside.theta.sub(outside.W).abs().amax().item());
  }
  return apart;
}
const [apartSteady, apartHalved] = [bothForms(() => 0.05), bothForms((k) => halvedLearningRate(0.05, k, 10))];
const lossInside = lastLosses(overAllSeeds({ ...C, rateInVelocity: true }));
await claim({
  en: 'the two forms of momentum are the same until the rate is halved; for C that makes no difference beyond the seeds',
  zh: '两种动量写法在学习率减半之前完全相同；对 C 而言，差别不超出种子之间的波动',
  shows: ['momentum/flow', 'rule:heavyBallStep', 'rule:momentumStep'],
  measured: `apart by ${apartSteady < 1e-12 ? 'less than 1e-12' : apartSteady} and ${apartHalved.toFixed(2)}; C outside ${spread(lossC)}, inside ${spread(lossInside)}`,
  holds: apartSteady < 1e-12 && apartHalved > 0.01 && Math.abs(median(lossInside) / median(lossC) - 1) < 0.2,
});
// %% [markdown] en
/*
## The order of the samples

The notes say: shuffle in every epoch; without that the loss often fluctuates and falls more slowly. There are two ways not to
shuffle:

- the points always come in the **same random order**, or
- they come **sorted by class**: first the inner ring, then the outer one, as they were made.

Three orders, configuration C, the same seeds.
*/
// %% [markdown] zh
/*
## 样本的顺序

讲义说：每轮都要打乱；去掉 shuffle，loss 常会抖动且收敛变慢。但“不打乱”有两种：

- 每轮都用**同一个随机顺序**；
- **按类别排好**：先内环、后外环，就像数据生成时那样。

三种顺序，都用配置 C 和相同的种子。
*/
// %%
const orders = {
  'shuffled each epoch': runs.C,
  'one random order': overAllSeeds({ ...C, order: 'fixed' }),
  'sorted by class': overAllSeeds({ ...C, order: 'by class' }),
};
const batches = Array.from({ length: 96 }, (_, k) => k + 1);
await show(
  lineChart(lossCurves(orders), {
    title: 'Three orders of the same points',
    subtitle: `loss of all points: ${perSeeds}`,
    xLabel: 'epoch',
    yLabel: 'cross-entropy, nats',
    yScale: 'log',
  }),
  lineChart(
    Object.fromEntries(
      Object.entries(orders).map(([name, some]) => [
        name,
        { x: batches, y: (some[0] as Run).batchLosses.slice(0, 96) },
      ]),
    ),
    {
      title: 'The first six epochs, batch by batch',
      subtitle: 'loss of each batch as it is trained with, seed 0',
      xLabel: 'batch (16 in an epoch)',
      yLabel: 'cross-entropy, nats',
    },
  ),
);
await showTable(
  tableHead,
  Object.entries(orders).map(([name, some]) => rowOf(name, some)),
);
const [lossShuffled, lossFixed, lossSorted] = Object.values(orders).map(lastLosses) as [number[], number[], number[]];
const [, jitterFixed = 0, jitterSorted = 0] = Object.values(orders).map((some) => median(some.map(jitter)));
await claim({
  en: 'sorted by class, the loss ends more than half as high again and fluctuates about three times as much',
  zh: '按类别排序时，最终损失高出一半以上，抖动约为三倍',
  shows: ['rings/shuffle', 'order/shuffle'],
  measured: `final loss ${spread(lossSorted)}, shuffled ${spread(lossShuffled)}; change from batch to batch ${(jitterSorted / median(runs.C.map(jitter))).toFixed(1)} times as much`,
  holds: median(lossSorted) > 1.5 * median(lossShuffled) && jitterSorted > 2.5 * median(runs.C.map(jitter)),
});
await claim({
  en: 'in one random order, never shuffled again, everything is as with shuffling',
  zh: '只用同一个随机顺序、从不重新打乱，结果与每轮打乱相同',
  shows: ['rings/shuffle', 'order/shuffle'],
  measured: `final loss ${spread(lossFixed)}, shuffled ${spread(lossShuffled)}`,
  holds: Math.abs(median(lossFixed) / median(lossShuffled) - 1) < 0.2 && jitterFixed < 1.7 * median(runs.C.map(jitter)),
  documentSays: {
    en: 'without shuffling the loss often fluctuates and falls more slowly',
    zh: '若去掉 shuffle，loss 常会抖动且收敛变慢',
  },
});
// %% [markdown] en
/*
Why? A batch that holds one class only has a gradient that says “everything is of this class”, and the next eight batches say so,
too. The mean over a whole epoch is right, but no single step is. In one random order every batch is a fair sample of both
classes, whether it is always the same batch or not.
*/
// %% [markdown] zh
/*
为什么？只含一类的批次，其梯度说的是“全都是这一类”，接下来的七八个批次也都这么说。整轮平均下来是对的，但没有哪一步是对的。
而在同一个随机顺序里，每个批次都是两类的公平抽样，是否总是同一批并不要紧。
*/
// %%
const [seedX, seedClasses] = [makeRings(0).X, makeRings(0).classes];
const [fresh, sorted] = [initial(0), seedClasses.argsort()];
const gradientOf = (places: Tensor): Tensor =>
  grad((b: Tensor) => {
    const layers = fresh.map((layer, l) => (l === 2 ? { ...layer, b } : layer));
    return crossEntropy(
      scoresOf(layers, seedX.t().indexSelect(0, places).t().to('float64')).t(),
      seedClasses.indexSelect(0, places),
    );
  })((fresh[2] as DenseParameters).b);
const biasSlopes = Array.from({ length: 15 }, (_, k) => k).map((k) => {
  const [from, to] = [128 * k, 128 * (k + 1)];
  const mixed = arange(from, to, 1, { dtype: 'int32' });
  return {
    mixed: gradientOf(mixed).toArray() as number[],
    sorted: gradientOf(sorted.narrow(0, from, 128)).toArray() as number[],
  };
});
await show(
  lineChart(
    {
      'sorted by class': { y: biasSlopes.map(({ sorted }) => sorted[1] as number) },
      'one random order': { y: biasSlopes.map(({ mixed }) => mixed[1] as number) },
    },
    {
      title: 'What each batch wants',
      subtitle: 'gradient by the output bias of the outer ring, at the initial weights',
      xLabel: 'batch',
      yLabel: '∂E/∂b',
      height: 260,
    },
  ),
);
// %% [markdown] en
/*
## Exercises

1. Replace ReLU by tanh in the network and derive $\partial E / \partial W_1$ anew. What changes? Start from `derivedWith`.
2. Which rate for $\gamma = 0.5$ gives the same curve as $\gamma = 0.9$ at 0.01? Compute it first, then train.
3. Make the rings noisier (0.3). Which of the configurations ends with the smoothest boundary, and is that the best one?

The answers to 1 and 2 follow.
*/
// %% [markdown] zh
/*
## 练习

1. 把网络中的 ReLU 换成 tanh，重新推导 $\partial E / \partial W_1$。哪里变了？可以从 `derivedWith` 改起。
2. $\gamma = 0.5$ 时，用多大的学习率能得到与 $\gamma = 0.9$、0.01 相同的曲线？先算，再训练。
3. 把圆环的噪声加大到 0.3。哪种配置最后的边界最平滑？它也是最好的吗？

练习 1 和 2 的答案在下面。
*/
// %%
// Answer to 1: only f′ changes, 1 − a² in place of 1[z > 0].
const withTanh = (W1: Tensor, W2: Tensor, W3: Tensor): Tensor =>
  t
    .mul(log(softmax(W3.matmul(tanh(W2.matmul(tanh(W1.matmul(x))))), 0)))
    .sum()
    .div(-6);
const answer = checkDerivation(
  (W1: Tensor, W2: Tensor, W3: Tensor) => {
    const a1 = tanh(W1.matmul(x));
    const a2 = tanh(W2.matmul(a1));
    const d3 = softmax(W3.matmul(a2), 0).sub(t);
    const d2 = W3.t().matmul(d3).mul(a2.square().neg().add(1));
    const d1 = W2.t().matmul(d2).mul(a1.square().neg().add(1));
    return { dW1: d1.matmul(x.t()).div(6) };
  },
  withTanh,
  { W1: small.W1, W2: small.W2, W3: small.W3 },
);
console.log(String(answer));
// Answer to 2: α / (1 − γ) must be 0.1 again, so α = 0.05.
const lossHalf = lastLosses(overAllSeeds({ rate: 0.05, momentum: 0.5 }));
await claim({
  en: 'with γ = 0.5 a rate of 0.05 does what γ = 0.9 does at 0.01',
  zh: 'γ = 0.5 配学习率 0.05，与 γ = 0.9 配 0.01 效果相同',
  measured: `final loss ${spread(lossHalf)} and ${spread(lossMomentum)}`,
  holds: answer.passed && Math.abs(Math.log(median(lossHalf) / median(lossMomentum))) < Math.log(1.4),
});
