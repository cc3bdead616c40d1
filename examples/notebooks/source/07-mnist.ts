// %% [markdown] en
/*
# MNIST

60 000 handwritten digits to learn from, 10 000 to be examined on. You will

- train the course notes' network to 98 %, and look at what it gets wrong and at what its first layer has learned;
- compare initialisations and learning rates over several seeds, and see which differences survive;
- train a LeNet-5 beyond 99 %;
- take the gradient one step further back, to the *image*: to see what the network looks at, and to deceive it.
*/
// %% [markdown] zh
/*
# MNIST 手写数字

60 000 张手写数字用来学习，10 000 张用来考试。本篇将

- 把讲义中的网络训练到 98 %，看看它错在哪里，第一层又学到了什么；
- 用多个随机种子比较初始化和学习率，看哪些差别经得起检验；
- 训练一个 LeNet-5，超过 99 %；
- 把梯度再往回传一步，传到*图像*上：看网络在看什么，再用它来欺骗网络。
*/
// %%
import {
  concat,
  crossEntropy,
  Generator,
  grad,
  logSoftmax,
  manualSeed,
  noGrad,
  oneHot,
  type Parameter,
  rand,
  randn,
  relu,
  softmax,
  type Tensor,
  tensor,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { checkDerivation, probe } from '@gradtape/autograd/verify';
import {
  compose,
  DataLoader,
  type Dataset,
  loadMnist,
  normalize,
  randomSplit,
  TensorDataset,
  toTensor,
} from '@gradtape/data';
import { BatchNorm2d, Conv2d, Flatten, init, Linear, MaxPool2d, ReLU, Sequential, Sigmoid, Tanh } from '@gradtape/nn';
import * as rule from '@gradtape/nn/sensitivity';
import { Adam, OneCycleLR, ReduceLROnPlateau, SGD } from '@gradtape/optim';
import { confusionMatrix, heatMap, imageGrid, lineChart } from '@gradtape/plot';
import { claim, isShort, median, overSeeds, show, showTable, sized, spread } from '../lesson/index.ts';

// %% [markdown] en
/*
## The data

An image is $28 \times 28$ numbers from 0 (black) to 1 (white). Inputs are standardised with the mean and the standard deviation
of all training pixels, $x \leftarrow (x - 0.1307) / 0.3081$.
*/
// %% [markdown] zh
/*
## 数据

一张图像是 $28 \times 28$ 个数，从 0（黑）到 1（白）。输入用全部训练像素的均值和标准差做标准化，$x \leftarrow (x - 0.1307) / 0.3081$。
*/
// %%
const [mean, deviation] = [0.1307, 0.3081];
const transform = compose(toTensor, normalize(mean, deviation));
type Images = TensorDataset<[images: Tensor, labels: Tensor]>;
/** The first so many samples. */
const first = ({ tensors: [images, labels] }: Images, count: number): Images =>
  new TensorDataset(images.narrow(0, 0, count), labels.narrow(0, 0, count));

const trainSet = first(await loadMnist({ train: true, transform }), sized({ full: 60_000, short: 640 }));
const testSet = first(await loadMnist({ train: false, transform }), sized({ full: 10_000, short: 500 }));
const [trainImages] = trainSet.tensors;
const [testImages, testLabels] = testSet.tensors;

/** Images as pictures show them: from 0 (black) to 1 (white), without the dim of the single channel. */
const visible = (images: Tensor): Tensor => images.mul(deviation).add(mean).squeeze(1);
const captions = (labels: Tensor): string[] => (labels.toArray() as number[]).map(String);
const sample = first(trainSet, 24).tensors;
await show(
  imageGrid(visible(sample[0]), {
    title: 'Training images',
    captions: captions(sample[1]),
    columns: 12,
    pixelSize: 2,
    range: [0, 1],
  }),
);

const pixelMean = visible(trainImages).mean().item();
const pixelDeviation = Math.sqrt(visible(trainImages).square().mean().item() - pixelMean ** 2);
await claim({
  en: 'the mean and the standard deviation of the training pixels are 0.1307 and 0.3081',
  zh: '训练像素的均值与标准差是 0.1307 和 0.3081',
  measured: `${pixelMean.toFixed(4)} and ${pixelDeviation.toFixed(4)}`,
  holds: isShort || (Math.abs(pixelMean - mean) < 1e-4 && Math.abs(pixelDeviation - deviation) < 1e-4),
});
// %% [markdown] en
/*
## The network of the notes

784 pixels → 256 → 128 → 10 classes. The hidden layers have ReLU with He's initialisation, $W \sim \mathcal{N}(0, 2 / \text{fan\_in})$; the
scores of the last layer go into softmax with cross-entropy; Adam takes steps of $10^{-3}$ on batches of 128, eight times through the
images. A step is compiled: it is written down once, and then runs as one program.
*/
// %% [markdown] zh
/*
## 讲义中的网络

784 个像素 → 256 → 128 → 10 类。隐含层用 ReLU 和 He 初始化，$W \sim \mathcal{N}(0, 2 / \text{fan\_in})$；最后一层的得分接 softmax 与交叉熵；
Adam 的步长为 $10^{-3}$，小批量 128，把全部图像学八遍。训练步骤经过编译：只记录一次，之后作为一个程序运行。
*/
// %%
/** 784 → 256 → 128 → 10, with an activation and the initial weights of the hidden layers. */
function mlp(activation: () => ReLU | Tanh | Sigmoid, initialize: (weight: Parameter) => void): Sequential {
  const layers = [new Linear(784, 256), new Linear(256, 128), new Linear(128, 10)] as const;
  initialize(layers[0].weight);
  initialize(layers[1].weight);
  init.xavierNormal(layers[2].weight);
  return new Sequential(new Flatten(), layers[0], activation(), layers[1], activation(), layers[2]);
}
const he = (weight: Parameter): void => init.kaimingNormal(weight, { nonlinearity: 'relu' });
const xavier = (weight: Parameter): void => init.xavierUniform(weight);

interface Training {
  readonly model: Sequential;
  readonly optimizer: Adam | SGD;
  readonly images: Dataset<[Tensor, Tensor]>;
  readonly epochs: number;
  /** Of the order of the images. */
  readonly seed: number;
  readonly batchSize?: number;
  readonly afterStep?: () => void;
  readonly afterEpoch?: () => void;
}

/** Trains, and gives the loss of every step. */
function train({ model, optimizer, images, epochs, seed, batchSize = 128, afterStep, afterEpoch }: Training): number[] {
  const step = compile((x: Tensor, labels: Tensor): Tensor => {
    const loss = crossEntropy(model.forward(x), labels);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  });
  const loader = new DataLoader(images, { batchSize, shuffle: true, generator: new Generator(seed) });
  const losses: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    model.train();
    for (const [x, labels] of loader) {
      losses.push(step(x, labels).item());
      afterStep?.();
    }
    afterEpoch?.();
  }
  step.dispose();
  return losses;
}

/** From images to the scores of the ten classes: compiled, 500 images at a time. */
function scoresOf(model: Sequential): (images: Tensor) => Tensor {
  const forward = compile((x: Tensor): Tensor => model.forward(x));
  return (images) => {
    model.eval();
    return noGrad(() => concat(images.split(500).map((x) => forward(x))));
  };
}

const percentRight = (scores: Tensor, labels: Tensor): number =>
  100 * scores.argmax(1).eq(labels).to('float32').mean().item();
const average = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
// %%
manualSeed(42);
const network = mlp(() => new ReLU(), he);
const initialWeights = (network[1] as Linear).weight.detach().clone();
const score = scoresOf(network);
const epochs = sized({ full: 8, short: 3 });
const tested: { loss: number; accuracy: number }[] = [];
const losses = train({
  model: network,
  optimizer: new Adam(network.parameters(), { lr: 1e-3 }),
  images: trainSet,
  epochs,
  seed: 42,
  afterEpoch: () => {
    const scores = score(testImages);
    tested.push({ loss: crossEntropy(scores, testLabels).item(), accuracy: percentRight(scores, testLabels) });
  },
});
/** The mean loss of every epoch. */
const byEpoch = (losses: readonly number[], epochs: number): number[] => {
  const steps = losses.length / epochs;
  return Array.from({ length: epochs }, (_, epoch) => average(losses.slice(epoch * steps, (epoch + 1) * steps)));
};
const numbered = Array.from({ length: epochs }, (_, k) => k + 1);
const trainLosses = byEpoch(losses, epochs);
const testLosses = tested.map(({ loss }) => loss);
const accuracies = tested.map(({ accuracy }) => accuracy);
await show(
  lineChart(
    { training: { x: numbered, y: trainLosses }, test: { x: numbered, y: testLosses } },
    { title: 'Loss of the MLP', xLabel: 'epoch', yLabel: 'cross-entropy', yScale: 'log' },
  ),
  lineChart(
    { accuracy: { x: numbered, y: accuracies } },
    { title: 'Accuracy of the MLP', xLabel: 'epoch', yLabel: '% of the test images', height: 260 },
  ),
);
const lastAccuracy = accuracies.at(-1) ?? 0;
await claim({
  en: `after ${epochs} epochs the MLP reads 97 to 98 % of the test images`,
  zh: `${epochs} 个 epoch 之后，MLP 的测试准确率为 97 % 到 98 %`,
  shows: ['mnist/mlp', 'rule:heVariance'],
  measured: accuracies.map((accuracy) => `${accuracy.toFixed(1)} %`).join(', '),
  holds: isShort ? lastAccuracy > 60 : lastAccuracy > 96.8 && lastAccuracy < 98.6,
});
const [lastTrainLoss, lastTestLoss] = [trainLosses.at(-1) ?? 0, testLosses.at(-1) ?? 0];
await claim({
  en: 'the training loss goes on falling when the test loss has long stopped: the network learns the training images by heart',
  zh: '测试损失早已停止下降，训练损失仍在继续下降：网络在背训练图像',
  measured: `after ${epochs} epochs: ${lastTrainLoss.toFixed(2)} in training, ${lastTestLoss.toFixed(2)} in the test; test after 3 epochs: ${testLosses[2].toFixed(2)}`,
  holds: isShort || (lastTestLoss > 2 * lastTrainLoss && lastTestLoss > 0.8 * testLosses[2]),
});
// %% [markdown] en
/*
### What starts the way back

The notes' script takes `CrossEntropyLoss`, which is log-softmax and the negative log-likelihood in one. What reaches the scores is
then, for a batch of $m$ images (in columns) with one-hot targets $T$,

$$\Delta^{(L)} = \frac{1}{m} (Y - T), \qquad Y = \operatorname{softmax}(Z^{(L)}).$$
*/
// %% [markdown] zh
/*
### 反向传播从哪里出发

讲义的程序用 `CrossEntropyLoss`，即 log-softmax 与负对数似然合二为一。对 $m$ 张图像（按列）和 one-hot 目标 $T$，传到得分上的是

$$\Delta^{(L)} = \frac{1}{m} (Y - T), \qquad Y = \operatorname{softmax}(Z^{(L)})。$$
*/
// %%
const someScores = score(testImages).narrow(0, 0, 64);
const someLabels = testLabels.narrow(0, 0, 64);
const onTape = grad((z: Tensor) => crossEntropy(z, someLabels))(someScores);
const byRule = rule.softmaxCrossEntropy
  .delta(rule.softmax(someScores.t()), oneHot(someLabels, 10).t().to('float32'))
  .div(64);
const ruleGap = onTape.t().sub(byRule).abs().amax().item();
await claim({
  en: 'the sensitivity of the scores is (Y − T) / m',
  zh: '得分的敏感度是 (Y − T) / m',
  shows: ['rule:softmaxCrossEntropy.delta', 'rule:softmax'],
  measured: 'equal to 1e-7 on 64 test images',
  holds: ruleGap < 1e-7,
});
// %% [markdown] en
/*
## The errors

Which digits are taken for which? And how sure is the network when it is wrong?
*/
// %% [markdown] zh
/*
## 看看错误

哪个数字被认成了哪个？网络错的时候有多自信？
*/
// %%
const probabilities = softmax(score(testImages), 1);
const { values: confidences, indices: answers } = probabilities.max(1);
const [truth, guessed, sureness] = [testLabels, answers, confidences].map((x) => x.toArray() as number[]);
const counts = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
for (const [i, label] of truth.entries()) counts[label][guessed[i]]++;
await show(confusionMatrix(counts, { title: 'Test images by digit and answer' }));

const wrong = [...truth.keys()].filter((i) => truth[i] !== guessed[i]).sort((i, j) => sureness[j] - sureness[i]);
const shown = wrong.slice(0, 16);
await show(
  imageGrid(visible(testImages.indexSelect(0, tensor(shown, { dtype: 'int32' }))), {
    title: 'The errors that the network is surest of',
    captions: shown.map((i) => `${truth[i]} taken for ${guessed[i]}\n${(100 * sureness[i]).toFixed(2)} % sure`),
    columns: 8,
    pixelSize: 3,
    range: [0, 1],
  }),
);
const surelyWrong = wrong.filter((i) => sureness[i] > 0.9).length;
const sure = sureness.filter((p) => p > 0.9).length;
const [[confused]] = [
  counts
    .flatMap((row, label) => row.map((count, answer) => ({ label, answer, count })))
    .filter(({ label, answer }) => label !== answer)
    .sort((a, b) => b.count - a.count),
];
await claim({
  en: 'the network is rarely wrong where it is sure, but among its errors confidence is common: it does not know what it does not know',
  zh: '网络自信时很少出错，但在它的错误里，自信却很常见：它不知道自己不知道',
  measured: `more than 90 % sure of ${((100 * sure) / truth.length).toFixed(0)} % of all answers, and of ${((100 * surelyWrong) / wrong.length).toFixed(0)} % of the ${wrong.length} wrong ones; most often a ${confused.label} is taken for a ${confused.answer}, ${confused.count} times`,
  holds: isShort || (surelyWrong / wrong.length > 0.15 && surelyWrong / sure < 0.03),
});
// %% [markdown] en
/*
## What the first layer learned

Each of the 256 units of the first layer has one weight for each pixel: its weights are an image. Grey is 0, white positive,
black negative. The upper pictures show the weights $W$ of 12 units, the lower ones what training has added, $W - W_0$.

Look at the border: $W$ is full of noise there, and $W - W_0$ is flat. That is the rule of the dense layer at work,

$$\frac{\partial E}{\partial w_{ji}} = \delta_j\, x_i .$$

A pixel that is black in every image has the same $x_i$ every time, $(0 - 0.1307) / 0.3081 = -0.42$. All weights of unit $j$ at such
pixels get the same gradient $-0.42\,\delta_j$ in every step, and so move by the same amount; the noise that they were drawn with stays for ever.
*/
// %% [markdown] zh
/*
## 第一层学到了什么

第一层的 256 个单元，每个像素对应一个权重：一个单元的权重本身就是一张图。灰色为 0，白色为正，黑色为负。
上排是 12 个单元的权重 $W$，下排是训练加上去的部分 $W - W_0$。

看边缘：$W$ 的边缘全是噪声，而 $W - W_0$ 的边缘是平的。这正是全连接层的规则在起作用，

$$\frac{\partial E}{\partial w_{ji}} = \delta_j\, x_i 。$$

在每张图里都是黑色的像素，$x_i$ 永远相同，即 $(0 - 0.1307) / 0.3081 = -0.42$。单元 $j$ 在这些像素上的权重每一步得到同样的梯度 $-0.42\,\delta_j$，
于是移动同样的距离；而初始化时抽到的噪声，一直留在那里。
*/
// %%
const weights = (network[1] as Linear).weight.detach();
const learned = weights.sub(initialWeights);
const asImages = (rows: Tensor): Tensor => rows.narrow(0, 0, 12).reshape([12, 28, 28]);
for (const [title, rows] of [
  ['Weights of 12 units of the first layer', weights],
  ['What training has added to them', learned],
] as const) {
  await show(imageGrid(asImages(rows), { title, columns: 6, pixelSize: 4, range: [-0.2, 0.2] }));
}
const isBlack = trainImages.amax(0).flatten().eq(trainImages.amin()).toArray() as boolean[];
const blackPixels = isBlack.flatMap((black, pixel) => (black ? [pixel] : []));
const onBlack = (rows: Tensor): Tensor => rows.indexSelect(1, tensor(blackPixels, { dtype: 'int32' }));
const initialNoise = onBlack(initialWeights).std(1).mean().item();
const movedApart = onBlack(learned).std(1).amax().item();
await claim({
  en: 'at pixels that are black in all training images, all weights of a unit have moved by the same amount, and the initial noise is still there',
  zh: '在所有训练图像中都是黑色的像素上，同一单元的权重移动了同样的距离，初始噪声仍在',
  shows: ['rule:denseWeightGradient'],
  measured: `${blackPixels.length} such pixels; drawn with a deviation of ${initialNoise.toFixed(3)}, their movements differ by less than 1e-4`,
  holds: movedApart < 1e-4 && initialNoise > 0.04,
});
// %% [markdown] en
/*
## Which activation, which initial weights?

The notes pair ReLU with He ($\operatorname{Var}(W) = 2 / \text{fan\_in}$) and tanh with Xavier
($2 / (\text{fan\_in} + \text{fan\_out})$). For tanh they say that Xavier is steadier, and that He makes the variance somewhat larger and
the beginning unstable. First the variances: at the start, before anything is learned.
*/
// %% [markdown] zh
/*
## 哪种激活，哪种初始化？

讲义把 ReLU 与 He（$\operatorname{Var}(W) = 2 / \text{fan\_in}$）配对，tanh 与 Xavier（$2 / (\text{fan\_in} + \text{fan\_out})$）配对；
并说对 tanh 而言 Xavier 更稳，He 会略微放大方差、初期不稳。先看方差：一切尚未学习的时候。
*/
// %%
const settings = {
  'tanh, Xavier': { activation: () => new Tanh(), initialize: xavier },
  'tanh, He': { activation: () => new Tanh(), initialize: he },
  'ReLU, He': { activation: () => new ReLU(), initialize: he },
  'sigmoid, Xavier': { activation: () => new Sigmoid(), initialize: xavier },
};
type Setting = keyof typeof settings;
const names = Object.keys(settings) as Setting[];
const seeds = sized({ full: [1, 2, 3, 4, 5], short: [1, 2] });
const make = (name: Setting, seed: number): Sequential => {
  manualSeed(seed);
  return mlp(settings[name].activation, settings[name].initialize);
};
const some = first(trainSet, sized({ full: 1000, short: 200 })).tensors;

/** At the start: the variances of the net inputs of both hidden layers, and the size of the gradients by the three weights. */
function atStart(name: Setting): { variances: number[]; saturated: number; gradients: number[] } {
  const network = make(name, 1);
  const [flatten, first, bend, second] = [network[0], network[1], network[2], network[3]] as [
    Flatten,
    Linear,
    Tanh,
    Linear,
  ];
  const z1 = first.forward(flatten.forward(some[0]));
  const z2 = second.forward(bend.forward(z1));
  crossEntropy(network.forward(some[0]), some[1]).backward();
  return {
    variances: [z1, z2].map((z) => z.detach().square().mean().item()),
    saturated: z1.detach().abs().gt(2).to('float32').mean().item(),
    gradients: [1, 3, 5].map((k) => ((network[k] as Linear).weight.grad as Tensor).square().mean().sqrt().item()),
  };
}
const starts = names.map(atStart);
await showTable(
  ['at the start', 'mean square of z⁽¹⁾', 'mean square of z⁽²⁾', 'z⁽¹⁾ beyond ±2'],
  names.map((name, k) => [
    name,
    ...(starts[k]?.variances ?? []).map((x) => x.toFixed(2)),
    `${(100 * (starts[k]?.saturated ?? 0)).toFixed(0)} %`,
  ]),
);
await show(
  heatMap(
    starts.map(({ gradients }) => gradients),
    {
      title: 'Gradients at the start',
      subtitle: 'root mean square by layer, for 1000 images',
      rowNames: names,
      columnNames: ['W⁽¹⁾', 'W⁽²⁾', 'W⁽³⁾'],
      colourScale: 'log',
    },
  ),
);
const [xavierStart, heStart, reluStart, sigmoidStart] = starts;
const amplified = heStart.variances[0] / xavierStart.variances[0];
await claim({
  en: 'for tanh, He draws a third more variance into the first layer than Xavier, as 2/784 against 2/1040 says',
  zh: '对 tanh，He 使第一层的方差比 Xavier 大约三分之一，正如 2/784 与 2/1040 之比',
  shows: ['rule:xavierVariance', 'rule:heVariance'],
  measured: `${heStart.variances[0].toFixed(2)} against ${xavierStart.variances[0].toFixed(2)}: ${amplified.toFixed(2)} times; expected ${(1040 / 784).toFixed(2)}`,
  holds: Math.abs(amplified - 1040 / 784) < 0.2,
});
const shrinks = sigmoidStart.gradients[2] / sigmoidStart.gradients[0];
const reluShrinks = reluStart.gradients[2] / reluStart.gradients[0];
await claim({
  en: 'from the last layer to the first, sigmoid loses far more of the gradient than ReLU, even with three layers',
  zh: '从最后一层到第一层，即使只有三层，sigmoid 损失的梯度也远多于 ReLU',
  shows: ['mnist/activations'],
  measured: `${shrinks.toFixed(0)} times smaller by W⁽¹⁾ than by W⁽³⁾ for sigmoid, ${reluShrinks.toFixed(0)} times for ReLU`,
  holds: shrinks > 3 * reluShrinks,
});
// %% [markdown] en
/*
Now the trainings: every setting with the same five seeds, 4000 images, 5 epochs, Adam with $10^{-3}$, and the images in the same
order. Differences are taken seed by seed, which removes what the seeds have in common.
*/
// %% [markdown] zh
/*
再来训练：每种设置用同样的五个随机种子、4000 张图像、5 个 epoch、Adam 步长 $10^{-3}$，图像顺序也相同。
差别逐个种子相减，这样就去掉了种子共有的影响。
*/
// %%
const fewImages = first(trainSet, sized({ full: 4000, short: 256 }));
const rounds = sized({ full: 5, short: 2 });
interface Run {
  readonly model: Sequential;
  readonly losses: readonly number[];
  readonly accuracy: number;
}
const runs = Object.fromEntries(
  names.map((name) => [
    name,
    seeds.map((seed): Run => {
      const model = make(name, seed);
      const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
      const losses = train({ model, optimizer, images: fewImages, epochs: rounds, seed });
      return { model, losses, accuracy: percentRight(scoresOf(model)(testImages), testLabels) };
    }),
  ]),
) as Record<Setting, Run[]>;
const ofRuns = (name: Setting, measure: (run: Run) => number): number[] => runs[name].map(measure);
const early = ({ losses }: Run): number => average(losses.slice(0, 10));
await show(
  lineChart(
    Object.fromEntries(names.map((name) => [name, overSeeds(runs[name].map(({ losses }) => losses.slice(0, 100)))])),
    {
      title: 'The first 100 steps',
      subtitle: `loss of the batch: median of ${seeds.length} seeds, and how far they lie apart`,
      xLabel: 'step',
      yLabel: 'cross-entropy',
      yScale: 'log',
    },
  ),
);
await showTable(
  ['', 'loss of step 1', 'mean loss of steps 1 to 10', 'of the last epoch', 'test accuracy in %'],
  names.map((name) => [
    name,
    spread(
      ofRuns(name, ({ losses }) => losses[0]),
      3,
    ),
    spread(ofRuns(name, early), 3),
    spread(
      ofRuns(name, ({ losses }) => byEpoch(losses, rounds).at(-1) ?? 0),
      3,
    ),
    spread(
      ofRuns(name, ({ accuracy }) => accuracy),
      3,
    ),
  ]),
);
/** How much more one setting has than another, seed by seed. */
const differences = (one: Setting, other: Setting, measure: (run: Run) => number): number[] =>
  seeds.map((_, k) => measure(runs[one][k]) - measure(runs[other][k]));
const accuracyOf = ({ accuracy }: Run): number => accuracy;
const heMore = differences('tanh, He', 'tanh, Xavier', accuracyOf);
const heEarly = differences('tanh, He', 'tanh, Xavier', early);
await claim({
  en: 'for tanh, He differs from Xavier by no more than the seeds do, in the first ten steps and after five epochs: a third more variance is little over two hidden layers',
  zh: '对 tanh，无论是开头十步还是五个 epoch 之后，He 与 Xavier 的差别都不超过种子之间的差别：只有两个隐含层时，大三分之一的方差影响很小',
  shows: ['mnist/initialization', 'rule:xavierBound'],
  measured: `He less Xavier, seed by seed: ${spread(heEarly, 1)} in the loss of the first ten steps, ${spread(heMore, 1)} percentage points in the test`,
  holds: isShort || (Math.abs(median(heMore)) < 0.4 && median(heEarly) < 0.2),
  documentSays: {
    en: 'Xavier is steadier for tanh, He amplifies the variance and is unstable at first',
    zh: 'Tanh 用 Xavier 更稳，He 略放大方差、初期不稳',
  },
});
const lastLoss = ({ losses }: Run): number => byEpoch(losses, rounds).at(-1) ?? 0;
const [sigmoidLoss, tanhLoss, reluLoss] = (['sigmoid, Xavier', 'tanh, Xavier', 'ReLU, He'] as const).map((name) =>
  median(ofRuns(name, lastLoss)),
);
await claim({
  en: 'sigmoid learns far more slowly than tanh, and ReLU with He learns fastest',
  zh: 'sigmoid 比 tanh 学得慢得多，ReLU 配 He 学得最快',
  shows: ['mnist/activations'],
  measured: `training loss of the last epoch: sigmoid ${sigmoidLoss.toFixed(2)}, tanh ${tanhLoss.toFixed(2)}, ReLU ${reluLoss.toFixed(2)}; right in the test: ${spread(ofRuns('sigmoid, Xavier', accuracyOf), 3)} %, ${spread(ofRuns('tanh, Xavier', accuracyOf), 3)} %, ${spread(ofRuns('ReLU, He', accuracyOf), 3)} %`,
  holds: isShort || (sigmoidLoss > 2 * tanhLoss && tanhLoss > reluLoss),
});
// %% [markdown] en
/*
## A large rate, or one that falls on a plateau?

The notes compare a fixed large rate of $10^{-2}$ with `ReduceLROnPlateau`, and expect the latter to be more efficient. For which
optimizer? For SGD $10^{-2}$ is small, for Adam it is ten times the usual rate. So both, with three seeds each: 500 of the 4000 images are held
out of training, and when their loss has not fallen for two epochs, the rate is divided by three.
*/
// %% [markdown] zh
/*
## 固定大学习率，还是遇到平台就降？

讲义比较固定的大学习率 $10^{-2}$ 与 `ReduceLROnPlateau`，预期后者更高效。但用的是哪个优化器？对 SGD 来说 $10^{-2}$ 并不大，
对 Adam 则是常用值的十倍。所以两种都试，各三个种子：4000 张图像中留出 500 张不参加训练，它们的损失连续两个 epoch 不再下降时，学习率除以三。
*/
// %%
const rateSeeds = sized({ full: [1, 2, 3], short: [1] });
const rateEpochs = sized({ full: 10, short: 2 });
const [fitted, heldOut] = randomSplit(fewImages, sized({ full: [3500, 500], short: [200, 56] }), {
  generator: new Generator(7),
});
const [[heldOutImages, heldOutLabels]] = [...new DataLoader(heldOut, { batchSize: heldOut.length })];
const optimizers = {
  SGD: (model: Sequential) => new SGD(model.parameters(), { lr: 1e-2 }),
  Adam: (model: Sequential) => new Adam(model.parameters(), { lr: 1e-2 }),
  'Adam, 1e-3': (model: Sequential) => new Adam(model.parameters(), { lr: 1e-3 }),
};
interface RateRun {
  readonly heldOutLoss: readonly number[];
  readonly rates: readonly number[];
  readonly accuracy: number;
}
function rateRun(kind: keyof typeof optimizers, falls: boolean, seed: number): RateRun {
  const model = make('ReLU, He', seed);
  const optimizer = optimizers[kind](model);
  const schedule = new ReduceLROnPlateau(optimizer, { factor: 1 / 3, patience: 1 });
  const scores = scoresOf(model);
  const heldOutLoss: number[] = [];
  const rates: number[] = [];
  const afterEpoch = (): void => {
    rates.push(optimizer.paramGroups[0].lr);
    heldOutLoss.push(crossEntropy(scores(heldOutImages), heldOutLabels).item());
    if (falls) schedule.step(heldOutLoss.at(-1) ?? 0);
  };
  train({ model, optimizer, images: fitted, epochs: rateEpochs, seed, afterEpoch });
  return { heldOutLoss, rates, accuracy: percentRight(scores(testImages), testLabels) };
}
const rateRuns = {
  'SGD 1e-2, fixed': rateSeeds.map((seed) => rateRun('SGD', false, seed)),
  'SGD 1e-2, plateau': rateSeeds.map((seed) => rateRun('SGD', true, seed)),
  'Adam 1e-2, fixed': rateSeeds.map((seed) => rateRun('Adam', false, seed)),
  'Adam 1e-2, plateau': rateSeeds.map((seed) => rateRun('Adam', true, seed)),
  'Adam 1e-3, fixed': rateSeeds.map((seed) => rateRun('Adam, 1e-3', false, seed)),
};
type RateName = keyof typeof rateRuns;
const rateNames = Object.keys(rateRuns) as RateName[];
const epochNumbers = Array.from({ length: rateEpochs }, (_, k) => k + 1);
await show(
  lineChart(
    Object.fromEntries(
      rateNames.map((name) => [
        name,
        overSeeds(
          rateRuns[name].map(({ heldOutLoss }) => heldOutLoss),
          epochNumbers,
        ),
      ]),
    ),
    {
      title: 'Loss of the 500 held-out images',
      subtitle: `median of ${rateSeeds.length} seeds, and how far they lie apart`,
      xLabel: 'epoch',
      yLabel: 'cross-entropy',
      yScale: 'log',
    },
  ),
  lineChart(
    Object.fromEntries(
      rateSeeds.map((seed, k) => [`seed ${seed}`, { x: epochNumbers, y: rateRuns['Adam 1e-2, plateau'][k].rates }]),
    ),
    {
      title: 'Where the rate falls',
      subtitle: 'Adam with ReduceLROnPlateau',
      xLabel: 'epoch',
      yLabel: 'learning rate',
      yScale: 'log',
      height: 240,
    },
  ),
);
await showTable(
  ['', 'lowest held-out loss', 'last held-out loss', 'test accuracy in %', 'falls of the rate'],
  rateNames.map((name) => [
    name,
    spread(
      rateRuns[name].map(({ heldOutLoss }) => Math.min(...heldOutLoss)),
      3,
    ),
    spread(
      rateRuns[name].map(({ heldOutLoss }) => heldOutLoss.at(-1) ?? 0),
      3,
    ),
    spread(
      rateRuns[name].map(({ accuracy }) => accuracy),
      3,
    ),
    rateRuns[name].map(({ rates }) => rates.filter((rate, k) => k > 0 && rate < rates[k - 1]).length).join(', '),
  ]),
);
const sameBySgd = rateSeeds.every((_, k) =>
  rateRuns['SGD 1e-2, fixed'][k].heldOutLoss.every(
    (loss, epoch) => loss === rateRuns['SGD 1e-2, plateau'][k].heldOutLoss[epoch],
  ),
);
const right = (name: RateName): number[] => rateRuns[name].map(({ accuracy }) => accuracy);
const lastHeldOut = (name: RateName): number[] => rateRuns[name].map(({ heldOutLoss }) => heldOutLoss.at(-1) ?? 0);
await claim({
  en: `for SGD 1e-2 is no large rate: in ${rateEpochs} epochs there is no plateau, the rate never falls, and both trainings are the same to the last bit`,
  zh: `对 SGD，1e-2 并不算大：${rateEpochs} 个 epoch 内没有平台，学习率从未下降，两种训练逐位相同`,
  shows: ['mnist/rate'],
  measured: `${spread(right('SGD 1e-2, plateau'), 3)} % right in the test, with either`,
  holds: sameBySgd,
  documentSays: {
    en: 'ReduceLROnPlateau is generally more efficient than a fixed large rate of 1e-2',
    zh: 'ReduceLROnPlateau 一般比固定大 LR=1e-2 更高效',
  },
});
await claim({
  en: 'for Adam 1e-2 is too large, and lowering it on plateaus pays; but a fixed 1e-3 is as good from the start',
  zh: '对 Adam，1e-2 过大，遇平台降低学习率确有好处；但一开始就固定用 1e-3 也一样好',
  shows: ['mnist/rate', 'rate/plateau'],
  measured: `right in the test: fixed 1e-2 ${spread(right('Adam 1e-2, fixed'), 3)} %, on plateaus lower ${spread(right('Adam 1e-2, plateau'), 3)} %, fixed 1e-3 ${spread(right('Adam 1e-3, fixed'), 3)} %`,
  holds:
    isShort ||
    (median(right('Adam 1e-2, plateau')) > median(right('Adam 1e-2, fixed')) &&
      median(lastHeldOut('Adam 1e-2, plateau')) < median(lastHeldOut('Adam 1e-2, fixed')) &&
      Math.abs(median(right('Adam 1e-3, fixed')) - median(right('Adam 1e-2, plateau'))) < 1),
});
// %% [markdown] en
/*
## A LeNet-5 beyond 99 %

The MLP does not know that pixels have neighbours: shuffle the pixels of all images in the same way, and it learns just as well. A
convolution has one small window of weights for all places. LeNet-5 has two of them with pooling, then three dense layers, and a quarter
of the MLP's parameters. Beside ReLU and He it gets batch normalisation, which the notes count among the reliable combinations and the
original did not have. The rate goes through one cycle: up to 0.005 in the first quarter, then down to almost nothing. Four times
through the images, 64 at a time.
*/
// %% [markdown] zh
/*
## LeNet-5：超过 99 %

MLP 不知道像素有邻居：把所有图像的像素按同一方式打乱，它照样学得一样好。卷积则用一个小窗口的权重扫遍所有位置。
LeNet-5 有两个带池化的卷积层，再接三个全连接层，参数只有 MLP 的四分之一。除了 ReLU 和 He，这里还加上批归一化：
讲义把它列入可靠组合，而原版并没有。学习率走一个周期：前四分之一升到 0.005，然后降到几乎为零。
全部图像学四遍，每批 64 张。
*/
// %%
function leNet5(): Sequential {
  const layers = [
    [new Conv2d(1, 6, 5, { padding: 2 }), new BatchNorm2d(6), new ReLU(), new MaxPool2d(2)],
    [new Conv2d(6, 16, 5), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2), new Flatten()],
    [new Linear(400, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, 10)],
  ].flat();
  const network = new Sequential(...layers);
  for (const parameter of network.parameters()) if (parameter.shape.length > 1) he(parameter);
  return network;
}
const leNetEpochs = sized({ full: 4, short: 3 });
manualSeed(42);
const leNet = leNet5();
const leNetOptimizer = new Adam(leNet.parameters(), { lr: 5e-3 });
const cycle = new OneCycleLR(leNetOptimizer, {
  maxLr: 5e-3,
  totalSteps: leNetEpochs * Math.ceil(trainSet.length / 64),
  pctStart: 0.25,
});
const leNetScores = scoresOf(leNet);
const leNetAccuracies: number[] = [];
train({
  model: leNet,
  optimizer: leNetOptimizer,
  images: trainSet,
  epochs: leNetEpochs,
  seed: 42,
  batchSize: 64,
  afterStep: () => cycle.step(),
  afterEpoch: () => leNetAccuracies.push(percentRight(leNetScores(testImages), testLabels)),
});
await show(
  lineChart(
    {
      'LeNet-5': { x: leNetAccuracies.map((_, k) => k + 1), y: leNetAccuracies.map((accuracy) => 100 - accuracy) },
      MLP: { x: numbered, y: accuracies.map((accuracy) => 100 - accuracy) },
    },
    { title: 'Errors', xLabel: 'epoch', yLabel: '% of the test images', yScale: 'log', height: 300 },
  ),
);
const parameterCount = (network: Sequential): number =>
  network.parameters().reduce((sum, parameter) => sum + parameter.length, 0);
const leNetAccuracy = leNetAccuracies.at(-1) ?? 0;
await claim({
  en: `a LeNet-5 with a quarter of the parameters makes less than half of the errors, and reads more than 99 % after ${leNetEpochs} epochs`,
  zh: `LeNet-5 的参数只有四分之一，错误不到一半，${leNetEpochs} 个 epoch 超过 99 %`,
  measured: `${leNetAccuracies.map((accuracy) => `${accuracy.toFixed(1)} %`).join(', ')}; ${parameterCount(leNet)} parameters against ${parameterCount(network)}`,
  holds: isShort ? leNetAccuracy > 50 : leNetAccuracy >= 99 && 100 - leNetAccuracy < 0.5 * (100 - lastAccuracy),
});
// %% [markdown] en
/*
## One step further back: to the image

Backpropagation stops at the first weights because there is nothing to be learned before them. The next step is there all the same,
the same rule as between any two layers:

$$\frac{\partial E}{\partial x} = (W^{(1)})^\top \delta^{(1)}.$$

It says how each pixel would have to change for the loss to grow.

### Exercise 1

Derive $\partial E / \partial x$ for $x \to \operatorname{ReLU}(W_1 x + b_1) \to \operatorname{softmax}(W_2 a_1 + b_2)$ with cross-entropy. The starting point
below has a mistake; `checkDerivation` says which. The answer is further down.
*/
// %% [markdown] zh
/*
## 再往回一步：传到图像

反向传播停在第一层权重，因为再往前没有可学的参数。但下一步照样存在，规则与任意两层之间完全相同：

$$\frac{\partial E}{\partial x} = (W^{(1)})^\top \delta^{(1)}。$$

它说明每个像素该怎样变，损失才会增大。

### 练习 1

对 $x \to \operatorname{ReLU}(W_1 x + b_1) \to \operatorname{softmax}(W_2 a_1 + b_2)$ 配交叉熵，推导 $\partial E / \partial x$。
下面的起点有一个错误，`checkDerivation` 会指出是哪一个。答案在后面。
*/
// %%
const lossOf = (x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, t: Tensor): Tensor => {
  const z1 = probe('z1', W1.matmul(x).add(b1));
  const z2 = probe('z2', W2.matmul(relu(z1)).add(b2));
  return logSoftmax(z2, 0).mul(t).sum().neg();
};
manualSeed(7);
const small = {
  x: randn([6]),
  W1: randn([5, 6]),
  b1: randn([5]),
  W2: randn([3, 5]),
  b2: randn([3]),
  t: tensor([0, 1, 0]),
};
const startingPoint = checkDerivation(
  (x, W1, b1, W2, b2, t) => {
    const z1 = rule.dense(W1, x, b1);
    const dz2 = rule.softmax(rule.dense(W2, relu(z1), b2)).sub(t);
    const dz1 = W2.t().matmul(dz2);
    return { dz2, dz1, dx: W1.t().matmul(dz1) };
  },
  lossOf,
  small,
);
startingPoint;
// %% [markdown] en
/*
### Exercise 2

What pushes the *probability* $y_c$ of a class up? Derive $\partial y_c / \partial x$ for $y = \operatorname{softmax}(W x + b)$; $t$ is one-hot
for $c$, so that $y_c = t^\top y$. The starting point forgets that all scores stand in the denominator.
*/
// %% [markdown] zh
/*
### 练习 2

什么会把某一类的*概率* $y_c$ 推高？对 $y = \operatorname{softmax}(W x + b)$ 推导 $\partial y_c / \partial x$；$t$ 是类别 $c$ 的 one-hot 向量，
于是 $y_c = t^\top y$。下面的起点忘了所有得分都出现在分母里。
*/
// %%
const probabilityOf = (x: Tensor, W: Tensor, b: Tensor, t: Tensor): Tensor =>
  softmax(W.matmul(x).add(b), 0).mul(t).sum();
const linear = { x: randn([6]), W: randn([3, 6]), b: randn([3]), t: tensor([0, 1, 0]) };
checkDerivation(
  (x, W, b, t) => ({ dx: W.t().matmul(rule.softmax(rule.dense(W, x, b)).mul(t)) }),
  probabilityOf,
  linear,
);
// %% [markdown] en
/*
### Answers

1. $\delta^{(2)} = y - t$, then $\delta^{(1)} = (W_2^\top \delta^{(2)}) \odot \mathbb{1}[z_1 > 0]$, then $\partial E / \partial x = W_1^\top \delta^{(1)}$.
   The factor $\operatorname{ReLU}'(z_1)$ was missing.
2. $\partial y_i / \partial z_j = y_i (\delta_{ij} - y_j)$, so $\partial y_c / \partial x = W^\top \bigl(y_c\,(t - y)\bigr)$.
   When $y_c \approx 1$ this is almost nothing: a network that is sure hides what it looked at. That is why saliency takes the score.
*/
// %% [markdown] zh
/*
### 答案

1. $\delta^{(2)} = y - t$，再 $\delta^{(1)} = (W_2^\top \delta^{(2)}) \odot \mathbb{1}[z_1 > 0]$，最后 $\partial E / \partial x = W_1^\top \delta^{(1)}$。
   起点漏掉了因子 $\operatorname{ReLU}'(z_1)$。
2. $\partial y_i / \partial z_j = y_i (\delta_{ij} - y_j)$，所以 $\partial y_c / \partial x = W^\top \bigl(y_c\,(t - y)\bigr)$。
   当 $y_c \approx 1$ 时它几乎为零：自信的网络把自己看了什么藏了起来。所以显著图取得分而不取概率。
*/
// %%
const answerOne = checkDerivation(
  (x, W1, b1, W2, b2, t) => {
    const z1 = rule.dense(W1, x, b1);
    const dz2 = rule.softmaxCrossEntropy.delta(rule.softmax(rule.dense(W2, relu(z1), b2)), t);
    const dz1 = rule.hiddenSensitivity(W2, dz2, z1, rule.relu);
    return { dz2, dz1, dx: rule.denseInputGradient(W1, dz1) };
  },
  lossOf,
  small,
);
const answerTwo = checkDerivation(
  (x, W, b, t) => ({ dx: W.t().matmul(rule.softmax.jacobianVectorProduct(rule.dense(W, x, b), t)) }),
  probabilityOf,
  linear,
);
await show(answerOne, answerTwo);
await claim({
  en: 'both answers agree with the tape, and the missing factor of the starting point is named',
  zh: '两个答案都与计算图一致；起点漏掉的因子也被指了出来',
  shows: ['rule:hiddenSensitivity', 'rule:denseInputGradient', 'rule:softmax.jacobianVectorProduct'],
  measured: startingPoint.diagnoses.map(({ says }) => says).join(' '),
  holds: answerOne.passed && answerTwo.passed && !startingPoint.passed,
});
// %% [markdown] en
/*
## What does it look at? Saliency

For every image, the gradient of the winning score by the pixels, $\partial z_c / \partial x$: bright where a small change of the pixel
changes the score much. One backward pass gives the pictures of a whole batch, because the images do not influence each other:
the gradient of the *sum* of the scores by one image is the gradient of its own score.

The MLP's pictures are noisy up to the border, and you know why: $\partial z_c / \partial x = (W^{(1)})^\top \delta^{(1)}$ is made of the first
layer's weights, and where pixels are always black these are still the noise that they were drawn with.
*/
// %% [markdown] zh
/*
## 它在看哪里？显著图

对每张图像求获胜得分关于像素的梯度 $\partial z_c / \partial x$：像素的微小变化对得分影响越大，就画得越亮。
一次反向传播就能得到整批图像的显著图，因为图像之间互不影响：得分之*和*对某一张图像的梯度，就是它自己得分的梯度。

MLP 的显著图一直到边缘都是噪声，原因你已经知道：$\partial z_c / \partial x = (W^{(1)})^\top \delta^{(1)}$ 由第一层的权重组合而成，
而在永远是黑色的像素上，这些权重仍是初始化时抽到的噪声。
*/
// %%
/** The gradient of each image's highest score by its pixels. */
const saliency = (model: Sequential, images: Tensor): Tensor =>
  grad((x: Tensor) => model.forward(x).amax(1).sum())(images);
const looked = testImages.narrow(0, 0, 10);
/** Sizes, for each image relative to its largest. */
const sizes = (gradients: Tensor): Tensor =>
  gradients
    .abs()
    .div(gradients.abs().amax([1, 2, 3], { keepDim: true }))
    .squeeze(1);
await show(
  imageGrid(concat([visible(looked), sizes(saliency(network, looked)), sizes(saliency(leNet, looked))]), {
    title: 'Images, and the size of the gradient by each pixel',
    subtitle: 'first row: test images; second: of the MLP; third: of the LeNet-5',
    columns: 10,
    pixelSize: 3,
    range: [0, 1],
  }),
);

const firstImage = testImages.narrow(0, 0, 1);
const [W1, W2, W3] = [1, 3, 5].map((k) => (network[k] as Linear).weight.detach());
const [c1, c2, c3] = [1, 3, 5].map((k) => (network[k] as Linear).bias.detach());
const h0 = firstImage.flatten();
const z1 = rule.dense(W1, h0, c1);
const z2 = rule.dense(W2, relu(z1), c2);
const z3 = rule.dense(W3, relu(z2), c3);
const winner = oneHot(z3.argmax(), 10).to('float32');
const delta2 = rule.hiddenSensitivity(W3, winner, z2, rule.relu);
const delta1 = rule.hiddenSensitivity(W2, delta2, z1, rule.relu);
const byHand = rule.denseInputGradient(W1, delta1);
const handGap = byHand.sub(saliency(network, firstImage).flatten()).abs().amax().item() / byHand.abs().amax().item();
await claim({
  en: 'three lines of the notes’ rules give the saliency of the trained network',
  zh: '用讲义的规则写三行，就得到训练好的网络的显著图',
  shows: ['rule:hiddenSensitivity', 'rule:denseInputGradient'],
  measured: 'equal to 1e-5 of the largest entry',
  holds: handGap < 1e-5,
});
const ofProbability = grad((x: Tensor) => softmax(network.forward(x), 1).amax(1).sum())(testImages.narrow(0, 0, 500));
const ofScore = saliency(network, testImages.narrow(0, 0, 500));
const typical = (gradients: Tensor): number => gradients.square().sum([1, 2, 3]).sqrt().median().item();
const hidden = typical(ofScore) / typical(ofProbability);
await claim({
  en: 'the gradient of the probability is next to nothing, as the answer to exercise 2 says: the network is sure, and softmax saturated',
  zh: '概率的梯度几乎为零，与练习 2 的答案一致：网络很自信，softmax 饱和了',
  measured: `half of 500 test images have a gradient of the probability below ${typical(ofProbability).toExponential(0)}; of the score ${typical(ofScore).toFixed(0)}`,
  holds: isShort || hidden > 30,
});
// %% [markdown] en
/*
Is that a picture of what the network uses, or just a nice picture? Test it: paint 40 of the 784 pixels over with the mean grey, which is
0 after standardisation, and see whether the answers are still right. To first order, painting pixel $i$ over changes the score by
$-x_i\, \partial z_c / \partial x_i$. So gradient *times input* should find the pixels that matter, and the gradient alone hardly: it is large
on black background, too, where nothing is painted over. The five ReLU networks from above are examined.
*/
// %% [markdown] zh
/*
这真是网络所用的信息，还是只是好看？检验一下：把 784 个像素中的 40 个涂成平均灰度（标准化后为 0），看答案是否仍然正确。
一阶近似下，涂掉像素 $i$ 使得分改变 $-x_i\, \partial z_c / \partial x_i$。所以*梯度乘输入*应当能找出要紧的像素，单看梯度则很难：
它在黑色背景上也很大，而那里几乎没有东西可涂。考察的是上面那五个 ReLU 网络。
*/
// %%
const erasable = first(testSet, 500).tensors;
/** Accuracy when the 40 pixels with the largest ranks are painted over. */
function accuracyWithout(model: Sequential, ranks: Tensor): number {
  const flat = ranks.flatten(1);
  const keep = flat.lt(flat.topk(40, 1).values.narrow(1, 39, 1)).to('float32');
  const erased = erasable[0].mul(keep.reshape(erasable[0].shape));
  return percentRight(
    noGrad(() => model.forward(erased)),
    erasable[1],
  );
}
manualSeed(3);
const randomRanks = rand(erasable[0].shape);
const isInk = erasable[0].gt(0).to('float32');
const reluModels = runs['ReLU, He'].map(({ model }) => model);
const erasures = {
  nothing: reluModels.map((model) =>
    percentRight(
      noGrad(() => model.forward(erasable[0])),
      erasable[1],
    ),
  ),
  '40 at random': reluModels.map((model) => accuracyWithout(model, randomRanks)),
  '40 of the ink at random': reluModels.map((model) => accuracyWithout(model, randomRanks.mul(isInk))),
  '40 with the largest gradient': reluModels.map((model) => accuracyWithout(model, saliency(model, erasable[0]).abs())),
  '40 with the largest gradient × input': reluModels.map((model) =>
    accuracyWithout(model, saliency(model, erasable[0]).mul(erasable[0])),
  ),
};
await showTable(
  ['painted over', 'accuracy in %'],
  Object.entries(erasures).map(([name, values]) => [name, spread(values, 3)]),
);
await claim({
  en: 'gradient times input finds the pixels that carry the answer, far better than chance does among the ink; the gradient alone hardly does',
  zh: '梯度乘输入能找出承载答案的像素，远胜于在笔迹中随机挑选；单看梯度则几乎不行',
  measured: Object.entries(erasures)
    .map(([name, values]) => `${name} ${spread(values, 3)} %`)
    .join('; '),
  holds:
    isShort ||
    (median(erasures['40 with the largest gradient × input']) < median(erasures['40 of the ink at random']) - 10 &&
      median(erasures['40 with the largest gradient']) > median(erasures['40 with the largest gradient × input']) + 30),
});
// %% [markdown] en
/*
## Deceiving it: adversarial images

The gradient by the image says how each pixel would have to change for the loss to grow. So change each of them that way, by a little
$\varepsilon$ (the *fast gradient sign method*),

$$x' = \operatorname{clip}_{[0,1]}\Bigl(x + \varepsilon \operatorname{sign} \frac{\partial E}{\partial x}\Bigr), \qquad
E(x') \approx E(x) + \varepsilon \sum_i \Bigl|\frac{\partial E}{\partial x_i}\Bigr| .$$

784 small steps that all push the same way add up. As many steps with random signs cancel.
*/
// %% [markdown] zh
/*
## 欺骗它：对抗样本

损失对图像的梯度说明每个像素该怎样变，损失才会增大。那就让每个像素都朝那个方向变一点 $\varepsilon$（*快速梯度符号法*，FGSM）：

$$x' = \operatorname{clip}_{[0,1]}\Bigl(x + \varepsilon \operatorname{sign} \frac{\partial E}{\partial x}\Bigr), \qquad
E(x') \approx E(x) + \varepsilon \sum_i \Bigl|\frac{\partial E}{\partial x_i}\Bigr| 。$$

784 个小步朝同一个方向推，就会累积起来；符号随机的同样多的小步，则互相抵消。
*/
// %%
const attacked = first(testSet, sized({ full: 500, short: 100 })).tensors;
/** By how much each pixel's value from 0 to 1 matters to the loss. */
const lossGradient = (model: Sequential): Tensor =>
  grad((x: Tensor) => crossEntropy(model.forward(x), attacked[1], { reduction: 'sum' }))(attacked[0]).div(deviation);
/** Images whose pixels are moved by ε along signs; ε in units of white. */
const moved = (signs: Tensor, epsilon: number): Tensor =>
  attacked[0].mul(deviation).add(mean).add(signs.mul(epsilon)).clamp(0, 1).sub(mean).div(deviation);
const epsilons = sized({ full: [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3], short: [0, 0.1, 0.3] });
manualSeed(4);
const randomSigns = randn(attacked[0].shape).sign();
/** The accuracy at every ε. */
function along(model: Sequential, signs: Tensor): number[] {
  const scores = scoresOf(model);
  return epsilons.map((epsilon) => percentRight(scores(moved(signs, epsilon)), attacked[1]));
}
const bySeed = reluModels.map((model) => along(model, lossGradient(model).sign()));
const byChance = reluModels.map((model) => along(model, randomSigns));
const networkSigns = lossGradient(network).sign();
const leNetSigns = lossGradient(leNet).sign();
const byMlp = along(network, networkSigns);
const byLeNet = along(leNet, leNetSigns);
const fromMlp = along(leNet, networkSigns);
await show(
  lineChart(
    {
      'five MLPs, random signs': overSeeds(byChance, epsilons),
      'five MLPs': overSeeds(bySeed, epsilons),
      'the large MLP': { x: epsilons, y: byMlp },
      'LeNet-5': { x: epsilons, y: byLeNet },
      'LeNet-5, made for the MLP': { x: epsilons, y: fromMlp },
    },
    {
      title: 'Accuracy on images that were tampered with',
      subtitle: `${attacked[1].length} test images; five MLPs: median, and how far they lie apart`,
      xLabel: 'ε: change of every pixel (white is 1)',
      yLabel: '% right',
    },
  ),
);
const atTenth = epsilons.indexOf(0.1);
const fooled = bySeed.map((one) => one[atTenth]);
const random = byChance.map((one) => one[atTenth]);
await claim({
  en: 'a tenth of white along the signs of the gradient ruins the MLPs, with random signs it hardly matters',
  zh: '沿梯度符号改变十分之一的白度就毁掉 MLP，符号随机则几乎没有影响',
  measured: `ε = 0.1: ${spread(fooled, 3)} % right along the gradient, ${spread(random, 3)} % along random signs, ${spread(
    bySeed.map((one) => one[0]),
    3,
  )} % untouched`,
  holds: isShort || (median(fooled) < 40 && median(random) > 85),
});
await claim({
  en: 'the LeNet-5 withstands more, yet falls to its own gradient as well; what was made for the MLP deceives it far less',
  zh: 'LeNet-5 更经得住，但同样会败给自己的梯度；为 MLP 做的对抗样本对它的效果小得多',
  measured: `ε = 0.1: ${byLeNet[atTenth].toFixed(1)} % by its own gradient, ${fromMlp[atTenth].toFixed(1)} % by the MLP’s; ε = 0.3: ${(byLeNet.at(-1) ?? 0).toFixed(1)} %`,
  holds: isShort || (byLeNet[atTenth] > median(fooled) && fromMlp[atTenth] > byLeNet[atTenth]),
});
// %%
const gradients = lossGradient(network);
const lossAt = (epsilon: number): number =>
  noGrad(() =>
    crossEntropy(network.forward(attacked[0].add(networkSigns.mul(epsilon / deviation))), attacked[1]),
  ).item();
const slope = gradients.abs().sum([1, 2, 3]).mean().item();
const tiny = 1e-4;
const ratio = (lossAt(tiny) - lossAt(0)) / (tiny * slope);
await claim({
  en: 'for a tiny ε the loss grows as the formula says, by ε times the sum of all |∂E/∂x|',
  zh: '对很小的 ε，损失的增量正如公式所说，是 ε 乘以所有 |∂E/∂x| 之和',
  measured: `measured over predicted: ${ratio.toFixed(1)} at ε = 0.0001`,
  holds: Math.abs(ratio - 1) < 0.05,
});
const chosen = [...Array(8).keys()];
const altered = moved(networkSigns, 0.1);
const before = softmax(
  noGrad(() => network.forward(attacked[0].narrow(0, 0, 8))),
  1,
).max(1);
const after = softmax(
  noGrad(() => network.forward(altered.narrow(0, 0, 8))),
  1,
).max(1);
const named = ({ values, indices }: typeof before): string[] =>
  chosen.map((i) => `${indices.select(0, i).item()}: ${(100 * values.select(0, i).item()).toFixed(0)} % sure`);
imageGrid(
  concat([
    visible(attacked[0].narrow(0, 0, 8)),
    networkSigns.narrow(0, 0, 8).squeeze(1).mul(0.5).add(0.5),
    visible(altered.narrow(0, 0, 8)),
  ]),
  {
    title: 'Images, signs of the gradient, and both together (ε = 0.1)',
    subtitle: 'with the answers of the large MLP',
    captions: [...named(before), ...chosen.map(() => 'signs'), ...named(after)],
    columns: 8,
    pixelSize: 3,
    range: [0, 1],
  },
);
// %% [markdown] en
/*
## Now you

- Give the first layer 32 units in place of 256. What does that cost, and what do its weights look like now?
- Shuffle the pixels of all images with one permutation: `images.flatten(1).indexSelect(1, order)`. What becomes of the MLP, what of the LeNet-5?
- Leave batch normalisation out of the LeNet-5. How many epochs does it take to 99 % then?
- Train on images that were moved along their own gradient (ε = 0.1) in every step. How far does the curve of the MLP rise?
*/
// %% [markdown] zh
/*
## 轮到你了

- 把第一层的 256 个单元减到 32 个，准确率损失多少？权重的图像变成什么样？
- 用同一个置换打乱所有图像的像素：`images.flatten(1).indexSelect(1, order)`。MLP 会怎样？LeNet-5 又会怎样？
- 去掉 LeNet-5 的批归一化，要多少个 epoch 才到 99 %？
- 每一步都用沿自身梯度移动过的图像（ε = 0.1）来训练，MLP 的那条曲线能抬高多少？
*/
