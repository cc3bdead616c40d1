// %% [markdown] en
/*
# Training tricks

Everything that is chosen before a training starts: how weights are drawn, how fast to learn and how that rate changes, how large a
batch is and in which order samples come. Every course has a list of advice about it. In this notebook the advice is *measured*: one
small network, many hundred trainings, several seeds each, and a verdict with its spread. Some pieces of advice hold with a wide
margin, some make no difference here, and you will see why. At the end a checklist finds out what is wrong with twelve sick trainings.

You will learn

- to read, draw and choose a learning-rate schedule;
- how batch size and learning rate belong together, and where the linear scaling rule ends;
- what the order of samples can ruin, and what it cannot mend;
- to run a sweep on all cores that can be interrupted, and to read its results;
- to diagnose a training from its statistics, in the right order.
*/
// %% [markdown] zh
/*
# 训练技巧

训练开始之前要做的选择：权重怎样初始化，学得多快、学习率怎样变化，批量取多大，样本按什么顺序来。每门课都有一长串建议。
本篇把这些建议*测一遍*：同一个小网络，训练几百次，每种设置多个随机种子，给出带波动范围的结论。有的建议成立得毫无悬念，
有的在这里没有差别，你会看到原因。最后用一张排障清单，找出十二次“生病”的训练各自的毛病。

你将学会

- 读懂、画出并选择学习率调度；
- 批量大小与学习率怎样配合，线性缩放法则在哪里失效；
- 样本顺序能毁掉什么，又补救不了什么；
- 在所有 CPU 核上并行扫参数，中断后可以接着跑，并读懂结果；
- 按正确的次序，从统计量诊断一次训练。
*/
// %%
import { mkdtemp, readFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  Generator,
  grad,
  manualSeed,
  Parameter,
  randn,
  randperm,
  type Tensor,
  tensor,
  zeros,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { checkDerivation } from '@gradtape/autograd/verify';
import {
  BatchSampler,
  BucketBatchSampler,
  CurriculumSampler,
  DataLoader,
  RandomSampler,
  rings,
  SequentialSampler,
  StratifiedBatchSampler,
  TensorDataset,
  WeightedRandomSampler,
} from '@gradtape/data';
import {
  CrossEntropyLoss,
  init,
  LeakyReLU,
  Linear,
  type Module,
  ReLU,
  Sequential,
  Sigmoid,
  Softmax,
  Tanh,
} from '@gradtape/nn';
import {
  decayedLearningRate,
  halvedLearningRate,
  heavyBallStep,
  heVariance,
  plateauLearningRate,
  scaledLearningRate,
  xavierBound,
} from '@gradtape/nn/sensitivity';
import {
  ChainedScheduler,
  ConstantLR,
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  CosineWarmupLR,
  CyclicLR,
  ExponentialLR,
  InverseTimeLR,
  LambdaLR,
  LinearLR,
  linearScalingRule,
  MomentumWarmup,
  MultiplicativeLR,
  MultiStepLR,
  OneCycleLR,
  PolynomialLR,
  ReduceLROnPlateau,
  SequentialLR,
  SGD,
  StepLR,
  SWALR,
} from '@gradtape/optim';
import { heatMap, histogram, lineChart } from '@gradtape/plot';
import {
  diagnoseTraining,
  evaluate,
  fit,
  type Json,
  LayerStatistics,
  type SweepProgress,
  type SweepRecord,
  type Symptom,
  sweep,
  type TrainingEvidence,
} from '@gradtape/train';
import { claim, median, overSeeds, show, showTable, sized, spread } from '../lesson/index.ts';
import type { SweepPoint } from '../lesson/rings-sweep.ts';
import {
  type Initialization,
  type RateSchedule,
  type RingsData,
  type RingsParts,
  type RingsResult,
  type RingsRun,
  trainingPoints,
  trainRings,
} from '../lesson/rings-training.ts';

const seeds = sized({ full: [1, 2, 3, 4, 5], short: [1, 2] });

// %% [markdown] en
/*
## The patient

One function does all trainings of this notebook: `trainRings` in
[lesson/rings-training.ts](../lesson/rings-training.ts) trains a network 2-32-16-2 (ReLU, softmax with cross-entropy) on two rings.
It is told the seed, the rate, the momentum, the initialisation, the size of batches and the noise of the rings, and gives back
the loss of 512 points that were held out, before the first epoch and after each. Points, weights and order have random
generators of their own, so that two runs of one seed differ in nothing but what you changed.
*/
// %% [markdown] zh
/*
## 实验对象

本篇所有训练都由一个函数完成：[lesson/rings-training.ts](../lesson/rings-training.ts) 里的 `trainRings` 在两个同心圆环上训练
2-32-16-2 的网络（ReLU，softmax 配交叉熵）。告诉它随机种子、学习率、动量、初始化方式、批量大小和圆环的噪声，它返回 512 个留出点上的损失：
第一轮之前一个，之后每轮一个。数据、权重、顺序各用自己的随机数发生器，所以同一个种子的两次训练，除了你改动的地方，其余完全相同。
*/
// %%
const firstRun = trainRings({ seed: 1, rate: 0.1 });
await show(
  lineChart(
    {
      'training, each batch': { x: firstRun.batchLosses.map((_, k) => k / 16), y: firstRun.batchLosses },
      'held out': { x: firstRun.losses.map((_, k) => k), y: firstRun.losses },
    },
    {
      title: 'A healthy training',
      subtitle: '1024 points, batches of 64, learning rate 0.1, no momentum',
      xLabel: 'epoch',
      yLabel: 'cross-entropy (nats)',
      yScale: 'log',
    },
  ),
);
// %% [markdown] en
/*
## The cheat sheet, checked

The notes sum up their advice in a few formulas. Before we use them, we hold each against what the library does.

| | formula |
| --- | --- |
| weights before ReLU (He) | $W \sim \mathcal{N}\bigl(0, \tfrac{2}{\text{fan}_\text{in}}\bigr)$ |
| weights before tanh or sigmoid (Xavier) | $W \sim \mathcal{U}(-r, r)$, $r = \sqrt{\tfrac{6}{\text{fan}_\text{in} + \text{fan}_\text{out}}}$ |
| momentum | $v \leftarrow \gamma v - \alpha \nabla J, \quad \theta \leftarrow \theta + v$ |
| rate that falls with time | $\alpha_t = \frac{a}{b + t}$ |
| rate halved every $s$ epochs | $\alpha_t = \alpha \bigl(\tfrac12\bigr)^{\lfloor t / s \rfloor}$ |
| rate halved on a plateau | $\alpha \leftarrow \tfrac{\alpha}{2}$ if $\lvert E_t - E_{t-1} \rvert < \theta$ |
| batches $k$ times as large | $\alpha \leftarrow k \alpha$ |

Why $r$ has a 6 in it: numbers spread evenly over $(-r, r)$ have the variance
$\frac{1}{2r} \int_{-r}^{r} x^2\,dx = \frac{r^2}{3}$, and $\frac{r^2}{3} = \frac{2}{\text{fan}_\text{in} + \text{fan}_\text{out}}$ is
what Xavier wants.
*/
// %% [markdown] zh
/*
## 核对小抄

讲义把建议浓缩成几条公式。使用之前，先把每一条和库的行为对一遍。

| | 公式 |
| --- | --- |
| ReLU 前的权重（He） | $W \sim \mathcal{N}\bigl(0, \tfrac{2}{\text{fan}_\text{in}}\bigr)$ |
| tanh、sigmoid 前的权重（Xavier） | $W \sim \mathcal{U}(-r, r)$，$r = \sqrt{\tfrac{6}{\text{fan}_\text{in} + \text{fan}_\text{out}}}$ |
| 动量 | $v \leftarrow \gamma v - \alpha \nabla J, \quad \theta \leftarrow \theta + v$ |
| 随时间衰减 | $\alpha_t = \frac{a}{b + t}$ |
| 每 $s$ 轮减半 | $\alpha_t = \alpha \bigl(\tfrac12\bigr)^{\lfloor t / s \rfloor}$ |
| 平台期减半 | 若 $\lvert E_t - E_{t-1} \rvert < \theta$，则 $\alpha \leftarrow \tfrac{\alpha}{2}$ |
| 批量变为 $k$ 倍 | $\alpha \leftarrow k \alpha$ |

$r$ 里的 6 从哪来：在 $(-r, r)$ 上均匀分布的数，方差是
$\frac{1}{2r} \int_{-r}^{r} x^2\,dx = \frac{r^2}{3}$，而 Xavier 要求 $\frac{r^2}{3} = \frac{2}{\text{fan}_\text{in} + \text{fan}_\text{out}}$。
*/
// %%
const weight = new Parameter(zeros([200, 100])); // from 100 inputs to 200 outputs
init.kaimingNormal(weight, { nonlinearity: 'relu', generator: new Generator(1) });
const heMeasured = weight.value.square().mean().item();
init.xavierUniform(weight, { generator: new Generator(2) });
const largest = weight.value.abs().amax().item();
await claim({
  en: 'the library draws weights as the formulas say: 20,000 of them from 100 inputs to 200 outputs',
  zh: '库按公式抽取权重：从 100 个输入到 200 个输出，共 20,000 个',
  shows: ['rule:heVariance', 'rule:xavierBound'],
  measured: `He: variance ${heMeasured.toFixed(4)} for ${heVariance(100)}; Xavier: largest ${largest.toFixed(4)} for r = ${xavierBound(100, 200).toFixed(4)}`,
  holds:
    Math.abs(heMeasured / heVariance(100) - 1) < 0.03 &&
    largest <= xavierBound(100, 200) &&
    largest > 0.99 * xavierBound(100, 200),
});
// %%
/** The learning rates of so many steps under a schedule. */
function ratesOf(schedule: (optimizer: SGD) => { step(): void }, steps: number, lr = 1): number[] {
  const optimizer = new SGD([new Parameter(zeros([1]))], { lr, momentum: 0.9 });
  const made = schedule(optimizer);
  return Array.from({ length: steps }, () => {
    const rate = optimizer.paramGroups[0]?.lr ?? Number.NaN;
    made.step();
    return rate;
  });
}
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((x, k) => Math.abs(x - (b[k] ?? Number.NaN))));
const steps40 = Array.from({ length: 40 }, (_, t) => t);
const decayGap = apart(
  ratesOf((optimizer) => new InverseTimeLR(optimizer, { a: 1, b: 10 }), 40),
  steps40.map((t) => decayedLearningRate(1, 10, t)),
);
const halvingGap = apart(
  ratesOf((optimizer) => new StepLR(optimizer, { stepSize: 10, gamma: 0.5 }), 40, 0.01),
  steps40.map((t) => halvedLearningRate(0.01, t, 10)),
);
const scalingGap = apart([scaledLearningRate(0.1, 8)], [linearScalingRule(0.1, { batchSize: 128, baseBatchSize: 16 })]);
await claim({
  en: '`InverseTimeLR` is a / (b + t), `StepLR` halves every ten epochs, `linearScalingRule` multiplies by k',
  zh: '`InverseTimeLR` 就是 a / (b + t)，`StepLR` 每十轮减半，`linearScalingRule` 乘以 k',
  shows: ['rule:decayedLearningRate', 'rule:halvedLearningRate', 'rule:scaledLearningRate'],
  measured: `equal to 1e-15 in 40 steps; a / (b + t) has halved at t = b = 10: ${decayedLearningRate(1, 10, 0)} → ${decayedLearningRate(1, 10, 10)}`,
  holds: decayGap < 1e-15 && halvingGap < 1e-15 && scalingGap < 1e-15,
});
// %% [markdown] en
/*
### Momentum when the rate changes

The formula of the notes has the rate $\alpha$ *inside* of the velocity. Most libraries (and `SGD` by default) keep it outside:
$v \leftarrow \gamma v + \nabla J$, $\theta \leftarrow \theta - \alpha v$. As long as $\alpha$ stays the same, both walk the same path.
When a schedule halves $\alpha$, they part: outside, the halving slows down at once what the past has pushed; inside, old pushes keep
the rate with which they were made. `rateInVelocity: true` chooses the form of the notes.
*/
// %% [markdown] zh
/*
### 学习率变化时的动量

讲义的公式把学习率 $\alpha$ 放在速度*里面*。多数库（以及 `SGD` 的默认设置）放在外面：
$v \leftarrow \gamma v + \nabla J$，$\theta \leftarrow \theta - \alpha v$。只要 $\alpha$ 不变，两者走的路完全一样。一旦调度把 $\alpha$ 减半，
两条路就分开了：放在外面，过去积累的推动立刻一起减半；放在里面，旧的推动仍保留当时的学习率。`rateInVelocity: true` 选择讲义的形式。
*/
// %%
/** Descends J = θ² / 2 in 30 steps of rate 0.1, halved every five. */
function descend(take: (theta: Tensor, gradient: Tensor, alpha: number) => Tensor): number[] {
  let theta = tensor([1], { dtype: 'float64' });
  return Array.from({ length: 30 }, (_, t) => {
    theta = take(theta, theta, halvedLearningRate(0.1, t, 5));
    return theta.item();
  });
}
let v = zeros([1], { dtype: 'float64' });
const byRule = descend((theta, gradient, alpha) => {
  const moved = heavyBallStep(theta, v, gradient, { alpha, gamma: 0.9 });
  v = moved.v;
  return moved.theta;
});
const [inside, outside] = [true, false].map((rateInVelocity) => {
  const parameter = new Parameter(tensor([1], { dtype: 'float64' }));
  const optimizer = new SGD([parameter], { lr: 0.1, momentum: 0.9, rateInVelocity });
  return descend((_theta, gradient, alpha) => {
    for (const group of optimizer.paramGroups) group.lr = alpha;
    parameter.grad = gradient;
    optimizer.step();
    return parameter.value;
  });
}) as [number[], number[]];
await show(
  lineChart(
    {
      'rate inside (notes)': { x: steps40.slice(1, 31), y: inside },
      'rate outside (default)': { x: steps40.slice(1, 31), y: outside },
    },
    {
      title: 'Momentum 0.9, rate halved every five steps',
      subtitle: 'descent of J = θ² / 2',
      xLabel: 'step',
      yLabel: 'θ',
    },
  ),
);
await claim({
  en: 'the heavy ball of the notes is SGD with the rate inside; the default is the same until the rate changes',
  zh: '讲义的重球法就是学习率在速度里面的 SGD；默认形式在学习率变化之前与它相同',
  shows: ['rule:heavyBallStep'],
  measured: `the same to 1e-15 for five steps, then up to ${apart(inside, outside).toFixed(2)} apart`,
  holds:
    apart(byRule, inside) < 1e-15 &&
    apart(inside.slice(0, 5), outside.slice(0, 5)) < 1e-15 &&
    apart(inside, outside) > 0.05,
});
// %% [markdown] en
/*
### Two kinds of plateau

The notes halve the rate when the loss of two neighbouring epochs differs by less than $\theta$. `ReduceLROnPlateau` compares with the
*best* loss so far, and waits for `patience` epochs. The difference shows when the loss jumps: a loss that gets *worse* by much has
changed by much, so the rule of the notes sees no plateau.
*/
// %% [markdown] zh
/*
### 两种“平台”

讲义的做法：相邻两轮的损失相差小于 $\theta$ 就减半。`ReduceLROnPlateau` 则与目前*最好*的损失比较，并等待 `patience` 轮。
损失跳动时差别就出来了：损失大幅*变坏*也是“改变很大”，讲义的规则看不到平台。
*/
// %%
const watched = [1, 0.6, 0.595, 0.9, 0.61, 0.58, 0.578];
const plateau = new SGD([new Parameter(zeros([1]))], { lr: 0.1 });
const best = new ReduceLROnPlateau(plateau, { factor: 0.5, patience: 0, threshold: 0.01, thresholdMode: 'abs' });
let byNeighbours = 0.1;
const rows = watched.map((loss, t) => {
  if (t > 0) byNeighbours = plateauLearningRate(byNeighbours, watched[t - 1] as number, loss, 0.01);
  best.step(loss);
  return [t, loss, byNeighbours, best.getLastLr()[0] as number];
});
await showTable(['epoch', 'held-out loss', 'rate by neighbours (notes)', 'rate by the best so far'], rows);
await claim({
  en: 'when the loss gets much worse, the rule of neighbours keeps the rate, and the rule of the best lowers it',
  zh: '损失大幅变坏时，“相邻比较”保持学习率，“与最好比较”则会降低',
  shows: ['rule:plateauLearningRate'],
  measured: `0.595 → 0.9: ${rows[3]?.[2]} by neighbours, ${rows[3]?.[3]} by the best`,
  holds: rows[3]?.[2] === 0.05 && rows[3]?.[3] === 0.025,
});
// %% [markdown] en
/*
## Schedules, drawn

A schedule says how large the rate is in each step. Large steps get far, small ones settle; and at the very beginning, when gradients
point anywhere, small ones are safer. All that `@gradtape/optim` offers are variations on that.
*/
// %% [markdown] zh
/*
## 画出学习率调度

调度决定每一步的学习率有多大。步子大走得远，步子小才能稳稳落下；而刚开始时梯度方向杂乱，小步更安全。
`@gradtape/optim` 提供的所有调度，都是这几句话的变奏。
*/
// %%
const total = 100;
const drawn = (
  schedules: Readonly<Record<string, (optimizer: SGD) => { step(): void }>>,
  title: string,
  subtitle: string,
) =>
  lineChart(Object.fromEntries(Object.entries(schedules).map(([name, schedule]) => [name, ratesOf(schedule, total)])), {
    title,
    subtitle,
    xLabel: 'step',
    yLabel: 'learning rate',
    height: 300,
  });
await show(
  drawn(
    {
      StepLR: (optimizer) => new StepLR(optimizer, { stepSize: 25, gamma: 0.5 }),
      MultiStepLR: (optimizer) => new MultiStepLR(optimizer, { milestones: [50, 75], gamma: 0.3 }),
      ExponentialLR: (optimizer) => new ExponentialLR(optimizer, { gamma: 0.97 }),
      PolynomialLR: (optimizer) => new PolynomialLR(optimizer, { totalIters: total, power: 2 }),
      InverseTimeLR: (optimizer) => new InverseTimeLR(optimizer, { b: 20 }),
      MultiplicativeLR: (optimizer) => new MultiplicativeLR(optimizer, { lrLambda: (t) => (t % 10 === 0 ? 0.8 : 1) }),
      LambdaLR: (optimizer) => new LambdaLR(optimizer, { lrLambda: (t) => 1 / Math.sqrt(1 + t / 5) }),
    },
    'Decay',
    'far first, then settle',
  ),
  drawn(
    {
      ConstantLR: (optimizer) => new ConstantLR(optimizer, { factor: 0.2, totalIters: 30 }),
      LinearLR: (optimizer) => new LinearLR(optimizer, { startFactor: 0.1, totalIters: 30 }),
      CosineWarmupLR: (optimizer) => new CosineWarmupLR(optimizer, { startFactor: 0.1, totalIters: 30 }),
      SWALR: (optimizer) => new SWALR(optimizer, { swaLr: 0.4, annealEpochs: 60 }),
    },
    'Warmup, and the way to another rate',
    'careful at the beginning',
  ),
  drawn(
    {
      CosineAnnealingLR: (optimizer) => new CosineAnnealingLR(optimizer, { tMax: total }),
      CosineAnnealingWarmRestarts: (optimizer) => new CosineAnnealingWarmRestarts(optimizer, { t0: 15, tMult: 2 }),
      CyclicLR: (optimizer) => new CyclicLR(optimizer, { baseLr: 0.1, maxLr: 1, stepSizeUp: 12, mode: 'triangular2' }),
      OneCycleLR: (optimizer) => new OneCycleLR(optimizer, { maxLr: 1, totalSteps: total }),
    },
    'Waves',
    'once down, or down and up again',
  ),
);
// %% [markdown] en
/*
The figure of the notes puts three phases one after the other: a linear warmup, a main phase with cosine or steps, and a watch on
the plateau. `SequentialLR` lets schedules take turns, `ChainedScheduler` multiplies them, and `ReduceLROnPlateau` comes on top. Momentum
has a schedule of its own: `MomentumWarmup` goes from 0.5 to 0.9.

```mermaid
graph LR
A[small rate] --> B[linear warmup] --> C[main phase: cosine or steps] --> D[plateau seen: lower rate]
```
*/
// %% [markdown] zh
/*
讲义的简图把三个阶段串起来：线性预热、余弦或阶梯衰减的主训练阶段、平台检测。`SequentialLR` 让几个调度轮流上场，
`ChainedScheduler` 把它们相乘，`ReduceLROnPlateau` 叠加在最上面。动量也有自己的调度：`MomentumWarmup` 从 0.5 升到 0.9。

```mermaid
graph LR
A[较小的学习率] --> B[线性预热] --> C[主训练阶段: 余弦或阶梯] --> D[检测到平台: 降低学习率]
```
*/
// %%
const warmupThenCosine = (optimizer: SGD): SequentialLR =>
  new SequentialLR(optimizer, {
    schedulers: [
      new LinearLR(optimizer, { startFactor: 0.05, totalIters: 20 }),
      new CosineAnnealingLR(optimizer, { tMax: 50, etaMin: 0.4 }),
      new ConstantLR(optimizer, { factor: 0.4, totalIters: 1000 }),
    ],
    milestones: [20, 70],
  });
// A loss that falls and then stays: the plateau schedule watches it from step 70 on.
const withPlateau = (optimizer: SGD): { step(): void } => {
  const main = warmupThenCosine(optimizer);
  const onPlateau = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 9 });
  let t = 0;
  return { step: () => (++t < 70 ? main.step() : onPlateau.step(0.2)) };
};
const threePhases = ratesOf(withPlateau, total);
const chained = ratesOf(
  (optimizer) =>
    new ChainedScheduler([
      new LinearLR(optimizer, { startFactor: 0.05, totalIters: 20 }),
      new ExponentialLR(optimizer, { gamma: 0.98 }),
    ]),
  total,
);
const momentumOptimizer = new SGD([new Parameter(zeros([1]))], { lr: 1, momentum: 0.5 });
const momentumSchedule = new MomentumWarmup(momentumOptimizer, { constantIters: 30, totalIters: 20 });
const momenta = Array.from({ length: total }, () => {
  const momentum = momentumOptimizer.paramGroups[0]?.momentum ?? Number.NaN;
  momentumSchedule.step();
  return momentum;
});
await show(
  lineChart(
    { 'warmup, cosine, plateau': threePhases, 'warmup × decay': chained, momentum: momenta },
    {
      title: 'Three phases of a learning rate',
      subtitle: 'SequentialLR with ReduceLROnPlateau; ChainedScheduler; MomentumWarmup',
      xLabel: 'step',
      yLabel: 'learning rate, or momentum',
    },
  ),
);
await claim({
  en: 'the three phases: linear from 0.05 to 1 in 20 steps, cosine to 0.4 until step 70, halved whenever ten epochs bring nothing',
  zh: '三个阶段：20 步内从 0.05 线性升到 1，余弦降到 0.4 直到第 70 步，此后每十轮没有进步就减半',
  shows: ['rate/schedules'],
  measured: `steps 0, 10, 20, 45, 69, 85, 99: ${[0, 10, 20, 45, 69, 85, 99].map((t) => threePhases[t]?.toFixed(3)).join(', ')}`,
  holds: Math.abs((threePhases[20] ?? 0) - 1) < 1e-9 && (threePhases[99] ?? 1) < 0.25,
});
// %% [markdown] en
/*
### Broken on purpose: stepped at the wrong time

The commonest mistake with schedules: a schedule that counts epochs is stepped after every *batch*. Nothing fails; the training
merely falls asleep. Here `StepLR` is to halve the rate every five epochs, of 16 batches each.
*/
// %% [markdown] zh
/*
### 故意写错：在错误的时刻调用 step

用调度时最常见的错误：按轮（epoch）计数的调度，却在每个*批量*之后调用了 `step`。程序不报错，只是训练悄悄“睡着”了。
这里的 `StepLR` 本应每五轮减半，每轮 16 个批量。
*/
// %%
const halving = (optimizer: SGD): StepLR => new StepLR(optimizer, { stepSize: 5, gamma: 0.5 });
const rightly: RingsParts = { schedule: (optimizer) => whenEpochEnds(halving(optimizer)) };
const wrongly: RingsParts = { schedule: (optimizer) => whenBatchEnds(halving(optimizer)) };
function whenEpochEnds(schedule: { step(): void }): RateSchedule {
  return { afterEpoch: () => schedule.step() };
}
function whenBatchEnds(schedule: { step(): void }): RateSchedule {
  return { afterBatch: () => schedule.step() };
}
const [awake, asleep] = [rightly, wrongly].map((parts) => seeds.map((seed) => trainRings({ seed, rate: 0.1 }, parts)));
const lossesOf = (runs: readonly RingsResult[] = []): number[] => runs.map(({ losses }) => losses.at(-1) as number);
await showTable(
  ['epoch', 'rate, stepped by epoch', 'rate, stepped by batch'],
  [0, 1, 2, 5, 10, 14].map((epoch) => [
    epoch,
    ...[awake, asleep].map((runs) => String(Number(runs?.[0]?.rates[epoch]?.toPrecision(2)))),
  ]),
);
await claim({
  en: 'stepped by batch, the rate is a 65,000th after five epochs, and the training stands still: look at the rate first',
  zh: '按批量调用，五轮后学习率只剩六万五千分之一，训练停住不动：先看一眼学习率',
  measured: `held-out loss ${spread(lossesOf(awake))} by epoch, ${spread(lossesOf(asleep))} by batch`,
  holds: Math.max(...lossesOf(awake)) < 0.5 * Math.min(...lossesOf(asleep)),
});
// %% [markdown] en
/*
## Schedules, compared

Which one is best? Rings whose noise is small are learned perfectly with any. So we make them overlap (noise 0.35): now every batch
pulls in a slightly different direction, and a rate that stays large never comes to rest. Ten schedules, highest rate 0.1, momentum
0.9, batches of 32, fifteen epochs.
*/
// %% [markdown] zh
/*
## 比较学习率调度

哪一种最好？噪声小的圆环用哪种都能学得很好。所以让两个环重叠（噪声 0.35）：这时每个批量拉的方向都略有不同，一直很大的学习率永远停不下来。
十种调度，最高学习率都是 0.1，动量 0.9，批量 32，训练 15 轮。
*/
// %%
const epochs = 15;
const schedules: Readonly<Record<string, (optimizer: SGD, batches: number, rate: number) => RateSchedule>> = {
  constant: () => ({}),
  triangles: (optimizer, n, rate) =>
    whenBatchEnds(new CyclicLR(optimizer, { baseLr: rate / 10, maxLr: rate, stepSizeUp: 2 * n, cycleMomentum: false })),
  'halved every 5': (optimizer) => whenEpochEnds(halving(optimizer)),
  'a / (b + t)': (optimizer, n) => whenBatchEnds(new InverseTimeLR(optimizer, { b: 2 * n })),
  exponential: (optimizer) => whenEpochEnds(new ExponentialLR(optimizer, { gamma: 0.8 })),
  cosine: (optimizer, n) => whenBatchEnds(new CosineAnnealingLR(optimizer, { tMax: epochs * n })),
  'warmup, cosine': (optimizer, n) =>
    whenBatchEnds(
      new SequentialLR(optimizer, {
        schedulers: [
          new LinearLR(optimizer, { startFactor: 0.01, totalIters: 2 * n }),
          new CosineAnnealingLR(optimizer, { tMax: (epochs - 2) * n }),
        ],
        milestones: [2 * n],
      }),
    ),
  'one cycle': (optimizer, n, rate) =>
    whenBatchEnds(new OneCycleLR(optimizer, { maxLr: rate, totalSteps: epochs * n, cycleMomentum: false })),
  'plateau (best)': (optimizer) => {
    const onPlateau = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 1, threshold: 0.01 });
    return { afterEpoch: (loss) => onPlateau.step(loss) };
  },
  'plateau (notes)': (optimizer) => {
    let before = Number.NaN;
    return {
      afterEpoch: (loss) => {
        for (const group of optimizer.paramGroups) group.lr = plateauLearningRate(group.lr, before, loss, 0.01);
        before = loss;
      },
    };
  },
};
const bySchedule = Object.fromEntries(
  Object.entries(schedules).map(([name, schedule]) => [
    name,
    seeds.map((seed) =>
      trainRings(
        { seed, rate: 0.1, momentum: 0.9, noise: 0.35, batchSize: 32, epochs },
        { schedule: (optimizer, batches) => schedule(optimizer, batches, 0.1) },
      ),
    ),
  ]),
);
await showTable(
  ['schedule', 'held-out loss: median (least to greatest)', 'rate of the last epoch'],
  Object.entries(bySchedule).map(([name, runs]) => [
    name,
    spread(lossesOf(runs), 3),
    String(Number((runs[0]?.rates.at(-1) ?? Number.NaN).toPrecision(2))),
  ]),
);
await show(
  lineChart(
    Object.fromEntries(
      ['constant', 'a / (b + t)', 'cosine'].map((name) => [
        name,
        overSeeds(
          (bySchedule[name] ?? []).map(({ losses }) => losses.slice(1)),
          steps40.slice(1, epochs + 1),
        ),
      ]),
    ),
    {
      title: 'Overlapping rings, highest rate 0.1',
      subtitle: `median of ${seeds.length} seeds, from the least to the greatest`,
      xLabel: 'epoch',
      yLabel: 'held-out loss (nats)',
    },
  ),
);
// %% [markdown] en
/*
Compare seed by seed: rings of one seed may be harder than those of another, whatever the schedule.
*/
// %% [markdown] zh
/*
要逐个种子比较：某个种子的圆环可能天生就更难，与调度无关。
*/
// %%
const settling = Object.keys(schedules).slice(2);
const gains = settling.map((name) => {
  const constant = lossesOf(bySchedule.constant);
  return { name, gain: median(lossesOf(bySchedule[name]).map((loss, k) => 1 - loss / (constant[k] as number))) };
});
const settled = settling.map((name) => median(lossesOf(bySchedule[name])));
await claim({
  en: 'whatever lets the rate settle beats the constant rate; which one it is matters less than the seed',
  zh: '凡是让学习率降下来的调度都胜过固定学习率；至于选哪一种，影响还不如换个种子',
  measured: `loss lower than constant by ${(100 * Math.min(...gains.map(({ gain }) => gain))).toFixed(0)} to ${(100 * Math.max(...gains.map(({ gain }) => gain))).toFixed(0)} % (median of paired seeds); medians of the eight ${Math.min(...settled).toFixed(3)} to ${Math.max(...settled).toFixed(3)}, seeds of cosine alone ${spread(lossesOf(bySchedule.cosine), 3)}`,
  holds:
    gains.every(({ gain }) => gain > 0.05) &&
    Math.max(...settled) - Math.min(...settled) <
      Math.max(...lossesOf(bySchedule.cosine)) - Math.min(...lossesOf(bySchedule.cosine)),
});
const lowered = ['plateau (best)', 'plateau (notes)'].map((name) =>
  median(bySchedule[name]?.map(({ rates }) => Math.log2(0.1 / (rates.at(-1) as number))) ?? []),
);
await claim({
  en: 'both plateau rules see the plateau on their own, halve the rate several times, and end where the best fixed schedules end',
  zh: '两种平台规则都能自己发现平台，多次减半，最终与最好的固定调度相当',
  shows: ['rate/plateau', 'rule:plateauLearningRate'],
  measured: `halved ${lowered.join(' and ')} times (best so far, neighbours); loss ${spread(lossesOf(bySchedule['plateau (best)']), 3)} and ${spread(lossesOf(bySchedule['plateau (notes)']), 3)}, constant ${spread(lossesOf(bySchedule.constant), 3)}`,
  holds:
    lowered.every((times) => times >= 2) &&
    ['plateau (best)', 'plateau (notes)'].every(
      (name) => median(lossesOf(bySchedule[name])) < median(lossesOf(bySchedule.constant)),
    ),
});
// %% [markdown] en
/*
## How large may the rate be? From single samples to the full batch

The notes say that stochastic descent needs a smaller rate than descent with the full batch, because chance brings variance. For one linear
neuron this can be worked out to the end.

Let $t = w_*^\top x$ with $x \sim \mathcal{N}(0, I)$ of $d$ dims, and $e = w - w_*$ what is still wrong. The gradient of
$\frac{1}{2m} \sum_i (w^\top x_i - t_i)^2$ is $g = \frac1m \sum_i x_i x_i^\top e$, so that a step leaves
$e' = e - \eta g$, and

$$\mathbb{E}\,\lVert e' \rVert^2 = \lVert e \rVert^2 - 2 \eta\, \mathbb{E}[g^\top e] + \eta^2\, \mathbb{E}\,\lVert g \rVert^2.$$

The mean of $g$ is $e$. Its square has the variance on top: for one sample, $\lVert g \rVert^2 = \lVert x \rVert^2 (x^\top e)^2$, whose mean is
$(d + 2) \lVert e \rVert^2$; with $m$ independent samples the excess over 1 is divided by $m$. Hence

$$\frac{\mathbb{E}\,\lVert e' \rVert^2}{\lVert e \rVert^2} = 1 - 2\eta + \eta^2 \Bigl(1 + \frac{d + 1}{m}\Bigr) < 1
\quad\Longleftrightarrow\quad \eta < \frac{2m}{m + d + 1}.$$

Two laws in one. For the full batch ($m \to \infty$) the limit is 2; for single samples it is $2 / (d + 2)$. And as long as $m$ is small
compared with $d$, the limit grows in proportion to $m$: that is the linear scaling rule, and where it ends.
*/
// %% [markdown] zh
/*
## 学习率最多能多大？从单个样本到全批量

讲义说：随机梯度下降的学习率一般要小于批量梯度下降，因为随机性带来更大的方差。对一个线性神经元，这件事可以算到底。

设 $t = w_*^\top x$，$x \sim \mathcal{N}(0, I)$ 是 $d$ 维向量，$e = w - w_*$ 是还差多少。
$\frac{1}{2m} \sum_i (w^\top x_i - t_i)^2$ 的梯度是 $g = \frac1m \sum_i x_i x_i^\top e$，走一步之后 $e' = e - \eta g$，于是

$$\mathbb{E}\,\lVert e' \rVert^2 = \lVert e \rVert^2 - 2 \eta\, \mathbb{E}[g^\top e] + \eta^2\, \mathbb{E}\,\lVert g \rVert^2.$$

$g$ 的均值就是 $e$；它的平方还要加上方差：单个样本时 $\lVert g \rVert^2 = \lVert x \rVert^2 (x^\top e)^2$，均值为 $(d + 2) \lVert e \rVert^2$；
$m$ 个独立样本时，超出 1 的部分除以 $m$。因此

$$\frac{\mathbb{E}\,\lVert e' \rVert^2}{\lVert e \rVert^2} = 1 - 2\eta + \eta^2 \Bigl(1 + \frac{d + 1}{m}\Bigr) < 1
\quad\Longleftrightarrow\quad \eta < \frac{2m}{m + d + 1}.$$

一个式子里有两条规律。全批量（$m \to \infty$）的上限是 2，单个样本的上限是 $2 / (d + 2)$。而只要 $m$ 比 $d$ 小得多，上限就与 $m$ 成正比：
这正是线性缩放法则，也是它失效的地方。
*/
// %%
const d = 20;
const e = tensor(
  Array.from({ length: d }, (_, k) => Math.cos(k)),
  { dtype: 'float64' },
);
const gradientOf = grad((error: Tensor, X: Tensor) => X.matmul(error).square().mean().mul(0.5));
const sizesOfBatches = [1, 4, 16, 64, 256];
const trials = sized({ full: 4000, short: 500 });
const generator = new Generator(9);
const limits = sizesOfBatches.map((m) => {
  const products = compile((X: Tensor): Tensor[] => {
    const [g] = gradientOf(e, X);
    return [g.mul(e).sum(), g.square().sum()];
  });
  const sums = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const found = products(randn([m, d], { dtype: 'float64', generator }));
    for (const [k, value] of found.entries()) sums[k] = (sums[k] as number) + value.item();
  }
  const [along, squared] = sums as [number, number];
  return (2 * along) / squared; // where 1 - 2η gᵀe + η² ‖g‖² is 1
});
const predicted = sizesOfBatches.map((m) => (2 * m) / (m + d + 1));
await show(
  lineChart(
    {
      derived: { x: sizesOfBatches, y: predicted },
      measured: { x: sizesOfBatches, y: limits },
      'full batch': { x: sizesOfBatches, y: sizesOfBatches.map(() => 2) },
    },
    {
      title: 'The largest learning rate of a linear neuron',
      subtitle: `d = ${d}, gradients of ${trials} batches from the tape; derived and measured lie on each other`,
      xLabel: 'batch size m',
      yLabel: 'largest rate',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
const worstLimit = Math.max(...limits.map((limit, k) => Math.abs(limit / (predicted[k] as number) - 1)));
await claim({
  en: 'the largest rate is 2m / (m + d + 1): single samples bear a 22nd of what the full batch bears, and at first the limit grows in proportion to m',
  zh: '最大学习率是 2m / (m + d + 1)：单个样本只能承受全批量的 1/22；批量加大时，上限起初与 m 成正比',
  shows: ['rate/sgd-smaller'],
  measured: `m = 1, 4, 16, 64, 256: derived ${predicted.map((limit) => limit.toFixed(2)).join(', ')}; measured within ${sized({ full: 5, short: 15 })} %`,
  holds: worstLimit < sized({ full: 0.05, short: 0.15 }),
});
// %% [markdown] en
/*
### The same on the rings

A network has no such formula, but the same picture. Every training below takes 256 steps; with 4 samples to a batch these are one
epoch of the 1024 points, with 1024 samples 256 epochs of the full batch. So small batches are not favoured by taking more steps.
*/
// %% [markdown] zh
/*
### 圆环上也是如此

网络没有这样的公式，图景却是同一幅。下面每次训练都走 256 步：批量为 4 时是 1024 个点的一轮，批量为 1024（全批量）时是 256 轮。
这样，小批量不会因为步数多而占便宜。
*/
// %%
const batchSizes = [4, 16, 64, 1024];
const rateGrid = sized({ full: [0.1, 0.2, 0.4, 0.8, 1.6, 3.2], short: [0.2, 0.8, 1.6] });
const bySize = batchSizes.map((batchSize) =>
  rateGrid.map((rate) => {
    const runs = seeds
      .slice(0, 3)
      .map((seed) => trainRings({ seed, rate, noise: 0.35, batchSize, epochs: batchSize / 4 }));
    return median(lossesOf(runs).map((loss) => (Number.isFinite(loss) ? loss : Infinity)));
  }),
);
await show(
  heatMap(bySize, {
    title: 'Held-out loss after 256 steps',
    subtitle: 'rings with noise 0.35; median of three seeds',
    rowNames: batchSizes.map((size) => (size === 1024 ? 'full batch' : `${size} samples`)),
    columnNames: rateGrid.map((rate) => `${rate}`),
    xLabel: 'learning rate',
    range: [0.2, 0.7],
  }),
);
/** The largest rate whose loss is at most a fifth above the best. */
const usable = bySize.map(
  (losses) => rateGrid.findLast((_, k) => (losses[k] as number) < 1.2 * Math.min(...losses)) as number,
);
await claim({
  en: 'batches of 4 bear a rate several times smaller than the full batch; in between chance decides',
  zh: '批量为 4 时能承受的学习率只有全批量的几分之一；中间的批量则要看运气',
  shows: ['rate/sgd-smaller'],
  measured: `largest rate with a loss at most a fifth above the best: ${usable.join(', ')} for 4, 16, 64, 1024 samples; best losses ${bySize.map((losses) => Math.min(...losses).toFixed(2)).join(', ')}`,
  holds: 4 * (usable[0] as number) <= (usable[3] as number),
});
// %% [markdown] en
/*
## The linear scaling rule

Batches $k$ times as large make $k$ times fewer steps in an epoch. If each of them is $k$ times as long, an epoch gets as far:
$\alpha \leftarrow k\alpha$. We start from batches of 16 with rate 0.2 and no momentum, and enlarge: with the rate unchanged, with the
rate scaled, and scaled with a warmup over three epochs.
*/
// %% [markdown] zh
/*
## 批量线性缩放法则

批量放大 $k$ 倍，一轮的步数就少 $k$ 倍；若每一步也长 $k$ 倍，一轮走得就一样远：$\alpha \leftarrow k\alpha$。
从批量 16、学习率 0.2、不带动量出发逐步放大批量：学习率不变；学习率按比例放大；按比例放大并在前三轮预热。
*/
// %%
const factors = [1, 2, 4, 8, 16];
const warmedUp =
  (k: number): RingsParts['schedule'] =>
  (optimizer, n) =>
    whenBatchEnds(new LinearLR(optimizer, { startFactor: 1 / k, totalIters: 3 * n }));
const scaledRuns = factors.map((k) => {
  const runs = (rate: number, parts?: RingsParts): number[] =>
    lossesOf(seeds.map((seed) => trainRings({ seed, rate, batchSize: 16 * k, noise: 0.2 }, parts)));
  const scaled = scaledLearningRate(0.2, k);
  const same = runs(0.2);
  if (k === 1) return { k, scaled, same, plain: same, warm: same };
  return { k, scaled, same, plain: runs(scaled), warm: runs(scaled, { schedule: warmedUp(k) }) };
});
await showTable(
  ['batch', 'scaled rate', 'loss, rate 0.2', 'loss, rate scaled', 'scaled, with warmup'],
  scaledRuns.map(({ k, scaled, same, plain, warm }) => [
    16 * k,
    scaled,
    ...[same, plain, warm].map((losses) => spread(losses)),
  ]),
);
const band = (losses: readonly (readonly number[])[]) => ({
  x: factors.map((k) => 16 * k),
  y: losses.map(median),
  band: { low: losses.map((of) => Math.min(...of)), high: losses.map((of) => Math.max(...of)) },
});
await show(
  lineChart(
    {
      'rate 0.2': band(scaledRuns.map(({ same }) => same)),
      'rate scaled': band(scaledRuns.map(({ plain }) => plain)),
      'scaled, with warmup': band(scaledRuns.map(({ warm }) => warm)),
    },
    {
      title: 'Larger batches for fifteen epochs',
      subtitle: `median of ${seeds.length} seeds, from the least to the greatest`,
      xLabel: 'batch size',
      yLabel: 'held-out loss (nats)',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
const [, twice, fourTimes, eightTimes, sixteenTimes] = scaledRuns;
const failures = (losses: readonly number[] = []): string =>
  `${losses.filter((loss) => !(loss < 0.3)).length} of ${losses.length}`;
await claim({
  en: 'the scaled rate keeps the loss of an epoch until it is 0.8; at 1.6 it needs the warmup; at 3.2 nothing helps',
  zh: '按比例放大的学习率在 0.8 以内能保持一轮的效果；到 1.6 必须预热；到 3.2 预热也救不回来',
  shows: ['rate/linear-scaling', 'rule:scaledLearningRate'],
  measured: `batch 64: ${spread(fourTimes?.same ?? [])} unscaled, ${spread(fourTimes?.plain ?? [])} scaled; batch 128: ${failures(eightTimes?.plain)} fail without warmup, ${failures(eightTimes?.warm)} with; batch 256: ${failures(sixteenTimes?.warm)} fail with warmup`,
  holds:
    [twice, fourTimes].every((at) => Math.max(...(at?.plain ?? [1])) < 0.3) &&
    (eightTimes?.plain ?? []).some((loss) => !(loss < 0.3)) &&
    (eightTimes?.warm ?? []).every((loss) => loss < 0.3) &&
    (sixteenTimes?.warm ?? []).some((loss) => !(loss < 0.3)),
  documentSays: {
    en: 'batch × k, rate × k, steadier with warmup, without a limit',
    zh: 'batch×k 时 LR×k（配 warmup 更稳），没有提到上限',
  },
});
// %% [markdown] en
/*
## The order of the samples

The notes ask for a new random order in each epoch, because a fixed one biases the gradient. There are two very different fixed orders, though:
as the points were *made*, first all of one class and then all of the other, and as they lie after they were mixed *once*.
*/
// %% [markdown] zh
/*
## 样本的顺序

讲义要求每轮重新打乱，因为固定顺序会使梯度估计产生偏差。不过“固定顺序”有两种，差别极大：一种是数据*生成*时的顺序，先全是一类，再全是另一类；
另一种是事先打乱过*一次*，以后不再变。
*/
// %%
const classOf = (dataset: RingsData): number[] => Array.from(dataset.tensors[1].toTypedArray());
const orders = {
  'class by class': (dataset, options) => {
    const classes = classOf(dataset);
    return new BatchSampler(
      [...classes.keys()].toSorted((i, j) => (classes[i] as number) - (classes[j] as number)),
      options,
    );
  },
  'mixed once': (dataset, options) => new BatchSampler(new SequentialSampler(dataset), options),
  'shuffled each epoch': (dataset, options) => new BatchSampler(new RandomSampler(dataset, options), options),
  'drawn with replacement': (dataset, options) =>
    new BatchSampler(new RandomSampler(dataset, { ...options, replacement: true }), options),
} satisfies Record<string, NonNullable<RingsParts['batches']>>;
type Order = keyof typeof orders;
const byOrder = Object.fromEntries(
  Object.entries(orders).map(([name, batches]) => [
    name,
    seeds.map((seed) => trainRings({ seed, rate: 0.1 }, { batches })),
  ]),
) as Record<Order, RingsResult[]>;
await show(
  lineChart(
    Object.fromEntries(
      Object.entries(byOrder).map(([name, runs]) => [
        name,
        overSeeds(
          runs.map(({ losses }) => losses),
          steps40.slice(0, epochs + 1),
        ),
      ]),
    ),
    {
      title: 'Four orders of the same points',
      subtitle: `rate 0.1, no momentum, batches of 64; median of ${seeds.length} seeds`,
      xLabel: 'epoch',
      yLabel: 'held-out loss (nats)',
      yScale: 'log',
    },
  ),
  lineChart(
    {
      'class by class': { x: steps40, y: byOrder['class by class'][0]?.batchLosses.slice(0, 40) ?? [] },
      'shuffled each epoch': { x: steps40, y: byOrder['shuffled each epoch'][0]?.batchLosses.slice(0, 40) ?? [] },
    },
    {
      title: 'Why: the first forty batches',
      subtitle: 'eight batches of one class, then eight of the other',
      xLabel: 'batch',
      yLabel: 'loss of the batch (nats)',
    },
  ),
);
const byClass = lossesOf(byOrder['class by class']);
const once = lossesOf(byOrder['mixed once']);
const always = lossesOf(byOrder['shuffled each epoch']);
const withReplacement = lossesOf(byOrder['drawn with replacement']);
await claim({
  en: 'class by class ruins the training; whether points are mixed once, in each epoch, or drawn anew, makes no difference here',
  zh: '按类别排列会毁掉训练；而只打乱一次、每轮打乱、有放回抽样，三者在这里没有差别',
  shows: ['order/shuffle'],
  measured: `held-out loss ${spread(byClass)} class by class; ${spread(once)} mixed once, ${spread(always)} each epoch, ${spread(withReplacement)} with replacement`,
  holds:
    Math.min(...byClass) > 3 * Math.max(...always) &&
    once.every((loss, k) => Math.abs(Math.log(loss / (always[k] as number))) < 0.5),
  documentSays: {
    en: 'a fixed order biases the gradient; without shuffling the loss jitters and converges more slowly',
    zh: '样本顺序固定会使梯度估计产生偏差；去掉 shuffle，loss 常会抖动且收敛变慢',
  },
});
// %% [markdown] en
/*
The fixed order does harm by what lies *next to* each other, not by being fixed: eight batches of one class teach the network to answer with
that class, and the next eight to answer with the other. (On rings, an order that was mixed once is as good as a new one. Shuffle all the
same: it is free, and nobody knows what lies next to what in a file.)

### Stratified, weighted

Only 32 points of 1024 are of class 1. A third of the random batches of 32 has none of them. `StratifiedBatchSampler` gives each
batch its share, one; `WeightedRandomSampler` draws the rare class as often as the other. The held-out points are balanced, and the
share of right answers is what counts.
*/
// %% [markdown] zh
/*
固定顺序的害处在于*相邻*样本是什么，而不在于“固定”本身：连续八个批量都是一类，网络就学会总答这一类，接下来八个又教它总答另一类。
（在圆环上，打乱一次与每轮打乱效果一样。即便如此还是请每轮打乱：不花钱，而文件里谁挨着谁，没人知道。）

### 分层采样与加权采样

1024 个点里只有 32 个属于类 1。随机批量（32 个样本）里有三分之一一个都没有。`StratifiedBatchSampler` 让每个批量都拿到应得的一个；
`WeightedRandomSampler` 让稀有类与另一类出现得一样频繁。留出点两类各半，看答对的比例。
*/
// %%
const rare: Omit<RingsRun, 'seed'> = { rate: 0.1, momentum: 0.9, noise: 0.2, batchSize: 32, ofClassOne: 32 };
const samplers = {
  random: orders['shuffled each epoch'],
  stratified: (dataset, options) => new StratifiedBatchSampler(dataset.tensors[1], options),
  weighted: (dataset, options) => {
    const weights = classOf(dataset).map((label) => (label === 1 ? 31 : 1));
    return new BatchSampler(new WeightedRandomSampler(weights, dataset.length, options), options);
  },
} satisfies Record<string, NonNullable<RingsParts['batches']>>;
const rareCounts = Object.fromEntries(
  Object.entries(samplers).map(([name, batches]) => {
    const dataset = trainingPoints({ ...rare, seed: 1 });
    const classes = classOf(dataset);
    const sampler = batches(dataset, { batchSize: 32, generator: new Generator(4) });
    const count = (batch: Iterable<number>): number =>
      Array.from(batch, (i) => classes[i] as number).reduce((sum, one) => sum + one, 0);
    return [name, Array.from({ length: 20 }, () => [...sampler].map(count)).flat()];
  }),
);
await show(
  histogram(rareCounts, {
    title: 'Points of the rare class in a batch of 32',
    subtitle: '20 epochs of 32 batches; 32 points of 1024 are of the rare class',
    xLabel: 'points of the rare class',
    share: true,
  }),
);
const ofRare = Object.entries(samplers).map(([name, batches]) => ({
  name,
  accuracies: seeds.map((seed) => trainRings({ seed, ...rare }, { batches }).accuracy),
}));
const [randomly, stratified, weighted] = ofRare.map(({ accuracies }) => accuracies) as [number[], number[], number[]];
const without = (rareCounts.random ?? []).filter((count) => count === 0).length / 640;
await claim({
  en: 'stratified batches have their one rare point each, but answer no better than random ones; balanced draws do',
  zh: '分层采样让每个批量恰有一个稀有样本，但准确率并不比随机更高；平衡抽样才有用',
  shows: ['order/stratified'],
  measured: `${(100 * without).toFixed(0)} % of random batches have no rare point, ${new Set(rareCounts.stratified).size === 1 ? 'every stratified one has 1' : 'stratified ones vary'}; right answers ${spread(randomly, 3)} random, ${spread(stratified, 3)} stratified, ${spread(weighted, 3)} balanced`,
  holds:
    without > 0.3 &&
    without < 0.45 &&
    new Set(rareCounts.stratified).size === 1 &&
    median(weighted) > median(randomly) &&
    median(stratified) <= median(randomly) + 0.02,
  documentSays: {
    en: 'with very unequal classes consider stratified sampling',
    zh: '类别极不平衡时考虑“分层采样（stratified）”',
  },
});
// %% [markdown] en
/*
Why: stratifying removes chance from the *number* of rare points in a batch; on average there are as many as before. The loss still
weighs the two classes 31 : 1. Who wants the rare class to count as much has to change the weights: in the sampler or in the loss.

### Bucketed: sequences of one length together

Sequences in a batch are padded to the longest. When lengths differ, most of a random batch is padding. `BucketBatchSampler` draws a
few batches' worth, sorts them by length, cuts them into batches, and shuffles those.
*/
// %% [markdown] zh
/*
原因：分层消除的是每个批量里稀有样本*个数*的随机性，平均个数并没有变，损失对两类的权重仍是 31 : 1。
想让稀有类同样重要，就要改变权重：在采样器里改，或者在损失里改。

### 同长分桶

一个批量里的序列要补齐到最长的那个。长度参差不齐时，随机批量的大半都是填充。`BucketBatchSampler` 每次取若干个批量的样本，
按长度排序、切成批量，再把这些批量打乱。
*/
// %%
const lengths = Array.from(new Generator(5).normal(new Float64Array(2000), 3, 0.7), (log) => Math.ceil(Math.exp(log)));
/** The share of a padded epoch that is padding. */
function padding(batches: Iterable<Iterable<number>>): number {
  let [filled, padded] = [0, 0];
  for (const batch of batches) {
    const inBatch = Array.from(batch, (i) => lengths[i] as number);
    filled += inBatch.reduce((sum, length) => sum + length, 0);
    padded += inBatch.length * Math.max(...inBatch);
  }
  return 1 - filled / padded;
}
const buckets = [1, 2, 5, 10, 20, 60];
const wasted = buckets.map((bucketBatches) =>
  padding(new BucketBatchSampler(lengths, { batchSize: 32, bucketBatches, generator: new Generator(6) })),
);
await show(
  lineChart(
    { padding: { x: buckets, y: wasted.map((share) => 100 * share) } },
    {
      title: 'Padding in batches of 32 sequences',
      subtitle: `2000 sequences of ${Math.min(...lengths)} to ${Math.max(...lengths)} entries`,
      xLabel: 'batches in a bucket (1: random batches)',
      yLabel: 'padding (%)',
      xScale: 'log',
      height: 280,
    },
  ),
);
await claim({
  en: 'buckets of twenty batches take most of the padding away, and still mix',
  zh: '每桶二十个批量就能去掉大部分填充，同时仍然打乱',
  shows: ['order/stratified'],
  measured: `${(100 * (wasted[0] ?? 0)).toFixed(0)} % padding in random batches, ${(100 * (wasted[4] ?? 0)).toFixed(0)} % in buckets of 20`,
  holds: (wasted[0] ?? 0) > 0.5 && (wasted[4] ?? 1) < 0.25,
});
// %% [markdown] en
/*
### A curriculum

Easy first: points far from the circle between the rings are easy, points near it are difficult. `CurriculumSampler` begins with the easiest
quarter and takes a sixteenth more in each epoch. For comparison, the most difficult first. Epochs differ in size, so the axis
counts batches.
*/
// %% [markdown] zh
/*
### 课程学习

先易后难：离两环中间那个圆远的点容易，靠近它的点难。`CurriculumSampler` 先用最容易的四分之一，每轮再多取十六分之一。
作为对照，再来一个先难后易。各轮大小不同，所以横轴用批量数。
*/
// %%
const fromMiddle = ([point]: readonly [Tensor, Tensor]): number => {
  const [x, y] = point.toArray() as [number, number];
  return Math.abs(Math.hypot(x, y) - 1.5);
};
const pace = (epoch: number): number => (4 + epoch) / 16;
const curriculum =
  (sign: 1 | -1): RingsParts['batches'] =>
  (dataset, options) => {
    const difficulty = (sample: readonly [Tensor, Tensor]): number => sign * fromMiddle(sample);
    return new BatchSampler(
      new CurriculumSampler(dataset, { difficulty, pace, generator: options.generator }),
      options,
    );
  };
const taught = Object.fromEntries(
  (
    [
      ['random', orders['shuffled each epoch'], 15],
      ['easy first', curriculum(-1), 20],
      ['difficult first', curriculum(1), 20],
    ] as const
  ).map(([name, batches, epochs]) => [
    name,
    seeds.map((seed) => trainRings({ seed, rate: 0.1, noise: 0.2, batchSize: 32, epochs }, { batches })),
  ]),
);
await show(
  lineChart(
    Object.fromEntries(
      Object.entries(taught).map(([name, runs]) => [
        name,
        overSeeds(
          runs.map(({ losses }) => losses),
          runs[0]?.batches,
        ),
      ]),
    ),
    {
      title: 'Random, easy first, difficult first',
      subtitle: `rate 0.1, no momentum, batches of 32; median of ${seeds.length} seeds, from the least to the greatest`,
      xLabel: 'batches',
      yLabel: 'held-out loss (nats)',
      yScale: 'log',
    },
  ),
);
/** The held-out loss after so many batches, between the epochs before and after. */
function lossAfter({ losses, batches }: RingsResult, count: number): number {
  const k = batches.findIndex((seen) => seen >= count);
  const [from = 0, to = 0] = batches.slice(k - 1, k + 1);
  const [before = 0, after = 0] = losses.slice(k - 1, k + 1);
  return before + ((after - before) * (count - from)) / (to - from);
}
const [mixed, easyFirst, difficultFirst] = ['random', 'easy first', 'difficult first'].map((name) =>
  [144, 460].map((count) => (taught[name] ?? []).map((run) => lossAfter(run, count))),
) as [number[][], number[][], number[][]];
await claim({
  en: 'easy first is ahead at the beginning, difficult first is not; in the end all three are within the spread of the seeds',
  zh: '先易后难在开头领先，先难后易则不然；到最后三者的差别都在种子的波动之内',
  shows: ['order/stratified'],
  measured: `random, easy first, difficult first after 144 batches: ${[mixed, easyFirst, difficultFirst].map((at) => spread(at[0] ?? [])).join(', ')}; after 460: ${[mixed, easyFirst, difficultFirst].map((at) => spread(at[1] ?? [])).join(', ')}`,
  holds:
    (easyFirst[0] ?? []).every((loss, k) => loss < (mixed[0]?.[k] ?? 0)) &&
    median(easyFirst[1] ?? []) > 0.75 * median(mixed[1] ?? []) &&
    median(easyFirst[1] ?? []) < 1.33 * median(mixed[1] ?? []),
});
// %% [markdown] en
/*
## One sweep over everything

Advice about single choices hides that choices depend on each other. So we try them all: four initialisations × six rates × three
momenta × three seeds. Writing 216 trainings as loops in a cell has three drawbacks: one core works and the others watch, an
interruption loses everything, and the results are gone with the window. `sweep` of `@gradtape/train` mends all three:

- every training gets its configuration as plain data, and runs in a thread of its own choosing
  ([lesson/rings-sweep.ts](../lesson/rings-sweep.ts) is all that a thread is told);
- each result is a line at the end of a file; what stands there is not run again;
- random numbers are seeded by the configuration, so that the number of threads changes nothing.

Here the first third is run by one thread; then "the power fails"; then all cores go on with what is missing.
*/
// %% [markdown] zh
/*
## 一次扫遍所有组合

单独谈某个选择的建议，掩盖了这些选择彼此相关。所以全部组合都试一遍：四种初始化 × 六个学习率 × 三个动量 × 三个种子。
把 216 次训练写成一个单元格里的循环有三个毛病：一个核在忙，其他核闲着；一中断就前功尽弃；窗口一关结果就没了。
`@gradtape/train` 的 `sweep` 把三个毛病都治了：

- 每次训练只拿到一份纯数据的配置，由空闲的线程来跑（线程要知道的全在 [lesson/rings-sweep.ts](../lesson/rings-sweep.ts) 里）；
- 每个结果是文件末尾的一行；文件里已有的不再重跑；
- 随机数由配置决定，所以线程数不影响任何结果。

这里先用一个线程跑三分之一，然后“停电”，再用所有的核把剩下的跑完。
*/
// %%
const initializations = sized<readonly Initialization[]>({
  full: ['he', 'xavier', 'large', 'small'],
  short: ['he', 'small'],
});
const rates = sized({ full: [0.01, 0.03, 0.1, 0.3, 1, 3], short: [0.03, 0.3] });
const momentaSwept = sized({ full: [0, 0.5, 0.9], short: [0, 0.9] });
const configurations: SweepPoint[] = initializations.flatMap((initialization) =>
  momentaSwept.flatMap((momentum) =>
    rates.flatMap((rate) =>
      sized({ full: [1, 2, 3], short: [1] }).map((seed) => ({ initialization, momentum, rate, seed })),
    ),
  ),
);
// Give a file of your own, and the sweep goes on tomorrow.
const file = join(await mkdtemp(join(tmpdir(), 'gradtape-sweep-')), 'rings.jsonl');
const training = pathToFileURL('../lesson/rings-sweep.ts');
let ran = 0;
const onProgress = ({ done, total }: SweepProgress): void => {
  ran++;
  if (done % Math.ceil(total / 6) === 0 || done === total)
    console.log(`${'█'.repeat((24 * done) / total).padEnd(24, '░')} ${done} of ${total}`);
};
const third = configurations.slice(0, configurations.length / 3);
await sweep(third, training, { file, onProgress });
console.log('power failure, and on with all cores');
const records = await sweep(configurations, training, { file, workers: availableParallelism(), onProgress });

const again = configurations.filter((_, k) => k % 40 === 39 || k === 11);
const alone = await sweep(again, training, { workers: 1 });
const lines = (await readFile(file, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SweepRecord);
const recorded = (point: Json): SweepRecord | undefined =>
  lines.find(({ configuration }) => JSON.stringify(configuration) === JSON.stringify(point));
const same = alone.every(
  (record) => JSON.stringify(record.result) === JSON.stringify(recorded(record.configuration)?.result),
);
await claim({
  en: 'interrupted and resumed, nothing ran twice; one thread and all cores give the same to the last digit',
  zh: '中断后继续，没有一次训练重跑；单线程与所有核的结果逐位相同',
  measured: `${lines.length} lines in the file, ${ran} trainings; ${again.length} of them repeated in one thread: ${same ? 'equal' : 'different'}`,
  holds: lines.length === configurations.length && ran === configurations.length && same,
});
// %%
interface Trained {
  readonly losses: readonly number[];
  readonly accuracy: number;
}
/** The runs of all seeds with these choices. */
const swept = (initialization: Initialization, momentum: number, rate: number): Trained[] =>
  records.flatMap(({ configuration, result }) => {
    const point = configuration as SweepPoint;
    const isIt = point.initialization === initialization && point.momentum === momentum && point.rate === rate;
    return isIt ? [result as unknown as Trained] : [];
  });
// JSON has no NaN: what is no number has become null.
const finalLoss = ({ losses }: Trained): number => losses.at(-1) ?? Infinity;
const medianLoss = (initialization: Initialization, momentum: number, rate: number): number =>
  median(swept(initialization, momentum, rate).map(finalLoss));
const choices = initializations.flatMap((initialization) =>
  momentaSwept.map((momentum) => ({ initialization, momentum })),
);
const titles: Record<Initialization, string> = { he: 'He', xavier: 'Xavier', large: 'σ = 1', small: 'σ = 0.01' };
await show(
  heatMap(
    choices.map(({ initialization, momentum }) => rates.map((rate) => medianLoss(initialization, momentum, rate))),
    {
      title: 'Held-out loss after 15 epochs',
      subtitle: 'median of three seeds; log scale',
      rowNames: choices.map(({ initialization, momentum }) => `${titles[initialization]}, γ = ${momentum}`),
      columnNames: rates.map((rate) => `${rate}`),
      xLabel: 'learning rate',
      colourScale: 'log',
      format: (loss) => loss.toPrecision(1),
    },
  ),
);
// %% [markdown] en
/*
Read the map along its diagonals: with momentum, everything happens at smaller rates. If gradients stay about the same for a while, the
velocity adds up $1 + \gamma + \gamma^2 + \dots = \frac{1}{1 - \gamma}$ of them. So momentum 0.9 ought to be worth a rate ten times as
large:

$$\alpha_{\text{effective}} = \frac{\alpha}{1 - \gamma}.$$

On that axis the three curves ought to lie on each other. Watch also where each of them turns up: there momentum has something of its
own to give.
*/
// %% [markdown] zh
/*
沿着对角线读这张图：有了动量，一切都发生在更小的学习率上。若梯度在一段时间里大致不变，速度就累加了
$1 + \gamma + \gamma^2 + \dots = \frac{1}{1 - \gamma}$ 份梯度。所以动量 0.9 应当相当于把学习率放大十倍：

$$\alpha_{\text{有效}} = \frac{\alpha}{1 - \gamma}.$$

以它为横轴，三条曲线应当重合。再看每条曲线在哪里翘起来：那里才是动量自己的贡献。
*/
// %%
await show(
  lineChart(
    Object.fromEntries(
      momentaSwept.map((gamma) => [
        `γ = ${gamma}`,
        { x: rates.map((rate) => rate / (1 - gamma)), y: rates.map((rate) => medianLoss('he', gamma, rate)) },
      ]),
    ),
    {
      title: 'He initialisation: the three momenta on one axis',
      subtitle: 'median held-out loss of three seeds after 15 epochs',
      xLabel: 'effective rate α / (1 − γ)',
      yLabel: 'held-out loss (nats)',
      xScale: 'log',
      yScale: 'log',
    },
  ),
  lineChart(
    Object.fromEntries(
      initializations.map((initialization) => [
        titles[initialization],
        overSeeds(swept(initialization, 0.9, 0.03).map(({ losses }) => losses)),
      ]),
    ),
    {
      title: 'Four initialisations',
      subtitle: 'momentum 0.9, rate 0.03; median of three seeds, from the least to the greatest',
      xLabel: 'epoch',
      yLabel: 'held-out loss (nats)',
      yScale: 'log',
    },
  ),
);
const bestEffective = momentaSwept.map((gamma) => {
  const losses = rates.map((rate) => medianLoss('he', gamma, rate));
  return Number(((rates[losses.indexOf(Math.min(...losses))] as number) / (1 - gamma)).toPrecision(2));
});
const pairs = sized({ full: [0.01, 0.03, 0.1], short: [0.03] }).map((rate) => {
  const tenfold = rates.find((other) => Math.abs(other / (10 * rate) - 1) < 1e-9) as number;
  return { rate, tenfold, fast: medianLoss('he', 0.9, rate), plain: medianLoss('he', 0, tenfold) };
});
await claim({
  en: 'momentum 0.9 is worth a rate ten times as large, and bears an effective rate three times as large as no momentum',
  zh: '动量 0.9 相当于学习率放大十倍，并且能承受的有效学习率是无动量时的三倍',
  measured: pairs
    .map(
      ({ rate, tenfold, fast, plain }) =>
        `${rate} with γ = 0.9: ${fast.toPrecision(2)}, ${tenfold} without: ${plain.toPrecision(2)}`,
    )
    .join('; ')
    .concat(`; best at an effective rate of ${bestEffective.join(', ')} for γ = ${momentaSwept.join(', ')}`),
  holds:
    (bestEffective.at(-1) as number) >= 2 * (bestEffective[0] as number) &&
    pairs.every(({ fast, plain }) => Math.abs(Math.log(fast / plain)) < Math.log(3)),
});
const working = initializations.map((initialization) => {
  const cells = momentaSwept.flatMap((gamma) => rates.map((rate) => medianLoss(initialization, gamma, rate)));
  return cells.filter((loss) => loss < 0.1).length;
});
const cellsOfEach = momentaSwept.length * rates.length;
const leader = choices
  .flatMap(({ initialization, momentum }) =>
    rates.map((rate) => ({ initialization, momentum, rate, loss: medianLoss(initialization, momentum, rate) })),
  )
  .toSorted((a, b) => a.loss - b.loss)[0];
await claim({
  en: 'weights that are too small spoil the training at almost any rate; He, Xavier and even σ = 1 are equally good in this shallow network',
  zh: '权重太小，几乎任何学习率都学不动；而在这个浅网络里，He、Xavier 乃至 σ = 1 都一样好',
  shows: ['tricks/sweep'],
  measured: `of ${cellsOfEach} pairs of rate and momentum a loss below 0.1 have: ${initializations.map((initialization, k) => `${titles[initialization]} ${working[k]}`).join(', ')}; best: ${leader === undefined ? '' : `${titles[leader.initialization]}, γ = ${leader.momentum}, rate ${leader.rate}, loss ${leader.loss.toPrecision(1)}`}`,
  holds:
    working.slice(0, -1).every((count) => count >= cellsOfEach / 2 - 1) &&
    (working.at(-1) as number) < (working[0] as number) / 2,
  documentSays: {
    en: 'ReLU goes with He, tanh with Xavier (with this depth the choice cannot be told; notebook 05 shows where it can)',
    zh: 'ReLU 配 He、Tanh 配 Xavier（这个深度看不出差别；第 05 篇展示何处看得出）',
  },
});
// %% [markdown] en
/*
## The order of troubleshooting

A training does not learn. What now? The notes give an order in which to look, and it is a good one: first what is wrong from the start,
then the data, then the rate, and only then the end.

| | look at | sick if | remedy |
| --- | --- | --- | --- |
| 1 | output and loss | they do not belong together | softmax or sigmoid with cross-entropy (of logits), linear with squared error |
| 2 | gradient norms by layer | they grow or shrink by powers of ten | He for ReLU, Xavier for tanh; clip; normalise; residuals |
| 3 | activations | zeros for all samples; saturated | smaller rate, biases at 0; standardise inputs |
| 4 | the loss | stands at $\log(\text{classes})$ | labels and samples shuffled together? |
| 5 | the order | batch losses repeat in each epoch | shuffle in each epoch |
| 6 | the beginning | the loss jumps or becomes NaN | a smaller rate; warmup over 500 to 1000 steps |
| 7 | the middle | the loss goes up and down | a smaller rate, or more momentum |
| 8 | slow | the loss hardly falls | a larger rate, momentum 0.9, a schedule, Adam with $10^{-3}$ |
| 9 | held-out loss | rises while that of training falls | more data, weight decay, stop early |

`diagnoseTraining` of `@gradtape/train` goes through this list. It is given what a training left behind: the losses (`fit` keeps
them), and a look into every eighth step, layer by layer (`LayerStatistics`).
*/
// %% [markdown] zh
/*
## 排障顺序

训练学不动，怎么办？讲义给出了检查的次序，这个次序很好：先看一开始就错的，再看数据，再看学习率，最后才看收尾。

| | 看什么 | 病征 | 对策 |
| --- | --- | --- | --- |
| 1 | 输出与损失 | 搭配不当 | softmax/sigmoid 配交叉熵（输入 logits），线性输出配平方误差 |
| 2 | 各层梯度范数 | 成数量级地增大或缩小 | ReLU 用 He，tanh 用 Xavier；裁剪；归一化；残差 |
| 3 | 激活值 | 对所有样本都为零；饱和 | 减小学习率、偏置置零；输入标准化 |
| 4 | 损失 | 停在 $\log(\text{类别数})$ | 标签与样本是否一起打乱？ |
| 5 | 顺序 | 批量损失每轮重复 | 每轮打乱 |
| 6 | 开头 | 损失猛跳或变成 NaN | 减小学习率；前 500~1000 步预热 |
| 7 | 中段 | 损失忽上忽下 | 减小学习率，或增大动量 |
| 8 | 太慢 | 损失几乎不降 | 增大学习率，动量 0.9，用调度，Adam $10^{-3}$ |
| 9 | 留出损失 | 训练损失降而它升 | 更多数据、权重衰减、提前停止 |

`@gradtape/train` 的 `diagnoseTraining` 就照这张单子逐项检查。给它的是训练留下的痕迹：损失（`fit` 会保存），
以及每八步一次、逐层的观察（`LayerStatistics`）。
*/
// %%
interface Patient {
  readonly rate?: number;
  readonly warmup?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly shuffle?: boolean;
  readonly depth?: number;
  readonly points?: number;
  readonly noise?: number;
  readonly activation?: () => Module;
  readonly output?: () => Module;
  readonly weights?: (weight: Linear['weight']) => void;
  readonly bias?: number;
  readonly data?: (x: Tensor, t: Tensor) => [x: Tensor, t: Tensor];
}

/** Trains on the rings as the patient wants it, and looks into every eighth step. */
async function examine(patient: Patient, seed = 1): Promise<TrainingEvidence> {
  const { rate = 0.1, warmup = 0, epochs = 12, batchSize = 64, shuffle = true, depth = 3, points = 512 } = patient;
  const { noise = 0.1, activation = () => new ReLU(), bias = 0, data = (x, t) => [x, t] } = patient;
  manualSeed(seed);
  const layers = Array.from({ length: depth }, (_, l) => new Linear(l === 0 ? 2 : 16, l === depth - 1 ? 2 : 16));
  for (const [l, layer] of layers.entries()) {
    (patient.weights ?? he)(layer.weight);
    if (layer.bias !== null) init.constant(layer.bias, l === 0 ? bias : 0);
  }
  const output = patient.output === undefined ? [] : [patient.output()];
  const model = new Sequential(
    ...layers.flatMap((layer, l) => (l < depth - 1 ? [layer, activation()] : [layer, ...output])),
  );
  const criterion = new CrossEntropyLoss();
  const optimizer = new SGD(model.parameters(), { lr: rate });
  const schedule = new LinearLR(optimizer, { startFactor: warmup > 0 ? 0.02 : 1, totalIters: Math.max(1, warmup) });
  const lossOf = (x: Tensor, t: Tensor): Tensor => criterion.forward(model.forward(x) as Tensor, t);
  const step = (x: Tensor, t: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = lossOf(x, t);
    loss.backward();
    optimizer.step();
    schedule.step();
    return loss;
  };
  const compiled = compile(step);
  const statistics = new LayerStatistics(model);
  let steps = 0;
  const train = (x: Tensor, t: Tensor): Tensor =>
    steps++ % 8 === 0 ? statistics.record(() => step(x, t)) : compiled(x, t);
  const loader = new DataLoader(new TensorDataset(...data(...rings(points, { noise }))), { batchSize, shuffle });
  const heldOut = [data(...rings(512, { noise }))];
  const history = await fit(train, loader, { epochs, validate: () => evaluate(lossOf, heldOut, { model }) });
  compiled.dispose();
  return { history, statistics, classes: 2, model, criterion };
}
const he = (weight: Linear['weight']): void => init.kaimingNormal(weight, { nonlinearity: 'relu' });

const healthy = diagnoseTraining(await examine({}));
console.log(String(healthy));
// %% [markdown] en
/*
The healthy one is found healthy. Now twelve that were made sick, each in its own way, and beside each its remedy, which changes
what caused the disease.
*/
// %% [markdown] zh
/*
健康的训练被判为健康。下面是十二个“病人”，各有各的病，旁边是对应的“处方”，改掉病因。
*/
// %%
const byClassLabels = (x: Tensor, t: Tensor): [Tensor, Tensor] => {
  const order = t.argsort();
  return [x.indexSelect(0, order), t.indexSelect(0, order)];
};
const deepSigmoid: Patient = { depth: 8, activation: () => new Sigmoid(), weights: (w) => init.xavierUniform(w) };
const wide = (x: Tensor, t: Tensor): [Tensor, Tensor] => [x.mul(4), t];
const overheated: Patient = { activation: () => new Tanh(), rate: 2, batchSize: 512, epochs: 80, data: wide };
const patients: Readonly<Record<Symptom, readonly [sick: Patient, cured: Patient]>> = {
  'wrong pairing': [{ output: () => new Softmax(1) }, {}],
  'exploding gradients': [
    { depth: 8, rate: 1e-9, weights: (w) => init.normal(w, 0, 2) },
    { depth: 8, rate: 0.03 },
  ],
  'vanishing gradients': [deepSigmoid, { depth: 8, rate: 0.03 }],
  'dead units': [{ bias: -10 }, {}],
  saturation: [
    { activation: () => new Tanh(), rate: 0.01, data: (x, t) => [x.mul(100), t] },
    { activation: () => new Tanh() },
  ],
  'labels not aligned': [
    { data: (x, t) => [x, t.indexSelect(0, randperm(t.length))], rate: 0.03, points: 1024 },
    { rate: 0.03, points: 1024 },
  ],
  'not shuffled': [
    { shuffle: false, data: byClassLabels, epochs: 16 },
    { data: byClassLabels, epochs: 16 },
  ],
  'rate too large': [
    { activation: () => new LeakyReLU(), rate: 10 },
    { activation: () => new LeakyReLU(), rate: 0.3 },
  ],
  'unstable start': [
    { activation: () => new Tanh(), rate: 2, epochs: 20 },
    { activation: () => new Tanh(), rate: 1, epochs: 20, warmup: 80 },
  ],
  oscillation: [overheated, { ...overheated, data: (x, t) => [x, t], rate: 0.5 }],
  'rate too small': [{ rate: 1e-5 }, {}],
  overfitting: [
    { points: 24, noise: 0.5, epochs: 150, rate: 0.3, batchSize: 24 },
    { points: 512, noise: 0.5, epochs: 20, rate: 0.1 },
  ],
};
const patientSeeds = sized({ full: [1, 2, 3], short: [1] });
const table: string[][] = [];
let recognised = 0;
let curedCount = 0;
const ward = Object.entries(patients).slice(0, sized({ full: 12, short: 4 }));
for (const [symptom, [sick, cured]] of ward) {
  for (const seed of patientSeeds) {
    const found = diagnoseTraining(await examine(sick, seed)).findings;
    const names = found.map((finding) => finding.symptom).join(', ');
    const seen = found.find((finding) => finding.symptom === symptom)?.seen;
    if (seen !== undefined) recognised++;
    if (seed > 1) continue;
    const after = diagnoseTraining(await examine(cured, seed))
      .findings.map((finding) => finding.symptom)
      .join(', ');
    if (after === '') curedCount++;
    table.push([symptom, names, seen ?? '', after || 'healthy']);
  }
}
await showTable(['sick of', 'found, in order', 'seen', 'after the remedy'], table);
const cases = ward.length;
await claim({
  en: 'each of twelve diseases is recognised with every seed, and gone after its remedy; the healthy training is called healthy',
  zh: '十二种病，每个种子都认得出来，用药之后都消失；健康的训练也判为健康',
  shows: ['tricks/troubleshooting'],
  measured: `${recognised} of ${cases * patientSeeds.length} recognised, ${curedCount} of ${cases} cured, ${healthy.findings.length} findings in the healthy one`,
  holds: recognised === cases * patientSeeds.length && curedCount === cases && healthy.isHealthy,
});
// %% [markdown] en
/*
Note how often two findings come together: gradients that vanish leave the loss at $\log 2$, as wrong labels do. That is why there is an
*order*. The first finding is the one to treat; then look again.

One of these diseases has a lower bound that can be worked out. Softmax taken twice: its output lies between 0 and 1, so that
the scores that the loss sees are at best $(1, 0)$, and the loss cannot fall below

$$-\log \frac{e^1}{e^1 + e^0} = \log(1 + e^{-1}) \approx 0.313,$$

however well the network answers.
*/
// %% [markdown] zh
/*
注意，两个结果常常一起出现：梯度消失会让损失停在 $\log 2$，标签错乱也会。所以才需要*次序*：先治第一条，再看一遍。

其中一种病的损失下界可以算出来。softmax 做了两次：它的输出在 0 与 1 之间，损失看到的得分最好也只是 $(1, 0)$，因此损失不可能低于

$$-\log \frac{e^1}{e^1 + e^0} = \log(1 + e^{-1}) \approx 0.313,$$

网络答得再好也没用。
*/
// %%
const bound = Math.log(1 + Math.exp(-1));
const lossesIn = ({ history }: TrainingEvidence): number[] =>
  history !== undefined && 'train' in history ? (history.train.loss ?? []) : [];
const twiceOver = lossesIn(await examine({ output: () => new Softmax(1), rate: 1, epochs: 40 }));
const onceOnly = lossesIn(await examine({ rate: 1, epochs: 40 }));
await show(
  lineChart(
    { 'softmax twice': twiceOver, 'softmax once': onceOnly, 'log(1 + 1/e)': twiceOver.map(() => bound) },
    {
      title: 'The wrong pairing has a floor',
      subtitle: 'rate 1',
      xLabel: 'epoch',
      yLabel: 'training loss (nats)',
      yScale: 'log',
    },
  ),
);
await claim({
  en: 'with softmax taken twice the loss comes down to 0.313 and no further',
  zh: 'softmax 做了两次，损失降到 0.313 就再也下不去了',
  shows: ['tricks/troubleshooting'],
  measured: `after 40 epochs ${twiceOver.at(-1)?.toFixed(3)} with softmax twice, ${onceOnly.at(-1)?.toPrecision(1)} once`,
  holds:
    Math.abs((twiceOver.at(-1) ?? 0) - bound) < 0.01 &&
    (twiceOver.at(-1) ?? 0) > bound &&
    (onceOnly.at(-1) ?? 1) < 0.02,
});
// %% [markdown] en
/*
### Your own patient

Change the line, run the cell, and read what it says. `statistics` also shows where in the network something happens: below, the
gradients of eight sigmoid layers.
*/
// %% [markdown] zh
/*
### 你自己的病人

改一改这一行，运行，看它怎么说。`statistics` 还能指出网络的什么位置出了问题：下面是八层 sigmoid 网络的梯度。
*/
// %%
const yours: Patient = { depth: 8, activation: () => new Sigmoid(), rate: 0.1 };
const evidence = await examine(yours);
console.log(String(diagnoseTraining(evidence)));
if (evidence.statistics instanceof LayerStatistics) {
  await show(
    evidence.statistics.heatMap('gradientSize', {
      title: 'Size of the gradients, layer by layer',
      subtitle: 'root mean square of the entries; every eighth step',
      format: false,
    }),
  );
}
// %% [markdown] en
/*
## Exercises

1. Derive the gradient of $\frac{1}{2m} \sum_i (w^\top x_i - t_i)^2$ and write it into the cell below. As it stands there is a mistake
   in it: what does `checkDerivation` say?
2. For which $b$ has the rate $\frac{a}{b + t}$ fallen to a tenth of its first value after 90 steps?
3. A linear neuron with $d = 50$ inputs: from which batch size on may the rate be 1?
4. Add a fifth initialisation to `rings-training.ts` (orthogonal, say) and a sixth momentum to the sweep. Which trainings does
   `sweep` run if you give it the file of before?
*/
// %% [markdown] zh
/*
## 练习

1. 推导 $\frac{1}{2m} \sum_i (w^\top x_i - t_i)^2$ 的梯度，写进下面的单元格。那里现有的写法有一个错：`checkDerivation` 怎么说？
2. $\frac{a}{b + t}$ 中 $b$ 取多少，90 步之后学习率恰好降到起始值的十分之一？
3. 输入维数 $d = 50$ 的线性神经元，批量至少多大，学习率才可以取 1？
4. 给 `rings-training.ts` 加第五种初始化（例如正交），给扫描加一个动量值。若仍用原来的文件，`sweep` 会跑哪些训练？
*/
// %%
// Exercise 1: the starting point.
const halfSquare = (w: Tensor, X: Tensor, t: Tensor): Tensor => X.matmul(w).sub(t).square().mean().mul(0.5);
const attempt = (w: Tensor, X: Tensor, t: Tensor) => ({ dw: X.t().matmul(X.matmul(w).sub(t)) });
manualSeed(1);
const inputs = { w: randn([3]), X: randn([8, 3]), t: randn([8]) };
const firstTry = checkDerivation(attempt, halfSquare, inputs);
console.log(String(firstTry));
// %%
// The answers.
const answer = (w: Tensor, X: Tensor, t: Tensor) => ({ dw: X.t().matmul(X.matmul(w).sub(t)).div(t.length) });
const checked = checkDerivation(answer, halfSquare, inputs);
await claim({
  en: 'exercise 1: the gradient is Xᵀ(Xw − t) / m; without 1/m the diagnosis names the batch size',
  zh: '练习 1：梯度是 Xᵀ(Xw − t) / m；漏掉 1/m 时，诊断会指出批量大小',
  measured: `${checked.passed ? 'right' : 'wrong'}; without 1/m: ${firstTry.diagnoses[0]?.says ?? ''}`,
  holds: checked.passed && !firstTry.passed,
});
const b = 90 / 9;
const smallest = Array.from({ length: 100 }, (_, k) => k + 1).find((m) => (2 * m) / (m + 50 + 1) > 1);
await claim({
  en: 'exercises 2 and 3: b = 10; a batch of more than d + 1 = 51 samples',
  zh: '练习 2、3：b = 10；批量要多于 d + 1 = 51 个样本',
  measured: `${(decayedLearningRate(1, b, 90) / decayedLearningRate(1, b, 0)).toFixed(2)} of the first rate after 90 steps; m = ${smallest}`,
  holds: Math.abs(decayedLearningRate(1, b, 90) / decayedLearningRate(1, b, 0) - 0.1) < 1e-12 && smallest === 52,
});
