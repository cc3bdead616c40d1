// %% [markdown] en
/*
# Taking layers apart

A layer is two sublayers: a linear one, with all the parameters, and an activation, with none. The end of a network is two more:
the last activation and the loss. Each sublayer knows how to go forward, and how to hand a gradient back; that is all it needs to
know. In this notebook you take a network apart, check every piece by its Jacobian, put the pieces together in other ways, and
measure which of them do not belong together.

You need: [notebook 3](03-backpropagation.ipynb). As in the course text, $u$ is what goes into an activation and $y$ what comes out.
*/
// %% [markdown] zh
/*
# 层分解

一层其实是两个子层：线性子层，装着全部参数；激活子层，没有参数。网络末端又是两个：输出激活和损失。
每个子层只需会两件事：往前算，以及把梯度往回传。本篇把网络拆开，用雅可比矩阵检验每个零件，再换个方式装起来，
并实测哪些零件不该配在一起。

预备知识：[第 3 篇](03-backpropagation.ipynb)。与讲义一致，$u$ 表示进入激活的线性输入，$y$ 表示激活的输出。
*/
// %%
import * as autograd from '@gradtape/autograd';
import {
  allclose,
  cat,
  grad,
  jacobian,
  linspace,
  logSoftmax,
  manualSeed,
  ones,
  rand,
  randn,
  stack,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from '@gradtape/autograd';
import { compile } from '@gradtape/autograd/compile';
import { derivation, label } from '@gradtape/autograd/explain';
import { checkDerivation, probe } from '@gradtape/autograd/verify';
import * as rules from '@gradtape/nn/sensitivity';
import { heatMap, lineChart } from '@gradtape/plot';
import { claim, show, showDiagnoses, showTable, sized } from '../lesson/index.ts';

manualSeed(4);
const draw = (...shape: number[]): Tensor => randn(shape, { dtype: 'float64' });
const same = (a: Tensor, b: Tensor): boolean => allclose(a, b, { rtol: 1e-11, atol: 1e-12 });
const column = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'float64' });

// %% [markdown] en
/*
## A layer is two sublayers

```mermaid
flowchart LR
  Y0["y⁽ˡ⁻¹⁾"] --> L["linear: u⁽ˡ⁾ = W⁽ˡ⁾ y⁽ˡ⁻¹⁾ + b⁽ˡ⁾"] --> F["activation: y⁽ˡ⁾ = f(u⁽ˡ⁾)"] --> Y1["y⁽ˡ⁾"]
```

The derivative of a vector by a vector is a matrix, the **Jacobian**: $J_{ij} = \partial (\text{output } i) / \partial (\text{input } j)$.

| sublayer | Jacobian | backward: $J^\top$ times what comes in |
| --- | --- | --- |
| linear, by $y$ | $\partial u / \partial y = W$ | $g = W^\top \delta$ |
| linear, by $W$ | $\partial u_i / \partial W_{jk} = \delta_{ij}\, y_k$ | $\partial E / \partial W = \delta\, y^\top$ |
| linear, by $b$ | $\partial u / \partial b = I$ | $\partial E / \partial b = \delta$ |
| activation | $\operatorname{diag} f'(u)$ | $\delta = g \odot f'(u)$ |
| softmax | $\operatorname{diag} y - y\, y^\top$ | $y \odot (g - y^\top g)$ |

The tape does not know this table. `jacobian` asks it for every entry.
*/
// %% [markdown] zh
/*
## 一层就是两个子层

```mermaid
flowchart LR
  Y0["y⁽ˡ⁻¹⁾"] --> L["线性：u⁽ˡ⁾ = W⁽ˡ⁾ y⁽ˡ⁻¹⁾ + b⁽ˡ⁾"] --> F["激活：y⁽ˡ⁾ = f(u⁽ˡ⁾)"] --> Y1["y⁽ˡ⁾"]
```

向量对向量的导数是矩阵，即**雅可比矩阵**：$J_{ij} = \partial (\text{第 } i \text{ 个输出}) / \partial (\text{第 } j \text{ 个输入})$。

| 子层 | 雅可比 | 反向：$J^\top$ 乘传来的梯度 |
| --- | --- | --- |
| 线性，对 $y$ | $\partial u / \partial y = W$ | $g = W^\top \delta$ |
| 线性，对 $W$ | $\partial u_i / \partial W_{jk} = \delta_{ij}\, y_k$ | $\partial E / \partial W = \delta\, y^\top$ |
| 线性，对 $b$ | $\partial u / \partial b = I$ | $\partial E / \partial b = \delta$ |
| 激活 | $\operatorname{diag} f'(u)$ | $\delta = g \odot f'(u)$ |
| softmax | $\operatorname{diag} y - y\, y^\top$ | $y \odot (g - y^\top g)$ |

计算图并不知道这张表，`jacobian` 向它逐个元素地“问”出来。
*/
// %%
const [W, y, b] = [draw(4, 3), draw(3), draw(4)];
const u = rules.linearSublayer.forward(W, y, b);
const [byW, byY, byB] = jacobian((W: Tensor, y: Tensor, b: Tensor) => W.matmul(y).add(b))(W, y, b);
const diagonal = (entries: Tensor): Tensor =>
  autograd.eye(entries.length, entries.length, { dtype: 'float64' }).mul(entries);
const ofTanh = jacobian((u: Tensor) => u.tanh())(u);
const ofSoftmax = jacobian((u: Tensor) => u.softmax(0))(u);
const p = rules.softmax(u);
await show(
  heatMap(ofTanh, { title: 'Jacobian of tanh', xLabel: 'input', yLabel: 'output' }),
  heatMap(ofSoftmax, { title: 'Jacobian of softmax', xLabel: 'input', yLabel: 'output' }),
);
// ∂uᵢ/∂Wⱼₖ: the input in row i = j, zero elsewhere.
const blocks = autograd.eye(4, 4, { dtype: 'float64' }).unsqueeze(2).mul(y);
await claim({
  en: 'the Jacobians of the sublayers are those of the tape: W, I, y in blocks, diag f′, diag y − y yᵀ',
  zh: '各子层的雅可比与计算图一致：W、I、分块的 y、diag f′、diag y − y yᵀ',
  shows: ['layers/hidden', 'rule:activationSublayer.forward', 'rule:dense', 'rule:softmax.jacobian'],
  measured: `∂u/∂y [${byY.shape}], ∂u/∂W [${byW.shape}], ∂u/∂b [${byB.shape}], to 1e-11`,
  holds:
    same(byY, W) &&
    same(byW, blocks) &&
    same(byB, autograd.eye(4, 4, { dtype: 'float64' })) &&
    same(rules.activationSublayer.forward(u, rules.tanh), u.tanh()) &&
    same(ofTanh, diagonal(rules.tanh.derivative(u))) &&
    same(ofSoftmax, diagonal(p).sub(p.unsqueeze(1).mul(p))) &&
    same(ofSoftmax, rules.softmax.jacobian(u)),
});
// %% [markdown] en
/*
### Backward without matrices

Nobody forms these Jacobians: the one by $W$ alone would have $n \cdot n \cdot k$ entries, most of them zero. A sublayer only
multiplies what comes in by its transpose, and that is cheap. `linearSublayer.backward` and `activationSublayer.backward` do just
that. We hold them against the full matrices.
*/
// %% [markdown] zh
/*
### 不写出矩阵也能反向

没有人真的写出这些雅可比：单是对 $W$ 的就有 $n \cdot n \cdot k$ 个元素，绝大多数是零。子层只需把传来的梯度乘上它的转置，
这很便宜。`linearSublayer.backward` 与 `activationSublayer.backward` 做的正是这件事。下面与完整矩阵对照。
*/
// %%
const delta = draw(4);
const { dW, db, g } = rules.linearSublayer.backward(W, y, delta);
const everyActivation = {
  identity: rules.identity,
  sigmoid: rules.sigmoid,
  tanh: rules.tanh,
  ReLU: rules.relu,
  'leaky ReLU': rules.leakyReluWith(0.1),
  GELU: rules.gelu,
  softmax: rules.softmax,
};
/** The same on the tape. */
const tapeOf: Record<keyof typeof everyActivation, (u: Tensor) => Tensor> = {
  identity: (u) => u,
  sigmoid: autograd.sigmoid,
  tanh: autograd.tanh,
  ReLU: autograd.relu,
  'leaky ReLU': (u) => autograd.leakyRelu(u, { negativeSlope: 0.1 }),
  GELU: autograd.gelu,
  softmax: (u) => u.softmax(0),
};
type Name = keyof typeof everyActivation;
const activationNames = Object.keys(everyActivation) as Name[];
const agreeing = activationNames.filter((name) =>
  same(rules.activationSublayer.backward(delta, u, everyActivation[name]), jacobian(tapeOf[name])(u).t().matmul(delta)),
);
await claim({
  en: 'backward through a sublayer is its transposed Jacobian times what comes in, without forming it',
  zh: '子层的反向就是雅可比的转置乘传来的梯度，而不必写出矩阵',
  shows: ['rule:linearSublayer.backward', 'rule:activationSublayer.backward'],
  measured: `linear, and ${agreeing.length} of ${activationNames.length} activations, to 1e-11`,
  holds:
    same(g, byY.t().matmul(delta)) &&
    same(db, byB.t().matmul(delta)) &&
    same(dW, byW.mul(delta.reshape([4, 1, 1])).sum(0)) &&
    agreeing.length === activationNames.length,
});
// %% [markdown] en
/*
### Why backward, and not forward?

The Jacobian of the whole is the product of the Jacobians. A product may be computed from either end: from the input on (forward),
matrix times matrix; or from the error back, where a single row runs through, because there is one error only. Count the
multiplications for the network 784 – 256 – 128 – 10 with one number at its end.
*/
// %% [markdown] zh
/*
### 为什么从后往前乘？

整个网络的雅可比是各子层雅可比的乘积。乘积可以从任意一端算起：从输入端往前，是矩阵乘矩阵；从误差往回，
因为误差只有一个数，一路只有一行在走。数一数 784 – 256 – 128 – 10、末端一个数的网络各需多少次乘法。
*/
// %%
const widths = [784, 256, 128, 10, 1];
let [backwardProducts, forwardProducts] = [0, 0];
for (let l = 1; l < widths.length; l++) {
  const [before, after] = [widths[l - 1] as number, widths[l] as number];
  backwardProducts += before * after; // a row times a matrix
  if (l > 1) forwardProducts += after * before * (widths[0] as number); // a matrix times a matrix
}
const [V1, V2, x] = [draw(5, 3), draw(2, 5), draw(3)];
const whole = jacobian((x: Tensor) => V2.matmul(V1.matmul(x).tanh()))(x);
const product = V2.matmul(diagonal(rules.tanh.derivative(V1.matmul(x)))).matmul(V1);
await claim({
  en: 'the Jacobian of a network is the product of those of its sublayers; from the error back it takes a hundredth of the multiplications',
  zh: '网络的雅可比是各子层雅可比的乘积；从误差往回乘，乘法次数只有百分之一',
  measured: `${backwardProducts} multiplications from the error back, ${forwardProducts} from the input on`,
  holds: same(whole, product) && forwardProducts > 100 * backwardProducts,
});
// %% [markdown] en
/*
## The end of a network: activation and loss

```mermaid
flowchart LR
  U["u⁽ᴸ⁾"] --> F["output activation: y⁽ᴸ⁾ = f(u⁽ᴸ⁾)"] --> E["loss: E = ½‖y⁽ᴸ⁾ − t‖²"]
```

Here the row that runs backward begins: the loss gives $\partial E / \partial y$, the activation makes $\delta^{(L)} = \partial E / \partial u$ of
it. The rules of [notebook 3](03-backpropagation.ipynb) for pairings are these two steps in one.
*/
// %% [markdown] zh
/*
## 网络末端：输出激活 + 损失

```mermaid
flowchart LR
  U["u⁽ᴸ⁾"] --> F["输出激活：y⁽ᴸ⁾ = f(u⁽ᴸ⁾)"] --> E["损失：E = ½‖y⁽ᴸ⁾ − t‖²"]
```

往回走的那一行从这里出发：损失给出 $\partial E / \partial y$，输出激活把它变成 $\delta^{(L)} = \partial E / \partial u$。
[第 3 篇](03-backpropagation.ipynb)里各种“搭配”的公式，就是这两步合成一步。
*/
// %%
const scores = draw(3);
const oneHot = column(0, 1, 0);
const ends: [string, rules.Activation, rules.LossSublayer, Tensor][] = [
  ['identity + MSE', rules.identity, rules.meanSquaredError, rules.identityMse.delta(scores, oneHot)],
  ['sigmoid + MSE', rules.sigmoid, rules.meanSquaredError, rules.sigmoidMse.delta(rules.sigmoid(scores), oneHot)],
  ['sigmoid + BCE', rules.sigmoid, rules.binaryCrossEntropy, rules.sigmoidBce.delta(rules.sigmoid(scores), oneHot)],
  ['softmax + CE', rules.softmax, rules.crossEntropy, rules.softmaxCrossEntropy.delta(rules.softmax(scores), oneHot)],
];
const show4 = (values: Tensor): string => (values.toArray() as number[]).map((value) => value.toFixed(4)).join(', ');
const inTwoSteps = ends.map(([, f, loss]) => f.backward(loss.backward(f(scores), oneHot), scores));
await showTable(
  ['end', '∂E/∂y from the loss', 'δ from the activation', 'δ by the rule in one step'],
  ends.map(([name, f, loss, delta], k) => [
    name,
    show4(loss.backward(f(scores), oneHot)),
    show4(inTwoSteps[k] as Tensor),
    show4(delta),
  ]),
);
await claim({
  en: 'loss and activation as two sublayers give the same δ as the rule for both at once',
  zh: '把损失和输出激活当作两个子层，得到的 δ 与合成一步的公式相同',
  shows: ['layers/output', 'rule:meanSquaredError.forward', 'rule:meanSquaredError.backward'],
  measured: `${ends.length} of ${ends.length} pairings, to 1e-11`,
  holds: ends.every(([, , , delta], k) => same(inTwoSteps[k] as Tensor, delta)),
});
// %% [markdown] en
/*
## Swap and recombine

What a sublayer needs from its neighbours is one vector from the left and one from the right. So you can exchange any activation,
and any loss, and nothing else has to change. Below, one function runs *any* network that is given as a list of sublayers, forward
and back, in a dozen lines. We try every hidden activation with every end.
*/
// %% [markdown] zh
/*
## 替换与组合

一个子层只从左边要一个向量、从右边要一个向量。所以任何激活、任何损失都可以换掉，其余不必改动。
下面用十几行写一个函数，它能正反向运行**任何**由子层列表给出的网络；然后把每种隐层激活与每种末端都配一遍。
*/
// %%
interface Layer {
  readonly W: Tensor;
  readonly b: Tensor;
  readonly f: rules.Activation;
}

/** Forward through all sublayers, then back; gives the loss and the gradients by the weights. */
function run(layers: readonly Layer[], loss: rules.LossSublayer, x: Tensor, t: Tensor): { E: number; dW: Tensor[] } {
  const [us, ys]: [Tensor[], Tensor[]] = [[], [x]];
  for (const [l, { W, b, f }] of layers.entries()) {
    us.push(rules.linearSublayer.forward(W, ys[l] as Tensor, b));
    ys.push(rules.activationSublayer.forward(us[l] as Tensor, f));
  }
  const gradients: Tensor[] = [];
  const output = ys[layers.length] as Tensor;
  let g = loss.backward(output, t);
  for (const [l, { W, f }] of [...layers.entries()].reverse()) {
    const delta = rules.activationSublayer.backward(g, us[l] as Tensor, f);
    const back = rules.linearSublayer.backward(W, ys[l] as Tensor, delta);
    gradients[l] = back.dW;
    g = back.g;
  }
  return { E: loss.forward(output, t).item(), dW: gradients };
}

const halfSquare = (y: Tensor, t: Tensor): Tensor => y.sub(t).square().sum().mul(0.5);
const losses: Record<string, [Name, rules.LossSublayer, (y: Tensor, t: Tensor) => Tensor]> = {
  'identity + MSE': ['identity', rules.meanSquaredError, halfSquare],
  'tanh + MSE': ['tanh', rules.meanSquaredError, halfSquare],
  'sigmoid + MSE': ['sigmoid', rules.meanSquaredError, halfSquare],
  'softmax + MSE': ['softmax', rules.meanSquaredError, halfSquare],
  'sigmoid + BCE': [
    'sigmoid',
    rules.binaryCrossEntropy,
    (y, t) => autograd.binaryCrossEntropy(y, t, { reduction: 'sum' }),
  ],
  'softmax + CE': ['softmax', rules.crossEntropy, (y, t) => y.log().mul(t).sum().neg()],
};
const hiddenNames = activationNames.filter((name) => name !== 'softmax');
const [H1, c1, H2, c2] = [draw(6, 4), draw(6), draw(3, 6), draw(3)];
const sample = draw(4);
let combinationsAgree = 0;
const sizesOfGradients = hiddenNames.map((hidden) =>
  Object.values(losses).map(([end, loss, onTape]) => {
    const layers = [
      { W: H1, b: c1, f: everyActivation[hidden] },
      { W: H2, b: c2, f: everyActivation[end] },
    ];
    const { dW } = run(layers, loss, sample, oneHot);
    const error = (W1: Tensor, W2: Tensor): Tensor =>
      onTape(tapeOf[end](W2.matmul(tapeOf[hidden](W1.matmul(sample).add(c1))).add(c2)), oneHot);
    const [dW1, dW2] = grad(error)(H1, H2);
    combinationsAgree += Number(same(dW[0] as Tensor, dW1) && same(dW[1] as Tensor, dW2));
    return dW1.square().sum().sqrt().item();
  }),
);
await show(
  heatMap(sizesOfGradients, {
    title: 'What reaches the first weights, ‖∂E/∂W⁽¹⁾‖',
    subtitle: 'the same weights and the same sample, other sublayers',
    rowNames: hiddenNames,
    columnNames: Object.keys(losses),
    xLabel: 'end of the network',
    yLabel: 'hidden activation',
    colourScale: 'log',
  }),
);
const combinations = hiddenNames.length * Object.keys(losses).length;
await claim({
  en: 'every hidden activation goes with every end: nothing but the sublayer changes, and all gradients are those of the tape',
  zh: '每种隐层激活都能配每种末端：只换子层，其余不动，所有梯度都与计算图一致',
  shows: [
    'layers/swap',
    'rule:crossEntropy.backward',
    'rule:binaryCrossEntropy.backward',
    'rule:activationSensitivity',
  ],
  measured: `${combinationsAgree} of ${combinations} combinations, to 1e-11`,
  holds: combinationsAgree === combinations,
});
// %% [markdown] en
/*
## Example 1: two layers with the squared error

$$u^{(1)} = W^{(1)} x + b^{(1)}, \quad y^{(1)} = f(u^{(1)}), \quad u^{(2)} = W^{(2)} y^{(1)} + b^{(2)}, \quad y^{(2)} = f(u^{(2)}), \quad
E = \tfrac12 \lVert y^{(2)} - t \rVert^2 .$$

Go back piece by piece. The loss gives $y^{(2)} - t$; the output activation makes $\delta^{(2)} = (y^{(2)} - t) \odot f'(u^{(2)})$ of it; the
linear sublayer hands on $(W^{(2)})^\top \delta^{(2)}$; the hidden activation makes $\delta^{(1)} = (W^{(2)})^\top \delta^{(2)} \odot f'(u^{(1)})$ of it.
The gradients are $\delta^{(2)} (y^{(1)})^\top$, $\delta^{(2)}$, $\delta^{(1)} x^\top$, $\delta^{(1)}$. With $f = \tanh$ the tape writes this
derivation itself:
*/
// %% [markdown] zh
/*
## 例子 1：两层网络 + 平方误差

$$u^{(1)} = W^{(1)} x + b^{(1)}, \quad y^{(1)} = f(u^{(1)}), \quad u^{(2)} = W^{(2)} y^{(1)} + b^{(2)}, \quad y^{(2)} = f(u^{(2)}), \quad
E = \tfrac12 \lVert y^{(2)} - t \rVert^2 .$$

逐个零件往回走：损失给出 $y^{(2)} - t$；输出激活把它变成 $\delta^{(2)} = (y^{(2)} - t) \odot f'(u^{(2)})$；
线性子层传回 $(W^{(2)})^\top \delta^{(2)}$；隐层激活把它变成 $\delta^{(1)} = (W^{(2)})^\top \delta^{(2)} \odot f'(u^{(1)})$。
梯度依次是 $\delta^{(2)} (y^{(1)})^\top$、$\delta^{(2)}$、$\delta^{(1)} x^\top$、$\delta^{(1)}$。取 $f = \tanh$，计算图自己写出这个推导：
*/
// %%
const parameters = { 'W^{(1)}': draw(3, 2), 'b^{(1)}': draw(3), 'W^{(2)}': draw(2, 3), 'b^{(2)}': draw(2) };
const written = { by: Object.keys(parameters), delta: (name: string) => name.replace('u', '\\delta') };
const example1 = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor): Tensor => {
  const u1 = label('u^{(1)}', W1.matmul(x).add(b1));
  const y1 = label('y^{(1)}', u1.tanh());
  const u2 = label('u^{(2)}', W2.matmul(y1).add(b2));
  const y2 = label('y^{(2)}', u2.tanh());
  return y2.sub(t).square().sum().mul(0.5);
};
const inputs1 = { ...parameters, x: draw(2), t: draw(2) };
derivation(example1, inputs1, written);
// %%
const back1 = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor) => {
  const u1 = rules.dense(W1, x, b1);
  const y1 = rules.tanh(u1);
  const u2 = rules.dense(W2, y1, b2);
  const delta2 = rules.mseSensitivity(rules.tanh(u2), t, u2, rules.tanh);
  const delta1 = rules.hiddenSensitivity(W2, delta2, u1, rules.tanh);
  return {
    'u^{(2)}': delta2,
    'W^{(2)}': rules.denseWeightGradient(delta2, y1),
    'b^{(2)}': rules.denseBiasGradient(delta2),
    'y^{(1)}': rules.denseInputGradient(W2, delta2),
    'u^{(1)}': delta1,
    'W^{(1)}': rules.denseWeightGradient(delta1, x),
    'b^{(1)}': rules.denseBiasGradient(delta1),
  };
};
const report1 = checkDerivation(back1, example1, inputs1);
console.log(String(report1));
// With the identity at the output δ⁽²⁾ is y − t itself.
const regression = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor): Tensor =>
  halfSquare(probe('u2', W2.matmul(W1.matmul(x).add(b1).tanh()).add(b2)), t);
const reportRegression = checkDerivation(
  (W1, b1, W2, b2, x, t) => ({ u2: rules.identityMse.delta(W2.matmul(W1.matmul(x).add(b1).tanh()).add(b2), t) }),
  regression,
  inputs1,
);
await claim({
  en: 'example 1: each of its seven lines is right, with f at the output or the identity',
  zh: '例子 1：七行公式全部正确，输出层用 f 或恒等都成立',
  shows: ['layers/mse', 'rule:mseSensitivity', 'rule:identityMse.delta', 'rule:hiddenSensitivity'],
  measured: `${report1.findings.length} derivatives right, at three points; with the identity ${reportRegression.findings.length}`,
  holds: report1.passed && reportRegression.passed,
});
// %% [markdown] en
/*
## Example 2: two layers with softmax and cross-entropy

Only the end changes: $y^{(2)} = \operatorname{softmax}(u^{(2)})$ and $E = -\sum_k t_k \log y_k^{(2)}$. What comes back to $u^{(2)}$ is now
$\delta^{(2)} = y^{(2)} - t$, without $f'$; every line below it stays as it was. That is what taking apart is good for.
*/
// %% [markdown] zh
/*
## 例子 2：两层网络 + softmax 交叉熵

只换末端：$y^{(2)} = \operatorname{softmax}(u^{(2)})$，$E = -\sum_k t_k \log y_k^{(2)}$。此时传到 $u^{(2)}$ 的是
$\delta^{(2)} = y^{(2)} - t$，不带 $f'$；它之后的每一行都原样不动。这就是分解的好处。
*/
// %%
const example2 = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor): Tensor => {
  const u1 = label('u^{(1)}', W1.matmul(x).add(b1));
  const y1 = label('y^{(1)}', u1.tanh());
  const u2 = label('u^{(2)}', W2.matmul(y1).add(b2));
  return label('y^{(2)}', u2.softmax(0)).log().mul(t).sum().neg();
};
const inputs2 = { ...parameters, x: draw(2), t: column(0, 1) };
derivation(example2, inputs2, written);
// %%
const back2 = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, x: Tensor, t: Tensor) => {
  const u1 = rules.dense(W1, x, b1);
  const y1 = rules.tanh(u1);
  const delta2 = rules.softmaxCrossEntropy.delta(rules.softmax(rules.dense(W2, y1, b2)), t);
  const delta1 = rules.hiddenSensitivity(W2, delta2, u1, rules.tanh);
  return {
    'u^{(2)}': delta2,
    'W^{(2)}': rules.denseWeightGradient(delta2, y1),
    'b^{(2)}': rules.denseBiasGradient(delta2),
    'u^{(1)}': delta1,
    'W^{(1)}': rules.denseWeightGradient(delta1, x),
    'b^{(1)}': rules.denseBiasGradient(delta1),
  };
};
const report2 = checkDerivation(back2, example2, inputs2);
console.log(String(report2));
await claim({
  en: 'example 2: each of its six lines is right',
  zh: '例子 2：六行公式全部正确',
  shows: [
    'layers/cross-entropy',
    'rule:softmaxCrossEntropy.delta',
    'rule:crossEntropy.forward',
    'rule:denseWeightGradient',
    'rule:denseBiasGradient',
  ],
  measured: `${report2.findings.length} derivatives right, at three points`,
  holds: report2.passed,
});
// %% [markdown] en
/*
## Which pieces do not belong together

Everything fits; not everything learns. Take one output with the target $t = 1$ and look at $|\delta|$ as a function of the score $u$.
With BCE it is $|a - t|$: the more wrong, the larger. With MSE there is the factor $a (1 - a)$ besides, which is nearly zero
exactly where the unit is most wrong. Softmax with MSE does the same (here two classes with scores $0$ and $u$).
*/
// %% [markdown] zh
/*
## 哪些零件不该配在一起

什么都装得上，但不是什么都学得动。取一个目标 $t = 1$ 的输出，看 $|\delta|$ 随得分 $u$ 怎么变。配 BCE 时它是 $|a - t|$：
错得越多越大。配 MSE 时多一个因子 $a (1 - a)$，恰恰在错得最厉害的地方几乎为零。softmax 配 MSE 也一样
（这里是两类，得分为 $0$ 和 $u$）。
*/
// %%
const outputs = linspace(-12, 6, 181, { dtype: 'float64' });
const target = ones([1, 181], { dtype: 'float64' });
const a = rules.sigmoid(outputs.unsqueeze(0));
const twoScores = stack([zeros([181], { dtype: 'float64' }), outputs], 0);
const second = stack([zeros([181], { dtype: 'float64' }), ones([181], { dtype: 'float64' })], 0);
const shares = rules.softmax(twoScores);
const sizesOfDelta = {
  'sigmoid + MSE': rules.sigmoidMse.delta(a, target).abs().reshape([181]),
  'sigmoid + BCE': rules.sigmoidBce.delta(a, target).abs().reshape([181]),
  'softmax + MSE': rules.mseSensitivity(shares, second, twoScores, rules.softmax).abs().select(0, 1),
  'softmax + CE': rules.softmaxCrossEntropy.delta(shares, second).abs().select(0, 1),
};
const asCurves = Object.fromEntries(Object.entries(sizesOfDelta).map(([name, y]) => [name, { x: outputs, y }]));
const axes = { xLabel: 'score u of the right answer', yLabel: '|δ|' };
await show(
  lineChart(asCurves, {
    title: 'How much a unit hears of its mistake',
    subtitle: 'target 1, far left: wrong and sure of it; both cross-entropies coincide',
    ...axes,
  }),
  lineChart(asCurves, {
    title: 'The same, logarithmic',
    subtitle: 'with MSE it vanishes on both sides',
    yScale: 'log',
    ...axes,
  }),
);
const at = (name: keyof typeof sizesOfDelta, u: number): number =>
  sizesOfDelta[name].toTypedArray()[Math.round((u + 12) * 10)] as number;
await claim({
  en: 'wrong and sure of it (u = −10, t = 1): with MSE next to nothing comes back, with cross-entropy everything',
  zh: '错得很自信（u = −10，t = 1）：配 MSE 几乎传不回任何东西，配交叉熵则全部传回',
  shows: ['layers/pairing', 'rule:sigmoidMse.delta', 'rule:sigmoidBce.delta'],
  measured: `|δ| with sigmoid: ${at('sigmoid + MSE', -10).toExponential(1)} against ${at('sigmoid + BCE', -10).toFixed(4)}; with softmax: ${at('softmax + MSE', -10).toExponential(1)} against ${at('softmax + CE', -10).toFixed(4)}`,
  holds:
    at('sigmoid + BCE', -10) / at('sigmoid + MSE', -10) > 1e4 &&
    at('softmax + CE', -10) / at('softmax + MSE', -10) > 1e4,
});
// %% [markdown] en
/*
### How long it takes to admit a mistake

One score, descending by itself: $u \leftarrow u - \eta\, \delta(u)$ with $t = 1$ and $\eta = 1$, from $u = 0, -1, -2, \dots$ How many steps until
$a \ge 0.9$? With BCE each step covers nearly a whole unit as long as the mistake is large, so the number grows like $|u|$. With
MSE the first steps are as small as $e^{u}$, so it grows like $e^{|u|}$.
*/
// %% [markdown] zh
/*
### 要多久才肯认错

只让一个得分自己下降：$u \leftarrow u - \eta\, \delta(u)$，$t = 1$，$\eta = 1$，从 $u = 0, -1, -2, \dots$ 出发，多少步之后 $a \ge 0.9$？
配 BCE 时，只要错得大，每步几乎走一个单位，步数随 $|u|$ 线性增长；配 MSE 时，最初的步子只有 $e^{u}$ 那么小，步数随 $e^{|u|}$ 增长。
*/
// %%
/** Steps until the output is at least 0.9, for each start at once. */
function stepsToAdmit(pairing: rules.SimplePairing, starts: readonly number[]): number[] {
  const one = ones([1, starts.length], { dtype: 'float64' });
  let u = tensor([[...starts]], { dtype: 'float64' });
  const steps = starts.map(() => 0);
  for (let step = 1; steps.includes(0); step++) {
    u = u.sub(pairing.delta(rules.sigmoid(u), one));
    const values = rules.sigmoid(u).toTypedArray();
    for (const [k, value] of values.entries()) if (steps[k] === 0 && value >= 0.9) steps[k] = step;
  }
  return steps;
}
const starts = [0, -1, -2, -3, -4, -5, -6, -7, -8];
const admitting = {
  'sigmoid + MSE': stepsToAdmit(rules.sigmoidMse, starts),
  'sigmoid + BCE': stepsToAdmit(rules.sigmoidBce, starts),
};
await show(
  lineChart(Object.fromEntries(Object.entries(admitting).map(([name, y]) => [name, { x: starts, y }])), {
    title: 'Steps until a wrong unit is right',
    subtitle: 'one score, learning rate 1, until a ≥ 0.9',
    xLabel: 'score at the start',
    yLabel: 'steps',
    yScale: 'log',
  }),
);
const [slowest = 0, quickest = 0] = [admitting['sigmoid + MSE'].at(-1), admitting['sigmoid + BCE'].at(-1)];
await claim({
  en: 'from u = −8, MSE needs hundreds of times as many steps as BCE',
  zh: '从 u = −8 出发，MSE 需要的步数是 BCE 的上百倍',
  shows: ['loss/pairing', 'layers/pairing'],
  measured: `${slowest} steps against ${quickest}; from u = 0: ${admitting['sigmoid + MSE'][0]} against ${admitting['sigmoid + BCE'][0]}`,
  holds: slowest > 100 * quickest,
});
// %% [markdown] en
/*
### And whole networks?

A network of 16 tanh units separates two rings (200 noisy points, all of them in each step), once with sigmoid + MSE, once with
sigmoid + BCE, everything else the same: ten seeds, and learning rates from 0.3 to 80, because a fair comparison lets each loss have the rate
that suits it. We count the steps until 95 % of the points are right. Two starts: the usual one, and one whose output begins with
the bias $-8$, *sure* that nothing belongs to class 1.
*/
// %% [markdown] zh
/*
### 整个网络呢？

16 个 tanh 单元的网络区分两个圆环（200 个带噪声的点，每步全部使用），一次用 sigmoid + MSE，一次用 sigmoid + BCE，其余完全相同：
十个随机种子、从 0.3 到 80 的多种学习率——公平的比较要让每种损失都用上适合自己的学习率。数一数多少步之后 95 % 的点分对。
两种起点：通常的初始化；以及输出偏置从 $-8$ 开始的，它一开始就*确信*没有点属于第 1 类。
*/
// %%
manualSeed(4);
const points = 200;
const angle = rand([points]).mul(2 * Math.PI);
const isInner = linspace(0, points - 1, points)
  .lt(points / 2)
  .to('float32');
const radius = isInner
  .neg()
  .add(2)
  .add(randn([points]).mul(0.15));
const ring = stack([radius.mul(angle.cos()), radius.mul(angle.sin())], 0);

const lossOf = {
  MSE: (z: Tensor) => z.sigmoid().sub(isInner).square().mul(0.5),
  BCE: (z: Tensor) => z.maximum(0).add(z.abs().neg().exp().log1p()).sub(isInner.mul(z)),
};
const rates = sized({ full: [0.3, 1, 2, 3, 5, 10, 20, 40, 80], short: [1, 3, 10] });
const seeds = sized({ full: 10, short: 3 });
const maximum = 400;

/** Trains a network for every rate and seed at once; gives, by rate and seed, the share of right points after each step. */
function train(loss: keyof typeof lossOf, outputBias: number): number[][][] {
  manualSeed(1);
  const n = rates.length * seeds;
  const forEachRate = (x: Tensor): Tensor =>
    cat(
      rates.map(() => x),
      0,
    );
  const eta = tensor(rates.flatMap((rate) => Array.from({ length: seeds }, () => rate))).reshape([n, 1, 1]);
  const forward = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor): Tensor =>
    W2.matmul(W1.matmul(ring).add(b1).tanh()).add(b2).reshape([n, points]);
  const error = (W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor): Tensor =>
    lossOf[loss](forward(W1, b1, W2, b2))
      .mean(1)
      .sum();
  const step = compile((W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) => {
    const gradients = grad(error)(W1, b1, W2, b2);
    const right = forward(W1, b1, W2, b2).gt(0).to('float32').eq(isInner).to('float32').mean(1);
    const [dW1, db1, dW2, db2] = gradients.map((gradient: Tensor) => gradient.mul(eta)) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    return [right, W1.sub(dW1), b1.sub(db1), W2.sub(dW2), b2.sub(db2)];
  });
  let [W1, b1] = [forEachRate(randn([seeds, 16, 2])), zeros([n, 16, 1])];
  let [W2, b2] = [forEachRate(randn([seeds, 1, 16]).mul(0.25)), zeros([n, 1, 1]).add(outputBias)];
  const curves = Array.from({ length: n }, (): number[] => []);
  for (let k = 0; k <= maximum; k++) {
    const [right, ...next] = step(W1, b1, W2, b2) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    for (const [network, share] of right.toTypedArray().entries()) curves[network]?.push(share);
    [W1, b1, W2, b2] = next;
  }
  return rates.map((_, r) => curves.slice(r * seeds, (r + 1) * seeds));
}
const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] as number) + (sorted[Math.ceil((sorted.length - 1) / 2)] as number)) /
    2
  );
};
/** Steps until 95 % are right, by rate and seed; more than all of them where it does not come to that. */
const stepsOf = (curves: number[][][]): number[][] =>
  curves.map((bySeed) =>
    bySeed.map((curve) => (curve.findIndex((share) => share >= 0.95) + maximum + 2) % (maximum + 2)),
  );
const usual = { MSE: train('MSE', 0), BCE: train('BCE', 0) };
const sure = { MSE: train('MSE', -8), BCE: train('BCE', -8) };
// %%
const results = {
  'MSE, usual start': stepsOf(usual.MSE),
  'BCE, usual start': stepsOf(usual.BCE),
  'MSE, sure start': stepsOf(sure.MSE),
  'BCE, sure start': stepsOf(sure.BCE),
};
type Setting = keyof typeof results;
const settings = Object.keys(results) as Setting[];
const reached = (steps: number): number => (steps > maximum ? Number.NaN : steps);
const rateOne = rates.indexOf(1);
const shareAtRateOne = (curves: number[][][]): number[] =>
  Array.from({ length: maximum + 1 }, (_, k) =>
    median((curves[rateOne] as number[][]).map((curve) => curve[k] as number)),
  );
await show(
  lineChart(
    {
      'MSE, usual start': shareAtRateOne(usual.MSE),
      'BCE, usual start': shareAtRateOne(usual.BCE),
      'MSE, sure start': shareAtRateOne(sure.MSE),
      'BCE, sure start': shareAtRateOne(sure.BCE),
    },
    {
      title: 'Rings with either loss, at the same learning rate 1',
      subtitle: `median of ${seeds} seeds`,
      xLabel: 'step',
      yLabel: 'share of points that are right',
    },
  ),
  lineChart(
    Object.fromEntries(
      settings.map((name) => [name, { x: rates, y: results[name].map((steps) => reached(median(steps))) }]),
    ),
    {
      title: 'Steps until 95 % are right, by learning rate',
      subtitle: `median of ${seeds} seeds; no point where it takes more than ${maximum} steps`,
      xLabel: 'learning rate',
      yLabel: 'steps',
      xScale: 'log',
      yScale: 'log',
    },
  ),
);
/** The rate with the lowest median, and the steps at it. */
const best = (name: Setting): { rate: number; steps: number[] } => {
  const medians = results[name].map(median);
  const r = medians.indexOf(Math.min(...medians));
  return { rate: rates[r] as number, steps: results[name][r] as number[] };
};
const spread = (steps: readonly number[]): string =>
  median(steps) > maximum
    ? `more than ${maximum}`
    : `${median(steps)} (${Math.min(...steps)} to ${Math.max(...steps)})`;
const atOne = (name: Setting): number[] => results[name][rateOne] as number[];
await showTable(
  ['', 'steps at rate 1: median (range)', 'best rate', 'steps at the best rate'],
  settings.map((name) => [name, spread(atOne(name)), best(name).rate, spread(best(name).steps)]),
);
await claim({
  en: 'at the same rate sigmoid + MSE is several times slower than sigmoid + BCE',
  zh: '学习率相同时，sigmoid + MSE 比 sigmoid + BCE 慢好几倍',
  shows: ['loss/sigmoid-mse-slow', 'loss/pairing'],
  measured: `rate 1, usual start, ${seeds} seeds: ${spread(atOne('MSE, usual start'))} against ${spread(atOne('BCE, usual start'))} steps`,
  holds: median(atOne('MSE, usual start')) > 2.5 * median(atOne('BCE, usual start')),
});
await claim({
  en: 'from the usual start this is mostly a question of the rate: each with its best rate, MSE needs a fifth more steps',
  zh: '从通常的起点出发，这主要是学习率的问题：各用最佳学习率时，MSE 只多用约五分之一的步数',
  shows: ['loss/sigmoid-mse-slow'],
  measured: `usual start, each at its best rate: ${spread(best('MSE, usual start').steps)} (rate ${best('MSE, usual start').rate}) against ${spread(best('BCE, usual start').steps)} (rate ${best('BCE, usual start').rate}) steps`,
  holds: median(best('MSE, usual start').steps) < 2 * median(best('BCE, usual start').steps),
  documentSays: {
    en: 'sigmoid with MSE converges slowly, worse than cross-entropy (without a condition)',
    zh: 'Sigmoid + MSE 收敛较慢，不如 CE（未加条件）',
  },
});
await claim({
  en: 'from a start that is sure and wrong no learning rate makes up for it',
  zh: '从错而自信的起点出发，任何学习率都补不回来',
  shows: ['loss/sigmoid-mse-slow', 'layers/pairing'],
  measured: `sure start, each at its best rate: ${spread(best('MSE, sure start').steps)} (rate ${best('MSE, sure start').rate}) against ${spread(best('BCE, sure start').steps)} (rate ${best('BCE, sure start').rate}) steps`,
  holds: median(best('MSE, sure start').steps) > 3 * median(best('BCE, sure start').steps),
});
// %% [markdown] en
/*
**Why.** At the usual start $a \approx \frac12$, so $a (1 - a) \approx \frac14$: the gradient of MSE is that of BCE divided by four, and a rate four
times as large makes up for it. The factor hurts where it is not the same for all points and all times: where the unit is sure. A
large rate helps the first steps out of there, and is too large for all that come after. BCE needs no such choice.
*/
// %% [markdown] zh
/*
**原因。** 通常的起点处 $a \approx \frac12$，所以 $a (1 - a) \approx \frac14$：MSE 的梯度就是 BCE 的四分之一，学习率放大四倍即可补上。
真正有害的是这个因子因点、因时而异，也就是单元已经很自信的地方：大学习率帮它走出最初几步，对之后的步子又太大。用 BCE 就不必做这种取舍。
*/
// %% [markdown] en
/*
## Names and shapes that are easily confused

**$u$ or $y$?** The derivative of an activation is taken at $u$. Written by its output it is $1 - y^2$ or $y (1 - y)$. Mixing both gives a
number that looks reasonable. (For ReLU alone it does not matter: $y > 0$ exactly where $u > 0$.)

**Rows or columns?** $W \in \mathbb{R}^{d_l \times d_{l-1}}$, $b \in \mathbb{R}^{d_l}$, and a batch of columns $A \in \mathbb{R}^{d \times m}$. Wrong shapes are
refused with a message; the treacherous cases are those that fit by chance.
*/
// %% [markdown] zh
/*
## 容易混淆的记号与形状

**$u$ 还是 $y$？** 激活的导数要在 $u$ 处取。若用输出表示，则是 $1 - y^2$ 或 $y (1 - y)$。两种写法混在一起，得到的数看上去还挺像样。
（只有 ReLU 无所谓：$y > 0$ 恰好等价于 $u > 0$。）

**行还是列？** $W \in \mathbb{R}^{d_l \times d_{l-1}}$，$b \in \mathbb{R}^{d_l}$，小批量按列排 $A \in \mathbb{R}^{d \times m}$。
形状不对时程序会拒绝并说明原因；危险的是碰巧对得上的情形。
*/
// %%
/** Two layers without biases, ½‖V f(W x) − t‖², with tanh and with ReLU. */
const twoLayers =
  (f: (u: Tensor) => Tensor) =>
  (W: Tensor, V: Tensor, x: Tensor, t: Tensor): Tensor =>
    halfSquare(V.matmul(probe('y', f(probe('u', W.matmul(x))))), t);
/** Their derivation; what stands for the derivative f′ and for the input of V can be replaced. */
const derived =
  (f: rules.ElementwiseActivation, slope: (u: Tensor, y: Tensor) => Tensor, input = (_u: Tensor, y: Tensor) => y) =>
  (W: Tensor, V: Tensor, x: Tensor, t: Tensor) => {
    const u = W.matmul(x);
    const y = f(u);
    const delta = V.matmul(y).sub(t);
    return { dV: autograd.outer(delta, input(u, y)), dW: autograd.outer(V.t().matmul(delta).mul(slope(u, y)), x) };
  };
const smallInputs = { W: draw(3, 3), V: draw(3, 3), x: draw(3), t: draw(3) };
const { tanh, relu } = rules;
const confusions = await showDiagnoses(twoLayers(autograd.tanh), smallInputs, [
  {
    en: "tanh: $f'(y)$ for $f'(u)$",
    zh: "tanh：把 $f'(u)$ 写成 $f'(y)$",
    claimed: derived(tanh, (_, y) => tanh.derivative(y)),
    named: /taken at y instead of u/,
  },
  {
    en: 'tanh: $1 - u^2$ for $1 - y^2$',
    zh: 'tanh：把 $1 - y^2$ 写成 $1 - u^2$',
    claimed: derived(tanh, (u) => u.square().neg().add(1)),
    named: /computed from u/,
  },
  {
    en: '$\\delta\\,u^\\top$ for $\\delta\\,y^\\top$',
    zh: '把 $\\delta\\,y^\\top$ 写成 $\\delta\\,u^\\top$',
    claimed: derived(tanh, tanh.derivative, (u) => u),
    named: /u stands where y belongs/,
  },
]);
const reluConfused = checkDerivation(
  derived(relu, (_, y) => relu.derivative(y)),
  twoLayers(autograd.relu),
  smallInputs,
);
/** What an error says, or that there was none. */
const said = (compute: () => unknown): string => {
  try {
    compute();
    return 'no error';
  } catch (error) {
    return (error as Error).message;
  }
};
const [features, samples] = [3, 5];
const [M, v] = [draw(4, features), draw(4)];
console.log(
  said(() => rules.dense(M, draw(samples, features), v)),
  '\n',
);
console.log(
  said(() => M.matmul(draw(features, samples)).add(v)),
  '\n',
);
const netOf = (W: Tensor): rules.Network => ({ hidden: [], output: { W, b: v, pairing: rules.identityMse } });
console.log(said(() => rules.backpropagate(netOf(M.t()), draw(features, samples), draw(4, samples))));
// A batch of rows given for columns: noticed, unless there are as many samples as features.
let [refused, accepted] = [0, 0];
for (let d = 1; d <= 6; d++) {
  for (let m = 1; m <= 6; m++) {
    const isAccepted = said(() => rules.dense(draw(4, d), draw(m, d), v)) === 'no error';
    if (isAccepted) accepted++;
    else refused++;
  }
}
// A bias without its column: added along the samples, where there are as many of them as units.
const square = draw(features, 4);
const [silent, meant] = [M.matmul(square).add(v), rules.dense(M, square, v)];
await claim({
  en: 'u and y confused is named by the diagnosis; with ReLU it does no harm; rows for columns are refused unless the sizes are equal',
  zh: '混淆 u 与 y 会被诊断点名；对 ReLU 则无害；行列颠倒会被拒绝，除非两个尺寸恰好相等',
  shows: ['layers/shapes'],
  measured: `${confusions} of 3 named, ReLU ${reluConfused.passed ? 'right' : 'wrong'}; transposed batches: ${refused} of 36 refused, ${accepted} accepted (those with m = d)`,
  holds: confusions === 3 && reluConfused.passed && accepted === 6 && !same(silent, meant),
});
// %% [markdown] en
/*
**Two habits that help.** Let no two sizes of a test be equal (features, units, samples, classes), so that nothing fits by chance.
And write the bias of a batch as a column, $b\,\mathbf{1}^\top$: with 4 units and 4 samples, `Z + b` adds it along the samples without a
word, as in NumPy and PyTorch.
*/
// %% [markdown] zh
/*
**两个好习惯。** 做检验时让所有尺寸（特征数、单元数、样本数、类别数）互不相等，就不会碰巧对上。
批量的偏置写成列 $b\,\mathbf{1}^\top$：当恰好有 4 个单元和 4 个样本时，`Z + b` 会一声不吭地沿样本方向相加，NumPy 和 PyTorch 也是如此。
*/
// %% [markdown] en
/*
## Numbers that overflow, and the price of $\varepsilon$

Softmax as written overflows; with the largest score subtracted it cannot ([notebook 2](02-forward.ipynb)). The course text adds a second
remedy: an $\varepsilon$ inside of the logarithm, $E = -\sum_k t_k \log (y_k + \varepsilon)$. It keeps the *loss* finite. But it changes the gradient:

$$\delta = \frac{y_c}{y_c + \varepsilon}\, (y - t) \quad \text{with the right class } c,$$

so that $\delta = y - t$ holds no longer, and a sample that is wrong and sure of it, $y_c \ll \varepsilon$, teaches nothing: the very disease
that cross-entropy was to cure.
*/
// %% [markdown] zh
/*
## 溢出的数，以及 $\varepsilon$ 的代价

照书直接写的 softmax 会溢出，先减最大值就不会（[第 2 篇](02-forward.ipynb)）。讲义还给了第二个办法：对数里加 $\varepsilon$，
$E = -\sum_k t_k \log (y_k + \varepsilon)$。它保住了*损失*，却改变了梯度：

$$\delta = \frac{y_c}{y_c + \varepsilon}\, (y - t), \quad c \text{ 为正确类别},$$

于是 $\delta = y - t$ 不再成立；错得很自信的样本（$y_c \ll \varepsilon$）什么也教不了：这正是交叉熵本来要治的病。
*/
// %%
const epsilon = 1e-12;
const gaps = linspace(0, 60, 121, { dtype: 'float64' });
const wrongScores = stack([gaps.neg(), zeros([121], { dtype: 'float64' })], 0);
const rightClass = stack([ones([121], { dtype: 'float64' }), zeros([121], { dtype: 'float64' })], 0);
const withEpsilon = grad((z: Tensor) => z.softmax(0).add(epsilon).log().mul(rightClass).sum().neg())(wrongScores)
  .select(0, 0)
  .abs();
const byBackward = rules.softmax
  .backward(rules.crossEntropy.backward(rules.softmax(wrongScores), rightClass, epsilon), wrongScores)
  .select(0, 0)
  .abs();
const atOnce = grad((z: Tensor) => logSoftmax(z, 0).mul(rightClass).sum().neg())(wrongScores)
  .select(0, 0)
  .abs();
await show(
  lineChart(
    { 'both at once: |y − t|': { x: gaps, y: atOnce }, 'ε = 1e-12 in the logarithm': { x: gaps, y: withEpsilon } },
    {
      title: 'What ε does to the gradient of cross-entropy',
      subtitle: 'two classes; the further right, the more wrong',
      xLabel: 'score of the wrong class minus that of the right one',
      yLabel: '|δ| of the right class',
    },
  ),
);
const at40 = withEpsilon.toTypedArray()[80] as number;
const ofRight = rules.softmax(wrongScores).select(0, 0);
const tooLarge = column(1000, 1001, 1002);
const naive = tooLarge.exp().div(tooLarge.exp().sum());
await claim({
  en: 'the largest score subtracted keeps softmax finite; an ε in the logarithm keeps the loss finite, and takes the gradient away',
  zh: '减最大值让 softmax 不溢出；对数里加 ε 保住了损失，却弄丢了梯度',
  shows: [
    'layers/stable-softmax',
    'rule:shiftedSoftmax',
    'rule:crossEntropy.forward',
    'rule:crossEntropy.backward',
    'rule:softmaxCrossEntropy.loss',
  ],
  measured: `scores (1000, 1001, 1002): as written ${(naive.toArray() as number[]).join(', ')}, shifted ${show4(rules.softmax(tooLarge))}; wrong by 40: |δ| = ${at40.toExponential(1)} with ε, ${(atOnce.toTypedArray()[80] as number).toFixed(1)} without`,
  holds:
    naive.toTypedArray().every(Number.isNaN) &&
    same(rules.softmax(tooLarge), rules.shiftedSoftmax(column(0, 1, 2), tensor(2, { dtype: 'float64' }))) &&
    at40 < 1e-4 &&
    same(withEpsilon, byBackward) &&
    same(withEpsilon, atOnce.mul(ofRight.div(ofRight.add(epsilon)))),
  documentSays: {
    en: 'add an ε against log 0, beside δ = y − t: with the ε the two do not go together',
    zh: '加 ε 防止 log 0，同时 δ = y − t：加了 ε 两者便不能同时成立',
  },
});
// %% [markdown] en
/*
## The bias of a batch: a sum, and a mean

Forward, $b\,\mathbf{1}^\top$ copies the bias into every column. Copies add up on the way back: $\partial E / \partial b = \Delta \mathbf{1}$ for a sum
of errors, $\frac1m \Delta \mathbf{1}$ for their mean. Whoever forgets to divide by $m$ has, in effect, a learning rate that grows with the
batch: harmless with 4 samples, the end of training with 256.
*/
// %% [markdown] zh
/*
## 批量中的偏置：求和与平均

前向时 $b\,\mathbf{1}^\top$ 把偏置复制到每一列；往回走，各份要相加：误差求和时 $\partial E / \partial b = \Delta \mathbf{1}$，
取平均时是 $\frac1m \Delta \mathbf{1}$。忘了除以 $m$，等于学习率随批量大小增长：4 个样本时无妨，256 个样本时训练就毁了。
*/
// %%
const [columnsOf, Delta] = [draw(3, 7), draw(3, 7)];
const [, pull] = vjp((b: Tensor) => columnsOf.add(b.unsqueeze(1)), draw(3));
const summedUp = pull(Delta)[0];

/** The error of a line fitted to m points after 100 steps at rate 0.1, the gradients summed or averaged. */
function fitLine(m: number, isMean: boolean): number {
  const xs = linspace(-1, 1, m, { dtype: 'float64' }).unsqueeze(0);
  const ts = xs.mul(2).add(1);
  let [W, b] = [zeros([1, 1], { dtype: 'float64' }), zeros([1], { dtype: 'float64' })];
  for (let step = 0; step < 100; step++) {
    const Delta = rules.identityMse.delta(rules.dense(W, xs, b), ts);
    const [dW, db] = isMean
      ? [rules.batchWeightGradient(Delta, xs), rules.batchBiasGradient(Delta)]
      : [Delta.matmul(xs.t()), rules.summedBiasGradient(Delta)];
    [W, b] = [rules.gradientStep(W, dW, 0.1), rules.gradientStep(b, db, 0.1)];
  }
  return rules.identityMse
    .loss(rules.dense(W, xs, b), ts)
    .mean()
    .item();
}
const batches = [2, 4, 8, 16, 32, 64, 256];
const fitted = batches.map((m) => [fitLine(m, true), fitLine(m, false)] as const);
await showTable(
  ['samples m', 'error after 100 steps, divided by m', 'not divided'],
  fitted.map(([mean, sum], k) => [
    batches[k] as number,
    mean.toExponential(1),
    sum > 1e6 ? 'diverges' : sum.toExponential(1),
  ]),
);
const firstDiverging = batches.find((_, k) => (fitted[k]?.[1] ?? 0) > 1e6);
await claim({
  en: 'the bias gradient is the sum over the batch; without the division by m the same rate diverges once the batch is large',
  zh: '偏置梯度是对批量求和；不除以 m，同样的学习率在批量变大后就会发散',
  shows: ['layers/bias-sum', 'rule:summedBiasGradient', 'rule:batchBiasGradient', 'rule:batchWeightGradient'],
  measured: `rate 0.1: averaged, it converges for all m from 2 to 256; summed, it diverges from m = ${firstDiverging} on`,
  holds:
    same(summedUp, rules.summedBiasGradient(Delta)) &&
    same(summedUp, rules.batchBiasGradient(Delta).mul(7)) &&
    fitted.every(([mean]) => mean < 1e-2) &&
    firstDiverging === 32,
});
// %% [markdown] en
/*
## Exercises

1. **A sublayer of your own.** Softsign is $y = u / (1 + |u|)$. Derive its derivative, once by $u$ and once by $y$.
2. **A normalization sublayer.** $y = u / \lVert u \rVert$. Derive its Jacobian, and the backward $\delta = J^\top g$ without forming it. Is
   $J$ symmetric? What is $J u$, and why?
3. **Another loss.** $E = \sum_k \log \cosh (y_k - t_k)$: what is $\partial E / \partial y$? What does it do with outliers that MSE does not?

Put your derivation in the place of the zeros.
*/
// %% [markdown] zh
/*
## 练习

1. **自己的子层。** softsign：$y = u / (1 + |u|)$。求它的导数，一次用 $u$ 表示，一次用 $y$ 表示。
2. **归一化子层。** $y = u / \lVert u \rVert$。求它的雅可比，以及不写出矩阵的反向 $\delta = J^\top g$。$J$ 对称吗？$J u$ 是什么，为什么？
3. **另一种损失。** $E = \sum_k \log \cosh (y_k - t_k)$：$\partial E / \partial y$ 是什么？对离群点，它与 MSE 有何不同？

把你的推导填到下面的零处。
*/
// %%
const softsign = (u: Tensor, g: Tensor): Tensor => u.div(u.abs().add(1)).mul(g).sum();
const normalized = (u: Tensor, g: Tensor): Tensor => u.div(u.square().sum().sqrt()).mul(g).sum();
const logCosh = (y: Tensor, t: Tensor): Tensor => y.sub(t).cosh().log().sum();
const two = { u: draw(5), g: draw(5) };
const myBackward = (u: Tensor, g: Tensor) => ({ du: zeros(u.shape, { dtype: g.dtype }) });
console.log(String(checkDerivation(myBackward, softsign, two)));
// %% [markdown] en
/*
## Answers

**1.** For $u > 0$, $y' = \frac{(1 + u) - u}{(1 + u)^2}$; by symmetry $f'(u) = 1 / (1 + |u|)^2 = (1 - |y|)^2$.

**2.** $\frac{\partial y_i}{\partial u_j} = \frac{\delta_{ij}}{\lVert u \rVert} - \frac{u_i u_j}{\lVert u \rVert^3}$, so $J = (I - y\,y^\top) / \lVert u \rVert$, which is symmetric, and
$\delta = (g - y\, (y^\top g)) / \lVert u \rVert$. $J u = 0$: making $u$ longer does not change $y$.

**3.** $\partial E / \partial y = \tanh (y - t)$: near zero like MSE, but an outlier pulls with a force of at most 1.
*/
// %% [markdown] zh
/*
## 答案

**1.** $u > 0$ 时 $y' = \frac{(1 + u) - u}{(1 + u)^2}$；由对称性 $f'(u) = 1 / (1 + |u|)^2 = (1 - |y|)^2$。

**2.** $\frac{\partial y_i}{\partial u_j} = \frac{\delta_{ij}}{\lVert u \rVert} - \frac{u_i u_j}{\lVert u \rVert^3}$，所以 $J = (I - y\,y^\top) / \lVert u \rVert$，是对称的，
$\delta = (g - y\, (y^\top g)) / \lVert u \rVert$。$J u = 0$：把 $u$ 拉长并不改变 $y$。

**3.** $\partial E / \partial y = \tanh (y - t)$：在零附近与 MSE 一样，但离群点的拉力最多为 1。
*/
// %%
const bySlope = checkDerivation((u, g) => ({ du: g.div(u.abs().add(1).square()) }), softsign, two);
const byOutput = checkDerivation(
  (u, g) => ({ du: g.mul(u.div(u.abs().add(1)).abs().neg().add(1).square()) }),
  softsign,
  two,
);
const byProjection = checkDerivation(
  (u, g) => {
    const length = u.square().sum().sqrt();
    const y = u.div(length);
    return { du: g.sub(y.mul(y.mul(g).sum())).div(length) };
  },
  normalized,
  two,
);
const J = jacobian((u: Tensor) => u.div(u.square().sum().sqrt()))(two.u);
const byTanh = checkDerivation((y, t) => ({ dy: y.sub(t).tanh() }), logCosh, { y: draw(4), t: draw(4) });
const reports = [bySlope, byOutput, byProjection, byTanh];
for (const report of reports) console.log(String(report));
await claim({
  en: 'the answers: (1 − |y|)², a projection that is symmetric and sends u to 0, and tanh(y − t)',
  zh: '答案：(1 − |y|)²；对称、把 u 变为 0 的投影；tanh(y − t)',
  measured: `${reports.filter(({ passed }) => passed).length} of ${reports.length} derivations right`,
  holds: reports.every(({ passed }) => passed) && same(J, J.t()) && J.matmul(two.u).abs().amax().item() < 1e-12,
});
