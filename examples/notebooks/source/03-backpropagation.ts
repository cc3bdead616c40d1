// %% [markdown] en
/*
# Backpropagation by local sensitivity

Forward, a network computes an error. Backward, it computes who is responsible for it. In this notebook you derive every rule of
backpropagation from one idea, the *local sensitivity*; you check each rule against the tape; and you break each rule on purpose,
to learn what the usual mistakes look like. At the end the rules train a network, and five exercises check what you derive
yourself.

You need: the chain rule, and [notebook 2](02-forward.ipynb). A vector is a column, and so is a sample.
*/
// %% [markdown] zh
/*
# 用局部敏感度推导反向传播

前向传播算出误差，反向传播算出“谁该对误差负责”。本篇只用一个概念——**局部敏感度**——推导反向传播的每一条公式；
每条公式都与计算图（tape）的结果对照，再故意写错一次，看看常见的错误长什么样。最后只用这些公式训练一个网络，
并完成五道练习，你推导的结果由程序检验。

预备知识：链式法则，以及[第 2 篇](02-forward.ipynb)。向量是列向量，一个样本就是一列。
*/
// %%
import * as autograd from '@gradtape/autograd';
import {
  allclose,
  eye,
  grad,
  jacobian,
  logSoftmax,
  manualSeed,
  ones,
  outer,
  Parameter,
  randint,
  randn,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from '@gradtape/autograd';
import { derivation, label, record } from '@gradtape/autograd/explain';
import { checkDerivation, checkGradients, probe } from '@gradtape/autograd/verify';
import * as rules from '@gradtape/nn/sensitivity';
import { Adam, SGD } from '@gradtape/optim';
import { landscape, lineChart, networkDiagram } from '@gradtape/plot';
import { claim, show, showDiagnoses, showTable, sized } from '../lesson/index.ts';

/** A column of numbers, or a matrix of them, drawn afresh. */
const draw = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64' });
/** A whole number from low to high. */
const drawSize = (low = 1, high = 6): number => randint(low, high + 1, []).item();
const same = (a: Tensor, b: Tensor): boolean => allclose(a, b, { rtol: 1e-11, atol: 1e-12 });

// %% [markdown] en
/*
## The idea: wiggle, and watch the error

Take a small network, $z^{(1)} = W^{(1)} x + b^{(1)}$, $a^{(1)} = \tanh z^{(1)}$, $z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}$, with the
error $E = \frac12 \lVert z^{(2)} - t \rVert^2$. Stop it in the middle, add a little to the net input of one unit, and let it run on.
By how much the error changes, per unit of what you added, is the **local sensitivity** of that unit:

$$\delta_j^{(l)} = \frac{\partial E}{\partial z_j^{(l)}}.$$

Wiggling needs two more runs for every unit. Backpropagation finds all sensitivities in a single run backward.
*/
// %% [markdown] zh
/*
## 核心想法：轻轻一推，看误差怎么变

取一个小网络：$z^{(1)} = W^{(1)} x + b^{(1)}$，$a^{(1)} = \tanh z^{(1)}$，$z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}$，误差
$E = \frac12 \lVert z^{(2)} - t \rVert^2$。算到一半停下来，给某个单元的净输入加上一点点，再让它继续算完。
误差的变化量与所加的量之比，就是这个单元的**局部敏感度**：

$$\delta_j^{(l)} = \frac{\partial E}{\partial z_j^{(l)}}.$$

这样“推”一次，每个单元要多算两遍前向；反向传播只需往回走一遍，就得到全部敏感度。
*/
// %%
const W1 = tensor([[0.5, -1], [1, 0.25], [-0.75, 1]], { dtype: 'float64' }); // biome-ignore format: rows of a matrix
const b1 = tensor([0.1, -0.2, 0], { dtype: 'float64' });
const W2 = tensor([[1, -1, 0.5], [-0.5, 1.5, 1]], { dtype: 'float64' }); // biome-ignore format: rows of a matrix
const b2 = tensor([0.25, 0], { dtype: 'float64' });
const x = tensor([2, 1], { dtype: 'float64' });
const t = tensor([0, 1], { dtype: 'float64' });

const z1 = rules.dense(W1, x, b1);
const a1 = rules.tanh(z1);
const z2 = rules.dense(W2, a1, b2);

/** The rest of the forward pass, from the net input of the hidden layer on. */
const errorFrom = (z1: Tensor): number => rules.identityMse.loss(rules.dense(W2, rules.tanh(z1), b2), t).item();
const h = 1e-5;
const wiggled = [0, 1, 2].map((j) => {
  const nudge = eye(3, 3, { dtype: 'float64' }).select(0, j).mul(h);
  return (errorFrom(z1.add(nudge)) - errorFrom(z1.sub(nudge))) / (2 * h);
});

// Backward: at the output it is the error itself; then through the weights, and through tanh.
const delta2 = rules.identityMse.delta(z2, t);
const delta1 = rules.hiddenSensitivity(W2, delta2, z1, rules.tanh);
const responsible = rules.denseInputGradient(W1, delta1);
await show(
  networkDiagram([W1, W2], {
    title: 'Forward: what each unit puts out',
    unitNames: [
      ['x₁', 'x₂'],
      ['a₁', 'a₂', 'a₃'],
      ['z₁', 'z₂'],
    ],
    values: [x, a1, z2],
  }),
  networkDiagram([W1, W2], {
    title: 'Backward: sensitivities',
    subtitle: 'how the error changes with each net input or input',
    unitNames: [
      ['x₁', 'x₂'],
      ['δ₁', 'δ₂', 'δ₃'],
      ['δ₁', 'δ₂'],
    ],
    values: [responsible, delta1, delta2],
  }),
);
await claim({
  en: 'one run backward gives the sensitivities that wiggling measures unit by unit',
  zh: '往回走一遍，就得到逐个单元“推”出来的敏感度',
  measured: `δ⁽¹⁾ = (${(delta1.toArray() as number[]).map((d) => d.toFixed(4)).join(', ')})`,
  holds: allclose(tensor(wiggled, { dtype: 'float64' }), delta1, { atol: 1e-8 }),
});
// %% [markdown] en
/*
## The way back, as a graph

The arrows of the forward pass point to the right. Each has a partner that leads back and multiplies by the derivative of its
step: a product with $W^\top$ where forward multiplies by $W$, a product with $f'$ where forward applies $f$. At each linear
step the gradients of its parameters branch off.

```mermaid
flowchart LR
  X["x"] --> Z1["z⁽¹⁾ = W⁽¹⁾x + b⁽¹⁾"] --> A1["a⁽¹⁾ = f(z⁽¹⁾)"] --> Z2["z⁽²⁾ = W⁽²⁾a⁽¹⁾ + b⁽²⁾"] --> E["E"]
  E -. "δ⁽²⁾ = ∂E/∂z⁽²⁾" .-> Z2
  Z2 -. "(W⁽²⁾)ᵀ δ⁽²⁾" .-> A1
  A1 -. "δ⁽¹⁾ = (W⁽²⁾)ᵀ δ⁽²⁾ ⊙ f′(z⁽¹⁾)" .-> Z1
  Z2 -. "δ⁽²⁾ (a⁽¹⁾)ᵀ, δ⁽²⁾" .-> P2["∂E/∂W⁽²⁾, ∂E/∂b⁽²⁾"]
  Z1 -. "δ⁽¹⁾ xᵀ, δ⁽¹⁾" .-> P1["∂E/∂W⁽¹⁾, ∂E/∂b⁽¹⁾"]
```

A tape records exactly this while it computes. Below: what it recorded of our network, and the derivation that it reads off
its own way back.
*/
// %% [markdown] zh
/*
## 往回走的路线图

前向的箭头都指向右边。每个前向箭头都有一个往回走的搭档，它乘上这一步的导数：前向乘 $W$，反向就乘 $W^\top$；
前向作用 $f$，反向就逐元素乘 $f'$。在每个线性步骤处，参数的梯度从旁边“分岔”出来。

```mermaid
flowchart LR
  X["x"] --> Z1["z⁽¹⁾ = W⁽¹⁾x + b⁽¹⁾"] --> A1["a⁽¹⁾ = f(z⁽¹⁾)"] --> Z2["z⁽²⁾ = W⁽²⁾a⁽¹⁾ + b⁽²⁾"] --> E["E"]
  E -. "δ⁽²⁾ = ∂E/∂z⁽²⁾" .-> Z2
  Z2 -. "(W⁽²⁾)ᵀ δ⁽²⁾" .-> A1
  A1 -. "δ⁽¹⁾ = (W⁽²⁾)ᵀ δ⁽²⁾ ⊙ f′(z⁽¹⁾)" .-> Z1
  Z2 -. "δ⁽²⁾ (a⁽¹⁾)ᵀ, δ⁽²⁾" .-> P2["∂E/∂W⁽²⁾, ∂E/∂b⁽²⁾"]
  Z1 -. "δ⁽¹⁾ xᵀ, δ⁽¹⁾" .-> P1["∂E/∂W⁽¹⁾, ∂E/∂b⁽¹⁾"]
```

计算图（tape）在前向计算时记录的正是这些。下面先看它对我们的网络记录了什么，再看它从自己的回程中“读”出来的推导。
*/
// %%
const errorOf = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor): Tensor => {
  const z1 = label('z^{(1)}', W1.matmul(x).add(b1));
  const a1 = label('a^{(1)}', z1.tanh());
  const z2 = label('z^{(2)}', W2.matmul(a1).add(b2));
  return z2.sub(t).square().sum().mul(0.5);
};
const named = { 'W^{(1)}': W1, 'b^{(1)}': b1, 'W^{(2)}': W2, 'b^{(2)}': b2, x, t };
record(errorOf, named);
// %%
const steps = derivation(errorOf, named, {
  by: ['W^{(1)}', 'b^{(1)}', 'W^{(2)}', 'b^{(2)}'],
  delta: (name) => name.replace('z', '\\delta'),
});
await show(steps);
await claim({
  en: 'read off the tape, the way back has the six lines of the graph: two sensitivities and four gradients',
  zh: '从计算图读出的回程正是图中的六行：两个敏感度和四个梯度',
  shows: ['backward/graph'],
  measured: `${steps.backward.length} lines`,
  holds: steps.backward.length === 6 && steps.backward.filter(({ left }) => left.startsWith('\\delta')).length === 2,
});
// %% [markdown] en
/*
## Through a linear layer

Somebody to the right hands us $\delta = \partial E / \partial z$ of the layer $z_i = \sum_j W_{ij}\, a_j + b_i$. Three questions,
one chain rule. The weight $W_{ij}$ touches $z_i$ alone; the bias too; the input $a_j$ touches every $z_i$, so its influences add up:

$$\frac{\partial E}{\partial W_{ij}} = \delta_i\, a_j, \qquad \frac{\partial E}{\partial b_i} = \delta_i, \qquad
g_j := \frac{\partial E}{\partial a_j} = \sum_i W_{ij}\, \delta_i .$$

As matrices: $\partial E / \partial W = \delta\, a^\top$, $\partial E / \partial b = \delta$ and $g = W^\top \delta$. The transpose
is nothing but that sum: forward the sum runs along a row of $W$, backward down a column.
*/
// %% [markdown] zh
/*
## 穿过线性层

右边的层把 $\delta = \partial E / \partial z$ 交给我们，这一层是 $z_i = \sum_j W_{ij}\, a_j + b_i$。三个问题，一条链式法则：
权重 $W_{ij}$ 只影响 $z_i$，偏置也是；而输入 $a_j$ 影响每一个 $z_i$，所以各路影响要加起来：

$$\frac{\partial E}{\partial W_{ij}} = \delta_i\, a_j, \qquad \frac{\partial E}{\partial b_i} = \delta_i, \qquad
g_j := \frac{\partial E}{\partial a_j} = \sum_i W_{ij}\, \delta_i .$$

写成矩阵：$\partial E / \partial W = \delta\, a^\top$，$\partial E / \partial b = \delta$，$g = W^\top \delta$。
转置并不神秘，它就是那个求和：前向沿 $W$ 的一行相加，反向沿 $W$ 的一列相加。
*/
// %%
manualSeed(3);
let linearAgrees = 0;
for (let trial = 0; trial < 50; trial++) {
  const [n, k] = [drawSize(), drawSize()];
  const [W, a, b, delta] = [draw(n, k), draw(k), draw(n), draw(n)];
  // What the tape makes of the same δ.
  const [, pull] = vjp((W: Tensor, a: Tensor, b: Tensor) => W.matmul(a).add(b), W, a, b);
  const [dW, g, db] = pull(delta);
  const agrees =
    same(rules.denseWeightGradient(delta, a), dW) &&
    same(rules.denseBiasGradient(delta), db) &&
    same(rules.denseInputGradient(W, delta), g);
  linearAgrees += Number(agrees);
}
await claim({
  en: 'the three rules of the linear layer are those of the tape',
  zh: '线性层的三条规则与计算图一致',
  shows: ['rule:denseWeightGradient', 'rule:denseBiasGradient', 'rule:denseInputGradient', 'rule:dense'],
  measured: `${linearAgrees} of 50 drawn layers, to 1e-11`,
  holds: linearAgrees === 50,
});
// %% [markdown] en
/*
## Through an activation

An activation works unit by unit, $a_j = f(z_j)$, so the chain rule has one term: $\delta_j = g_j\, f'(z_j)$, or
$\delta = g \odot f'(z)$. What $f'$ costs is little, because forward has already computed most of it:

$$\sigma' = a (1 - a), \quad \tanh' = 1 - a^2, \quad \mathrm{ReLU}' = \mathbb{1}[z > 0], \quad
\mathrm{LeakyReLU}' = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}, \quad \mathrm{id}' = 1.$$

For instance $\sigma = 1 / (1 + e^{-z})$ has $\sigma' = e^{-z} / (1 + e^{-z})^2 = \sigma \cdot e^{-z} / (1 + e^{-z}) = \sigma (1 - \sigma)$.
Put both sublayers one after the other, and you have the rule that gives backpropagation its name:

$$\delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \delta^{(l+1)} \odot f^{(l)\prime}\bigl(z^{(l)}\bigr).$$
*/
// %% [markdown] zh
/*
## 穿过激活函数

激活函数逐个单元作用，$a_j = f(z_j)$，链式法则只有一项：$\delta_j = g_j\, f'(z_j)$，即 $\delta = g \odot f'(z)$。
$f'$ 几乎不费力气，因为前向已经算好了大半：

$$\sigma' = a (1 - a), \quad \tanh' = 1 - a^2, \quad \mathrm{ReLU}' = \mathbb{1}[z > 0], \quad
\mathrm{LeakyReLU}' = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}, \quad \mathrm{id}' = 1.$$

例如 $\sigma = 1 / (1 + e^{-z})$，于是 $\sigma' = e^{-z} / (1 + e^{-z})^2 = \sigma \cdot e^{-z} / (1 + e^{-z}) = \sigma (1 - \sigma)$。
把两个子层前后接起来，就得到“反向传播”名字的由来：

$$\delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \delta^{(l+1)} \odot f^{(l)\prime}\bigl(z^{(l)}\bigr).$$
*/
// %%
const leaky = rules.leakyReluWith(0.1);
/** Each activation, and the same function on the tape. */
const activations: [rules.ElementwiseActivation, (z: Tensor) => Tensor][] = [
  [rules.identity, (z) => z],
  [rules.sigmoid, autograd.sigmoid],
  [rules.tanh, autograd.tanh],
  [rules.relu, autograd.relu],
  [leaky, (z) => autograd.leakyRelu(z, { negativeSlope: 0.1 })],
];
let hiddenAgrees = 0;
for (let trial = 0; trial < 50; trial++) {
  const [f, onTape] = activations[trial % activations.length] as (typeof activations)[number];
  const [n, k] = [drawSize(), drawSize()];
  const [W, delta, z, g] = [draw(n, k), draw(n), draw(k), draw(k)];
  const [, pullActivation] = vjp(onTape, z);
  const [, pullBoth] = vjp((z: Tensor) => W.matmul(onTape(z)), z);
  const agrees =
    same(rules.activationSensitivity(g, z, f), pullActivation(g)[0]) &&
    same(rules.hiddenSensitivity(W, delta, z, f), pullBoth(delta)[0]);
  hiddenAgrees += Number(agrees);
}
await claim({
  en: 'δ = g ⊙ f′(z) and the rule of hidden layers are those of the tape, for five activations',
  zh: 'δ = g ⊙ f′(z) 与隐层公式都与计算图一致（五种激活函数）',
  shows: [
    'rule:activationSensitivity',
    'rule:hiddenSensitivity',
    'rule:identity',
    'rule:identity.derivative',
    'rule:sigmoid.derivative',
    'rule:tanh.derivative',
    'rule:relu',
    'rule:relu.derivative',
    'rule:leakyRelu.derivative',
  ],
  measured: `${hiddenAgrees} of 50 drawn layers, to 1e-11`,
  holds: hiddenAgrees === 50,
});
// %% [markdown] en
/*
### One layer, seen from within

```mermaid
flowchart RL
  D["δ⁽ˡ⁺¹⁾ comes in"] --> G["g⁽ˡ⁾ = (W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾"] --> S["δ⁽ˡ⁾ = g⁽ˡ⁾ ⊙ f′(z⁽ˡ⁾)"]
  S --> W["∂E/∂W⁽ˡ⁾ = δ⁽ˡ⁾ (a⁽ˡ⁻¹⁾)ᵀ"]
  S --> B["∂E/∂b⁽ˡ⁾ = δ⁽ˡ⁾"]
  S --> P["g⁽ˡ⁻¹⁾ = (W⁽ˡ⁾)ᵀ δ⁽ˡ⁾ goes out"]
```

Note where $g^{(l-1)}$ leaves: from $\delta^{(l)}$, behind the activation. (In the figure of the course text its arrow starts at
$a^{(l)}$; the formula on it says $\delta^{(l)}$.) A layer therefore keeps two things from the forward pass: $a^{(l-1)}$ for its
weights, and $z^{(l)}$ (or $a^{(l)}$) for $f'$.

Take the small network with its numbers, and do it once by hand: $\delta^{(2)} = z^{(2)} - t$, and so on.
*/
// %% [markdown] zh
/*
### 一层的内部

```mermaid
flowchart RL
  D["传入 δ⁽ˡ⁺¹⁾"] --> G["g⁽ˡ⁾ = (W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾"] --> S["δ⁽ˡ⁾ = g⁽ˡ⁾ ⊙ f′(z⁽ˡ⁾)"]
  S --> W["∂E/∂W⁽ˡ⁾ = δ⁽ˡ⁾ (a⁽ˡ⁻¹⁾)ᵀ"]
  S --> B["∂E/∂b⁽ˡ⁾ = δ⁽ˡ⁾"]
  S --> P["传出 g⁽ˡ⁻¹⁾ = (W⁽ˡ⁾)ᵀ δ⁽ˡ⁾"]
```

注意 $g^{(l-1)}$ 从哪里出发：从激活之后的 $\delta^{(l)}$ 出发。（讲义的图里这条箭头画在 $a^{(l)}$ 上，但箭头上的公式写的是 $\delta^{(l)}$。）
因此每层要从前向留下两样东西：求权重梯度要用 $a^{(l-1)}$，求 $f'$ 要用 $z^{(l)}$（或 $a^{(l)}$）。

拿前面的小网络，用具体的数手算一遍：$\delta^{(2)} = z^{(2)} - t$，依此类推。
*/
// %%
const byHand = {
  'W^{(2)}': rules.denseWeightGradient(delta2, a1),
  'b^{(2)}': rules.denseBiasGradient(delta2),
  'W^{(1)}': rules.denseWeightGradient(delta1, x),
  'b^{(1)}': rules.denseBiasGradient(delta1),
};
const handReport = checkDerivation(() => byHand, errorOf, named, { elsewhere: false });
console.log(String(handReport));
await show(byHand['W^{(2)}'], byHand['W^{(1)}']);
await claim({
  en: 'from δ⁽²⁾ to δ⁽¹⁾ and to four gradients: what one layer after the other hands on is right',
  zh: '从 δ⁽²⁾ 到 δ⁽¹⁾，再到四个梯度：逐层传回的结果全部正确',
  shows: ['backward/layer'],
  measured: `${handReport.findings.length} gradients, ${handReport.findings.filter(({ verdict }) => verdict !== 'right').length} wrong`,
  holds: handReport.passed,
});
// %% [markdown] en
/*
## Break it on purpose

A wrong gradient is treacherous: the program runs, the loss often still falls. `checkDerivation` compares a derivation with the
tape, and where they differ it looks for the mistake that explains *all* the numbers, at several points. Here are the classics
of the two rules above. The matrices are square on purpose: so a forgotten transpose does not give itself away by its shape.
*/
// %% [markdown] zh
/*
## 故意写错

错误的梯度很狡猾：程序照样运行，损失往往也照样下降。`checkDerivation` 把推导与计算图对照，不一致时，它会在若干个点上
寻找能解释**全部**数字的那个错误。下面是上述两条规则的经典错误。矩阵特意取成方阵：这样漏掉转置时，形状不会露馅。
*/
// %%
/** One layer on the way: a = tanh(W x + b), z = V a; its error is ½‖z - t‖². */
const hiddenError = (W: Tensor, b: Tensor, V: Tensor, x: Tensor, t: Tensor): Tensor => {
  const z1 = probe('z1', W.matmul(x).add(b));
  const a1 = probe('a1', z1.tanh());
  return V.matmul(a1).sub(t).square().sum().mul(0.5);
};
/** The derivation, in steps that can be replaced. */
const hiddenSteps = {
  back: (V: Tensor, delta2: Tensor): Tensor => V.t().matmul(delta2),
  slope: (_z1: Tensor, a1: Tensor): Tensor => a1.square().neg().add(1),
  weights: (delta1: Tensor, x: Tensor): Tensor => outer(delta1, x),
  error: (z2: Tensor, t: Tensor): Tensor => z2.sub(t),
};
const hiddenDerivation =
  (changed: Partial<typeof hiddenSteps> = {}) =>
  (W: Tensor, b: Tensor, V: Tensor, x: Tensor, t: Tensor) => {
    const { back, slope, weights, error } = { ...hiddenSteps, ...changed };
    const z1 = W.matmul(x).add(b);
    const a1 = z1.tanh();
    const delta2 = error(V.matmul(a1), t);
    const delta1 = back(V, delta2).mul(slope(z1, a1));
    return { dV: outer(delta2, a1), dW: weights(delta1, x), db: delta1 };
  };
const hiddenInputs = { W: draw(3, 3), b: draw(3), V: draw(3, 3), x: draw(3), t: draw(3) };
const rightHidden = checkDerivation(hiddenDerivation(), hiddenError, hiddenInputs);
const hiddenMistakes = [
  { en: '$W\\delta$ for $W^\\top\\delta$', zh: '漏掉转置', claimed: hiddenDerivation({ back: (V, delta) => V.matmul(delta) }), named: /transpose/ },
  { en: '$a\\,\\delta^\\top$ for $\\delta\\,a^\\top$', zh: '外积写反', claimed: hiddenDerivation({ weights: (delta, x) => outer(x, delta) }), named: /transposed/ },
  { en: "$f'$ forgotten", zh: "漏掉 $f'$", claimed: hiddenDerivation({ slope: (z) => ones(z.shape, { dtype: 'float64' }) }), named: /factor tanh′\(z1\) is missing/ },
  { en: "$f'$ taken twice", zh: "$f'$ 乘了两次", claimed: hiddenDerivation({ slope: (_, a) => a.square().neg().add(1).square() }), named: /once too often/ },
  { en: '$1 - z^2$ for $1 - a^2$', zh: '把 $1-a^2$ 写成 $1-z^2$', claimed: hiddenDerivation({ slope: (z) => z.square().neg().add(1) }), named: /computed from z1/ },
  { en: "$f'(a)$ for $f'(z)$", zh: "在 $a$ 处而不是 $z$ 处求 $f'$", claimed: hiddenDerivation({ slope: (_, a) => a.tanh().square().neg().add(1) }), named: /taken at a1 instead of z1/ },
  { en: '$t - z$ for $z - t$', zh: '符号写反', claimed: hiddenDerivation({ error: (z, t) => t.sub(z) }), named: /wrong sign/ },
  { en: '$t$ forgotten', zh: '漏掉目标 $t$', claimed: hiddenDerivation({ error: (z) => z }), named: /t is forgotten/ },
]; // biome-ignore format: a table
const hiddenNamed = await showDiagnoses(hiddenError, hiddenInputs, hiddenMistakes);
await claim({
  en: 'the right derivation passes, and each of eight classic mistakes is called by its name',
  zh: '正确的推导通过检验，八个经典错误个个被点名',
  measured: `${hiddenNamed} of ${hiddenMistakes.length} named`,
  holds: rightHidden.passed && hiddenNamed === hiddenMistakes.length,
});
// %% [markdown] en
/*
## Where it begins: the loss

The first $\delta$ comes from the loss. With the squared error $E = \frac12 \sum_k (a_k - t_k)^2$ behind an activation $a = f(z)$, the
chain rule gives

$$\delta^{(L)} = (a - t) \odot f'(z): \qquad \text{identity: } a - t, \qquad \text{sigmoid: } (a - t)\, a (1 - a).$$

With the binary cross-entropy $E = -[t \log a + (1 - t) \log (1 - a)]$ behind a sigmoid, something cancels:

$$\frac{\partial E}{\partial a} = -\frac{t}{a} + \frac{1 - t}{1 - a} = \frac{a - t}{a (1 - a)}, \qquad
\delta^{(L)} = \frac{a - t}{a (1 - a)} \cdot a (1 - a) = a - t .$$

And the same again for softmax with cross-entropy, $E = -\sum_k t_k \log y_k$. Each probability depends on every score, so here the
derivative is a matrix:

$$\frac{\partial y_i}{\partial z_j} = y_i (\delta_{ij} - y_j), \qquad
\frac{\partial E}{\partial z_j} = \sum_i -\frac{t_i}{y_i}\, y_i (\delta_{ij} - y_j) = y_j \sum_i t_i - t_j = y_j - t_j .$$

The last step uses $\sum_i t_i = 1$. Three losses, three derivations, one result: $\delta^{(L)} = y - t$, *what came out minus what
should have*.
*/
// %% [markdown] zh
/*
## 起点：损失函数

第一个 $\delta$ 来自损失。平方误差 $E = \frac12 \sum_k (a_k - t_k)^2$ 接在激活 $a = f(z)$ 之后，由链式法则

$$\delta^{(L)} = (a - t) \odot f'(z): \qquad \text{恒等：} a - t, \qquad \text{sigmoid：} (a - t)\, a (1 - a).$$

sigmoid 后接二元交叉熵 $E = -[t \log a + (1 - t) \log (1 - a)]$，则恰好约掉：

$$\frac{\partial E}{\partial a} = -\frac{t}{a} + \frac{1 - t}{1 - a} = \frac{a - t}{a (1 - a)}, \qquad
\delta^{(L)} = \frac{a - t}{a (1 - a)} \cdot a (1 - a) = a - t .$$

softmax 后接交叉熵 $E = -\sum_k t_k \log y_k$ 也一样。每个概率依赖所有得分，所以这里的导数是一个矩阵：

$$\frac{\partial y_i}{\partial z_j} = y_i (\delta_{ij} - y_j), \qquad
\frac{\partial E}{\partial z_j} = \sum_i -\frac{t_i}{y_i}\, y_i (\delta_{ij} - y_j) = y_j \sum_i t_i - t_j = y_j - t_j .$$

最后一步用到 $\sum_i t_i = 1$。三种损失，三个推导，同一个结果：$\delta^{(L)} = y - t$，即“输出减去目标”。
*/
// %%
/** Random probabilities that add up to 1, and random targets between 0 and 1. */
const drawShares = (n: number): Tensor => autograd.softmax(draw(n), 0);
const drawTargets = (n: number): Tensor => autograd.sigmoid(draw(n));
const halfSquare = (a: Tensor, t: Tensor): Tensor => a.sub(t).square().sum().mul(0.5);

/** Each pairing of the last activation with a loss; the same on the tape; and targets that go with it. */
const pairings: Record<string, [rules.Pairing, (z: Tensor, t: Tensor) => Tensor, (n: number) => Tensor]> = {
  'identity + MSE': [rules.identityMse, halfSquare, draw],
  'tanh + MSE': [rules.pairedWithMse(rules.tanh), (z, t) => halfSquare(z.tanh(), t), draw],
  'sigmoid + MSE': [rules.sigmoidMse, (z, t) => halfSquare(z.sigmoid(), t), drawTargets],
  'sigmoid + BCE': [
    rules.sigmoidBce,
    (z, t) => autograd.binaryCrossEntropyWithLogits(z, t, { reduction: 'sum' }),
    drawTargets,
  ],
  'softmax + CE': [rules.softmaxCrossEntropy, (z, t) => logSoftmax(z, 0).mul(t).sum().neg(), drawShares],
};
const rows: [string, number, string][] = [];
for (const [name, [pairing, onTape, targets]] of Object.entries(pairings)) {
  let agree = 0;
  for (let trial = 0; trial < 50; trial++) {
    const n = drawSize();
    const [z, t] = [draw(n), targets(n)];
    const delta = pairing.delta(pairing.activation(z), t, z);
    agree += Number(same(pairing.loss(z, t), onTape(z, t)) && same(delta, grad(onTape)(z, t)[0]));
  }
  const z = tensor([2, -1], { dtype: 'float64' });
  const example = pairing.delta(pairing.activation(z), tensor([0, 1], { dtype: 'float64' }), z).toArray() as number[];
  rows.push([name, agree, example.map((d) => d.toFixed(4)).join(', ')]);
}
await showTable(['pairing', 'of 50 draws the tape agrees on', 'δ at z = (2, −1), t = (0, 1)'], rows);
await claim({
  en: 'the sensitivities of all five pairings are those of the tape, and so are their losses',
  zh: '五种“激活 + 损失”搭配的敏感度与损失都与计算图一致',
  shows: [
    'rule:mseSensitivity',
    'rule:identityMse.loss',
    'rule:identityMse.delta',
    'rule:sigmoidMse.loss',
    'rule:sigmoidMse.delta',
    'rule:sigmoidBce.loss',
    'rule:sigmoidBce.delta',
    'rule:softmaxCrossEntropy.loss',
    'rule:softmaxCrossEntropy.delta',
  ],
  measured: rows.map(([name, agree]) => `${name}: ${agree} of 50`).join('; '),
  holds: rows.every(([, agree]) => agree === 50),
});
// %% [markdown] en
/*
### The long way: loss by loss, and the Jacobian of softmax

Nothing forces you to take the shortcut. Go back through the loss ($\partial E / \partial y$), then through the activation: for
softmax multiply by its Jacobian, or, without ever forming the matrix, by $\sum_j \frac{\partial y_i}{\partial z_j} v_j = y_i (v_i - \sum_j y_j v_j)$.
The result is the same, as long as no $y_k$ rounds to zero. Try scores such as $(0, 800)$ with the first class as the right one:
the long way divides $0$ by $0$; the shortcut does not notice.
*/
// %% [markdown] zh
/*
### 不走捷径：先过损失，再乘 softmax 的雅可比

捷径不是非走不可。也可以先穿过损失（$\partial E / \partial y$），再穿过激活：对 softmax 就是乘雅可比矩阵；
或者不写出矩阵，直接用 $\sum_j \frac{\partial y_i}{\partial z_j} v_j = y_i (v_i - \sum_j y_j v_j)$。
只要没有哪个 $y_k$ 舍入为零，结果完全相同。换成得分 $(0, 800)$、正确类别为第一类试试：
不走捷径会出现 $0$ 除以 $0$，捷径则毫无影响。
*/
// %%
const parts = {
  MSE: [rules.meanSquaredError, halfSquare, drawTargets],
  BCE: [
    rules.binaryCrossEntropy,
    (y: Tensor, t: Tensor) => autograd.binaryCrossEntropy(y, t, { reduction: 'sum' }),
    drawTargets,
  ],
  CE: [rules.crossEntropy, (y: Tensor, t: Tensor) => y.log().mul(t).sum().neg(), drawShares],
} as const;
let partsAgree = 0;
for (const [loss, onTape, targets] of Object.values(parts)) {
  for (let trial = 0; trial < 20; trial++) {
    const n = drawSize();
    const [y, t] = [drawShares(n + 1), targets(n + 1)];
    partsAgree += Number(same(loss.forward(y, t), onTape(y, t)) && same(loss.backward(y, t), grad(onTape)(y, t)[0]));
  }
}
const scores = draw(4);
const right = drawShares(4);
const probabilities = rules.softmax(scores);
const fromLoss = rules.crossEntropy.backward(probabilities, right);
const ways = {
  'Jacobian times ∂E/∂y': rules.softmax.jacobian(scores).t().matmul(fromLoss),
  'without the matrix': rules.softmax.jacobianVectorProduct(scores, fromLoss),
  'y − t': rules.softmaxCrossEntropy.delta(probabilities, right),
};
await showTable(
  ['way', 'δ'],
  Object.entries(ways).map(([name, d]) => [
    name,
    (d.toArray() as number[]).map((entry) => entry.toFixed(12)).join(', '),
  ]),
);
const jacobianAgrees = same(rules.softmax.jacobian(scores), jacobian((z: Tensor) => autograd.softmax(z, 0))(scores));
const extreme = tensor([0, 800], { dtype: 'float64' });
const first = tensor([1, 0], { dtype: 'float64' });
const longWay = rules.softmax.jacobianVectorProduct(
  extreme,
  rules.crossEntropy.backward(rules.softmax(extreme), first),
);
const shortWay = rules.softmaxCrossEntropy.delta(rules.softmax(extreme), first);
await claim({
  en: 'losses and Jacobian one after the other give y − t; for scores (0, 800) only the shortcut gives numbers',
  zh: '先过损失、再乘雅可比，结果就是 y − t；得分为 (0, 800) 时只有捷径还给出数值',
  shows: [
    'rule:meanSquaredError.forward',
    'rule:meanSquaredError.backward',
    'rule:binaryCrossEntropy.forward',
    'rule:binaryCrossEntropy.backward',
    'rule:crossEntropy.forward',
    'rule:crossEntropy.backward',
    'rule:softmax',
    'rule:softmax.jacobian',
    'rule:softmax.jacobianVectorProduct',
  ],
  measured: `losses: ${partsAgree} of 60; (0, 800): ${longWay.toArray()} the long way, ${shortWay.toArray()} by y − t`,
  holds:
    partsAgree === 60 &&
    jacobianAgrees &&
    Object.values(ways).every((way) => same(way, ways['y − t'])) &&
    (longWay.toArray() as number[]).some(Number.isNaN) &&
    same(shortWay, tensor([-1, 1], { dtype: 'float64' })),
});
// %% [markdown] en
/*
### What $y - t$ takes for granted

The step $\sum_i t_i = 1$ is easily overlooked. For a label it holds. For a sample with two labels, $t = (1, 1, 0)$, it does not, and
then $\delta = y \sum_i t_i - t$.
*/
// %% [markdown] zh
/*
### $y - t$ 的前提

$\sum_i t_i = 1$ 这一步容易被忽略。单个标签时它成立；若一个样本有两个标签，$t = (1, 1, 0)$，它就不成立，此时
$\delta = y \sum_i t_i - t$。
*/
// %%
const entropy = (z: Tensor, t: Tensor): Tensor => logSoftmax(z, 0).mul(t).sum().neg();
const twoLabels = { z: draw(3), t: tensor([1, 1, 0], { dtype: 'float64' }) };
const shortcut = checkDerivation((z, t) => ({ dz: z.softmax(0).sub(t) }), entropy, twoLabels);
const general = checkDerivation((z, t) => ({ dz: z.softmax(0).mul(t.sum()).sub(t) }), entropy, twoLabels);
console.log(String(shortcut));
await claim({
  en: 'y − t is the sensitivity only if the targets add up to 1; else it is y Σt − t',
  zh: '只有目标之和为 1 时敏感度才是 y − t，否则是 y Σt − t',
  shows: ['rule:softmaxCrossEntropy.delta'],
  measured: `t = (1, 1, 0): y − t ${shortcut.passed ? 'right' : 'wrong'}, 2y − t ${general.passed ? 'right' : 'wrong'}`,
  holds: !shortcut.passed && general.passed,
  documentSays: {
    en: 'δ = y − t, without the condition that the targets add up to 1',
    zh: 'δ = y − t，未写明目标之和须为 1',
  },
});
// %% [markdown] en
/*
### Broken on purpose
*/
// %% [markdown] zh
/*
### 故意写错
*/
// %%
const oneHot = { z: draw(4), t: tensor([0, 0, 1, 0], { dtype: 'float64' }) };
const softmaxNamed = await showDiagnoses(entropy, oneHot, [
  {
    en: 'softmax + CE: $t - y$',
    zh: 'softmax + CE：写成 $t - y$',
    claimed: (z, t) => ({ dz: t.sub(z.softmax(0)) }),
    named: /wrong sign/,
  },
  {
    en: 'softmax + CE: the diagonal of the Jacobian only, $-\\frac{t}{y} \\odot y (1 - y)$',
    zh: 'softmax + CE：只取雅可比的对角线',
    claimed: (z, t) => ({ dz: z.softmax(0).neg().add(1).mul(t).neg() }),
    named: /diagonal/,
  },
]);
const binary = (z: Tensor, t: Tensor): Tensor => {
  const a = probe('a', z.sigmoid());
  return t
    .mul(a.log())
    .add(t.neg().add(1).mul(a.neg().add(1).log()))
    .sum()
    .neg();
};
const binaryNamed = await showDiagnoses(binary, { z: draw(4), t: tensor([1, 0, 0, 1], { dtype: 'float64' }) }, [
  {
    en: "sigmoid + BCE: $(a - t) \\odot \\sigma'(z)$",
    zh: "sigmoid + BCE：多乘了 $\\sigma'(z)$",
    claimed: (z, t) => ({ dz: z.sigmoid().sub(t).mul(z.sigmoid()).mul(z.sigmoid().neg().add(1)) }),
    named: /once too often/,
  },
]);
const squared = (z: Tensor, t: Tensor): Tensor => halfSquare(probe('a', z.sigmoid()), t);
const squaredNamed = await showDiagnoses(squared, { z: draw(4), t: drawTargets(4) }, [
  {
    en: 'sigmoid + MSE: $a - t$',
    zh: "sigmoid + MSE：漏掉 $\\sigma'(z)$",
    claimed: (z, t) => ({ dz: z.sigmoid().sub(t) }),
    named: /factor σ′\(z\) is missing|sigmoid′?\(z\) is missing/,
  },
  {
    en: "sigmoid + MSE: $2 (a - t) \\odot \\sigma'(z)$, the ½ forgotten",
    zh: 'sigmoid + MSE：忘了 ½',
    claimed: (z, t) => ({ dz: z.sigmoid().sub(t).mul(z.sigmoid()).mul(z.sigmoid().neg().add(1)).mul(2) }),
    named: /twice/,
  },
]);
const lossNamed = softmaxNamed + binaryNamed + squaredNamed;
await claim({
  en: 'the mistakes at the output are called by their names: sign, diagonal Jacobian, f′ too often, f′ missing, the ½',
  zh: '输出层的错误个个被点名：符号、只取对角线、多乘 f′、漏乘 f′、忘了 ½',
  measured: `${lossNamed} of 5 named`,
  holds: lossNamed === 5,
});
// %% [markdown] en
/*
## A whole batch at once

Put $m$ samples side by side as columns, and the rules hold column by column; $\delta$ becomes a matrix $\Delta$ with one column per
sample. Only the parameters are shared by all samples, so their gradients collect what all columns say. With the mean
$E = \frac1m \sum_i E_i$,

$$\Delta^{(L)} = Y - T, \qquad \Delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \Delta^{(l+1)} \odot f^{(l)\prime}\bigl(Z^{(l)}\bigr),$$

$$\frac{\partial E}{\partial W^{(l)}} = \frac1m\, \Delta^{(l)} \bigl(A^{(l-1)}\bigr)^\top, \qquad
\frac{\partial E}{\partial b^{(l)}} = \frac1m\, \Delta^{(l)} \mathbf{1} .$$

The product $\Delta A^\top = \sum_i \delta_i a_i^\top$ *is* the sum over the samples. For the bias that sum has to be written: forward the
bias was copied into every column, and backward copies add up. (If $E$ is the sum of the $E_i$ and not their mean, leave out $1/m$.)

**A trap in the notation.** $\Delta = Y - T$ holds the sensitivities of the samples' *own* errors, $\partial E_i / \partial z_i$. It is not
$\partial E / \partial Z$ of the mean; that is $(Y - T) / m$. Divide once: either in $\Delta$ or in the gradients.
*/
// %% [markdown] zh
/*
## 一次算完整个小批量

把 $m$ 个样本并排放成列，公式就逐列成立；$\delta$ 变成矩阵 $\Delta$，一列对应一个样本。只有参数是所有样本共用的，
所以参数的梯度要把各列汇总起来。取平均误差 $E = \frac1m \sum_i E_i$，则

$$\Delta^{(L)} = Y - T, \qquad \Delta^{(l)} = \bigl(W^{(l+1)}\bigr)^\top \Delta^{(l+1)} \odot f^{(l)\prime}\bigl(Z^{(l)}\bigr),$$

$$\frac{\partial E}{\partial W^{(l)}} = \frac1m\, \Delta^{(l)} \bigl(A^{(l-1)}\bigr)^\top, \qquad
\frac{\partial E}{\partial b^{(l)}} = \frac1m\, \Delta^{(l)} \mathbf{1} .$$

乘积 $\Delta A^\top = \sum_i \delta_i a_i^\top$ **本身就是**对样本求和；偏置的求和则要明确写出：前向把偏置复制到每一列，
反向就要把各份加回来。（若 $E$ 是各 $E_i$ 之和而不是平均，就去掉 $1/m$。）

**记号里的陷阱。** $\Delta = Y - T$ 装的是每个样本**自己的**误差的敏感度 $\partial E_i / \partial z_i$，
并不是平均误差的 $\partial E / \partial Z$，后者是 $(Y - T) / m$。只除一次 $m$：要么除在 $\Delta$ 里，要么除在梯度里。
*/
// %%
const m = 7;
/** The mean error of a batch: a hidden layer with tanh, then softmax with cross-entropy. */
const batchError = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, X: Tensor, T: Tensor): Tensor => {
  const Z1 = probe('Z1', W1.matmul(X).add(b1.unsqueeze(1)));
  const A1 = probe('A1', Z1.tanh());
  const Z2 = probe('Z2', W2.matmul(A1).add(b2.unsqueeze(1)));
  return logSoftmax(Z2, 0).mul(T).sum().neg().div(m);
};
/** Its derivation, in steps that can be replaced. */
const batchSteps = {
  error: (Y: Tensor, T: Tensor): Tensor => Y.sub(T),
  back: (W2: Tensor, Delta2: Tensor): Tensor => W2.t().matmul(Delta2),
  weights: (Delta: Tensor, A: Tensor): Tensor => Delta.matmul(A.t()).div(m),
  bias: (Delta: Tensor): Tensor => Delta.sum(1).div(m),
};
const batchDerivation =
  (changed: Partial<typeof batchSteps> = {}) =>
  (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, X: Tensor, T: Tensor) => {
    const { error, back, weights, bias } = { ...batchSteps, ...changed };
    const A1 = W1.matmul(X).add(b1.unsqueeze(1)).tanh();
    const Delta2 = error(W2.matmul(A1).add(b2.unsqueeze(1)).softmax(0), T);
    const Delta1 = back(W2, Delta2).mul(A1.square().neg().add(1));
    return { dW1: weights(Delta1, X), db1: bias(Delta1), dW2: weights(Delta2, A1), db2: bias(Delta2) };
  };
/** Targets of m samples: in each column a one at a class that is drawn. */
const drawLabels = (classes: number, m: number): Tensor =>
  autograd
    .oneHot(randint(0, classes, [m]), classes)
    .to('float64')
    .t();
const batchInputs = { W1: draw(3, 4), b1: draw(3), W2: draw(3, 3), b2: draw(3), X: draw(4, m), T: drawLabels(3, m) };

const batchReport = checkDerivation(batchDerivation(), batchError, batchInputs);
console.log(String(batchReport));
const trap = checkDerivation(
  (...inputs) => {
    const [W1, b1, W2, b2, X, T] = inputs as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
    const Z2 = W2.matmul(W1.matmul(X).add(b1.unsqueeze(1)).tanh()).add(b2.unsqueeze(1));
    return { dZ2: Z2.softmax(0).sub(T) };
  },
  batchError,
  batchInputs,
);
console.log(String(trap));
await claim({
  en: 'Δ = Y − T is m times ∂E/∂Z of the mean error: the 1/m comes in with the gradients of the parameters',
  zh: 'Δ = Y − T 是平均误差 ∂E/∂Z 的 m 倍：1/m 在参数梯度处才出现',
  shows: ['rule:batchWeightGradient', 'rule:batchBiasGradient', 'rule:softmaxCrossEntropy.delta'],
  measured: `m = ${m}: gradients ${batchReport.passed ? 'right' : 'wrong'}; ${trap.diagnoses[0]?.says}`,
  holds: batchReport.passed && /7 times too large/.test(String(trap)),
  documentSays: {
    en: 'both δ = ∂E/∂z and, for the mean over a batch, Δ = Y − T',
    zh: '既定义 δ = ∂E/∂z，又在对批求平均时写 Δ = Y − T',
  },
});
// %%
const batchMistakes = [
  {
    en: '$1/m$ left out everywhere',
    zh: '处处漏掉 $1/m$',
    claimed: batchDerivation({ weights: (Delta, A) => Delta.matmul(A.t()), bias: (Delta) => Delta.sum(1) }),
    named: /mean over the batch is missing/,
  },
  {
    en: '$1/m$ twice: in $\\Delta$, and in the gradients',
    zh: '除了两次 $m$',
    claimed: batchDerivation({ error: (Y, T) => Y.sub(T).div(m) }),
    named: /division by m too many/,
  },
  {
    en: '$1/m$ left out for the bias',
    zh: '只有偏置漏掉 $1/m$',
    claimed: batchDerivation({ bias: (Delta) => Delta.sum(1) }),
    named: /^db1 and db2.*mean over the batch is missing/,
  },
  {
    en: 'the bias not summed over the batch',
    zh: '偏置没有对样本求和',
    claimed: batchDerivation({ bias: (Delta) => Delta.div(m) }),
    named: /sum over dim 1.*left out|mean over dim 1.*left out/,
  },
  {
    en: 'the bias summed over the units instead',
    zh: '偏置对单元求了和',
    claimed: batchDerivation({ bias: (Delta) => Delta.sum(0).div(m) }),
    named: /shape \[7\]/,
  },
  {
    en: 'only the last sample counted',
    zh: '只算了最后一个样本',
    claimed: batchDerivation({ bias: (Delta) => Delta.select(1, -1).div(m) }),
    named: /only the last/,
  },
  {
    en: '$W$ for $W^\\top$',
    zh: '漏掉转置',
    claimed: batchDerivation({ back: (W2, Delta2) => W2.matmul(Delta2) }),
    named: /transposed/,
  },
];
const batchNamed = await showDiagnoses(batchError, batchInputs, batchMistakes);
const withRelu = (W: Tensor, X: Tensor, T: Tensor): Tensor =>
  probe('A', probe('Z', W.matmul(X)).relu())
    .sub(T)
    .square()
    .sum()
    .mul(0.5 / m);
const masked = (mask: (Z: Tensor) => Tensor) => (W: Tensor, X: Tensor, T: Tensor) => {
  const Z = W.matmul(X);
  return { dW: Z.relu().sub(T).mul(mask(Z).to('float64')).matmul(X.t()).div(m) };
};
const reluMistakes = [
  { en: 'ReLU: the mask inverted', zh: 'ReLU 的掩码取反', claimed: masked((Z) => Z.le(0)), named: /inverted/ },
  {
    en: 'ReLU: no mask at all',
    zh: 'ReLU 没有掩码',
    claimed: masked((Z) => ones(Z.shape)),
    named: /relu′\(Z\) is missing/,
  },
];
const reluInputs = { W: draw(3, 4), X: draw(4, m), T: draw(3, m) };
const reluRight = checkDerivation(
  masked((Z) => Z.gt(0)),
  withRelu,
  reluInputs,
);
const reluNamed = await showDiagnoses(withRelu, reluInputs, reluMistakes);
const allNamed = batchNamed + reluNamed;
const allBroken = batchMistakes.length + reluMistakes.length;
await claim({
  en: 'so are those of a batch: means, sums, transposes, and the mask of ReLU',
  zh: '批量中的错误也个个被点名：平均、求和、转置以及 ReLU 的掩码',
  measured: `${allNamed} of ${allBroken} named`,
  holds: reluRight.passed && allNamed === allBroken,
});
// %% [markdown] en
/*
## The whole network, against the tape

`backpropagate(network, X, T)` is these rules one after the other, and nothing else: forward, $\Delta^{(L)}$, layer by layer back, the
gradients. The tape knows none of them; it only knows the derivatives of its primitives. We draw networks of any depth, width,
activation and loss, and let the two compute the same gradients.
*/
// %% [markdown] zh
/*
## 整个网络与计算图对照

`backpropagate(network, X, T)` 就是把这些公式依次用一遍：前向、$\Delta^{(L)}$、逐层往回、求梯度。
计算图并不知道这些公式，只知道各个基本运算的导数。下面随机抽取不同深度、宽度、激活和损失的网络，让两者分别计算同一组梯度。
*/
// %%
/** The mean error of a batch on the tape, with nothing but primitives. */
function errorOnTape(
  layers: { f: (z: Tensor) => Tensor }[],
  loss: (z: Tensor, t: Tensor) => Tensor,
  X: Tensor,
  T: Tensor,
) {
  return (...parameters: Tensor[]): Tensor => {
    const output = layers.reduce((A, { f }, l) => {
      const [W, b] = [parameters[2 * l] as Tensor, parameters[2 * l + 1] as Tensor];
      return f(W.matmul(A).add(b.unsqueeze(1)));
    }, X);
    return loss(output, T).div(X.shape[1]);
  };
}
const drawn: string[][] = [];
let [networksAgree, parametersCompared] = [0, 0];
const trials = sized({ full: 100, short: 20 });
for (let trial = 0; trial < trials; trial++) {
  const [depth, samples] = [drawSize(0, 4), drawSize(1, 8)];
  const units = Array.from({ length: depth + 2 }, () => drawSize());
  const [pairingName, [pairing, loss]] = Object.entries(pairings)[trial % 5] as [string, (typeof pairings)[string]];
  const layers = Array.from({ length: depth + 1 }, (_, l) => ({
    W: draw(units[l + 1] as number, units[l] as number),
    b: draw(units[l + 1] as number),
    activation: activations[drawSize(0, 4)] as (typeof activations)[number],
  }));
  const hidden = layers.slice(0, depth).map(({ W, b, activation: [f] }) => ({ W, b, f }));
  const { W, b } = layers[depth] as (typeof layers)[number];
  const [X, T] = [draw(units[0] as number, samples), drawLabels(units[depth + 1] as number, samples)];
  const byRules = rules.backpropagate({ hidden, output: { W, b, pairing } }, X, T);
  const onTape = layers.map(({ activation: [, f] }, l) => ({ f: l < depth ? f : (z: Tensor) => z }));
  const gradients = grad(errorOnTape(onTape, loss, X, T))(...layers.flatMap(({ W, b }) => [W, b]));
  networksAgree += Number(
    byRules.dW.every(
      (dW, l) => same(dW, gradients[2 * l] as Tensor) && same(byRules.db[l] as Tensor, gradients[2 * l + 1] as Tensor),
    ),
  );
  parametersCompared += gradients.reduce((sum, { length }) => sum + length, 0);
  if (trial < 5)
    drawn.push([
      units.join(' – '),
      layers
        .slice(0, depth)
        .map(({ activation: [f] }) => f.name)
        .join(', '),
      pairingName,
    ]);
}
await showTable(['units (the first five networks)', 'hidden activations', 'output'], drawn);
await claim({
  en: 'the rules, one after the other, give the gradients of the tape for networks of any shape',
  zh: '把公式依次用一遍，对任意形状的网络都得到与计算图相同的梯度',
  shows: ['rule:backpropagate'],
  measured: sized({ full: `${networksAgree} of 100 drawn networks, to 1e-11`, short: '20 of 20' }),
  holds: networksAgree === trials && parametersCompared > 0,
});
// %% [markdown] en
/*
## Fasten it: differences check what checks you

The rules agree with the tape. But who checks the tape? Values do: a derivative is what a difference of values tends to,

$$\frac{\partial E}{\partial w} \approx \frac{E(w + h) - E(w - h)}{2h}.$$

`checkGradients` compares every gradient of the tape with such differences. They are a check, not a method: look at how near they
come. With a large $h$ the curve bends away ($\sim h^2$; one-sided $\sim h$); with a small one the two values agree in most of their
digits, and the difference keeps only the rest ($\sim 10^{-16} / h$). And they cost two forward passes *for each parameter*.
*/
// %% [markdown] zh
/*
## 把结论钉牢：用差商检验计算图

公式与计算图一致，那么谁来检验计算图？函数值：导数就是差商的极限，

$$\frac{\partial E}{\partial w} \approx \frac{E(w + h) - E(w - h)}{2h}.$$

`checkGradients` 把计算图给出的每个梯度都与这样的差商比较。差商只适合检验，不适合训练，看看它能有多准：
$h$ 大了，曲线本身弯了（误差 $\sim h^2$；单侧差商 $\sim h$）；$h$ 小了，两个函数值的大部分数字相同，
相减后只剩零头（误差 $\sim 10^{-16} / h$）。而且**每个参数**都要多算两遍前向。
*/
// %%
const gradientReport = checkGradients(batchError, batchInputs);
console.log(String(gradientReport));
const { W1: V1, b1: c1, W2: V2, b2: c2, X, T } = batchInputs;
const exact = grad(batchError)(V1, c1, V2, c2, X, T)[0];
const errorAt = (W: Tensor): number => batchError(W, c1, V2, c2, X, T).item();
const directions = eye(12, 12, { dtype: 'float64' });
/** The largest error of the differences by the twelve weights, relative to the largest gradient. */
const errorOfDifferences = (h: number, isCentral: boolean): number => {
  const differences = Array.from({ length: 12 }, (_, k) => {
    const nudge = directions.select(0, k).reshape([3, 4]).mul(h);
    const below = isCentral ? errorAt(V1.sub(nudge)) : errorAt(V1);
    return (errorAt(V1.add(nudge)) - below) / (isCentral ? 2 * h : h);
  });
  const apart = tensor(differences, { dtype: 'float64' }).reshape([3, 4]).sub(exact);
  return apart.abs().amax().item() / exact.abs().amax().item();
};
const stepSizes = Array.from({ length: 25 }, (_, k) => 10 ** (-k / 2));
const central = stepSizes.map((h) => errorOfDifferences(h, true));
const oneSided = stepSizes.map((h) => errorOfDifferences(h, false));
await show(
  lineChart(
    { 'one-sided': { x: stepSizes, y: oneSided }, central: { x: stepSizes, y: central } },
    {
      title: 'How near differences come to the gradient',
      subtitle: 'the largest error among 12 weights, relative to the largest gradient, in float64',
      xLabel: 'step h',
      yLabel: 'relative error',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
const bestOf = (errors: readonly number[]): number =>
  Math.round(Math.log10(stepSizes[errors.indexOf(Math.min(...errors))] as number));
const count = [V1, c1, V2, c2].reduce((sum, { length }) => sum + length, 0);
await claim({
  en: 'differences agree with the tape, but never to more than about ten digits, and at the cost of two runs per parameter',
  zh: '差商与计算图一致，但最多约十位数字，而且每个参数要多算两遍',
  measured: `best step about 1e${bestOf(central)} (one-sided 1e${bestOf(oneSided)}); ${2 * count} forward passes for ${count} parameters, against one forward and one backward`,
  holds:
    gradientReport.passed &&
    Math.min(...central) > 1e-13 &&
    Math.min(...central) < 1e-8 &&
    Math.min(...oneSided) > 1e-10,
});
// %% [markdown] en
/*
## The cheat sheet

| | one sample | a batch of $m$ columns, mean error |
| --- | --- | --- |
| output: softmax + CE, sigmoid + BCE | $\delta^{(L)} = y - t$ | $\Delta^{(L)} = Y - T$ |
| output: $f$ + MSE | $\delta^{(L)} = (a^{(L)} - t) \odot f'(z^{(L)})$ | $\Delta^{(L)} = (A^{(L)} - T) \odot f'(Z^{(L)})$ |
| hidden layer | $\delta^{(l)} = (W^{(l+1)})^\top \delta^{(l+1)} \odot f'(z^{(l)})$ | $\Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f'(Z^{(l)})$ |
| weights | $\delta^{(l)} (a^{(l-1)})^\top$ | $\frac1m \Delta^{(l)} (A^{(l-1)})^\top$ |
| bias | $\delta^{(l)}$ | $\frac1m \Delta^{(l)} \mathbf{1}$ |

Check any line by its shape: a gradient has the shape of its parameter.
*/
// %% [markdown] zh
/*
## 小抄

| | 单个样本 | $m$ 列的小批量，平均误差 |
| --- | --- | --- |
| 输出层：softmax + CE、sigmoid + BCE | $\delta^{(L)} = y - t$ | $\Delta^{(L)} = Y - T$ |
| 输出层：$f$ + MSE | $\delta^{(L)} = (a^{(L)} - t) \odot f'(z^{(L)})$ | $\Delta^{(L)} = (A^{(L)} - T) \odot f'(Z^{(L)})$ |
| 隐层 | $\delta^{(l)} = (W^{(l+1)})^\top \delta^{(l+1)} \odot f'(z^{(l)})$ | $\Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f'(Z^{(l)})$ |
| 权重 | $\delta^{(l)} (a^{(l-1)})^\top$ | $\frac1m \Delta^{(l)} (A^{(l-1)})^\top$ |
| 偏置 | $\delta^{(l)}$ | $\frac1m \Delta^{(l)} \mathbf{1}$ |

每一行都可以用形状来验：梯度与它的参数形状相同。
*/
// %%
const { Delta, A, dW, db } = rules.backpropagate(
  { hidden: [{ W: V1, b: c1, f: rules.tanh }], output: { W: V2, b: c2, pairing: rules.softmaxCrossEntropy } },
  X,
  T,
);
const [D1, D2, A0, A1, Y] = [...Delta, ...A] as [Tensor, Tensor, Tensor, Tensor, Tensor];
await showTable(
  ['', 'layer 1', 'layer 2'],
  [
    ['W', V1.shape.join(' × '), V2.shape.join(' × ')],
    ['Δ', D1.shape.join(' × '), D2.shape.join(' × ')],
    ['A of the layer before', A0.shape.join(' × '), A1.shape.join(' × ')],
    [
      '∂E/∂W',
      dW.map(({ shape }) => shape.join(' × '))[0] as string,
      dW.map(({ shape }) => shape.join(' × '))[1] as string,
    ],
    ['∂E/∂b', `${db[0]?.shape}`, `${db[1]?.shape}`],
  ],
);
// Sum and mean: the gradients of the summed error are m times those of the mean.
const summed = grad((...p: Tensor[]) => batchError(...(p as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor])).mul(m))(
  V1,
  c1,
  V2,
  c2,
  X,
  T,
);
await claim({
  en: 'line by line the sheet gives what backpropagate gives; of a sum instead of a mean, the gradients are m times as large',
  zh: '小抄逐行算出的就是 backpropagate 的结果；误差取和而不取平均时，梯度大 m 倍',
  shows: ['rule:hiddenSensitivity', 'rule:batchWeightGradient', 'rule:batchBiasGradient', 'rule:summedBiasGradient'],
  measured: `all equal to 1e-11, m = ${m}`,
  holds:
    same(D2, rules.softmaxCrossEntropy.delta(Y, T)) &&
    same(D1, rules.hiddenSensitivity(V2, D2, V1.matmul(X).add(c1.unsqueeze(1)), rules.tanh)) &&
    same(dW[1] as Tensor, rules.batchWeightGradient(D2, A1)) &&
    same(db[0] as Tensor, rules.batchBiasGradient(D1)) &&
    same(summed[3] as Tensor, rules.summedBiasGradient(D2)) &&
    same(summed[3] as Tensor, (db[1] as Tensor).mul(m)),
});
// %% [markdown] en
/*
## From gradients to steps

A gradient says where uphill is. An optimizer says how far to go the other way:

- **SGD**: $W \leftarrow W - \eta\, \partial E / \partial W$, and the same for $b$.
- **Momentum**: $v \leftarrow \mu v + \nabla E$, $W \leftarrow W - \eta v$. A ball that rolls: directions that agree add up,
  those that alternate cancel.
- **Adam**: means of the gradient and of its square, freed of their bias towards the zero they start from,
  $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
  W \leftarrow W - \eta\, \frac{m / (1 - \beta_1^k)}{\sqrt{v / (1 - \beta_2^k)} + \varepsilon} \text{ in step } k,$$
  usually with $\eta = 10^{-3}$, $\beta = (0.9, 0.999)$, $\varepsilon = 10^{-8}$.

We take the formulas as they stand, and let the optimizers of the library go beside them.
*/
// %% [markdown] zh
/*
## 从梯度到更新

梯度指出上坡的方向，优化器决定往反方向走多远：

- **SGD**：$W \leftarrow W - \eta\, \partial E / \partial W$，$b$ 同理。
- **动量**：$v \leftarrow \mu v + \nabla E$，$W \leftarrow W - \eta v$。像滚动的小球：方向一致的累加，来回摆动的抵消。
- **Adam**：对梯度及其平方取滑动平均，并修正它们因从零起步而产生的偏差，
  $$m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \quad
  W \leftarrow W - \eta\, \frac{m / (1 - \beta_1^k)}{\sqrt{v / (1 - \beta_2^k)} + \varepsilon} \text{（第 } k \text{ 步）},$$
  常用 $\eta = 10^{-3}$，$\beta = (0.9, 0.999)$，$\varepsilon = 10^{-8}$。

下面让公式与库里的优化器并排走。
*/
// %%
/** A valley, ten times as steep across as along: E = ½ (w₁² + 10 w₂²). */
const valley = (w: Tensor): Tensor =>
  w
    .square()
    .mul(tensor([0.5, 5], { dtype: 'float64' }))
    .sum();
const slopeOfValley = grad(valley);
const start = tensor([-2, 0.8], { dtype: 'float64' });
const stepCount = 40;

type Step = (w: Tensor, g: Tensor, k: number) => Tensor;
/** Where a formula goes. */
const follow = (step: Step): Tensor[] => {
  const path = [start];
  for (let k = 1; k <= stepCount; k++) path.push(step(path[k - 1] as Tensor, slopeOfValley(path[k - 1] as Tensor), k));
  return path;
};
/** Where an optimizer goes. */
const walk = (make: (parameters: Parameter[]) => { zeroGrad(): void; step(): void }): Tensor[] => {
  const w = new Parameter(start);
  const optimizer = make([w]);
  const path = [start];
  for (let k = 1; k <= stepCount; k++) {
    optimizer.zeroGrad();
    valley(w).backward();
    optimizer.step();
    path.push(w.detach().clone());
  }
  return path;
};

const sgd: Step = (w, g) => rules.gradientStep(w, g, 0.08);
let v = zeros([2], { dtype: 'float64' });
const momentum: Step = (w, g) => {
  const next = rules.momentumStep(w, v, g, { eta: 0.08, mu: 0.7 });
  v = next.v;
  return next.W;
};
let [first1, second2] = [zeros([2], { dtype: 'float64' }), zeros([2], { dtype: 'float64' })];
const adam: Step = (w, g, k) => {
  first1 = first1.mul(0.9).add(g.mul(0.1));
  second2 = second2.mul(0.999).add(g.square().mul(0.001));
  const [mean, square] = [first1.div(1 - 0.9 ** k), second2.div(1 - 0.999 ** k)];
  return w.sub(mean.div(square.sqrt().add(1e-8)).mul(0.2));
};
const byFormula = { SGD: follow(sgd), momentum: follow(momentum), Adam: follow(adam) };
const byOptimizer = {
  SGD: walk((w) => new SGD(w, { lr: 0.08 })),
  momentum: walk((w) => new SGD(w, { lr: 0.08, momentum: 0.7 })),
  Adam: walk((w) => new Adam(w, { lr: 0.2 })),
};
const names = ['SGD', 'momentum', 'Adam'] as const;
const agreeing = names.filter((name) => byFormula[name].every((w, k) => same(w, byOptimizer[name][k] as Tensor)));
await show(
  landscape(
    (p, n) => Array.from({ length: n }, (_, i) => 0.5 * (p[2 * i] as number) ** 2 + 5 * (p[2 * i + 1] as number) ** 2),
    {
      title: 'The same gradients, three ways to use them',
      subtitle: `E = ½ (w₁² + 10 w₂²), ${stepCount} steps`,
      x: [-2.4, 1.6],
      y: [-1.2, 1.2],
      paths: Object.fromEntries(names.map((name) => [name, byFormula[name].map((w) => w.toArray() as number[])])),
      marks: [[0, 0]],
      heightScale: 'log',
      xLabel: 'w₁',
      yLabel: 'w₂',
    },
  ),
);
await claim({
  en: 'SGD, momentum and Adam as formulas go where the optimizers go',
  zh: '按公式走的 SGD、动量和 Adam 与库中的优化器完全同路',
  shows: ['rule:gradientStep', 'rule:momentumStep'],
  measured: `${agreeing.join(', ')}: ${stepCount} steps, to 1e-11`,
  holds: agreeing.length === 3,
});
// %% [markdown] en
/*
### The rules train a network

Nothing is missing any more. XOR, four samples as columns, two layers with tanh and sigmoid + BCE: forward, back, a step down, five
hundred times. Not one line of it uses the tape; beside it the same training on the tape.
*/
// %% [markdown] zh
/*
### 用公式训练一个网络

现在什么都不缺了。XOR，四个样本排成四列，两层网络，tanh 加 sigmoid + BCE：前向、反向、走一步，重复五百次。
其中没有一行用到计算图；旁边用计算图做同样的训练来对照。
*/
// %%
const inputsOfXor = tensor([[0, 0, 1, 1], [0, 1, 0, 1]], { dtype: 'float64' }); // biome-ignore format: rows of a matrix
const answersOfXor = tensor([[0, 1, 1, 0]], { dtype: 'float64' });
let [P1, q1, P2, q2] = [draw(4, 2), draw(4), draw(1, 4), draw(1)];
const taped = [P1, q1, P2, q2].map((w) => new Parameter(w));
const descent = new SGD(taped, { lr: 0.5 });
const [byRule, onTape]: [number[], number[]] = [[], []];
let outputOfXor = answersOfXor;
for (let step = 0; step < 500; step++) {
  const pass = rules.backpropagate(
    { hidden: [{ W: P1, b: q1, f: rules.tanh }], output: { W: P2, b: q2, pairing: rules.sigmoidBce } },
    inputsOfXor,
    answersOfXor,
  );
  const [d1, d2] = pass.dW as [Tensor, Tensor];
  const [e1, e2] = pass.db as [Tensor, Tensor];
  [P1, P2] = [rules.gradientStep(P1, d1, 0.5), rules.gradientStep(P2, d2, 0.5)];
  [q1, q2] = [rules.gradientStep(q1, e1, 0.5), rules.gradientStep(q2, e2, 0.5)];
  byRule.push(pass.loss.item());
  outputOfXor = pass.A[2] as Tensor;

  const [V1, c1, V2, c2] = taped as [Parameter, Parameter, Parameter, Parameter];
  const hidden = V1.matmul(inputsOfXor).add(c1.unsqueeze(1)).tanh();
  const loss = autograd.binaryCrossEntropyWithLogits(V2.matmul(hidden).add(c2.unsqueeze(1)), answersOfXor);
  descent.zeroGrad();
  loss.backward();
  descent.step();
  onTape.push(loss.item());
}
await show(
  lineChart(
    { loss: byRule },
    { title: 'XOR, trained by the rules alone', xLabel: 'step', yLabel: 'binary cross-entropy', yScale: 'log' },
  ),
);
await claim({
  en: 'the rules alone train a network that solves XOR, along the same losses as the tape',
  zh: '只用公式就能训练出会解 XOR 的网络，损失曲线与用计算图训练的一致',
  shows: ['rule:backpropagate', 'rule:gradientStep'],
  measured: `outputs ${(outputOfXor.reshape([4]).toArray() as number[]).map((y) => y.toFixed(2)).join(', ')} for 0, 1, 1, 0`,
  holds:
    byRule.every((loss, k) => Math.abs(loss - (onTape[k] as number)) < 1e-9) &&
    outputOfXor.sub(answersOfXor).abs().amax().item() < 0.2,
});
// %% [markdown] en
/*
### Two ways to write momentum, and a limit

The course text writes momentum twice: $v \leftarrow \mu v + \nabla E$, $W \leftarrow W - \eta v$; and as the *heavy ball*
$v \leftarrow \gamma v - \alpha \nabla J$, $\theta \leftarrow \theta + v$. With $v' = -\eta v$ one becomes the other, as long as the rate
stays. When a schedule lowers it, the first form slows the whole ball at once, the second only what is added from then on.

And how much may be kept? The text allows $\gamma \in (0, 1]$. Try $\gamma = 1$: a ball without friction.
*/
// %% [markdown] zh
/*
### 动量的两种写法，以及一个极限

讲义里动量写了两次：$v \leftarrow \mu v + \nabla E$，$W \leftarrow W - \eta v$；以及*重球法*
$v \leftarrow \gamma v - \alpha \nabla J$，$\theta \leftarrow \theta + v$。令 $v' = -\eta v$，只要学习率不变，两者就是一回事。
一旦调度器降低学习率，前者让整个球立刻慢下来，后者只影响此后新加入的部分。

历史梯度最多能保留多少？讲义允许 $\gamma \in (0, 1]$。试试 $\gamma = 1$：一个没有摩擦的球。
*/
// %%
/** Errors along the way with each form of momentum; the rate may change. */
function roll(gamma: number, rateAt: (k: number) => number, steps: number): { outside: number[]; inside: number[] } {
  let [W, theta] = [start, start];
  let [v, u] = [zeros([2], { dtype: 'float64' }), zeros([2], { dtype: 'float64' })];
  const [outside, inside]: [number[], number[]] = [[], []];
  for (let k = 0; k < steps; k++) {
    ({ W, v } = rules.momentumStep(W, v, slopeOfValley(W), { eta: rateAt(k), mu: gamma }));
    ({ theta, v: u } = rules.heavyBallStep(theta, u, slopeOfValley(theta), { alpha: rateAt(k), gamma }));
    outside.push(valley(W).item());
    inside.push(valley(theta).item());
  }
  return { outside, inside };
}
const steady = roll(0.9, () => 0.02, 100);
const lowered = roll(0.9, (k) => (k < 20 ? 0.02 : 0.002), 100);
const frictionless = roll(1, () => 0.02, 400).inside;
const withFriction = roll(0.9, () => 0.02, 400).inside;
await show(
  lineChart(
    { 'γ = 1': frictionless, 'γ = 0.9': withFriction },
    {
      title: 'A ball without friction never comes to rest',
      subtitle: 'E = ½ (w₁² + 10 w₂²), rate 0.02',
      xLabel: 'step',
      yLabel: 'E',
      yScale: 'log',
    },
  ),
);
const gapOf = ({ outside, inside }: { outside: number[]; inside: number[] }): number =>
  Math.max(...outside.map((value, k) => Math.abs(value - (inside[k] as number))));
await claim({
  en: 'the two forms of momentum are the same while the rate is, and part when it changes',
  zh: '学习率不变时动量的两种写法相同，学习率一变就分道扬镳',
  shows: ['rule:momentumStep', 'rule:heavyBallStep'],
  measured: `steady rate: less than 1e-12 apart; rate lowered tenfold after 20 steps: ${gapOf(lowered).toFixed(2)} apart`,
  holds: gapOf(steady) < 1e-12 && gapOf(lowered) > 0.01,
});
const highestLate = Math.max(...frictionless.slice(300));
await claim({
  en: 'with γ = 1 the error swings on for ever: γ must stay below 1',
  zh: 'γ = 1 时误差永远摆动下去：γ 必须小于 1',
  shows: ['rule:heavyBallStep'],
  measured: `highest error in steps 300 to 400: ${highestLate.toFixed(1)} (at the start ${valley(start).item().toFixed(1)}); with γ = 0.9 below 1e-12`,
  holds: highestLate > 2 && Math.max(...withFriction.slice(300)) < 1e-12,
  documentSays: {
    en: 'γ in (0, 1], which includes 1 (for the other form of momentum it says μ in [0, 1))',
    zh: 'γ ∈ (0, 1]，包含 1（动量的另一种写法处是 μ ∈ [0, 1)）',
  },
});
// %% [markdown] en
/*
## Exercises

Derive on paper, fill in below, run the cell: `checkDerivation` says what is not right yet. The answers are further down.

1. **Identity and MSE.** $z = W y + b$, $E = \frac12 \lVert z - t \rVert^2$. Find $\partial E / \partial W$ and $\partial E / \partial b$.
2. **Sigmoid, MSE against BCE.** One output $a = \sigma(z)$. Find $\delta$ for both losses. Where do they differ most, and what does
   that mean for learning?
3. **Two layers.** ReLU, then softmax with cross-entropy, one sample. Find all gradients.
4. **Stable softmax.** Write softmax of $u - c$ with $c = \max u$. Why does the output not change? And the gradient, although $c$
   depends on $u$?
5. **In batches.** A hidden layer with $m$ columns and the mean error: find $\Delta$, $\partial E / \partial W$, $\partial E / \partial b$.
*/
// %% [markdown] zh
/*
## 练习

先在纸上推导，再填进下面的代码运行：`checkDerivation` 会告诉你哪里还不对。答案在后面。

1. **恒等输出 + MSE。** $z = W y + b$，$E = \frac12 \lVert z - t \rVert^2$。求 $\partial E / \partial W$ 与 $\partial E / \partial b$。
2. **Sigmoid：MSE 与 BCE 对比。** 单输出 $a = \sigma(z)$。分别求两种损失的 $\delta$。它们在哪里相差最大？这对学习意味着什么？
3. **两层网络。** ReLU，再接 softmax 与交叉熵，单个样本。求所有梯度。
4. **稳定的 softmax。** 写出 $u - c$ 的 softmax，$c = \max u$。为什么输出不变？$c$ 明明依赖 $u$，为什么梯度也不变？
5. **批量形式。** $m$ 列样本、平均误差的一个隐层：求 $\Delta$、$\partial E / \partial W$、$\partial E / \partial b$。
*/
// %%
// Exercise 1. Put your derivation in the place of the zeros, and run again.
const linearError = (W: Tensor, b: Tensor, y: Tensor, t: Tensor): Tensor =>
  probe('z', W.matmul(y).add(b)).sub(t).square().sum().mul(0.5);
const linearInputs = { W: draw(2, 3), b: draw(2), y: draw(3), t: draw(2) };
const myLinear = (W: Tensor, b: Tensor, y: Tensor, t: Tensor) => ({
  dz: zeros(b.shape, { dtype: t.dtype }),
  dW: zeros(W.shape, { dtype: y.dtype }),
  db: zeros(b.shape, { dtype: t.dtype }),
});
console.log(String(checkDerivation(myLinear, linearError, linearInputs)));
// %%
// Exercise 2. Both losses of one output; put your two sensitivities in the place of the zeros.
const bce = (z: Tensor, t: Tensor): Tensor => autograd.binaryCrossEntropyWithLogits(z, t, { reduction: 'sum' });
const mse = (z: Tensor, t: Tensor): Tensor => halfSquare(z.sigmoid(), t);
const oneOutput = { z: draw(1), t: tensor([1], { dtype: 'float64' }) };
const myMse = (z: Tensor, _t: Tensor) => ({ dz: z.mul(0) });
const myBce = (z: Tensor, _t: Tensor) => ({ dz: z.mul(0) });
console.log(String(checkDerivation(myMse, mse, oneOutput)));
console.log(String(checkDerivation(myBce, bce, oneOutput)));
// %%
// Exercise 3. The loss, and a beginning that is right as far as it goes.
const twoLayerError = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor): Tensor => {
  const u1 = probe('u1', W1.matmul(x).add(b1));
  const y1 = probe('y1', u1.relu());
  return logSoftmax(probe('u2', W2.matmul(y1).add(b2)), 0)
    .mul(t)
    .sum()
    .neg();
};
const third = tensor([0, 0, 1], { dtype: 'float64' });
const twoLayerInputs = { W1: draw(4, 2), b1: draw(4), W2: draw(3, 4), b2: draw(3), x: draw(2), t: third };
const myTwoLayers = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor) => {
  const y1 = W1.matmul(x).add(b1).relu();
  const du2 = W2.matmul(y1).add(b2).softmax(0).sub(t);
  return { du2, dW2: outer(du2, y1), db2: du2 }; // du1, dW1 and db1 are missing
};
console.log(String(checkDerivation(myTwoLayers, twoLayerError, twoLayerInputs)));
// %%
// Exercise 4. Change this softmax so that it can take scores of 1000.
const mySoftmax = (u: Tensor): Tensor => u.exp().div(u.exp().sum());
console.log(mySoftmax(tensor([1000, 1001])).toArray());
// %%
// Exercise 5. The network is batchError from above, with its inputs. Put your matrices in the place of the zeros.
const myBatch = (W1: Tensor, b1: Tensor) => ({ dW1: W1.mul(0), db1: b1.mul(0) });
console.log(String(checkDerivation(myBatch, batchError, batchInputs)));
// %% [markdown] en
/*
## Answers

**1.** $f' = 1$, so $\delta = z - t$; then $\partial E / \partial W = \delta\, y^\top$ and $\partial E / \partial b = \delta$.

**2.** MSE: $\delta = (a - t)\, a (1 - a)$. BCE: $\delta = a - t$. The quotient is $a (1 - a) \le \frac14$; where the unit is wrong *and* sure
of it, $a (1 - a) \approx 0$ and with MSE it hardly learns. [Notebook 4](04-layer-decomposition.ipynb) measures what comes of that.
*/
// %% [markdown] zh
/*
## 答案

**1.** $f' = 1$，所以 $\delta = z - t$；于是 $\partial E / \partial W = \delta\, y^\top$，$\partial E / \partial b = \delta$。

**2.** MSE：$\delta = (a - t)\, a (1 - a)$；BCE：$\delta = a - t$。两者之比是 $a (1 - a) \le \frac14$。
当单元错了**而且**很自信时，$a (1 - a) \approx 0$，用 MSE 几乎学不动。[第 4 篇](04-layer-decomposition.ipynb)会实测后果。
*/
// %%
const answer1 = checkDerivation(
  (W, b, y, t) => {
    const delta = W.matmul(y).add(b).sub(t);
    return { dz: delta, dW: outer(delta, y), db: delta };
  },
  linearError,
  linearInputs,
);
console.log(String(answer1));
const ruled1 = checkDerivation(
  (W, b, y, t) => {
    const { dW, db } = rules.exercise1(W, b, y, t);
    return { dW, db };
  },
  linearError,
  linearInputs,
);
await claim({
  en: 'exercise 1: δ = z − t, ∂E/∂W = δ yᵀ, ∂E/∂b = δ',
  zh: '练习 1：δ = z − t，∂E/∂W = δ yᵀ，∂E/∂b = δ',
  shows: ['exercise/1', 'rule:exercise1'],
  measured: `${answer1.findings.length} derivatives right, at three points`,
  holds: answer1.passed && ruled1.passed,
});
// %%
const answer2 = [
  checkDerivation(
    (z, t) => ({ dz: z.sigmoid().sub(t).mul(z.sigmoid()).mul(z.sigmoid().neg().add(1)) }),
    mse,
    oneOutput,
  ),
  checkDerivation((z, t) => ({ dz: z.sigmoid().sub(t) }), bce, oneOutput),
  checkDerivation((z, t) => ({ dz: rules.exercise2(z, t).mse }), mse, oneOutput),
  checkDerivation((z, t) => ({ dz: rules.exercise2(z, t).bce }), bce, oneOutput),
];
const sure = rules.exercise2(tensor([-6], { dtype: 'float64' }), tensor([1], { dtype: 'float64' }));
await claim({
  en: 'exercise 2: a unit that is wrong and sure of it (t = 1, z = −6) hardly learns with MSE',
  zh: '练习 2：错得很自信的单元（t = 1，z = −6）用 MSE 几乎学不动',
  shows: ['exercise/2', 'rule:exercise2'],
  measured: `δ = ${sure.mse.item().toFixed(4)} with MSE, ${sure.bce.item().toFixed(4)} with BCE`,
  holds: answer2.every(({ passed }) => passed) && Math.abs(sure.bce.item() / sure.mse.item()) > 400,
});
// %% [markdown] en
/*
**3.** With $u^{(1)} = W^{(1)} x + b^{(1)}$ and $y^{(1)} = \mathrm{ReLU}(u^{(1)})$:

$$\delta^{(2)} = y^{(2)} - t, \qquad \delta^{(1)} = \bigl(W^{(2)}\bigr)^\top \delta^{(2)} \odot \mathbb{1}[u^{(1)} > 0],$$
$$\frac{\partial E}{\partial W^{(2)}} = \delta^{(2)} \bigl(y^{(1)}\bigr)^\top, \quad \frac{\partial E}{\partial b^{(2)}} = \delta^{(2)}, \quad
\frac{\partial E}{\partial W^{(1)}} = \delta^{(1)} x^\top, \quad \frac{\partial E}{\partial b^{(1)}} = \delta^{(1)} .$$
*/
// %% [markdown] zh
/*
**3.** 记 $u^{(1)} = W^{(1)} x + b^{(1)}$，$y^{(1)} = \mathrm{ReLU}(u^{(1)})$：

$$\delta^{(2)} = y^{(2)} - t, \qquad \delta^{(1)} = \bigl(W^{(2)}\bigr)^\top \delta^{(2)} \odot \mathbb{1}[u^{(1)} > 0],$$
$$\frac{\partial E}{\partial W^{(2)}} = \delta^{(2)} \bigl(y^{(1)}\bigr)^\top, \quad \frac{\partial E}{\partial b^{(2)}} = \delta^{(2)}, \quad
\frac{\partial E}{\partial W^{(1)}} = \delta^{(1)} x^\top, \quad \frac{\partial E}{\partial b^{(1)}} = \delta^{(1)} .$$
*/
// %%
const answer3 = checkDerivation(
  (W1, b1, W2, b2, x, t) => {
    const u1 = W1.matmul(x).add(b1);
    const y1 = u1.relu();
    const du2 = W2.matmul(y1).add(b2).softmax(0).sub(t);
    const du1 = W2.t().matmul(du2).mul(u1.gt(0).to('float64'));
    return { du2, dW2: outer(du2, y1), db2: du2, du1, dW1: outer(du1, x), db1: du1 };
  },
  twoLayerError,
  twoLayerInputs,
);
console.log(String(answer3));
const ruled3 = checkDerivation(
  (W1, b1, W2, b2, x, t) => {
    const { dW1, db1, dW2, db2 } = rules.exercise3(W1, b1, W2, b2, x, t);
    return { dW1, db1, dW2, db2 };
  },
  twoLayerError,
  twoLayerInputs,
);
await claim({
  en: 'exercise 3: both sensitivities and all four gradients of two layers with ReLU and softmax',
  zh: '练习 3：ReLU + softmax 两层网络的两个敏感度与四个梯度',
  shows: ['exercise/3', 'rule:exercise3'],
  measured: `${answer3.findings.length} derivatives right, at three points`,
  holds: answer3.passed && ruled3.passed,
});
// %% [markdown] en
/*
**4.** $y_k = e^{u_k - c} / \sum_j e^{u_j - c}$. Numerator and denominator both carry the factor $e^{-c}$, so it cancels for *every* $c$.
Hence $\partial y / \partial c = 0$, and whether $c$ depends on $u$ does not matter: the gradient is that of softmax.
*/
// %% [markdown] zh
/*
**4.** $y_k = e^{u_k - c} / \sum_j e^{u_j - c}$。分子分母都带因子 $e^{-c}$，对**任何** $c$ 都约掉。
因此 $\partial y / \partial c = 0$，$c$ 是否依赖 $u$ 并不要紧：梯度仍是 softmax 的梯度。
*/
// %%
const shifted = (u: Tensor, c: Tensor): Tensor => {
  const terms = u.sub(c).exp();
  return terms.div(terms.sum());
};
const u = draw(5);
const [, byShift] = jacobian(shifted)(u, tensor(2, { dtype: 'float64' }));
const answer4 = checkDerivation(
  (u, g) => ({ du: rules.softmax.jacobianVectorProduct(u, g) }),
  (u, g) => shifted(u, u.amax()).mul(g).sum(),
  { u, g: draw(5) },
);
const large = tensor([1000, 1001], { dtype: 'float64' });
await claim({
  en: 'exercise 4: the shift changes neither output nor gradient, and keeps large scores from overflowing',
  zh: '练习 4：平移既不改变输出也不改变梯度，还能避免大得分溢出',
  shows: ['exercise/4', 'rule:exercise4', 'rule:shiftedSoftmax'],
  measured: `∂y/∂c = 0 to 1e-15; scores (1000, 1001): ${(rules.exercise4(large).toArray() as number[]).map((y) => y.toFixed(4)).join(', ')}`,
  holds:
    answer4.passed &&
    byShift.abs().amax().item() < 1e-15 &&
    same(rules.exercise4(u), shifted(u, tensor(2, { dtype: 'float64' }))) &&
    same(rules.shiftedSoftmax(u, tensor(-3, { dtype: 'float64' })), rules.softmax(u)),
});
// %% [markdown] en
/*
**5.** $\Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f'(Z^{(l)})$, $\partial E / \partial W^{(l)} = \frac1m \Delta^{(l)} (A^{(l-1)})^\top$,
$\partial E / \partial b^{(l)} = \frac1m \Delta^{(l)} \mathbf{1}$.
*/
// %% [markdown] zh
/*
**5.** $\Delta^{(l)} = (W^{(l+1)})^\top \Delta^{(l+1)} \odot f'(Z^{(l)})$，$\partial E / \partial W^{(l)} = \frac1m \Delta^{(l)} (A^{(l-1)})^\top$，
$\partial E / \partial b^{(l)} = \frac1m \Delta^{(l)} \mathbf{1}$。
*/
// %%
const answer5 = checkDerivation(
  (W1, b1, W2, b2, X, T) => {
    const Z = W1.matmul(X).add(b1.unsqueeze(1));
    const next = W2.matmul(Z.tanh()).add(b2.unsqueeze(1)).softmax(0).sub(T);
    const Delta = W2.t().matmul(next).mul(Z.tanh().square().neg().add(1));
    return { dW1: Delta.matmul(X.t()).div(m), db1: Delta.sum(1).div(m) };
  },
  batchError,
  batchInputs,
);
const ruled5 = checkDerivation(
  (W1, b1, W2, b2, X, T) => {
    const Z = rules.dense(W1, X, b1);
    const next = rules.softmax(rules.dense(W2, rules.tanh(Z), b2)).sub(T);
    const { dW, db } = rules.exercise5(W2, next, Z, X, rules.tanh);
    return { dW1: dW, db1: db };
  },
  batchError,
  batchInputs,
);
console.log(String(answer5));
await claim({
  en: 'exercise 5: the matrix form, with the mean over the batch',
  zh: '练习 5：矩阵形式，对批量取平均',
  shows: ['exercise/5', 'rule:exercise5'],
  measured: `${answer5.findings.length} gradients right, at three points`,
  holds: answer5.passed && ruled5.passed,
});
