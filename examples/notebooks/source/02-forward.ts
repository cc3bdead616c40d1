// %% [markdown] en
/*
# Forward

A network computes layer by layer, and each layer does two things: it adds up with weights, and then it bends. In this notebook
you compute a network forward by hand, as a vector and as a batch of columns; you draw every activation beside its derivative;
and you see what overflows when softmax is written as it stands in the book.
*/
// %% [markdown] zh
/*
# 前向传播

网络逐层计算，每一层只做两件事：加权求和，再“弯一下”。本篇先用手算完成一个网络的前向计算（单个向量，再到按列排成的小批量），
然后把每个激活函数和它的导数画在一起，最后看看照书直接写的 softmax 会在哪里溢出。
*/
// %%
import * as autograd from '@gradtape/autograd';
import {
  crossEntropy,
  eye,
  grad,
  linspace,
  manualSeed,
  randn,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '@gradtape/autograd';
import {
  activationSublayer,
  dense,
  gelu,
  heaviside,
  identity,
  leakyReluWith,
  netInput,
  relu,
  shiftedSoftmax,
  sigmoid,
  softmax,
  tanh,
} from '@gradtape/nn/sensitivity';
import { heatMap, lineChart, networkDiagram } from '@gradtape/plot';
import { claim, show, showTable } from '../lesson/index.ts';

// %% [markdown] en
/*
## One neuron, one layer, one network

The *net input* of unit $j$ of layer $l$ is a weighted sum of what the layer before put out, and its output is the activation of
that:

$$u_j^{(l)} = \sum_i w_{ji}^{(l)}\, y_i^{(l-1)} + b_j^{(l)}, \qquad y_j^{(l)} = f\bigl(u_j^{(l)}\bigr).$$

The rows of a matrix $W$ hold the weights of the units, so that a whole layer is $z = W a + b$ and $a = f(z)$.
*/
// %% [markdown] zh
/*
## 一个神经元、一层、一个网络

第 $l$ 层第 $j$ 个神经元的*净输入*是上一层输出的加权和，它的输出是净输入的激活值：

$$u_j^{(l)} = \sum_i w_{ji}^{(l)}\, y_i^{(l-1)} + b_j^{(l)}, \qquad y_j^{(l)} = f\bigl(u_j^{(l)}\bigr).$$

矩阵 $W$ 的每一行是一个神经元的权重，于是整层就是 $z = W a + b$，$a = f(z)$。
*/
// %%
manualSeed(2);
const W1 = tensor([[0.5, -1], [1, 0.25], [-0.75, 1]], { dtype: 'float64' }); // biome-ignore format: rows of a matrix
const b1 = tensor([0.1, -0.2, 0], { dtype: 'float64' });
const W2 = tensor([[1, -1, 0.5]], { dtype: 'float64' });
const b2 = tensor([0.25], { dtype: 'float64' });
const a0 = tensor([2, 1], { dtype: 'float64' });

const z1 = dense(W1, a0, b1);
const a1 = tanh(z1);
const z2 = dense(W2, a1, b2);
const a2 = sigmoid(z2);
await show(
  networkDiagram([W1, W2], {
    title: 'Forward with a = (2, 1)',
    subtitle: 'below each unit its activation and bias',
    biases: [b1, b2],
    unitNames: [['x₁', 'x₂'], ['a₁', 'a₂', 'a₃'], ['y']],
    values: [a0, a1, a2],
  }),
);
const unitByUnit = [0, 1, 2].map((j) => netInput(W1.select(0, j), b1.select(0, j), a0).item());
await claim({
  en: 'a layer is its neurons, one below the other: z = (0.1, 2.05, −0.5)',
  zh: '一层就是把各个神经元排成一列：z = (0.1, 2.05, −0.5)',
  shows: ['mlp/structure', 'mlp/flow', 'rule:netInput', 'rule:dense'],
  measured: unitByUnit.join(', '),
  holds: tensor(unitByUnit, { dtype: 'float64' }).sub(z1).abs().amax().item() < 1e-15,
});
// %% [markdown] en
/*
## A batch of columns

$m$ samples side by side are the columns of a matrix $A^{(0)} \in \mathbb{R}^{d_0 \times m}$. One product computes them all,

$$Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)} \mathbf{1}^\top, \qquad A^{(l)} = f^{(l)}\bigl(Z^{(l)}\bigr),$$

where $b\,\mathbf{1}^\top$ puts a copy of the bias into every column. Nothing else changes: each column is what its sample
gives alone.
*/
// %% [markdown] zh
/*
## 按列排成的小批量

把 $m$ 个样本并排放成矩阵 $A^{(0)} \in \mathbb{R}^{d_0 \times m}$ 的列，一次乘法就算完全部：

$$Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)} \mathbf{1}^\top, \qquad A^{(l)} = f^{(l)}\bigl(Z^{(l)}\bigr),$$

其中 $b\,\mathbf{1}^\top$ 把偏置复制到每一列。其余都不变：每一列正是那个样本单独计算的结果。
*/
// %%
const network = (a: Tensor): Tensor => sigmoid(dense(W2, tanh(dense(W1, a, b1)), b2));
const batch = randn([2, 5], { dtype: 'float64' });
const together = network(batch);
const alone = Array.from({ length: 5 }, (_, k) => network(batch.select(1, k)).item());
await showTable(
  ['', 'W⁽¹⁾', 'A⁽⁰⁾', 'Z⁽¹⁾', 'A⁽²⁾'],
  [['shape', '3 × 2', '2 × 5', dense(W1, batch, b1).shape.join(' × '), together.shape.join(' × ')]],
);
await claim({
  en: 'a batch of five columns gives what the five samples give one by one',
  zh: '五列的小批量与五个样本逐个计算的结果一致',
  shows: ['forward/batch', 'rule:dense', 'rule:activationSublayer.forward'],
  measured: alone.map((y) => y.toFixed(4)).join(', '),
  holds:
    tensor(alone, { dtype: 'float64' }).sub(together).abs().amax().item() < 1e-15 &&
    activationSublayer.forward(batch, tanh).sub(tanh(batch)).abs().amax().item() === 0,
});
// %% [markdown] en
/*
## Why bend at all?

Without activations two layers are one: $W_2 (W_1 a + b_1) + b_2 = (W_2 W_1)\, a + (W_2 b_1 + b_2)$. However deep, the network
stays a linear model, and XOR out of reach.
*/
// %% [markdown] zh
/*
## 为什么要“弯一下”？

没有激活函数，两层就等于一层：$W_2 (W_1 a + b_1) + b_2 = (W_2 W_1)\, a + (W_2 b_1 + b_2)$。
无论多深，网络仍是线性模型，学不会 XOR。
*/
// %%
const depth = 20;
const layers = Array.from({ length: depth }, () => ({
  W: randn([4, 4], { dtype: 'float64' }).mul(0.5),
  b: randn([4], { dtype: 'float64' }),
}));
const deep = (a: Tensor): Tensor => layers.reduce((h, { W, b }) => identity(dense(W, h, b)), a);
const collapsedW = layers.reduce((product, { W }) => W.matmul(product), eye(4, 4, { dtype: 'float64' }));
const collapsedB = deep(zeros([4], { dtype: 'float64' }));
const probes = randn([4, 100], { dtype: 'float64' });
const gap = deep(probes)
  .sub(dense(collapsedW, probes, collapsedB))
  .abs()
  .amax()
  .item();
await claim({
  en: `${depth} layers without activation are one layer`,
  zh: `${depth} 层没有激活函数的网络等于一层`,
  shows: ['activation/linear-collapse', 'rule:identity'],
  measured: 'equal to 1e-12 on 100 inputs',
  holds: gap < 1e-12,
});
// %% [markdown] en
/*
## The activations, each beside its derivative

| | $f(z)$ | $f'(z)$ |
| --- | --- | --- |
| Heaviside | $\mathbb{1}[z \ge 0]$ | $0$ (for $z \ne 0$) |
| sigmoid | $\sigma(z) = 1 / (1 + e^{-z})$ | $\sigma(z)\,(1 - \sigma(z))$ |
| tanh | $\tanh z$ | $1 - \tanh^2 z$ |
| ReLU | $\max(0, z)$ | $\mathbb{1}[z > 0]$ |
| leaky ReLU | $\max(\alpha z, z)$ | $1$ for $z > 0$, else $\alpha$ |
| GELU | $z\,\Phi(z)$ | $\Phi(z) + z\,\varphi(z)$ |
*/
// %% [markdown] zh
/*
## 激活函数与它们的导数

| | $f(z)$ | $f'(z)$ |
| --- | --- | --- |
| 阶跃（Heaviside） | $\mathbb{1}[z \ge 0]$ | $0$（$z \ne 0$） |
| sigmoid | $\sigma(z) = 1 / (1 + e^{-z})$ | $\sigma(z)\,(1 - \sigma(z))$ |
| tanh | $\tanh z$ | $1 - \tanh^2 z$ |
| ReLU | $\max(0, z)$ | $\mathbb{1}[z > 0]$ |
| leaky ReLU | $\max(\alpha z, z)$ | $z > 0$ 时为 $1$，否则为 $\alpha$ |
| GELU | $z\,\Phi(z)$ | $\Phi(z) + z\,\varphi(z)$ |
*/
// %%
const leaky = leakyReluWith(0.1);
const rulesOf = { heaviside, sigmoid, tanh, relu, 'leaky ReLU': leaky, gelu };
// The same functions on the tape, which knows their derivatives from elsewhere.
const tapeOf: Record<keyof typeof rulesOf, (z: Tensor) => Tensor> = {
  heaviside: (z) => autograd.heaviside(z, 1),
  sigmoid: autograd.sigmoid,
  tanh: autograd.tanh,
  relu: autograd.relu,
  'leaky ReLU': (z) => autograd.leakyRelu(z, { negativeSlope: 0.1 }),
  gelu: autograd.gelu,
};
const z = linspace(-4, 4, 320, { dtype: 'float64' });
let worst = 0;
for (const name of Object.keys(rulesOf) as (keyof typeof rulesOf)[]) {
  const { derivative } = rulesOf[name];
  const onTape = grad((x: Tensor) => sum(tapeOf[name](x)))(z);
  worst = Math.max(worst, onTape.sub(derivative(z)).abs().amax().item());
  await show(
    lineChart(
      { [`${name}(z)`]: { x: z, y: rulesOf[name](z) }, derivative: { x: z, y: derivative(z) } },
      { title: name, subtitle: 'the activation and its derivative', xLabel: 'z', width: 460, height: 250 },
    ),
  );
}
await claim({
  en: 'the derivatives in the table are those of the tape',
  zh: '表中的导数与计算图给出的一致',
  shows: [
    'rule:heaviside',
    'rule:heaviside.derivative',
    'rule:identity.derivative',
    'rule:sigmoid',
    'rule:sigmoid.derivative',
    'rule:tanh',
    'rule:tanh.derivative',
    'rule:relu',
    'rule:relu.derivative',
    'rule:leakyRelu',
    'rule:leakyRelu.derivative',
    'rule:gelu',
    'rule:gelu.derivative',
  ],
  measured: 'equal to 1e-14 at 320 points from −4 to 4',
  holds: worst < 1e-14 && identity.derivative(z).sub(1).abs().amax().item() === 0,
});
// %% [markdown] en
/*
## Saturation

Far from zero, sigmoid and tanh are flat. Their derivative is what a sensitivity is multiplied by on its way back: for sigmoid
never above 1/4, and soon next to nothing. ReLU's is 1 wherever the unit is active.
*/
// %% [markdown] zh
/*
## 饱和

离零越远，sigmoid 和 tanh 越平。敏感度往回传时要乘上它们的导数：sigmoid 的导数从不超过 1/4，很快就几乎为零；
而 ReLU 只要单元处于激活状态，导数就是 1。
*/
// %%
const far = [0.5, 1, 2, 4, 8, 12];
const at = tensor(far, { dtype: 'float64' });
await show(
  heatMap(
    [sigmoid, tanh, relu, gelu].map((f) => f.derivative(at).toTypedArray()),
    {
      title: 'Derivatives far from zero',
      rowNames: ['sigmoid', 'tanh', 'ReLU', 'GELU'],
      columnNames: far.map((number) => `z = ${number}`),
      colourScale: 'log',
      range: [1e-10, 1],
    },
  ),
);
const [sigmoidAtEight = 1, tanhAtEight = 1, reluAtEight] = [sigmoid, tanh, relu].map(
  (f) => f.derivative(at).toTypedArray()[4],
);
await claim({
  en: 'at z = 8, sigmoid passes on 1/3000 of a sensitivity, tanh a millionth, ReLU all of it',
  zh: '在 z = 8 处，sigmoid 只传回敏感度的 1/3000，tanh 只传回百万分之一，ReLU 全部传回',
  shows: ['activation/saturation'],
  measured: `${sigmoidAtEight.toExponential(1)}, ${tanhAtEight.toExponential(1)}, ${reluAtEight}`,
  holds: sigmoidAtEight < 4e-4 && tanhAtEight < 1e-6 && reluAtEight === 1,
});
// %% [markdown] en
/*
## Units that die

A ReLU whose net input is negative for every sample has derivative 0 for every sample: it learns nothing any more. Too large a
step does that. Here 200 units with one weight and bias each fit $t = |x|$: ten steps of gradient descent at a growing rate, then
300 careful ones to recover. The same with leaky ReLU ($\alpha = 0.1$), which can come back.
*/
// %% [markdown] zh
/*
## 会“死”的单元

若一个 ReLU 对所有样本的净输入都为负，它对每个样本的导数都是 0，从此学不到任何东西。步子太大就会这样。
下面让 200 个只有一个权重和一个偏置的单元各自拟合 $t = |x|$：先用越来越大的学习率走十步，再小心地走 300 步恢复；
再用 leaky ReLU（$\alpha = 0.1$）做同样的事：它还能活过来。
*/
// %%
const inputs = linspace(-1, 1, 32);
const targets = inputs.abs();
/** The share of 200 units that no sample activates, after 10 steps at some rate and 300 at a careful one. */
function deadShare(f: (z: Tensor) => Tensor, rate: number): number {
  manualSeed(5);
  let [w, b] = [randn([200, 1]), randn([200, 1]).mul(0.1)];
  const slopes = grad((w: Tensor, b: Tensor) => f(w.mul(inputs).add(b)).sub(targets).square().mean(1).sum().mul(0.5));
  for (let step = 0; step < 310; step++) {
    const [dw, db] = slopes(w, b);
    const eta = step < 10 ? rate : 0.2;
    [w, b] = [w.sub(dw.mul(eta)), b.sub(db.mul(eta))];
  }
  return w.mul(inputs).add(b).gt(0).to('float32').amax(1).eq(0).to('float32').mean().item();
}
const rates = [0.1, 1, 2, 4, 6];
const dead = rates.map((rate) => deadShare(autograd.relu, rate));
const deadLeaky = rates.map((rate) => deadShare((z) => autograd.leakyRelu(z, { negativeSlope: 0.1 }), rate));
await show(
  lineChart(
    { ReLU: { x: rates, y: dead }, 'leaky ReLU': { x: rates, y: deadLeaky } },
    {
      title: 'Units that no sample activates',
      subtitle: 'after ten steps at the rate, and 300 careful ones',
      xLabel: 'learning rate of the ten steps',
      yLabel: 'share of 200 units',
    },
  ),
);
const [deadAtFour = 0, deadLeakyAtFour = 0] = [dead[3], deadLeaky[3]];
await claim({
  en: 'after ten steps that are too large many ReLUs stay dead, and leaky ones recover',
  zh: '十步过大的更新之后，许多 ReLU 再也活不过来，leaky ReLU 则能恢复',
  shows: ['activation/dying-relu'],
  measured: `at rate 4: ${(100 * deadAtFour).toFixed(0)} % of ReLUs, ${(100 * deadLeakyAtFour).toFixed(0)} % of leaky ReLUs`,
  holds: deadAtFour > 0.1 && deadLeakyAtFour < deadAtFour,
});
// %% [markdown] en
/*
## Softmax, and what overflows

Softmax turns scores into probabilities, $y_k = e^{z_k} / \sum_j e^{z_j}$. Written like this it fails early: in float32 $e^{89}$ is
infinite, and $\infty / \infty$ is not a number. Subtract the largest score first. Nothing changes, because

$$\frac{e^{z_k - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c} e^{z_k}}{e^{-c} \sum_j e^{z_j}} = y_k,$$

and no exponential is above 1.
*/
// %% [markdown] zh
/*
## softmax 以及会溢出的地方

softmax 把得分变成概率，$y_k = e^{z_k} / \sum_j e^{z_j}$。照这样写很快就出错：float32 中 $e^{89}$ 已是无穷大，
而 $\infty / \infty$ 不是数。先减去最大的得分，结果不变，因为

$$\frac{e^{z_k - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c} e^{z_k}}{e^{-c} \sum_j e^{z_j}} = y_k,$$

并且任何一个指数都不超过 1。
*/
// %%
const written = (z: Tensor): Tensor => z.exp().div(z.exp().sum());
const scores = [tensor([1, 2, 3]), tensor([88, 89, 90]), tensor([1000, 1001, 1002]), tensor([-1000, -1001, -1002])];
await showTable(
  ['scores', 'as written', 'largest subtracted first'],
  scores.map((z) =>
    [z, written(z), softmax(z)].map((values) =>
      (values.toArray() as number[]).map((y) => Number(y.toFixed(3))).join(', '),
    ),
  ),
);
const firstBad = Array.from({ length: 200 }, (_, k) => k).find((k) =>
  Number.isNaN(
    written(tensor([k, k + 1]))
      .amax()
      .item(),
  ),
);
const fixed = tensor([1, 2, 3], { dtype: 'float64' });
const shiftGap = Math.max(
  ...[5, -3].map((c) =>
    shiftedSoftmax(fixed, tensor(c, { dtype: 'float64' }))
      .sub(softmax(fixed))
      .abs()
      .amax()
      .item(),
  ),
);
await claim({
  en: 'as written, softmax of (k, k + 1) in float32 is no number from k = 88 on; with the largest subtracted it always is',
  zh: '照书直接写，float32 下 (k, k + 1) 的 softmax 从 k = 88 起不再是数；减去最大值后始终是数',
  shows: ['rule:softmax', 'rule:shiftedSoftmax', 'layers/stable-softmax'],
  measured: `first NaN at k = ${firstBad}; shifts by 5 and −3 change less than 1e-15`,
  holds: firstBad === 88 && shiftGap < 1e-15 && scores.every((z) => Math.abs(softmax(z).sum().item() - 1) < 1e-6),
});
// %% [markdown] en
/*
### And the logarithm

Cross-entropy takes $-\log y_k$ of the right class. When $y_k$ rounds to 0 the logarithm is infinite, and the gradient gone. An
$\varepsilon$ inside the logarithm hides it: the loss then stops at $-\log \varepsilon$, whatever the score. Better to take
both at once, $-\log y_k = \log \sum_j e^{z_j} - z_k$.
*/
// %% [markdown] zh
/*
### 还有对数

交叉熵取正确类别的 $-\log y_k$。当 $y_k$ 舍入为 0 时，对数是无穷大，梯度也随之失效。在对数里加 $\varepsilon$ 只是把问题盖住：
损失停在 $-\log \varepsilon$，无论得分多差。更好的办法是把两步合起来，$-\log y_k = \log \sum_j e^{z_j} - z_k$。
*/
// %%
const label = tensor([0], { dtype: 'int32' });
const confident = (size: number): Tensor => tensor([[-size, size]]);
const sizes = [1, 10, 50, 100, 500];
const losses = {
  'log of softmax': sizes.map((size) => softmax(confident(size).t()).log().neg().select(0, 0).item()),
  'log of softmax + ε': sizes.map((size) => softmax(confident(size).t()).add(1e-12).log().neg().select(0, 0).item()),
  'both at once': sizes.map((size) => crossEntropy(confident(size), label).item()),
};
await showTable(
  ['loss of scores (−s, s), class 0', ...sizes.map((size) => `s = ${size}`)],
  Object.entries(losses).map(([name, values]) => [name, ...values.map((value) => Number(value.toPrecision(4)))]),
);
await claim({
  en: 'the loss of confident mistakes: infinite as written, stuck at 27.6 with ε = 1e-12, exact when taken at once',
  zh: '自信的错误的损失：直接写是无穷大，加 ε = 1e-12 则停在 27.6，合起来算则精确',
  shows: ['layers/stable-softmax'],
  measured: `s = 500: ${losses['log of softmax'][4]}, ${losses['log of softmax + ε'][4]?.toFixed(1)}, ${losses['both at once'][4]}`,
  holds: losses['log of softmax'][4] === Infinity && losses['both at once'][4] === 1000,
});
// %% [markdown] en
/*
## Exercises

1. Give the network above a third sample column and compute $Z^{(1)}$ by hand before you run it.
2. For which $z$ is GELU's derivative negative? Find the place to two digits from the picture, then by `grad`.
3. Which of the activations could you replace in the first network without changing the shape of any matrix?
*/
// %% [markdown] zh
/*
## 练习

1. 给上面的网络再加一列样本，先手算 $Z^{(1)}$，再运行验证。
2. GELU 的导数在哪些 $z$ 处为负？先从图上读出两位数字，再用 `grad` 求。
3. 第一个网络里哪些激活函数可以替换，而不改变任何矩阵的形状？
*/
// %%
// Answer to 2: the derivative changes its sign between −4 and 0 where GELU is lowest.
const lowest = z.toTypedArray()[autograd.gelu(z).argmin().item()] ?? 0;
await claim({
  en: 'GELU’s derivative is negative below about −0.75',
  zh: 'GELU 的导数在约 −0.75 以下为负',
  measured: lowest.toFixed(2),
  holds: Math.abs(lowest + 0.75) < 0.03,
});
