// %% [markdown] en
/*
# Vanishing gradients

On its way back through a deep network a sensitivity is multiplied, layer by layer. If the factors are below 1, nothing of it
reaches the first layers, and these do not learn. In this notebook you measure the factors; you see which activations,
initialisations, normalisations and shortcuts keep them near 1, as heat maps over depth; you train the survivors; and you find
some well-meant advice that does not hold as it stands.
*/
// %% [markdown] zh
/*
# 梯度消失

敏感度在深层网络里往回传时，每经过一层就要乘上一个因子。如果因子都小于 1，传到最前面几层时就什么也不剩了，这些层也就学不到东西。
本篇先测量这些因子；再用热力图看清哪些激活函数、初始化、归一化和捷径能让因子保持在 1 附近；然后真正训练一遍；
最后你会发现，有些常见的建议并不总是成立。
*/
// %%
import {
  avgPool2d,
  conv2d,
  crossEntropy,
  gelu,
  grad,
  leakyRelu,
  manualSeed,
  noGrad,
  Parameter,
  randn,
  relu,
  sigmoid,
  type Tensor,
  tanh,
  tensor,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { checkDerivation, probe } from '@gradtape/autograd/verify';
import { compose, loadMnist, normalize, toTensor } from '@gradtape/data';
import { BatchNorm1d, Identity, init, LayerNorm, Linear, Module, Sequential } from '@gradtape/nn';
import * as rules from '@gradtape/nn/sensitivity';
import { Adam, LinearLR, SGD } from '@gradtape/optim';
import { heatMap, histogramsOverTime, lineChart } from '@gradtape/plot';
import { claim, median, overSeeds, show, showDiagnoses, sized, spread } from '../lesson/index.ts';

const seeds = Array.from({ length: sized({ full: 3, short: 1 }) }, (_, k) => k);
const float64 = { dtype: 'float64' } as const;

// %% [markdown] en
/*
## The factors

Going back one layer means two multiplications,

$$\delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \delta^{(l+1)} \odot f'\bigl(z^{(l)}\bigr),$$

so that along one path from the output to the first layer the sensitivity is $\prod_l w^{(l+1)} f'(z^{(l)})$. The derivative of
sigmoid is $\sigma(z)(1 - \sigma(z)) \le \tfrac{1}{4}$. Start with the simplest deep network there is: layers of one unit, all
weights 1.
*/
// %% [markdown] zh
/*
## 那些因子

往回走一层要做两次乘法：

$$\delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \delta^{(l+1)} \odot f'\bigl(z^{(l)}\bigr),$$

于是沿着从输出到第一层的一条路径，敏感度是 $\prod_l w^{(l+1)} f'(z^{(l)})$。sigmoid 的导数
$\sigma(z)(1 - \sigma(z)) \le \tfrac{1}{4}$。先看最简单的深层网络：每层一个单元，权重全为 1。
*/
// %%
const chain =
  (f: (z: Tensor) => Tensor, depth: number) =>
  (x: Tensor): Tensor => {
    let h = x;
    for (let l = 0; l < depth; l++) h = f(h);
    return h;
  };
const one = tensor(1, float64);
const depths = Array.from({ length: 20 }, (_, k) => k + 1);
const slopesOf = (f: (z: Tensor) => Tensor): number[] => depths.map((depth) => grad(chain(f, depth))(one).item());
const chains = { sigmoid: slopesOf(sigmoid), tanh: slopesOf(tanh), ReLU: slopesOf(relu) };
await show(
  lineChart(
    {
      'bound: 0.25ᴸ': { x: depths, y: depths.map((depth) => 0.25 ** depth) },
      ...Object.fromEntries(Object.entries(chains).map(([name, y]) => [name, { x: depths, y }])),
    },
    {
      title: 'A chain of single units',
      subtitle: 'derivative of the output by the input, at x = 1',
      xLabel: 'layers',
      yLabel: '|dy/dx|',
      yScale: 'log',
    },
  ),
);
const sigmoidAtTwenty = chains.sigmoid[19] as number;
const steepest = rules.sigmoid.derivative(tensor(0, float64)).item();
await claim({
  en: 'in a chain of twenty sigmoids with weight 1 at most 0.25 to the 20th arrives; of tanh a few percent, of ReLU all',
  zh: '二十个权重为 1 的 sigmoid 连成一串，传回的不超过 0.25 的 20 次方；tanh 剩百分之几，ReLU 一点不少',
  shows: ['vanishing/cause', 'rule:sigmoid.derivative'],
  measured: `σ′(0) = ${steepest}; sigmoid ${sigmoidAtTwenty.toExponential(1)} (bound ${(0.25 ** 20).toExponential(1)}), tanh ${(chains.tanh[19] as number).toFixed(3)}, ReLU ${chains.ReLU[19]}`,
  holds:
    steepest === 0.25 && sigmoidAtTwenty < 0.25 ** 20 && (chains.tanh[19] as number) < 0.1 && chains.ReLU[19] === 1,
});
// %% [markdown] en
/*
### Derived, checked, broken

Three layers of sigmoid, half the square error. The derivation goes back with the rule above; the tape agrees. Then three slips in
the factors, and what `checkDerivation` says.
*/
// %% [markdown] zh
/*
### 推导、检验、改错

三层 sigmoid，损失为平方误差的一半。推导就用上面的规则往回走，结果与计算图一致。然后在因子上犯三个错，看 `checkDerivation` 怎么说。
*/
// %%
manualSeed(5);
const [x, t] = [randn([3], float64), randn([2], float64)];
const weights = { W1: randn([4, 3], float64), W2: randn([4, 4], float64), W3: randn([2, 4], float64) };

function loss(W1: Tensor, W2: Tensor, W3: Tensor): Tensor {
  const a1 = sigmoid(probe('z1', W1.matmul(x)));
  const a2 = sigmoid(probe('z2', W2.matmul(a1)));
  const a3 = sigmoid(probe('z3', W3.matmul(a2)));
  return a3.sub(t).square().sum().mul(0.5);
}
/** What the sensitivity of the first layer is multiplied by, from its net input and its activation. */
type Factor = (z: Tensor, a: Tensor) => Tensor;

function derivedWith(factor: Factor): (...all: Tensor[]) => Record<string, Tensor> {
  return (...all) => {
    const [W1, W2, W3] = all as [Tensor, Tensor, Tensor];
    const z1 = W1.matmul(x);
    const z2 = W2.matmul(sigmoid(z1));
    const z3 = W3.matmul(sigmoid(z2));
    const d3 = sigmoid(z3).sub(t).mul(rules.sigmoid.derivative(z3));
    const d2 = rules.hiddenSensitivity(W3, d3, z2, rules.sigmoid);
    const d1 = W2.t()
      .matmul(d2)
      .mul(factor(z1, sigmoid(z1)));
    return { dz1: d1, dW1: d1.outer(x), dW2: d2.outer(sigmoid(z1)), dW3: d3.outer(sigmoid(z2)) };
  };
}
const right = checkDerivation(
  derivedWith((z) => rules.sigmoid.derivative(z)),
  loss,
  weights,
);
console.log(String(right));
const named = await showDiagnoses(loss, weights, [
  { en: 'no factor at all', zh: '完全漏掉因子', claimed: derivedWith((z) => z.mul(0).add(1)), named: /z1/ },
  {
    en: 'σ′ of the activation',
    zh: 'σ′ 作用在激活值上',
    claimed: derivedWith((_, a) => rules.sigmoid.derivative(a)),
    named: /dW1/,
  },
  {
    en: '1 − a², as for tanh',
    zh: '用了 tanh 的 1 − a²',
    claimed: derivedWith((_, a) => a.square().neg().add(1)),
    named: /dW1/,
  },
]);
await claim({
  en: 'the rule gives the gradients of the tape; each of three slips in the factor is found',
  zh: '规则给出的梯度与计算图一致；因子上的三种错误都被找出',
  shows: ['rule:hiddenSensitivity'],
  measured: `${right.findings.length} gradients right, ${named} of 3 slips found`,
  holds: right.passed && named === 3,
});
// %% [markdown] en
/*
### The factor of a whole layer

In a wide layer the weights count as well. Draw them with variance $s^2 / n$, where $n$ is the number of units. Then $W^\top$
multiplies the length of $\delta$ by about $s$, and a layer by

$$\frac{\lVert \delta^{(l)} \rVert}{\lVert \delta^{(l+1)} \rVert} \approx s \, \sqrt{\mathbb{E}\, f'(z)^2}.$$

For sigmoid with $s = 1$ that is a quarter again. One might think: larger weights saturate the units, and all is worse. Measure it,
over 20 layers of 128 units.
*/
// %% [markdown] zh
/*
### 整层的因子

在宽的层里，权重也要算进来。按方差 $s^2 / n$ 抽取权重（$n$ 为单元数），$W^\top$ 大约把 $\delta$ 的长度乘以 $s$，于是整层的因子是

$$\frac{\lVert \delta^{(l)} \rVert}{\lVert \delta^{(l+1)} \rVert} \approx s \, \sqrt{\mathbb{E}\, f'(z)^2}.$$

sigmoid 在 $s = 1$ 时仍是约四分之一。有人会想：权重再大，单元就饱和，只会更糟。测一测：20 层，每层 128 个单元。
*/
// %%
/** By how much a layer multiplies the length of the sensitivity: the geometric mean of 20 layers, and of its derivative alone. */
function layerFactor(f: typeof rules.sigmoid, scale: number): number {
  manualSeed(1);
  const [n, layers, samples] = [128, 20, 32];
  const Ws = Array.from({ length: layers }, () => randn([n, n], float64).mul(scale / Math.sqrt(n)));
  let a = randn([n, samples], float64);
  const Z = Ws.map((W) => {
    const z = W.matmul(a);
    a = f(z);
    return z;
  });
  let delta = randn([n, samples], float64);
  const before = delta.square().sum().sqrt().item();
  for (let l = layers - 2; l >= 0; l--) delta = rules.hiddenSensitivity(Ws[l + 1] as Tensor, delta, Z[l] as Tensor, f);
  return (delta.square().sum().sqrt().item() / before) ** (1 / (layers - 1));
}
const scales = [0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6, 8, 11, 16];
const factors = {
  sigmoid: scales.map((s) => layerFactor(rules.sigmoid, s)),
  tanh: scales.map((s) => layerFactor(rules.tanh, s)),
  ReLU: scales.map((s) => layerFactor(rules.relu, s)),
};
await show(
  lineChart(
    {
      ...Object.fromEntries(Object.entries(factors).map(([name, y]) => [name, { x: scales, y }])),
      'nothing lost': { x: [0.5, 16], y: [1, 1] },
    },
    {
      title: 'What a layer multiplies a sensitivity by',
      subtitle: 'the geometric mean of 19 layers of 128 units, weights of variance s² / n',
      xLabel: 'scale s of the weights',
      yLabel: '‖δ⁽ˡ⁾‖ / ‖δ⁽ˡ⁺¹⁾‖',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
const factorAt = (name: keyof typeof factors, s: number): number => factors[name][scales.indexOf(s)] as number;
await claim({
  en: 'a layer of sigmoids with weights of scale 1 multiplies by a quarter',
  zh: '权重尺度为 1 的 sigmoid 层把敏感度乘以约四分之一',
  shows: ['vanishing/cause'],
  measured: `sigmoid ${factorAt('sigmoid', 1).toFixed(2)}, tanh ${factorAt('tanh', 1).toFixed(2)}, ReLU ${factorAt('ReLU', 1).toFixed(2)}`,
  holds: factorAt('sigmoid', 1) < 0.25 && factorAt('sigmoid', 1) > 0.2,
});
await claim({
  en: 'saturation alone is not the cause: with weights sixteen times as large most sigmoids are saturated, and gradients grow',
  zh: '饱和本身并不是原因：权重放大十六倍，多数 sigmoid 已饱和，梯度反而变大',
  shows: ['vanishing/cause'],
  measured: `factor at s = 16: sigmoid ${factorAt('sigmoid', 16).toFixed(1)}, tanh ${factorAt('tanh', 16).toFixed(1)}`,
  holds: factorAt('sigmoid', 16) > 1 && factorAt('tanh', 16) > 1.5,
  documentSays: {
    en: 'gradients vanish as products of many numbers below 1 (at most 0.25 for sigmoid), and where units saturate',
    zh: '反向时梯度是很多“小于 1 的数”的连乘（Sigmoid 的导数最大 0.25）；激活饱和时导数≈0',
  },
});
// %% [markdown] en
/*
The bound of 0.25 is one on $\sigma'$, not on a layer: its weights multiply too, and few units that are *not* saturated carry a
large weight. The right question is whether **both together** are near 1. That is what initialisation is about.
*/
// %% [markdown] zh
/*
0.25 只是 $\sigma'$ 的上界，不是整层的上界：权重也在乘，少数*没有*饱和的单元带着很大的权重。真正的问题是**两者合起来**是否接近 1。
初始化要解决的正是这件事。
*/
// %% [markdown] en
/*
## Initialisation: signals that stay level

Forward, with independent weights of mean 0, $z_j = \sum_i w_{ji} a_i$ has

$$\operatorname{Var}(z_j) = \mathrm{fan}_{\mathrm{in}} \operatorname{Var}(W)\, \mathbb{E}\, a^2 .$$

- For tanh near zero $a \approx z$: level if $\operatorname{Var}(W) = 1 / \mathrm{fan}_{\mathrm{in}}$. Backward it must be
  $1 / \mathrm{fan}_{\mathrm{out}}$; **Xavier** takes the middle, $\frac{2}{\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}}}$
  (or evenly from $\pm\sqrt{6 / (\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}})}$).
- ReLU sets half of the signal to zero, $\mathbb{E}\, a^2 = \frac{1}{2} \operatorname{Var}(z)$: **He** doubles,
  $\frac{2}{\mathrm{fan}_{\mathrm{in}}}$.
*/
// %% [markdown] zh
/*
## 初始化：让信号保持平稳

前向时，若权重独立且均值为 0，则 $z_j = \sum_i w_{ji} a_i$ 满足

$$\operatorname{Var}(z_j) = \mathrm{fan}_{\mathrm{in}} \operatorname{Var}(W)\, \mathbb{E}\, a^2 .$$

- tanh 在零附近 $a \approx z$，取 $\operatorname{Var}(W) = 1 / \mathrm{fan}_{\mathrm{in}}$ 就能保持平稳；反向则要求
  $1 / \mathrm{fan}_{\mathrm{out}}$。**Xavier** 取折中，$\frac{2}{\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}}}$
  （或在 $\pm\sqrt{6 / (\mathrm{fan}_{\mathrm{in}} + \mathrm{fan}_{\mathrm{out}})}$ 之间均匀抽取）。
- ReLU 把一半信号置零，$\mathbb{E}\, a^2 = \frac{1}{2} \operatorname{Var}(z)$，所以 **He** 加倍，取 $\frac{2}{\mathrm{fan}_{\mathrm{in}}}$。
*/
// %%
const drawn = new Linear(300, 100);
manualSeed(2);
init.xavierUniform(drawn.weight);
const [xavierDrawn, xavierEnd] = [drawn.weight.square().mean().item(), drawn.weight.abs().amax().item()];
init.kaimingNormal(drawn.weight, { nonlinearity: 'relu' });
const heDrawn = drawn.weight.square().mean().item();
await claim({
  en: 'drawn weights have the variances of the formulas',
  zh: '抽出的权重的方差与公式相符',
  shows: ['rule:xavierVariance', 'rule:xavierBound', 'rule:heVariance'],
  measured: `300 → 100: Xavier ${xavierDrawn.toFixed(4)} (${rules.xavierVariance(300, 100)}), within ±${xavierEnd.toFixed(4)} (${rules.xavierBound(300, 100).toFixed(4)}); He ${heDrawn.toFixed(4)} (${rules.heVariance(300).toFixed(4)})`,
  holds:
    Math.abs(xavierDrawn / rules.xavierVariance(300, 100) - 1) < 0.03 &&
    xavierEnd <= rules.xavierBound(300, 100) &&
    Math.abs(heDrawn / rules.heVariance(300) - 1) < 0.03,
});
// %% [markdown] en
/*
Now 20 layers of 256 units, from inputs of variance 1. Each column of a picture is the distribution of the net inputs of one layer.
*/
// %% [markdown] zh
/*
现在取 20 层、每层 256 个单元，输入方差为 1。图中每一列是一层净输入的分布。
*/
// %%
const initializations = {
  'small normal': (weight: Parameter) => init.normal(weight, 0, 0.02),
  Xavier: (weight: Parameter) => init.xavierNormal(weight),
  He: (weight: Parameter) => init.kaimingNormal(weight, { nonlinearity: 'relu' }),
  orthogonal: (weight: Parameter) => init.orthogonal(weight),
};
type Initialization = keyof typeof initializations;

/** The net inputs of every layer. */
function netInputs(f: (z: Tensor) => Tensor, initialization: Initialization, seed: number, layers = 20): Tensor[] {
  manualSeed(seed);
  const weight = new Parameter(randn([256, 256]));
  let a = randn([32, 256]);
  return noGrad(() =>
    Array.from({ length: layers }, () => {
      initializations[initialization](weight);
      const z = a.matmul(weight.t());
      a = f(z);
      return z;
    }),
  );
}
const layerNames = Array.from({ length: 20 }, (_, l) => l + 1);
const asHistograms = (f: (z: Tensor) => Tensor, initialization: Initialization, title: string) =>
  histogramsOverTime(
    netInputs(f, initialization, 0).map((z) => z.clamp(-3, 3)),
    {
      title,
      subtitle: 'net inputs (beyond ±3 at the edge), layer by layer',
      times: layerNames,
      xLabel: 'layer',
      yLabel: 'net input',
      bins: 24,
    },
  );
await show(
  asHistograms(tanh, 'Xavier', 'tanh, Xavier'),
  asHistograms(relu, 'Xavier', 'ReLU, Xavier'),
  asHistograms(relu, 'He', 'ReLU, He'),
);
const deviations = (f: (z: Tensor) => Tensor, initialization: Initialization): number[][] =>
  seeds.map((seed) => netInputs(f, initialization, seed).map((z) => z.std().item()));
const levels = {
  'tanh, small normal': deviations(tanh, 'small normal'),
  'tanh, Xavier': deviations(tanh, 'Xavier'),
  'tanh, He': deviations(tanh, 'He'),
  'ReLU, Xavier': deviations(relu, 'Xavier'),
  'ReLU, He': deviations(relu, 'He'),
};
await show(
  lineChart(Object.fromEntries(Object.entries(levels).map(([name, curves]) => [name, overSeeds(curves, layerNames)])), {
    title: 'Do signals stay level?',
    subtitle: `standard deviation of the net inputs: median and range of ${seeds.length} seeds`,
    xLabel: 'layer',
    yLabel: 'standard deviation',
    yScale: 'log',
  }),
);
const kept = (name: keyof typeof levels): number[] =>
  levels[name].map((curve) => (curve[19] as number) / (curve[0] as number));
await claim({
  en: 'after 20 layers ReLU keeps its signal with He, and has lost all but a thousandth with Xavier',
  zh: '20 层之后，ReLU 配 He 保住了信号，配 Xavier 只剩约千分之一',
  shows: ['initialization/variance', 'rule:heVariance'],
  measured: `layer 20 over layer 1: He ${spread(kept('ReLU, He'))}, Xavier ${spread(kept('ReLU, Xavier'), 1)}`,
  holds: kept('ReLU, He').every((share) => share > 0.3 && share < 3) && Math.max(...kept('ReLU, Xavier')) < 0.01,
});
await claim({
  en: 'with tanh and Xavier the signal neither explodes nor dies, but sinks slowly: tanh is flatter than the line it is taken for',
  zh: 'tanh 配 Xavier，信号既不爆炸也不消失，但会慢慢下沉：tanh 比近似它的直线更平',
  shows: ['initialization/variance', 'rule:xavierVariance'],
  measured: `layer 20 over layer 1: Xavier ${spread(kept('tanh, Xavier'), 1)}, He ${spread(kept('tanh, He'), 1)}`,
  holds: kept('tanh, Xavier').every((share) => share > 0.1 && share < 0.6),
  documentSays: { en: 'the variance of signals neither explodes nor decays', zh: '信号的方差“既不爆炸也不衰减”' },
});
// %% [markdown] en
/*
### Orthogonal weights

Factor a drawn matrix, $G = QR$, and take $W = Q$: its columns have length 1 and are orthogonal to each other, so that
$\lVert W a \rVert = \lVert a \rVert$ for *every* $a$, not only on average. Over 30 linear layers the difference is large.
*/
// %% [markdown] zh
/*
### 正交权重

把随机矩阵分解为 $G = QR$，取 $W = Q$：它的各列长度为 1 且两两正交，所以对*每一个* $a$ 都有 $\lVert W a \rVert = \lVert a \rVert$，
而不只是平均意义上成立。经过 30 个线性层，差别就很大了。
*/
// %%
manualSeed(3);
const square = (): Tensor => randn([64, 64], float64);
const throughLayers = (makeWeight: () => Tensor): number[] => {
  let A = randn([64, 500], float64);
  A = A.div(A.square().sum(0).sqrt());
  for (let l = 0; l < 30; l++) A = makeWeight().matmul(A);
  return [...A.square().sum(0).sqrt().toTypedArray()];
};
const { Q, R } = rules.orthogonalFactors(square());
const notQuite = (W: Tensor): number =>
  W.t()
    .matmul(W)
    .sub(
      tensor(
        Array.from({ length: 64 }, (_, i) => Array.from({ length: 64 }, (_, j) => Number(i === j))),
        float64,
      ),
    )
    .abs()
    .amax()
    .item();
const drawnLengths = throughLayers(() => square().div(8));
const orthogonalLengths = throughLayers(() => rules.orthogonalFactors(square()).Q);
const farthest = (lengths: readonly number[]): number => Math.max(...lengths) / Math.min(...lengths);
await claim({
  en: 'orthogonal weights keep the length of every vector; drawn ones of the same variance only of the average',
  zh: '正交权重保持每个向量的长度；同方差的随机权重只在平均意义上保持',
  shows: ['initialization/orthogonal', 'rule:orthogonalFactors'],
  measured: `longest over shortest of 500 vectors after 30 layers: ${farthest(orthogonalLengths).toFixed(6)}, drawn ${farthest(drawnLengths).toFixed(1)}`,
  holds: Math.abs(farthest(orthogonalLengths) - 1) < 1e-10 && farthest(drawnLengths) > 3,
});
await claim({
  en: 'the weight is Q: the product QR is the matrix that was drawn, and not orthogonal',
  zh: '权重取的是 Q：乘积 QR 只是原来那个随机矩阵，并不正交',
  shows: ['initialization/orthogonal'],
  measured: `largest entry of WᵀW − I: for Q below 1e-12, for QR ${notQuite(Q.matmul(R)).toFixed(0)}`,
  holds: notQuite(Q) < 1e-12 && notQuite(Q.matmul(R)) > 10,
  documentSays: { en: 'W = QR (Q orthogonal)', zh: 'W = QR（Q 为正交矩阵）' },
});
// %% [markdown] en
/*
### Convolutions

A convolution adds up over its kernel, too: its fan is $\text{kernel size} \times \text{channels}$. Forget the kernel, and each
3 × 3 layer multiplies signals by up to 3.
*/
// %% [markdown] zh
/*
### 卷积层

卷积还要对核内求和，所以 $\mathrm{fan} = \text{核大小} \times \text{通道数}$。若忘了核大小，每个 3 × 3 的卷积层都会把信号放大到近 3 倍。
*/
// %%
function afterConvolutions(fanIn: number): number {
  manualSeed(4);
  let a = randn([4, 16, 12, 12]);
  let first = 0;
  for (let l = 0; l < 10; l++) {
    const z = conv2d(a, randn([16, 16, 3, 3]).mul(Math.sqrt(rules.heVariance(fanIn))), null, { padding: 1 });
    if (l === 0) first = z.std().item();
    if (l === 9) return z.std().item() / first;
    a = relu(z);
  }
  return Number.NaN;
}
const [withKernel, withoutKernel] = [afterConvolutions(rules.convolutionFan(9, 16)), afterConvolutions(16)];
await claim({
  en: 'He with the fan of kernel times channels keeps ten convolutions level; with channels alone they explode',
  zh: 'He 用“核大小 × 通道数”作 fan，十层卷积保持平稳；只用通道数则爆炸',
  shows: ['initialization/convolution', 'rule:convolutionFan'],
  measured: `fan 144: layer 10 over layer 1 ${withKernel.toFixed(2)}; fan 16: ${withoutKernel.toExponential(0)}`,
  holds:
    withKernel > 0.2 &&
    withKernel < 3 &&
    withoutKernel > 1000 &&
    init.calculateFans({ shape: [16, 16, 3, 3] }).fanIn === rules.convolutionFan(9, 16),
});
// %% [markdown] en
/*
## Gradients by depth

Now real images (MNIST, shrunk to 14 × 14) and a real loss. The network has 16 hidden layers of 32 units; each is a block

$$a^{(l)} = f\bigl(\mathrm{norm}(W^{(l)} a^{(l-1)})\bigr) \quad\text{or, with a residual connection,}\quad a^{(l)} = a^{(l-1)} + f\bigl(\mathrm{norm}(W^{(l)} a^{(l-1)})\bigr).$$

We backpropagate one batch right after initialisation, and write down $\lVert \partial E / \partial W^{(l)} \rVert$ for each layer.
*/
// %% [markdown] zh
/*
## 逐层的梯度

现在换成真实的图像（MNIST，缩小到 14 × 14）和真实的损失。网络有 16 个隐藏层、每层 32 个单元，每层是一个模块：

$$a^{(l)} = f\bigl(\mathrm{norm}(W^{(l)} a^{(l-1)})\bigr) \quad\text{或带残差连接：}\quad a^{(l)} = a^{(l-1)} + f\bigl(\mathrm{norm}(W^{(l)} a^{(l-1)})\bigr).$$

初始化之后立刻反向传播一个小批量，记下每一层的 $\lVert \partial E / \partial W^{(l)} \rVert$。
*/
// %%
const activations = { sigmoid, tanh, ReLU: relu, 'leaky ReLU': (z: Tensor) => leakyRelu(z), GELU: gelu };
type ActivationName = keyof typeof activations;
const activationNames = Object.keys(activations) as ActivationName[];
const normalizations = {
  none: () => new Identity(),
  'batch norm': () => new BatchNorm1d(32),
  'layer norm': () => new LayerNorm(32),
};
interface Setting {
  readonly f: ActivationName;
  readonly initialization: Initialization;
  readonly norm?: keyof typeof normalizations;
  readonly isResidual?: boolean;
}

class Block extends Module {
  linear: Linear;
  norm: Module & { forward(x: Tensor): Tensor };
  readonly setting: Setting;

  constructor(inputs: number, setting: Setting) {
    super();
    this.setting = setting;
    this.linear = new Linear(inputs, 32);
    this.norm = normalizations[setting.norm ?? 'none']();
  }

  forward(x: Tensor): Tensor {
    const y = activations[this.setting.f](this.norm.forward(this.linear.forward(x)));
    return this.setting.isResidual && x.shape[1] === 32 ? x.add(y) : y;
  }
}

function deepNetwork(setting: Setting): { model: Sequential; linears: Linear[] } {
  const blocks = Array.from({ length: 16 }, (_, l) => new Block(l === 0 ? 196 : 32, setting));
  const output = new Linear(32, 10);
  const linears = [...blocks.map(({ linear }) => linear), output];
  for (const { weight, bias } of linears) {
    initializations[setting.initialization](weight);
    init.zeros(bias);
  }
  return { model: new Sequential(...blocks, output), linears };
}

const mnist = await loadMnist({ train: true, transform: compose(toTensor, normalize(0.1307, 0.3081)) });
const [images, digits] = mnist.batch(Int32Array.from({ length: 5120 }, (_, i) => i));
const smallImages = avgPool2d(images, 2).flatten(1);

/** The length of the gradient by the weights of each hidden layer, of one batch of 128 images. */
function gradientNorms(linears: readonly Linear[], model: Sequential): number[] {
  model.zeroGrad();
  crossEntropy(model.forward(smallImages.narrow(0, 0, 128)), digits.narrow(0, 0, 128)).backward();
  return linears.slice(0, 16).map(({ weight }) => (weight.grad as Tensor).square().sum().sqrt().item());
}

function normsAtFirst(setting: Setting): number[] {
  const bySeed = seeds.map((seed) => {
    manualSeed(seed);
    const { model, linears } = deepNetwork(setting);
    return gradientNorms(linears, model);
  });
  return layerNames.slice(0, 16).map((_, l) => median(bySeed.map((norms) => norms[l] as number)));
}
const initializationNames = Object.keys(initializations) as Initialization[];
const plain = activationNames.flatMap((f) =>
  initializationNames.map((initialization): Setting => ({ f, initialization })),
);
const powerOfTen = (value: number): string =>
  value > 0 ? String(Math.round(Math.log10(value))).replace('-', '−') : '= 0';
const asLog = { colourScale: 'log', range: [1e-10, 10], format: powerOfTen } as const;
const nameOf = ({ f, initialization }: Setting): string => `${f}, ${initialization}`;
const plainNorms = plain.map(normsAtFirst);
await show(
  heatMap(plainNorms, {
    ...asLog,
    title: 'Gradients by layer, no normalisation, no residuals',
    subtitle: `length of ∂E/∂W right after initialisation, the median of ${seeds.length} seeds. In the cells its power of ten`,
    rowNames: plain.map(nameOf),
    columnNames: layerNames.slice(0, 16).map(String),
    xLabel: 'hidden layer, the first one left',
  }),
);
const plainAt = (f: ActivationName, initialization: Initialization): number[] =>
  plainNorms[plain.findIndex((one) => one.f === f && one.initialization === initialization)] as number[];
const [sigmoidXavier, tanhXavier, reluHe, leakyHe, geluHe, reluSmall] = [
  plainAt('sigmoid', 'Xavier'),
  plainAt('tanh', 'Xavier'),
  plainAt('ReLU', 'He'),
  plainAt('leaky ReLU', 'He'),
  plainAt('GELU', 'He'),
  plainAt('ReLU', 'small normal'),
] as [number[], number[], number[], number[], number[], number[]];
const firstOf = (norms: readonly number[]): number => norms[0] as number;
const lastOf = (norms: readonly number[]): number => norms[15] as number;
await claim({
  en: 'activations that do not saturate keep gradients through 16 layers; sigmoid loses eight orders of magnitude; but tanh keeps them, too',
  zh: '非饱和激活让梯度穿过 16 层；sigmoid 损失约八个数量级；但 tanh 同样保住了梯度',
  shows: ['vanishing/activations', 'vanishing/cause'],
  measured: `first layer: ReLU ${firstOf(reluHe).toFixed(1)}, leaky ReLU ${firstOf(leakyHe).toFixed(1)}, GELU ${firstOf(geluHe).toFixed(1)} (He), tanh ${firstOf(tanhXavier).toFixed(1)}, sigmoid ${firstOf(sigmoidXavier).toExponential(0)} (Xavier)`,
  holds: [reluHe, leakyHe, geluHe, tanhXavier].every((norms) => firstOf(norms) > 0.05) && firstOf(sigmoidXavier) < 1e-8,
  documentSays: {
    en: 'sigmoid and tanh saturate and let gradients vanish; use ReLU, leaky ReLU or GELU',
    zh: 'Sigmoid/Tanh 饱和导致梯度消失，应使用 ReLU/LeakyReLU/GELU 等非饱和激活',
  },
});
await claim({
  en: 'initialisation decides for tanh and ReLU: 14 orders of magnitude and more; for sigmoid Xavier does not suffice',
  zh: '对 tanh 和 ReLU，初始化起决定作用：相差 14 个数量级以上；对 sigmoid，Xavier 不够',
  shows: ['vanishing/initialization'],
  measured: `first layer: tanh small ${firstOf(plainAt('tanh', 'small normal')).toExponential(0)}, Xavier ${firstOf(tanhXavier).toFixed(1)}; ReLU small ${firstOf(reluSmall).toExponential(0)}, He ${firstOf(reluHe).toFixed(1)}; sigmoid Xavier ${firstOf(sigmoidXavier).toExponential(0)}`,
  holds: firstOf(reluHe) / firstOf(reluSmall) > 1e14 && firstOf(sigmoidXavier) < 1e-8,
  documentSays: { en: 'Xavier suits tanh and sigmoid', zh: 'Xavier 适合 Tanh/Sigmoid' },
});
await claim({
  en: 'where forward and backward shrink alike, all layers have the same gradient, and it is next to nothing: comparing layers would hide it',
  zh: '前向与反向同样缩小时，各层梯度一样大，却都几乎为零：只比较各层之间的比值会看不出来',
  measured: `ReLU, small normal: first layer ${firstOf(reluSmall).toExponential(0)}, last ${lastOf(reluSmall).toExponential(0)}`,
  holds:
    firstOf(reluSmall) / lastOf(reluSmall) > 0.3 &&
    firstOf(reluSmall) / lastOf(reluSmall) < 3 &&
    lastOf(reluSmall) < 1e-14,
});
// %% [markdown] en
/*
Why are they alike? $\partial E / \partial W^{(l)} = \delta^{(l)} (a^{(l-1)})^\top$. Near the output $\delta$ is large and $a$ has been
multiplied by all the small factors; near the input it is the other way round. Each gradient contains every factor once.

And orthogonal weights with ReLU? They vanish as with Xavier: $\lVert Wa \rVert = \lVert a \rVert$, and then ReLU takes half of it. They
need the gain $\sqrt 2$, as He's have it built in.

### Normalisation and residual connections

The same for the first layer alone, with everything that there is.
*/
// %% [markdown] zh
/*
为什么一样大？因为 $\partial E / \partial W^{(l)} = \delta^{(l)} (a^{(l-1)})^\top$。靠近输出时 $\delta$ 大，而 $a$ 已乘过所有的小因子；
靠近输入时正好相反。每一层的梯度都恰好包含所有因子各一次。

正交权重配 ReLU 呢？和 Xavier 一样消失：$\lVert Wa \rVert = \lVert a \rVert$，然后 ReLU 拿走一半。它需要增益 $\sqrt 2$，而 He 已经自带。

### 归一化与残差连接

只看第一层，把所有组合都试一遍。
*/
// %%
const remedies: Record<string, Pick<Setting, 'norm' | 'isResidual'>> = {
  nothing: {},
  'batch norm': { norm: 'batch norm' },
  'layer norm': { norm: 'layer norm' },
  residual: { isResidual: true },
  'residual, batch norm': { norm: 'batch norm', isResidual: true },
  'residual, layer norm': { norm: 'layer norm', isResidual: true },
};
const remedyNames = Object.keys(remedies);
const studied: readonly ActivationName[] = sized({ full: activationNames, short: ['sigmoid', 'ReLU'] });
const studiedPlain = plain.filter(({ f }) => studied.includes(f));
const table = studiedPlain.map((setting) =>
  remedyNames.map((name) =>
    name === 'nothing' ? plainAt(setting.f, setting.initialization) : normsAtFirst({ ...setting, ...remedies[name] }),
  ),
);
await show(
  heatMap(
    table.map((row) => row.map(firstOf)),
    {
      ...asLog,
      range: [1e-10, 1e4],
      title: 'Gradient of the first of 16 layers',
      subtitle: `length of ∂E/∂W right after initialisation, the median of ${seeds.length} seeds. In the cells its power of ten`,
      rowNames: studiedPlain.map(nameOf),
      columnNames: remedyNames,
    },
  ),
);
const normsOf = (f: ActivationName, initialization: Initialization, remedy: string): number[] => {
  const row = studiedPlain.findIndex((one) => one.f === f && one.initialization === initialization);
  return table[row]?.[remedyNames.indexOf(remedy)] as number[];
};
const sensitivityTo = (f: ActivationName, remedy: string): number => {
  const norms = initializationNames.map((initialization) => firstOf(normsOf(f, initialization, remedy)));
  return Math.max(...norms) / Math.min(...norms);
};
await claim({
  en: 'with normalisation the initialisation hardly matters for the size of gradients: a factor of a few in place of 17 orders of magnitude',
  zh: '有了归一化，初始化对梯度大小几乎无关紧要：从 17 个数量级变成几倍',
  shows: ['initialization/normalized', 'vanishing/normalization'],
  measured: `largest over smallest of four initialisations, ReLU: none ${sensitivityTo('ReLU', 'nothing').toExponential(0)}, batch norm ${sensitivityTo('ReLU', 'batch norm').toFixed(0)}, layer norm ${sensitivityTo('ReLU', 'layer norm').toFixed(0)}`,
  holds:
    sensitivityTo('ReLU', 'batch norm') < 10 &&
    sensitivityTo('ReLU', 'layer norm') < 20 &&
    sensitivityTo('ReLU', 'nothing') > 1e12,
});
const [sigmoidBatch, sigmoidLayer, reluBatch] = [
  normsOf('sigmoid', 'Xavier', 'batch norm'),
  normsOf('sigmoid', 'Xavier', 'layer norm'),
  normsOf('ReLU', 'He', 'batch norm'),
] as [number[], number[], number[]];
await claim({
  en: 'batch norm rescues sigmoid, layer norm does not; and with batch norm and ReLU gradients grow towards the first layer',
  zh: '批归一化能救活 sigmoid，层归一化不能；而批归一化加 ReLU 时，梯度越靠前越大',
  shows: ['vanishing/normalization'],
  measured: `sigmoid, first layer: batch norm ${firstOf(sigmoidBatch).toFixed(1)}, layer norm ${firstOf(sigmoidLayer).toExponential(0)}; ReLU with batch norm, first over last: ${(firstOf(reluBatch) / lastOf(reluBatch)).toFixed(0)}`,
  holds: firstOf(sigmoidBatch) > 0.1 && firstOf(sigmoidLayer) < 1e-4 && firstOf(reluBatch) > 8 * lastOf(reluBatch),
  documentSays: {
    en: 'against vanishing gradients: BatchNorm or LayerNorm',
    zh: '梯度消失的对策：BatchNorm/LayerNorm 稳定分布',
  },
});
const [sigmoidResidual, reluResidual, reluResidualSmall] = [
  normsOf('sigmoid', 'Xavier', 'residual'),
  normsOf('ReLU', 'He', 'residual'),
  normsOf('ReLU', 'small normal', 'residual'),
] as [number[], number[], number[]];
await claim({
  en: 'a residual connection lets gradients through whatever the activation; but with He and no normalisation they explode',
  zh: '无论什么激活，残差连接都让梯度直通；但配 He 又不归一化时会爆炸',
  shows: ['vanishing/residual'],
  measured: `first layer: sigmoid ${firstOf(sigmoidXavier).toExponential(0)} becomes ${firstOf(sigmoidResidual).toFixed(0)}; ReLU with small weights ${firstOf(reluResidualSmall).toFixed(1)}, with He ${firstOf(reluResidual).toExponential(0)}`,
  holds:
    firstOf(sigmoidResidual) > 0.1 &&
    firstOf(reluResidual) > 500 &&
    firstOf(reluResidualSmall) < 10 &&
    firstOf(reluResidualSmall) > 0.01,
});
// %% [markdown] en
/*
A block with a shortcut *adds* to its input. If it adds as much as there is, the variance doubles in each block, $2^{16}$ in all, and so
does the gradient's. Small weights in the branch, or a normalisation there, keep $1 + \text{a little}$.

**Exercise.** Derive how a sensitivity $g = \partial E / \partial a^{(l)}$ goes back through $a^{(l)} = a^{(l-1)} + f(W a^{(l-1)})$. Starting
point: $z = W a^{(l-1)}$, two paths lead from $a^{(l-1)}$ to $a^{(l)}$. The answer is at the end of the notebook.
*/
// %% [markdown] zh
/*
带捷径的模块是往输入上*加*。如果加上的和原来一样多，方差每经过一个模块就翻倍，总共 $2^{16}$ 倍，梯度也一样。
分支里的权重取小，或在分支里做归一化，就能保持 $1 + \text{一点点}$。

**练习。** 推导敏感度 $g = \partial E / \partial a^{(l)}$ 如何穿过 $a^{(l)} = a^{(l-1)} + f(W a^{(l-1)})$ 往回走。
起点：$z = W a^{(l-1)}$，从 $a^{(l-1)}$ 到 $a^{(l)}$ 有两条路。答案在本篇末尾。
*/
// %% [markdown] en
/*
## And after some training?

A gradient of the right size is a promise; learning is the proof. Every combination is trained for 96 steps of SGD at rate 0.1 on
2048 images.
*/
// %% [markdown] zh
/*
## 训练之后呢？

梯度大小合适只是承诺，学得会才算数。每种组合都用 SGD、学习率 0.1，在 2048 张图像上训练 96 步。
*/
// %%
interface Training {
  readonly makeOptimizer: (model: Sequential) => SGD | Adam;
  /** Over how many steps the rate rises to its value. */
  readonly warmup?: number;
}

/** The mean loss of the last 16 of 96 batches (NaN where it explodes), and the gradients afterwards. */
function train(
  setting: Setting,
  seed: number,
  { makeOptimizer, warmup }: Training,
): { final: number; norms: number[] } {
  manualSeed(seed);
  const { model, linears } = deepNetwork(setting);
  const optimizer = makeOptimizer(model);
  const schedule =
    warmup === undefined ? undefined : new LinearLR(optimizer, { startFactor: 1 / warmup, totalIters: warmup });
  const step = compile((x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  });
  const losses: number[] = [];
  for (let k = 0; k < 96; k++) {
    const from = 128 * (k % 16);
    losses.push(step(smallImages.narrow(0, from, 128), digits.narrow(0, from, 128)).item());
    schedule?.step();
  }
  step.dispose();
  return { final: losses.slice(-16).reduce((sum, loss) => sum + loss / 16, 0), norms: gradientNorms(linears, model) };
}
const suited: Record<ActivationName, Initialization> = {
  sigmoid: 'Xavier',
  tanh: 'Xavier',
  ReLU: 'He',
  'leaky ReLU': 'He',
  GELU: 'He',
};
const variants = {
  'small normal': (f: ActivationName): Setting => ({ f, initialization: 'small normal' }),
  'Xavier or He': (f: ActivationName): Setting => ({ f, initialization: suited[f] }),
  '+ batch norm': (f: ActivationName): Setting => ({ f, initialization: suited[f], norm: 'batch norm' }),
  '+ layer norm': (f: ActivationName): Setting => ({ f, initialization: suited[f], norm: 'layer norm' }),
  '+ residual': (f: ActivationName): Setting => ({ f, initialization: suited[f], isResidual: true }),
  'small, residual': (f: ActivationName): Setting => ({ f, initialization: 'small normal', isResidual: true }),
};
type Variant = keyof typeof variants;
const plainSgd = (model: Sequential) => new SGD(model.parameters(), { lr: 0.1 });
const learners: readonly ActivationName[] = sized({ full: activationNames, short: ['sigmoid', 'tanh', 'ReLU'] });
const tried: readonly Variant[] = sized({
  full: Object.keys(variants) as Variant[],
  short: ['small normal', 'Xavier or He', '+ batch norm', 'small, residual'],
});
const trained = learners.map((f) =>
  tried.map((name) => seeds.map((seed) => train(variants[name](f), seed, { makeOptimizer: plainSgd }))),
);
const finals = trained.map((row) => row.map((some) => median(some.map(({ final }) => final))));
await show(
  heatMap(finals, {
    title: 'Loss after 96 steps',
    subtitle: `cross-entropy in nats, the median of ${seeds.length} seeds; 2.30 is guessing, orange has exploded`,
    rowNames: learners,
    columnNames: tried,
    range: [0, 2.4],
    format: (value) => (Number.isFinite(value) ? value.toFixed(2) : 'NaN'),
  }),
  heatMap(
    learners.flatMap((f, k) => [
      plainAt(f, suited[f]),
      layerNames.slice(0, 16).map((_, l) => median((trained[k]?.[1] ?? []).map(({ norms }) => norms[l] as number))),
    ]),
    {
      ...asLog,
      title: 'Gradients by layer, before and after',
      subtitle: 'length of ∂E/∂W, with Xavier or He and nothing else. In the cells its power of ten',
      rowNames: learners.flatMap((f) => [`${f}, at first`, `${f}, after 96 steps`]),
      columnNames: layerNames.slice(0, 16).map(String),
      xLabel: 'hidden layer, the first one left',
    },
  ),
);
const finalOf = (f: ActivationName, variant: Variant): number =>
  finals[learners.indexOf(f)]?.[tried.indexOf(variant)] as number;
const allOf = (f: ActivationName, variant: Variant): number[] =>
  (trained[learners.indexOf(f)]?.[tried.indexOf(variant)] ?? []).map(({ final }) => final);
const reluFamily = learners.filter((f) => f !== 'sigmoid' && f !== 'tanh');
await claim({
  en: 'with small weights nothing learns, whatever the activation; with the same small weights and a shortcut the ReLUs learn best, and tanh well',
  zh: '小权重时无论什么激活都学不会；同样的小权重加上捷径，ReLU 家族学得最好，tanh 也学得不错',
  shows: ['vanishing/residual', 'vanishing/initialization'],
  measured: `ReLU: small ${finalOf('ReLU', 'small normal').toFixed(2)}, He ${spread(allOf('ReLU', 'Xavier or He'))}, small with residual ${spread(allOf('ReLU', 'small, residual'))} nats`,
  holds:
    learners.every((f) => finalOf(f, 'small normal') > 2.28) &&
    finalOf('tanh', 'small, residual') < 0.7 &&
    reluFamily.every((f) => tried.every((name) => !(finalOf(f, name) < finalOf(f, 'small, residual')))),
});
await claim({
  en: 'at 16 layers sigmoid learns nothing with Xavier, and something with batch norm; by SGD at 0.1 tanh with Xavier learns better than ReLU with He',
  zh: '16 层时，sigmoid 配 Xavier 什么也学不到，加批归一化才学到一些；用学习率 0.1 的 SGD，tanh 配 Xavier 比 ReLU 配 He 学得更好',
  shows: ['vanishing/activations', 'vanishing/normalization'],
  measured: `sigmoid ${finalOf('sigmoid', 'Xavier or He').toFixed(2)}, with batch norm ${spread(allOf('sigmoid', '+ batch norm'))}; tanh ${spread(allOf('tanh', 'Xavier or He'))}, ReLU ${spread(allOf('ReLU', 'Xavier or He'))} nats`,
  holds:
    finalOf('sigmoid', 'Xavier or He') > 2.25 &&
    finalOf('sigmoid', '+ batch norm') < 1.9 &&
    finalOf('tanh', 'Xavier or He') < finalOf('ReLU', 'Xavier or He'),
  documentSays: {
    en: 'deep networks do best with ReLU, leaky ReLU or GELU',
    zh: '深层网络尽量用 ReLU/LeakyReLU/GELU',
  },
});
// %% [markdown] en
/*
## Optimizer and warmup

Adam divides each gradient by its own size. So should it not undo the vanishing? And does it help to let the rate rise slowly at the
start (*warmup*)? Three sick networks and a healthy one, with and without.
*/
// %% [markdown] zh
/*
## 优化器与预热

Adam 把每个梯度除以它自己的大小，那它不就能抵消消失了吗？开头让学习率慢慢升上去（*预热*）有没有用？
下面取三个“病”网络和一个健康的网络，分别对比。
*/
// %%
const adamAt = (lr: number) => (model: Sequential) => new Adam(model.parameters(), { lr });
const sgdAt = (lr: number) => (model: Sequential) => new SGD(model.parameters(), { lr });
const patients: Record<string, readonly [Setting, Training['makeOptimizer']]> = {
  'sigmoid, Adam 0.001': [{ f: 'sigmoid', initialization: 'Xavier' }, adamAt(1e-3)],
  'residual, SGD 0.01': [{ f: 'ReLU', initialization: 'He', isResidual: true }, sgdAt(0.01)],
  'layer norm, Adam 0.01': [{ f: 'ReLU', initialization: 'He', norm: 'layer norm' }, adamAt(1e-2)],
  'tanh, SGD 0.1': [{ f: 'tanh', initialization: 'Xavier' }, sgdAt(0.1)],
};
const moreSeeds = Array.from({ length: sized({ full: 5, short: 1 }) }, (_, k) => k);
const treated = Object.values(patients).map(([setting, makeOptimizer]) =>
  [undefined, 48].map((warmup) =>
    moreSeeds.map((seed) => train(setting, seed, { makeOptimizer, ...(warmup && { warmup }) }).final),
  ),
);
const medianOf = (k: number, isWarm: boolean): number => median(treated[k]?.[Number(isWarm)] ?? []);
await show(
  heatMap(
    Object.keys(patients).map((_, k) => [medianOf(k, false), medianOf(k, true)]),
    {
      title: 'Warmup over 48 steps',
      subtitle: `loss after 96 steps in nats, the median of ${moreSeeds.length} seeds; orange has exploded`,
      rowNames: Object.keys(patients),
      columnNames: ['without', 'with warmup'],
      range: [0, 2.4],
      format: (value) => (Number.isFinite(value) ? value.toFixed(2) : 'NaN'),
    },
  ),
);
const finalsAt = (k: number, isWarm: boolean): number[] => treated[k]?.[Number(isWarm)] ?? [];
const explodedOf = (k: number, isWarm: boolean): number =>
  (treated[k]?.[Number(isWarm)] ?? []).filter((final) => !Number.isFinite(final)).length;
await claim({
  en: 'warmup saves networks whose first steps are too long, and changes little for a healthy one; against vanished gradients neither it nor Adam helps',
  zh: '预热能救活第一步就迈得太大的网络，对健康的网络影响不大；而梯度已经消失时，预热和 Adam 都无济于事',
  shows: ['vanishing/warmup'],
  measured: `residual without normalisation: ${explodedOf(1, false)} of ${moreSeeds.length} explode, ${explodedOf(1, true)} with warmup; layer norm with Adam: ${spread(finalsAt(2, false))} becomes ${spread(finalsAt(2, true))} nats; tanh ${spread(finalsAt(3, false))} and ${spread(finalsAt(3, true))}; sigmoid ${medianOf(0, false).toFixed(2)} and ${medianOf(0, true).toFixed(2)}`,
  holds:
    explodedOf(1, false) > explodedOf(1, true) &&
    medianOf(2, true) < medianOf(2, false) - 0.3 &&
    Math.abs(medianOf(3, true) - medianOf(3, false)) < 0.5 &&
    medianOf(0, false) > 2.25 &&
    medianOf(0, true) > 2.25,
  documentSays: {
    en: 'against vanishing gradients: a sensible rate and optimizer (Adam), warmup and decay',
    zh: '梯度消失的对策：合理的学习率与优化器（Adam）、学习率预热与衰减',
  },
});
// %% [markdown] en
/*
Adam's steps in the first layers *are* as long as anywhere (as long as the gradients are well above its $\varepsilon = 10^{-8}$; here they
are below). But a long step along a gradient that rounding and chance decide leads nowhere in particular.

## MNIST: sigmoid and tanh against ReLU

The comparison that the notes suggest: the same network, 784 pixels, layers of 64 units, 10 classes, SGD at 0.1 in batches of 64, on 4096
images and tested on 1024 others. Once with 2 hidden layers, once with 6.
*/
// %% [markdown] zh
/*
Adam 在前几层的步子*确实*和别处一样长（只要梯度远大于它的 $\varepsilon = 10^{-8}$，而这里还更小）。
但沿着一个由舍入和偶然决定的梯度迈大步，并不会走到什么特别的地方去。

## MNIST：sigmoid、tanh 对 ReLU

讲义建议的对照实验：同样的网络，784 个像素、每层 64 个单元、10 个类别，SGD 学习率 0.1、小批量 64，在 4096 张图像上训练，
用另外 1024 张测试。先用 2 个隐藏层，再用 6 个。
*/
// %%
const [testImages, testDigits] = [images.flatten(1).narrow(0, 4096, 1024), digits.narrow(0, 4096, 1024)];
const [trainImages, trainDigits] = [images.flatten(1), digits];

class Layer extends Module {
  linear: Linear;
  readonly f: ActivationName;

  constructor(inputs: number, f: ActivationName) {
    super();
    this.f = f;
    this.linear = new Linear(inputs, 64);
    initializations[suited[f]](this.linear.weight);
    init.zeros(this.linear.bias);
  }

  forward(x: Tensor): Tensor {
    return activations[this.f](this.linear.forward(x));
  }
}

const epochs = sized({ full: 6, short: 3 });
/** Accuracy on the test images in percent, before the first epoch and after each. */
function learningCurve(f: ActivationName, depth: number, seed: number): number[] {
  manualSeed(seed);
  const layers = Array.from({ length: depth }, (_, l) => new Layer(l === 0 ? 784 : 64, f));
  const model = new Sequential(...layers, new Linear(64, 10));
  const optimizer = new SGD(model.parameters(), { lr: 0.1 });
  const step = compile((x: Tensor, y: Tensor): void => {
    optimizer.zeroGrad();
    crossEntropy(model.forward(x), y).backward();
    optimizer.step();
  });
  const accuracy = (): number =>
    noGrad(() => 100 * model.forward(testImages).argmax(1).eq(testDigits).to('float32').mean().item());
  const curve = [accuracy()];
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let k = 0; k < 64; k++) step(trainImages.narrow(0, 64 * k, 64), trainDigits.narrow(0, 64 * k, 64));
    curve.push(accuracy());
  }
  step.dispose();
  return curve;
}
const rivals = ['sigmoid', 'tanh', 'ReLU'] as const;
const curvesAt = (depth: number) =>
  Object.fromEntries(rivals.map((f) => [f, seeds.map((seed) => learningCurve(f, depth, seed))]));
const [shallow, deep] = [curvesAt(2), curvesAt(6)] as [Record<string, number[][]>, Record<string, number[][]>];
const curvesOf = (some: Record<string, number[][]>) =>
  Object.fromEntries(Object.entries(some).map(([name, curves]) => [name, overSeeds(curves)]));
for (const [depth, some] of [
  [2, shallow],
  [6, deep],
] as const) {
  // biome-ignore format: pairs
  await show(
    lineChart(curvesOf(some), {
      title: `MNIST, ${depth} hidden layers`,
      subtitle: `the median of ${seeds.length} seeds, and from the least to the greatest`,
      xLabel: 'epoch (64 steps)',
      yLabel: 'test images classified rightly, %',
      height: 300,
    }),
  );
}
const finalsOf = (some: Record<string, number[][]>, f: string): number[] =>
  (some[f] ?? []).map((curve) => curve[epochs] as number);
const summary = (some: Record<string, number[][]>): string =>
  rivals.map((f) => `${f} ${median(finalsOf(some, f)).toFixed(0)} %`).join(', ');
const isBehind = (some: Record<string, number[][]>): boolean =>
  Math.max(...finalsOf(some, 'sigmoid')) < Math.min(...finalsOf(some, 'ReLU')) - 5;
await claim({
  en: 'sigmoid is slower than ReLU with two hidden layers and learns nothing with six',
  zh: 'sigmoid 在两个隐藏层时比 ReLU 慢，在六个隐藏层时什么也学不到',
  shows: ['mnist/activations', 'vanishing/activations'],
  measured: `after ${epochs} epochs, 2 layers: ${summary(shallow)}; 6 layers: ${summary(deep)}`,
  holds: isBehind(shallow) && Math.max(...finalsOf(deep, 'sigmoid')) < 20,
});
await claim({
  en: 'tanh is as good as ReLU at both depths: with Xavier it is hardly saturated',
  zh: '两种深度下 tanh 都与 ReLU 一样好：配 Xavier 时它几乎不饱和',
  shows: ['mnist/activations'],
  measured: `6 layers, tanh ${spread(finalsOf(deep, 'tanh'), 3)} %, ReLU ${spread(finalsOf(deep, 'ReLU'), 3)} %`,
  holds: [shallow, deep].every((some) => Math.abs(median(finalsOf(some, 'tanh')) - median(finalsOf(some, 'ReLU'))) < 4),
  documentSays: {
    en: 'sigmoid and tanh on one side, ReLU on the other, differ in convergence and in vanishing gradients',
    zh: 'Sigmoid/Tanh vs ReLU 的收敛与梯度消失差异',
  },
});
// %% [markdown] en
/*
## Exercises

1. The exercise on residual connections above. The answer follows, and is checked.
2. Give `initializations` an entry for orthogonal weights with the gain $\sqrt 2$ and look at its row of the first heat map with ReLU.
3. At which scale $s$ does a layer of sigmoids multiply by 1? Read it off the picture and initialise the network of 16 layers so. Does
   it learn? (Look at what such units put out before you explain it.)
*/
// %% [markdown] zh
/*
## 练习

1. 上面关于残差连接的练习。答案在下面，并经过检验。
2. 给 `initializations` 加一项增益为 $\sqrt 2$ 的正交初始化，看看第一张热力图中它配 ReLU 的那一行。
3. 尺度 $s$ 取多少时，sigmoid 层的因子正好是 1？从图上读出来，用它初始化 16 层的网络。学得会吗？（解释之前先看看这些单元的输出。）
*/
// %%
// Answer to 1: the shortcut hands g on as it is, the branch adds Wᵀ(g ⊙ f′(z)).
const residual = (W: Tensor, a: Tensor): Tensor =>
  a
    .add(tanh(W.matmul(a)))
    .square()
    .sum()
    .mul(0.5);
const answer = checkDerivation(
  (W: Tensor, a: Tensor) => {
    const z = W.matmul(a);
    const g = a.add(tanh(z));
    const delta = g.mul(rules.tanh.derivative(z));
    return { da: g.add(W.t().matmul(delta)), dW: delta.outer(a) };
  },
  residual,
  { W: randn([4, 4], float64), a: randn([4], float64) },
);
console.log(String(answer));
await claim({
  en: 'through a residual block the sensitivity is g + Wᵀ(g ⊙ f′(z)): the first term has no factor at all',
  zh: '穿过残差模块的敏感度是 g + Wᵀ(g ⊙ f′(z))：第一项不带任何因子',
  shows: ['vanishing/residual'],
  measured: `${answer.findings.length} gradients right`,
  holds: answer.passed,
});
